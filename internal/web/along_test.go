package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"
)

// SOP 5.2.11.d, 5.5.8: the desk lists what else is open for the customer once somebody decides; one is taken along, has its own
// questions in the same form without those of the call, and one save keeps both. With nothing else open nothing is shown.
func TestOneCallByForms(t *testing.T) {
	onSeat(t, func(t *testing.T, h *seatHouse) {
		h.ticket("callback", "CB-1")
		h.reached("")
		page, _, _ := h.desk()
		hasNot(t, page, `id="beside"`, "data-key=\"a\"")
		h.clock.Advance(time.Minute)
		c4 := h.ticket("c4-carring", "C4-1")
		id := c4.ID.String()
		page, _, _ = h.desk()
		has(t, page, `id="beside"`, "1 urusan lain", "C4 Carring", "Bisa diikutkan setelah pengambil keputusan")
		hasNot(t, page, `id="along-`+id)
		h.act("dial")
		h.act("line", "line", "answered")
		h.act("answers", "a.receiver", "reporter")
		page, _, _ = h.desk()
		has(t, page, `id="along-`+id, `data-key="a"`, "<kbd aria-hidden=\"true\">A</kbd>")
		if a := h.act("along", "ticket", "404"); a.to != "/desk" {
			t.Errorf("a ticket that is nobody's: %d %q", a.status, a.to)
		}
		h.act("along", "ticket", id)
		page, _, _ = h.desk()
		has(t, page, `id="step-`+id, `name="a.`+id+`.status"`, "Ikut panggilan ini", "Kembalikan ke antrean", `data-id="5.5.8.a"`)
		hasNot(t, page, `name="a.`+id+`.receiver"`, `id="along-`+id)
		h.act("answers", "a.data_check", "nama", "a."+id+".status", "contacted", "a."+id+".reason_1", "close")
		page, _, _ = h.desk()
		has(t, page, `value="close" id="`+id+`.reason_1-close" checked`)
		h.act("hang-up")
		mine := []string{"a.guided", "berhasil", "a.status", "contacted", "a.reason_call", "internet-lambat", "a.solution", "selesai-dipandu", "a.remarks", "Normal."}
		a := h.act("finish", append(mine, "a."+id+".status", "contacted", "a."+id+".reason_1", "")...)
		if a.status != http.StatusUnprocessableEntity {
			t.Fatalf("refused with %d", a.status)
		}
		has(t, a.body, `id="e-`+id+`.reason_1"`, "wajib diisi", "Normal.")
		hasNot(t, a.body, `id="e-reason_1"`)
		if len(h.settled()) != 0 {
			t.Fatal("half of the call was kept")
		}
		a = h.act("finish", append(mine, "a."+id+".status", "contacted", "a."+id+".reason_1", "close", "a."+id+".remarks", "Sudah normal.")...)
		if got := h.settled(); a.status != http.StatusSeeOther || len(got) != 2 {
			t.Fatalf("saved with %d: %v", a.status, got)
		}
		page, _, _ = h.desk()
		has(t, page, "dan 1 tiket lain dari panggilan yang sama", `data-undo="8"`)
		h.do("POST", "/desk/"+id+"/undo", url.Values{})
		page, _, _ = h.desk()
		has(t, page, `id="step-`+id, "Sudah normal.")
		h.do("POST", "/desk/"+id+"/release", func() url.Values { _, _, form := h.desk(); return form }())
		page, _, _ = h.desk()
		hasNot(t, page, `id="step-`+id)
		has(t, page, `id="along-`+id)
	})
}
