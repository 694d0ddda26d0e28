package desk

import "time"

// Greeting gives the greeting word of a moment in the customer's zone, by the bands of the caring script (domain 3.9):
// pagi 00.01-10.00, siang 10.01-15.00, sore 15.01-18.00, malam 18.01-24.00 (SOP 5.2.5).
func Greeting(at time.Time, zone *time.Location) string {
	local := at.In(zone)
	switch m := local.Hour()*60 + local.Minute(); {
	case m == 0:
		return "malam"
	case m <= 10*60:
		return "pagi"
	case m <= 15*60:
		return "siang"
	case m <= 18*60:
		return "sore"
	}
	return "malam"
}
