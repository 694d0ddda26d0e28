package practice

import (
	"errors"

	"sapa/internal/phone"
)

var (
	errNotInCall = errors.New("practice: no such call")
	errClosed    = errors.New("practice: the line is closed")
)

// Names of the invented people: common given names put together with common last names by a fixed seed. Nobody real is
// meant, and none of these words is in the name of a person the work instruction mentions (domain 8.3; a test looks).
var (
	women = []string{"Ayu", "Bunga", "Citra", "Dewi", "Endah", "Fitri", "Gita", "Hana", "Intan", "Juwita", "Kirana", "Laras", "Mega", "Nadia", "Oktavia", "Puspa", "Ratih", "Sekar", "Tiara", "Utami", "Wulan", "Yuni"}
	men   = []string{"Adi", "Bagas", "Cahyo", "Dimas", "Eko", "Fajar", "Galih", "Hanif", "Iwan", "Joko", "Krisna", "Lukman", "Mahendra", "Nanda", "Oscar", "Pandu", "Rangga", "Satria", "Teguh", "Umar", "Wisnu", "Yoga"}
	last  = []string{"Prasetya", "Lestari", "Wijaya", "Saputra", "Maharani", "Kusuma", "Nugraha", "Permata", "Santika", "Handoko", "Anggraini", "Pratama", "Ramadhani", "Setyawan", "Puspita", "Kartika", "Firmansyah", "Wardhana", "Utomo", "Safitri"}
)

// town is where invented customers live, with last names that are usual there beside the common ones.
type town struct {
	name, zone string
	last       []string
	voice      bool   // the one area whose reserved PSTN range there is: 0341999xxxx (domain 3.1)
	sto        string // exchange; all but MLG and BTU are invented test codes (domain 3.3, 8.3)
	region     int    // of the OLT's name: D5
}

var (
	java   = last
	batak  = []string{"Siregar", "Nasution", "Lubis", "Harahap", "Simanjuntak", "Ginting"}
	bugis  = []string{"Mappasessu", "Daeng Sila", "Baharuddin", "Syamsuddin", "Paturusi"}
	bali   = []string{"Suartini", "Widiana", "Sudarma", "Purnami", "Adnyana", "Suryani"}
	timor  = []string{"Taolin", "Lakapu", "Manafe", "Benu", "Radja"}
	papua  = []string{"Rumbiak", "Wanggai", "Kambuaya", "Yoku", "Ayomi"}
	maluku = []string{"Latuheru", "Sahetapy", "Tuasikal", "Lekatompessy", "Pelupessy"}
)

var towns = []town{
	{"Malang", phone.WIB, java, true, "MLG", 5}, {"Malang", phone.WIB, java, true, "MLG", 5}, {"Batu", phone.WIB, java, true, "BTU", 5}, {"Malang", phone.WIB, java, true, "MBL", 5}, {"Surabaya", phone.WIB, java, false, "STA", 5},
	{"Bandung", phone.WIB, java, false, "XBD", 3}, {"Medan", phone.WIB, batak, false, "XMD", 1},
	{"Makassar", phone.WITA, bugis, false, "XMK", 7}, {"Denpasar", phone.WITA, bali, false, "XDP", 5}, {"Kupang", phone.WITA, timor, false, "XKP", 5},
	{"Balikpapan", phone.WITA, java, false, noSlots, 6}, {"Jayapura", phone.WIT, papua, false, "XJP", 7}, {"Ambon", phone.WIT, maluku, false, "XAB", 7},
}

var streets = []string{"Jl. Melati", "Jl. Kenanga", "Jl. Cempaka", "Jl. Anggrek", "Jl. Merpati", "Jl. Cendrawasih", "Jl. Mawar", "Jl. Flamboyan", "Jl. Dahlia", "Jl. Teratai",
	"Gang Damai", "Perum Griya Asri Blok C", "Perum Bukit Permai Blok F", "Jl. Pasar Lama", "Jl. Stasiun"}
