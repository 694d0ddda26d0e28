package revise

import (
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sapa/internal/fault"
	"sapa/internal/procedure"
)

// campaignTemplate is a small campaign that works: read, call, who answered, the result, and what becomes of it.
//
//go:embed template/campaign.yaml
var campaignTemplate string

// clausesOfTemplate are the clauses it rests on, by what comes after the campaign's own number; {id} and {en} are its title.
var clausesOfTemplate = []struct{ id, text, en string }{
	{"", "Agent handle tiket {id}", "{en} tickets"},
	{".1", "Agent membuka tiket dengan durasi terlama dan membaca catatannya", "The agent opens the ticket that has waited longest and reads its note"},
	{".2", "Agent menghubungi pelanggan", "The agent calls the customer"},
	{".3", "Agent mengisi status hasil call", "The agent fills in the result of the call"},
	{".3.setuju", "Setuju : jika pelanggan setuju", "Agrees: the customer agrees"},
	{".3.tidak-setuju", "Tidak setuju : jika pelanggan tidak setuju", "Disagrees: the customer does not agree"},
	{".3.tidak-terhubung", "Tidak terhubung : jika call tidak terhubung ke pelanggan", "Not reached: the call did not reach the customer"},
	{".4", "Agent mengisi keterangan kemudian klik Simpan", "The agent writes remarks, then clicks Save"},
	{".5", "Pelanggan yang tidak terhubung dihubungi kembali paling banyak tiga kali sehari selama tiga hari", "A customer who was not reached is called again, at most three times a day for three days"},
}

var clauseNumber = regexp.MustCompile(`^\d+(\.\d+)+$`)

// addCampaign writes a campaign from the template, its clauses, and its place in the document. Put: id, clause, title, source.
func (d desk) addCampaign(e Edit) error {
	code, clause, source := putOf(e.Put, "id"), putOf(e.Put, "clause"), putOf(e.Put, "source")
	i := slices.IndexFunc(e.Put, func(p Put) bool { return p.Key == "title" })
	file := "campaigns/" + code + ".yaml"
	switch _, there := d.files[file]; {
	case !procedure.Nameable(code, false) || len(code) > 40:
		return badValue(Put{Key: "id", Value: code}, "name")
	case there:
		return fault.New(fault.Invalid, "procedure.edit-there", "id", code, "at", "campaigns").At("id", "")
	case !clauseNumber.MatchString(clause):
		return badValue(Put{Key: "clause", Value: clause}, "clause")
	case i < 0 || strings.TrimSpace(e.Put[i].Value) == "":
		return badValue(Put{Key: "title"}, "text")
	}
	title, err := holds{"title", aText, nil}.made(e.Put[i])
	if err != nil {
		return err
	}
	doc, err := openSheet(d.files, "document.yaml")
	if err != nil {
		return err
	}
	if at, err := doc.find("applications/" + source); err != nil || at.parent == nil {
		return badValue(Put{Key: "source", Value: source}, "source")
	}
	said := func(key string) string {
		if n := valueOf(valueOf(doc.root, key), "text"); n != nil {
			return n.Value
		}
		return ""
	}
	text := campaignTemplate
	for _, w := range [][2]string{{"DOCUMENT", said("code")}, {"REVISION", strings.TrimLeft(said("revision"), "0")}, {"CODE", code}, {"CLAUSE", clause}, {"SOURCE", source}, {"TITLE", flow(title)}} {
		text = strings.ReplaceAll(text, w[0], w[1])
	}
	d.files[file] = text
	if err := d.on(file, func(*sheet) error { return nil }); err != nil {
		return err
	}
	if err := d.listed("document.yaml", "", "campaigns", code, true); err != nil {
		return err
	}
	for _, app := range slices.Compact([]string{source, "telephony"}) {
		if at, err := doc.find("applications/" + app); err == nil && at.parent != nil {
			if err := d.listed("document.yaml", "applications/"+app, "required_for", code, true); err != nil {
				return err
			}
		}
	}
	return d.addClauses(clause, e.Put[i])
}

// addClauses puts the template's clauses after the last campaign's.
func (d desk) addClauses(number string, title Put) error {
	en := title.EN
	if en == "" {
		en = title.Value
	}
	before, err := d.afterLast(number)
	if err != nil {
		return err
	}
	for _, c := range clausesOfTemplate {
		put := []Put{{Key: "id", Value: number + c.id}, {Key: "text", Value: strings.ReplaceAll(c.text, "{id}", title.Value)}, {Key: "en", Value: strings.ReplaceAll(c.en, "{en}", en)}}
		if c.id != "" {
			put = append(put, Put{Key: "parent", Value: number + c.id[:strings.LastIndexByte(c.id, '.')]})
		}
		if err := d.add(Edit{File: "clauses.yaml", Before: before, Put: put}); err != nil {
			return err
		}
	}
	return nil
}

// afterLast gives the clause before which a new chapter of the same part stands: the one after the last 5.x for 5.9.
func (d desk) afterLast(number string) (string, error) {
	s, err := openSheet(d.files, "clauses.yaml")
	if err != nil {
		return "", err
	}
	part, _, _ := strings.Cut(number, ".")
	before, inside := "", false
	for _, n := range s.root.Content {
		id := valueOf(n, "id")
		switch {
		case id == nil:
		case strings.HasPrefix(id.Value, part+"."):
			before, inside = "", true
		case inside && before == "":
			before = id.Value
		}
	}
	return before, nil
}

// listed puts a word into a flow list of a part, or takes it out; a list without words goes with its key.
func (d desk) listed(file, at, key, word string, in bool) error {
	return d.on(file, func(s *sheet) error {
		part, err := s.find(at)
		if err != nil {
			return err
		}
		list := valueOf(part.node, key)
		i := indexOfWord(list, word)
		switch {
		case in == (i >= 0):
			return nil
		case in && list == nil:
			return s.newKey(part, key, &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{scalar(word, false)}}, "")
		case in:
			return s.insert(spot{node: list, list: shaped("", false, ""), parent: part.node, path: at}, len(list.Content), scalar(word, false))
		case len(list.Content) == 1 && at != "":
			return s.dropKey(part.node, key, at)
		}
		c := s.item(list, i)
		list.Content = slices.Delete(list.Content, i, i+1)
		return s.splice(at, c)
	})
}

// removeCampaign takes a campaign out, with the clauses that nothing else cites. At is its code.
func (d desk) removeCampaign(e Edit) error {
	file := "campaigns/" + e.At + ".yaml"
	s, err := openSheet(d.files, file)
	if err != nil {
		return err
	}
	own := valueOf(s.root, "clause")
	delete(d.files, file)
	if err := d.listed("document.yaml", "", "campaigns", e.At, false); err != nil {
		return err
	}
	doc, err := openSheet(d.files, "document.yaml")
	if err != nil {
		return err
	}
	if apps := valueOf(doc.root, "applications"); apps != nil {
		for _, app := range apps.Content {
			if id := valueOf(app, "id"); id != nil {
				if err := d.listed("document.yaml", "applications/"+id.Value, "required_for", e.At, false); err != nil {
					return err
				}
			}
		}
	}
	if own == nil || own.Value == "" {
		return nil
	}
	return d.dropClauses(own.Value)
}

func (d desk) dropClauses(number string) error {
	cited := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(d.files)) {
		if s, err := openSheet(d.files, name); err == nil && name != "clauses.yaml" {
			gather(s.root, cited)
		}
	}
	return d.on("clauses.yaml", func(s *sheet) error {
		for i := len(s.root.Content) - 1; i >= 0; i-- { // the last first: what stands under a clause goes before it
			id := valueOf(s.root.Content[i], "id")
			if id == nil || id.Value != number && !strings.HasPrefix(id.Value, number+".") || cited[id.Value] {
				continue
			}
			if slices.ContainsFunc(s.root.Content, func(n *yaml.Node) bool {
				p := valueOf(n, "parent")
				return p != nil && p.Value == id.Value
			}) {
				continue // one under it stays
			}
			if err := s.remove(id.Value); err != nil {
				return err
			}
		}
		return nil
	})
}

// gather collects all that a file says.
func gather(n *yaml.Node, into map[string]bool) {
	if n.Kind == yaml.ScalarNode {
		into[n.Value] = true
	}
	for _, c := range n.Content {
		gather(c, into)
	}
}
