package web

import (
	"time"

	"sapa/internal/campaign"
	"sapa/internal/customer"
	"sapa/internal/phrase"
)

// outsideLine says of one application how old what is shown of it is, and what went wrong since.
type outsideLine struct {
	Text  string
	Amiss bool
}

// appNames are the names of the applications of 5.1, by id.
func appNames(all []campaign.Campaign) map[string]string {
	names := map[string]string{}
	if len(all) > 0 {
		for _, a := range all[0].Revision.Book.Document.Applications {
			names[a.ID] = a.Name
		}
	}
	return names
}

// outsideLines says how old what is shown is (SOP 5.1.1-5.1.3): one line an application, by the worst that was heard from it.
func outsideLines(f frame, readings []customer.Reading, names map[string]string) []outsideLine {
	var apps []string
	worst := map[string]customer.Reading{}
	for _, r := range readings {
		was, there := worst[r.Application]
		switch {
		case !there:
			apps = append(apps, r.Application)
			worst[r.Application] = r
		case r.Failed() && !was.Failed(), r.Failed() == was.Failed() && r.ReadAt.Before(was.ReadAt):
			worst[r.Application] = r
		}
	}
	var all []outsideLine
	for _, app := range apps {
		r := worst[app]
		name := names[app]
		if name == "" {
			name = app
		}
		line := outsideLine{Amiss: r.Failed() || r.Outcome == customer.Other}
		switch {
		case !r.Failed():
			line.Text = f.T("customer.outside."+r.Outcome, "app", name, "at", f.whenRead(r.ReadAt))
		case r.ReadAt.IsZero():
			line.Text = f.T("customer.outside.never", "app", name, "why", f.T("egress.kind."+r.Outcome))
		default:
			line.Text = f.T("customer.outside.failed", "app", name, "why", f.T("egress.kind."+r.Outcome), "at", f.whenRead(r.ReadAt))
		}
		all = append(all, line)
	}
	return all
}

// whenRead prints when something was read: the hour, and the day when that was not today.
func (f frame) whenRead(at time.Time) string {
	here := at.In(f.Now.Location())
	if here.YearDay() == f.Now.YearDay() && here.Year() == f.Now.Year() {
		return f.Clock(at)
	}
	return phrase.Date(f.Lang, here) + " " + f.Clock(at)
}
