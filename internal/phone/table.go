package phone

import (
	_ "embed" // the tables travel inside the binary
	"strings"
	"sync"
)

//go:embed data/area.txt
var areaText string

//go:embed data/carrier.txt
var carrierText string

//go:embed data/region.csv
var regionText string

// areas, carriers and regions are read when they are first asked for (data/README.md says where they come from).
var (
	areas    = sync.OnceValue(func() map[string]string { return table(areaText, "|", "62") })
	carriers = sync.OnceValue(func() map[string]string { return table(carrierText, "|", "62") })
	regions  = sync.OnceValue(func() map[string]string { return table(regionText, ",", "") })
)

// table reads lines of a code and a name; the country's code is dropped.
func table(text, between, drop string) map[string]string {
	names := map[string]string{}
	for line := range strings.Lines(text) {
		code, name, ok := strings.Cut(strings.TrimSpace(line), between)
		if ok && !strings.HasPrefix(line, "#") && code != "kode" {
			names[strings.TrimPrefix(code, drop)] = name
		}
	}
	return names
}

// area splits a PSTN number (0341999123) into its area code without the 0 and the place: the longest code that is known.
func area(number string) (code, place string, ok bool) {
	for n := 4; n >= 3; n-- { // 0xxx, then 0xx: no code is shorter or longer
		if len(number) > n {
			if place, ok := areas()[number[1:n]]; ok {
				return number[1:n], place, true
			}
		}
	}
	return "", "", false
}

// Area gives the place of a land line's area code; false for mobiles and internet numbers, which say nothing of a place.
func Area(number string) (place string, ok bool) {
	if !strings.HasPrefix(number, "0") || strings.HasPrefix(number, "08") {
		return "", false
	}
	_, place, ok = area(number)
	return place, ok
}

// Carrier gives the operator whose prefix a mobile number has. Numbers may have been taken along to another one.
func (n Number) Carrier() (name string, ok bool) {
	if !n.Mobile() {
		return "", false
	}
	name, ok = carriers()[strings.TrimPrefix(string(n), "+62")[:3]]
	return name, ok
}

// Region gives the name of a province, regency or city by its code of the Ministry of Home Affairs: 35, 35.73.
func Region(code string) (name string, ok bool) {
	name, ok = regions()[code]
	return name, ok
}
