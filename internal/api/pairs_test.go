package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"sapa/internal/db"
	"sapa/internal/document/documenttest"
	"sapa/internal/procedure"
	"sapa/internal/who"
)

// tomorrow is a time the desk takes; the engine's own samples lie too far ahead.
const tomorrow = "2026-11-24T10:00:00+07:00"

// lines are what the line can do, in an order in which each is in turn what a turn's attempts prove.
var lines = []string{"none", "failed", "no-answer", "rejected", "machine", "silence", "bad-number", "unregistered", "answered"}

// opened opens a ticket of a campaign and takes it.
func (f *floor) opened(campaign, ref string) (path, lease string) {
	f.t.Helper()
	body := strings.Replace(opening(ref, ""), `"callback"`, fmt.Sprintf("%q", campaign), 1)
	id := f.ok(http.StatusCreated, who.Admin, "POST", "/tickets", body).json["id"].(string)
	a := f.ok(http.StatusOK, who.Agent, "POST", "/work/next", fmt.Sprintf(`{"campaigns":[%q]}`, campaign))
	if got := a.json["ticket"].(map[string]any)["id"]; got != id {
		f.t.Fatalf("claimed %v, want %s", got, id)
	}
	return "/tickets/" + id, a.json["lease"].(map[string]any)["token"].(string)
}

// line reports one more attempt and what the line did; none is no attempt.
func (f *floor) line(path, lease, line string) {
	f.t.Helper()
	if line != "none" {
		f.ok(http.StatusCreated, who.Agent, "POST", path+"/attempts", fmt.Sprintf(`{"lease":%q,"line":%q}`, lease, line))
	}
}

// kept is everything a refused answer could have touched: rows of the tables it would write, and the drafts themselves.
func (f *floor) kept() string {
	f.t.Helper()
	var all []string
	err := f.store.Read(context.Background(), func(tx *db.Tx) error {
		for _, table := range []string{"answered", "journal", "ticket", "hold", "turn", "outcome", "attempt", "promise"} {
			var rows int
			if err := tx.Row("SELECT COUNT(*) FROM " + table).Scan(&rows); err != nil {
				return err
			}
			all = append(all, fmt.Sprint(table, " ", rows))
		}
		return tx.Each("SELECT t.id, t.draft, t.answers, t.finished_at, k.state, k.version FROM turn t JOIN ticket k ON k.id = t.ticket ORDER BY t.id", nil, func(s db.Scanner) error {
			var id, draft, finished, version int64
			var answers, state string
			if err := s.Scan(&id, &draft, &answers, &finished, &state, &version); err != nil {
				return err
			}
			all = append(all, fmt.Sprint(id, draft, answers, finished, state, version))
			return nil
		})
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return strings.Join(all, "\n")
}

func sent(lease string, answers map[string]string) string {
	body, _ := json.Marshal(map[string]any{"lease": lease, "answers": answers}) // texts: it cannot fail
	return string(body)
}

// SOP 5.2.11, 5.2.11.b1, 5.2.11.b2, 5.7.8, 5.7.8.a, 5.7.8.b, 5.7.8.c, 5.7.8.d: after whatever the line did, every pair that
// the cascade rules out is refused through the API - put into the draft, and as a finish that was filled in offline and
// comes in one piece - with its field and clause, and nothing of it is stored.
func TestEveryIllegalPairIsRefusedThroughTheAPI(t *testing.T) {
	b := documenttest.Book(t)
	onFloor(t, func(f *floor) {
		count := 0
		for _, code := range []string{"callback", "fresh-lapul"} {
			byLine := map[string][]procedure.Pair{}
			for _, pair := range b.Procedure(code).IllegalPairs() {
				if pair.Facts["open_report"] != "yes" { // no room tells of one yet
					byLine[pair.Facts["last_line"]] = append(byLine[pair.Facts["last_line"]], pair)
				}
			}
			path, lease := f.opened(code, code)
			for _, line := range lines {
				f.line(path, lease, line)
				before := f.kept()
				for _, pair := range byLine[line] {
					answers := map[string]string{pair.Field: pair.Value}
					for id, value := range pair.With {
						answers[id] = value
					}
					for id, value := range answers {
						answers[id] = strings.Replace(value, "2035-01-08T10:00:00+07:00", tomorrow, 1)
					}
					for _, act := range [][2]string{{"PUT", "/answers"}, {"POST", "/finish"}} {
						count++
						a := f.ok(http.StatusUnprocessableEntity, who.Agent, act[0], path+act[1], sent(lease, answers))
						if a.json["field"] != pair.Field || a.json["clause"] != pair.Clause || a.json["type"] != "urn:sapa:"+pair.Key {
							f.t.Errorf("%s after %s, %v: want %s at %s (%s), got %s", act[1], line, answers, pair.Key, pair.Field, pair.Clause, a.body)
						}
					}
				}
				if after := f.kept(); after != before {
					f.t.Errorf("after %s something of a refused answer was stored:\n%s\nbefore:\n%s", line, after, before)
				}
				delete(byLine, line)
			}
			for line := range byLine {
				f.t.Errorf("%s: pairs after %s were not tried", code, line)
			}
			f.ok(http.StatusOK, who.Agent, "POST", path+"/release", fmt.Sprintf(`{"lease":%q}`, lease))
		}
		f.t.Logf("%d requests refused", count)
		if count < 1500 {
			f.t.Errorf("only %d: the test has lost some", count)
		}
	})
}

// SOP 5.2.11.b1, 5.7.8.a: a draft that was filled in offline comes late. What it says is judged by what the line has done by
// then: its stale answers are refused by name, an old version of the draft is a conflict, and the turn goes on untouched.
func TestDraftThatComesLateIsJudgedByTheLineAsItIsNow(t *testing.T) {
	onFloor(t, func(f *floor) {
		for _, c := range []struct{ campaign, clause, offline, right, outcome string }{
			{"callback", "5.2.11.b1.rna", `"status":"rna","solution":"dihubungi-lagi","remarks":"tidak diangkat"`,
				`"receiver":"dropped","status":"contacted","solution":"dihubungi-lagi","remarks":"diangkat lalu terputus"`, "dropped"},
			{"fresh-lapul", "5.7.8.a.not-contacted", `"status":"not-contacted","reason_1":"rna","remarks":"tidak diangkat"`,
				`"receiver":"reporter","status":"contacted","reason_1":"sukses","reason_2":"paham","remarks":"paham"`, "understood"},
		} {
			path, lease := f.opened(c.campaign, c.campaign)
			f.line(path, lease, "no-answer")
			body := func(answers, more string) string {
				return fmt.Sprintf(`{"lease":%q,"answers":{%s}%s}`, lease, answers, more)
			}
			first := f.ok(http.StatusOK, who.Agent, "PUT", path+"/answers", body(c.offline, ""))
			if first.json["complete"] != true {
				f.t.Fatalf("got %s", first.body)
			}
			f.line(path, lease, "answered") // dialled again meanwhile, on another screen
			before := f.kept()
			a := f.refused(422, "invalid", "status", who.Agent, "PUT", path+"/answers", body(c.offline, ""))
			if a.json["clause"] != c.clause {
				f.t.Errorf("got %s", a.body)
			}
			f.refused(422, "invalid", "status", who.Agent, "POST", path+"/finish", body(c.offline, ""))
			f.refused(409, "conflict", "", who.Agent, "PUT", path+"/answers", body(`"remarks":"lama"`, `,"draft":1000`))
			f.refused(422, "invalid", "", who.Agent, "POST", path+"/finish", body("", "")) // the kept draft is stale as well
			if after := f.kept(); after != before {
				f.t.Errorf("something was stored:\n%s\nbefore:\n%s", after, before)
			}
			done := f.ok(http.StatusOK, who.Agent, "POST", path+"/finish", body(c.right, ""))
			if done.json["outcome"] != c.outcome {
				f.t.Errorf("got %s", done.body)
			}
		}
	})
}
