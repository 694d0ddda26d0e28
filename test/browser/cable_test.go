package browser

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"
)

// cable is the way from one browser to the house. It can be pulled: what is under way breaks, nothing new goes through.
// (The browser's own emulation leaves a stream that is open alone, and a pulled cable does not.)
type cable struct {
	url string

	mu     sync.Mutex
	pulled bool
	ends   map[net.Conn]bool
}

func newCable(t *testing.T) *cable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{url: "http://" + listener.Addr().String(), ends: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			all.Go(func() { c.carry(near) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		c.pull()
		all.Wait()
	})
	return c
}

func (c *cable) carry(near net.Conn) {
	defer near.Close()
	far, err := net.Dial("tcp", strings.TrimPrefix(floor.url, "http://"))
	if err != nil {
		return
	}
	defer far.Close()
	c.mu.Lock()
	pulled := c.pulled
	c.ends[near], c.ends[far] = true, true
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.ends, near)
		delete(c.ends, far)
		c.mu.Unlock()
	}()
	if pulled {
		return
	}
	var back sync.WaitGroup
	back.Go(func() { _, _ = io.Copy(near, far); near.Close() }) // an end that breaks is what a cable is for
	_, _ = io.Copy(far, near)
	far.Close()
	back.Wait()
}

// pull breaks everything.
func (c *cable) pull() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulled = true
	for end := range c.ends {
		end.Close()
	}
}

// join puts it back in.
func (c *cable) join() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pulled = false
}
