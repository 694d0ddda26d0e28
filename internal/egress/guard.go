package egress

import (
	"time"

	"github.com/sony/gobreaker/v2"
)

// Guard stops asking what fails again and again, for what is not HTTP: it is the breaker alone.
type Guard struct {
	breaker *gobreaker.CircuitBreaker[struct{}]
}

// NewGuard makes a guard: so many failures in a row open it, and after the time one question may try. Zero takes the default.
func NewGuard(failures uint32, open time.Duration) *Guard {
	failures = or(failures, Failures)
	return &Guard{gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		Timeout:     or(open, OpenTime),
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= failures },
		IsExcluded:  func(err error) bool { return KindOf(err) == GivenUp }, // whoever asked went away: says nothing of the other side
	})}
}

// Do asks, unless the guard is open: then the error is of the kind Resting and nobody was asked.
func (g *Guard) Do(ask func() error) error {
	asked := false
	_, err := g.breaker.Execute(func() (struct{}, error) {
		asked = true
		return struct{}{}, ask()
	})
	if !asked {
		return &Error{Kind: Resting}
	}
	return err
}

// State is closed, half-open or open.
func (g *Guard) State() string { return g.breaker.State().String() }
