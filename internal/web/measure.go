package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"sapa/internal/db"
	"sapa/internal/fault"
	"sapa/internal/line"
	"sapa/internal/live"
	"sapa/internal/ticket"
	"sapa/internal/who"
)

// measures are the measurements that go on beside the pages: a call never waits for one.
type measures struct {
	running sync.Map // service number -> struct{}
	beside  sync.WaitGroup
}

// recent is how young a measurement is that dialling again does not repeat.
const recent = 10 * time.Minute

// Wait waits for what goes on beside the pages.
func (s *Server) Wait() { s.beside.Wait() }

// measureOnDial measures the line of a ticket that is being dialled, beside the act (SOP 5.2.10.j: started on dial).
func (s *Server) measureOnDial(by who.Actor, id db.ID) {
	if s.Meter == nil {
		return
	}
	s.beside.Go(func() {
		ctx, no, fresh := context.Background(), "", false
		err := s.Store.Read(ctx, func(tx *db.Tx) error {
			t, err := ticket.Get(tx, id)
			if err != nil || t.ServiceNo == "" {
				return err
			}
			no = t.ServiceNo
			m, err := line.Latest(tx, no)
			fresh = err == nil && m.Verdict != line.Failed && !m.Makeshift() && tx.Now.Sub(m.MeasuredAt) < recent
			if fault.Is(err, fault.Missing) {
				err = nil
			}
			return err
		})
		if err == nil && no != "" && !fresh {
			err = s.measure(ctx, by, id, no)
		}
		if err != nil {
			s.Log.Warn("measure on dial", "ticket", id, "err", err)
		}
	})
}

// measure asks the meter, once at a time for a line, and tells the agent's open pages when it has been kept.
func (s *Server) measure(ctx context.Context, by who.Actor, id db.ID, no string) error {
	if _, already := s.running.LoadOrStore(no, struct{}{}); already {
		return nil
	}
	s.hearOfDevice(context.WithoutCancel(ctx), by, id, no)
	_, err := s.Meter.Measure(ctx, by, no)
	s.running.Delete(no)
	if s.Hub != nil {
		s.Hub.Publish("agent:"+db.ID(by.ID).String(), live.Event{Name: "line", Data: id.String()})
	}
	return err
}

// hearOfDevice asks the ACS beside the measurement when the customer's device was last heard of (SOP 5.1.12).
func (s *Server) hearOfDevice(ctx context.Context, by who.Actor, id db.ID, no string) {
	if s.Devices.ByHand() {
		return
	}
	s.beside.Go(func() {
		err := s.Devices.Refresh(ctx, no)
		if err != nil && !fault.Is(err, fault.Missing) {
			s.Log.Warn("device not heard of", "ticket", id, "err", err)
		}
		if err == nil && s.Hub != nil {
			s.Hub.Publish("agent:"+db.ID(by.ID).String(), live.Event{Name: "line", Data: id.String()})
		}
	})
}

func (s *Server) measuring(no string) bool {
	_, yes := s.running.Load(no)
	return yes
}

// measureAgain is D: a reader without a script waits for the answer, the script does not.
func (s *Server) measureAgain(w http.ResponseWriter, r *request) {
	id, err := pathID(r)
	no := ""
	if err == nil {
		err = s.Store.Read(r.Context(), func(tx *db.Tx) error {
			c, err := s.Seat.Complaint(tx, r.by, id, r.PostFormValue("lease"))
			no = c.Ticket.ServiceNo
			return err
		})
	}
	if err == nil && s.Meter == nil {
		err = fault.New(fault.Missing, "complaint.no-meter").At("", "5.2.10.j")
	}
	if err == nil {
		err = s.measure(r.Context(), r.by, id, no)
	}
	if err != nil {
		s.tell(w, r, "/desk", err)
		return
	}
	http.Redirect(w, r.Request, complaintPath(id), http.StatusSeeOther)
}
