package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"sapa/internal/document/documenttest"
)

// BenchmarkDeskPage reads, renders and writes a whole turn with its cascade, as one window asks for it. The raw limit beside
// it is a bare handler that writes as many bytes. Goal: 5 ms of CPU.
func BenchmarkDeskPage(b *testing.B) {
	s, c := documenttest.Mould.SQLite(b)
	h := newSeat(b, s, c)
	h.ticket("fresh-lapul", "INB")
	h.reached("answered")
	h.part = true
	h.act("answers", "a.receiver", "reporter")
	h.act("answers", "a.status", "contacted", "a.reason_1", "menolak")
	h.part = false
	get := func(handler http.Handler) int {
		r := httptest.NewRequest("GET", "/desk", nil)
		r.Header.Set("Cookie", h.jar)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Body.Len()
	}
	size := get(h.http)
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			get(h.http)
		}
		b.ReportMetric(float64(size), "bytes")
	})
	bare := make([]byte, size)
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			get(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bare) }))
		}
	})
}
