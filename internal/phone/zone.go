package phone

import "strings"

// Zones of Indonesia (ux.md 8): no daylight saving anywhere.
const (
	WIB  = "Asia/Jakarta"
	WITA = "Asia/Makassar"
	WIT  = "Asia/Jayapura"
)

// areaZones gives the zone of PSTN area codes by their beginnings, longest first: the islands east of Java and Kalimantan's
// south, east and north are WITA, Maluku and Papua WIT, everything else WIB (area codes: libphonenumber, Apache-2.0).
var areaZones = []struct{ prefix, zone string }{
	{"0361", WITA}, {"0362", WITA}, {"0363", WITA}, {"0365", WITA}, {"0366", WITA}, {"0368", WITA}, // Bali
	{"0364", WITA}, {"0370", WITA}, {"0371", WITA}, {"0372", WITA}, {"0373", WITA}, {"0374", WITA}, {"0376", WITA}, // Nusa Tenggara Barat
	{"038", WITA}, {"0390", WITA}, // Nusa Tenggara Timur
	{"04", WITA},                                                                                   // Sulawesi
	{"0511", WITA}, {"0512", WITA}, {"0517", WITA}, {"0518", WITA}, {"0526", WITA}, {"0527", WITA}, // Kalimantan Selatan
	{"054", WITA}, {"055", WITA}, {"0556", WITA}, // Kalimantan Timur and Utara
	{"091", WIT}, {"092", WIT}, {"093", WIT}, {"094", WIT}, {"095", WIT}, {"096", WIT}, {"097", WIT}, {"098", WIT}, {"090", WIT}, // Maluku, Papua
}

// ZoneOfArea gives the zone of a PSTN number's area; false for mobiles and internet numbers, which say nothing of a place,
// and for area codes that do not exist.
func ZoneOfArea(number string) (zone string, ok bool) {
	if _, ok := Area(number); !ok {
		return "", false
	}
	best := ""
	zone = WIB
	for _, a := range areaZones {
		if strings.HasPrefix(number, a.prefix) && len(a.prefix) > len(best) {
			best, zone = a.prefix, a.zone
		}
	}
	return zone, true
}

// ZoneOfRegion gives the zone of a province, regency or city by its code (35, 35.73): zones follow the provinces.
func ZoneOfRegion(code string) (zone string, ok bool) {
	province, _, _ := strings.Cut(code, ".")
	if _, known := Region(province); !known {
		return "", false
	}
	switch {
	case province < "50", province == "61", province == "62": // Sumatra, Java; West and Central Kalimantan
		return WIB, true
	case province < "80": // Bali, Nusa Tenggara; South, East and North Kalimantan; Sulawesi
		return WITA, true
	}
	return WIT, true // Maluku, Papua
}
