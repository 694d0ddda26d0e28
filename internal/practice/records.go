package practice

import (
	"sapa/internal/db"
	"sapa/internal/document"
	"sapa/internal/who"
)

// records fills the register of section 6 with an invented one, which says so: a real one is its owner's word.
func (f *floor) records(tx *db.Tx) error {
	for kind, one := range map[string]struct{ name, position string }{
		document.KindResults:    {"Hasil carring pelanggan (rekaan)", "Team Leader (rekaan)"},
		document.KindTickets:    {"Tiket antrean campaign (rekaan)", "Team Leader (rekaan)"},
		document.KindTroubles:   {"Tiket gangguan dan worklog (rekaan)", "Team Leader (rekaan)"},
		document.KindForms:      {"Form laporan Ideas dan Force Close (rekaan)", "Team Leader (rekaan)"},
		document.KindLetters:    {"Surat dan tugas keluar (rekaan)", "Team Leader (rekaan)"},
		document.KindContacts:   {"Nomor pelanggan yang tidak aktif (rekaan)", "Document Controller (rekaan)"},
		document.KindRecordings: {"Rekaman suara pada telepon (rekaan)", "Quality Assurance (rekaan)"},
		document.KindJournal:    {"Jurnal kegiatan (rekaan)", "Document Controller (rekaan)"},
	} {
		r := document.ProposeRecordRule(kind)
		r.Name, r.Position, r.Invented = one.name, one.position, true
		if _, err := document.PutRecordRule(tx, who.House, r); err != nil {
			return err
		}
	}
	return nil
}
