package api

import (
	"net/http"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/staff"
	"sapa/internal/trouble"
)

// mostSetting is the longest text of a setting, in characters; the room itself counts bytes.
const mostSetting = 256 << 10

// settingJSON is the priority ladder, or the window of repeat faults and what descriptions must tell (domain 3.5, A-13), as YAML.
type settingJSON struct {
	Name      string  `json:"name"`
	Text      string  `json:"text"`
	Version   int64   `json:"version"` // 0: the house's own
	ChangedBy string  `json:"changed_by,omitempty"`
	ChangedAt *string `json:"changed_at"`
}

type settingsJSON struct {
	Settings []settingJSON `json:"settings"`
}

func (a *API) shapeSetting(tx *db.Tx, s trouble.Setting) (settingJSON, error) {
	j := settingJSON{Name: s.Name, Text: s.Text, Version: s.Version, ChangedAt: stamp(s.At, a.Seat.Site)}
	if s.By == 0 {
		return j, nil
	}
	p, err := staff.Get(tx, s.By)
	if fault.Is(err, fault.Missing) {
		return j, nil
	}
	j.ChangedBy = p.Login
	return j, err
}

func (a *API) settings(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	all := settingsJSON{Settings: []settingJSON{}}
	for _, name := range trouble.SettingNames {
		s, err := trouble.ReadSetting(tx, name)
		if err != nil {
			return nil, err
		}
		j, err := a.shapeSetting(tx, s)
		if err != nil {
			return nil, err
		}
		all.Settings = append(all.Settings, j)
	}
	return all, nil
}

func (a *API) setting(tx *db.Tx, r seen) (any, error) {
	if _, err := query(r); err != nil {
		return nil, err
	}
	s, err := trouble.ReadSetting(tx, r.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return a.shapeSetting(tx, s)
}

// putSetting changes a setting whole. The version is the one that was read, so that of two administrators the second is told.
func (a *API) putSetting(r seen, f *form) func(tx *db.Tx) (done, error) {
	text, version := f.needed("text", mostSetting), f.neededVersion("version")
	return func(tx *db.Tx) (done, error) {
		s, err := trouble.Set(tx, r.by, r.PathValue("name"), text, version)
		if err != nil {
			return done{}, inText(err, r.PathValue("name"))
		}
		j, err := a.shapeSetting(tx, s)
		return done{http.StatusOK, j}, err
	}
}

// inText says that what is wrong with a setting stands in this body's text.
func inText(err error, name string) error {
	if f := fault.Of(err); f != nil && f.Field == name {
		f.Field = "text"
	}
	return err
}
