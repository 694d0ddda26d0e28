package line

import (
	"slices"
	"time"

	"sapa/internal/db"
)

// Days is how far back the chart of a line goes.
const Days = 90

// MostPoints is the most that one chart holds: more than two a day.
const MostPoints = 200

// Point is one measurement as the chart needs it; the whole answer is in Get.
type Point struct {
	ID         db.ID
	MeasuredAt time.Time
	OnuRxPwr   *float64 // dBm; nil: no value
	Verdict    string
	Failure    string
	Doubt      string
	Rule       Rule // what it was judged by
	Source     string
}

// History is a line's measurements of the last days, oldest first, and what they come to.
type History struct {
	Since, Until         time.Time
	Rule                 Rule // in force now; each point was judged by its own
	Points               []Point
	More                 bool // older ones of these days were left out
	Spec, Unspec, Failed int
	Low, High            *float64 // weakest and strongest power, dBm; nil: none was read
}

// Last is the newest point, if there is one.
func (h History) Last() (Point, bool) {
	if len(h.Points) == 0 {
		return Point{}, false
	}
	return h.Points[len(h.Points)-1], true
}

// Past reads the last 90 days of a line, the newest MostPoints of them (SOP 5.2.10.j: every measurement is kept).
func Past(tx *db.Tx, serviceNo string) (History, error) {
	h := History{Since: tx.Now.AddDate(0, 0, -Days), Until: tx.Now}
	var err error
	if h.Rule, err = CurrentRule(tx); err != nil {
		return h, err
	}
	err = tx.Each(`
		SELECT id, measured_at, onu_rx_pwr, verdict, failure, doubt, rx_min, rx_max, source
		  FROM measurement
		 WHERE service_no = $1 AND measured_at >= $2
		 ORDER BY id DESC
		 LIMIT $3`, []any{number(serviceNo), db.Millis(h.Since), MostPoints + 1}, func(s db.Scanner) error {
		var p Point
		var at int64
		if err := s.Scan(&p.ID, &at, &p.OnuRxPwr, &p.Verdict, &p.Failure, &p.Doubt, &p.Rule.RxMin, &p.Rule.RxMax, &p.Source); err != nil {
			return err
		}
		p.MeasuredAt = db.Time(at)
		h.Points = append(h.Points, p)
		return nil
	})
	if len(h.Points) > MostPoints {
		h.Points, h.More = h.Points[:MostPoints], true
	}
	slices.Reverse(h.Points)
	for _, p := range h.Points {
		switch p.Verdict {
		case Spec:
			h.Spec++
		case Unspec:
			h.Unspec++
		default:
			h.Failed++
		}
		if p.OnuRxPwr == nil {
			continue
		}
		if h.Low == nil || *p.OnuRxPwr < *h.Low {
			h.Low = p.OnuRxPwr
		}
		if h.High == nil || *p.OnuRxPwr > *h.High {
			h.High = p.OnuRxPwr
		}
	}
	return h, err
}
