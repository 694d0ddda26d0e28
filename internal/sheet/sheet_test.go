package sheet

import (
	"strings"
	"testing"

	"sapa/internal/document/documenttest"
)

// flat is a sheet as its reader meets it: mark and text of every block, joined as they are printed.
func flat(s Sheet) string {
	var b strings.Builder
	for _, one := range s.Sections {
		b.WriteString("# " + one.No + ". " + one.Title + "\n")
		for _, block := range one.Blocks {
			b.WriteString(block.Kind + " ")
			if block.Kind != "group" {
				b.WriteString(block.Mark)
			}
			for _, p := range block.Pieces {
				b.WriteString(p.Join + p.Text)
			}
			if block.Star {
				b.WriteString("*)")
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

// SOP doc.title, 2.a, 5.2.11, 5.7.8.b: numbers, letters and lists stand as revision 02 prints them; every clause once, in order.
func TestTheDocumentIsLaidOutAsItIsPrinted(t *testing.T) {
	book := documenttest.Book(t)
	s := Of(book)
	got := flat(s)
	for _, want := range []string{
		"# 2. Tujuan\ntext Sebagai dasar Agent memandu pelanggan Telkom yang membutuhkan informasi, penanganan gangguan, permintaan registrasi produk Telkom\n# 3. ",
		"heading 5.1.Agent login aplikasi yang dibutuhkan\napp 5.1.1.Siapkan Aplikasi I-Siska\n",
		"heading 5.2.Agent handle tiket Callback*)\nnumber 5.2.1.Agent Tier 1 menginput",
		"letter a.Pelanggan meminta dipandu saat kondisi traffic tinggi\nletter b.Agent belum",
		"number 5.2.8.Jika sesuai dengan pelapor di aplikasi callback atau orang lain yang bisa mengambil keputusan, Agent mengkonfirmasi terkait data pelanggan dan permasalahan pelanggan\n",
		"letter h.Pilih Nama Service sesuai gangguan pelanggan (IPTV/INTERNET/VOICE), kemudian klik pilih.\ndash IPTV\n",
		"letter s.Pilih pada tombol Booking Technician, pilih jadwal teknisi, pilih OK\nletter t.Klik Submit\n",
		"letter a.Isi kolom nomor jastel dan nomor tiket\nletter b.Pilih Status Calls\ndash Contacted : Jika call terhubung ke pelanggan\n",
		"letter b.Pilih Reason Call atau Solusi sesuai hasil carring\nletter c.",
		"letter a.Jika pelanggan memberikan keterangan bahwa gangguan sudah solve, maka agent menambahkan note sesuai informasi pelanggan\ndash Klik Route Workflow\ndash Pilih Resolve\n",
		"heading 5.4.Agent handle tiket dari IVR Gamas*)\ntext Pelanggan yang masuk",
		"letter b.Isi kolom Reason 1\ngroup Contacted\ntick Sukses : jika pelanggan bersedia diedukasi untuk proses pelaporannya\n",
		"group Not Contacted\ntick RNA : jika call tidak diangkat\n",
		"letter c.Isi kolom Reason 2\ngroup Sukses\ntick Paham yang kita sampaikan\n",
		"dash Kolom Status Call diisi dengan :\ntick Contacted : jika terhubung dengan pelanggan\n",
		"# 6. Dokumen / Rekaman Pendukung\n# 7. Catatan Perubahan Dokumen\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("not printed: %q", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
	var ids []string
	for _, p := range s.Title {
		ids = append(ids, p.Clause)
	}
	for _, c := range s.Copies {
		ids = append(ids, c.Clause)
	}
	for _, one := range s.Sections {
		if one.Clause != "" {
			ids = append(ids, one.Clause)
		}
		for _, b := range one.Blocks {
			for _, p := range b.Pieces {
				if p.Clause != "" {
					ids = append(ids, p.Clause)
				}
			}
		}
		for _, p := range s.Notes[one.No] {
			ids = append(ids, p.Clause)
		}
	}
	for _, row := range s.History {
		for _, p := range row.Pieces {
			ids = append(ids, p.Clause)
		}
	}
	var want []string
	block := map[string]bool{"doc.effective": true, "doc.code": true, "doc.revision": true, "doc.sign.made": true, "doc.sign.checked": true, "doc.sign.approved": true}
	for _, c := range book.Clauses {
		if !block[c.ID] {
			want = append(want, c.ID)
		}
	}
	if strings.Join(ids, " ") != strings.Join(want, " ") {
		t.Errorf("clauses printed\n%v\nwant\n%v", ids, want)
	}
}
