// Package oltsim is an OLT for tests: Debian's snmpd with the table of an invented make in which the ONTs stand, and a line to it
// that holds answers back. It is a real agent over real UDP on this machine; nothing in it is a customer's.
package oltsim

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gosnmp/gosnmp"
)

// Root is where the table of ONTs begins; column 1 names the subscriber, 2 is the power received, 3 sent, 4 at the OLT, 5 the state.
const Root = ".1.3.6.1.4.1.99999.1."

// Sign-ins the agent takes.
const (
	Community = "rahasia-uji"
	User      = "sapa"
	Auth      = "kata-sandi-uji"
	Privacy   = "kata-rahasia-uji"
)

// ONT is a row of the table as snmpd's configuration writes it; a value that is no number is told by its type.
type ONT struct{ Index, Key, Rx, State string }

// Start starts snmpd with rows on a port of this machine (0: a free one); stop ends it, the test's end does too.
func Start(t testing.TB, rows []ONT, port int) (address string, stop func()) {
	t.Helper()
	program, err := exec.LookPath("snmpd")
	if err != nil {
		if _, err = os.Stat("/usr/sbin/snmpd"); err != nil {
			t.Fatal("no snmpd: run ./verify as root, which installs it, or apt-get install snmpd")
		}
		program = "/usr/sbin/snmpd"
	}
	if port == 0 {
		port = Free(t)
	}
	dir, address := t.TempDir(), fmt.Sprintf("127.0.0.1:%d", port)
	var conf strings.Builder
	fmt.Fprintf(&conf, "rocommunity %s 127.0.0.1\ncreateUser %s SHA-256 \"%s\" AES \"%s\"\nrouser %s authPriv\n", Community, User, Auth, Privacy, User)
	for _, r := range rows {
		fmt.Fprintf(&conf, "override %s1.%s octet_str \"%s\"\n", Root, r.Index, r.Key)
		for column, value := range map[string]string{"2": r.Rx, "3": "integer 250", "5": r.State} {
			if value != "" {
				fmt.Fprintf(&conf, "override %s%s.%s %s\n", Root, column, r.Index, value)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "snmpd.conf"), []byte(conf.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(program, "-f", "-Lo", "-C", "-c", filepath.Join(dir, "snmpd.conf"), "-p", filepath.Join(dir, "pid"), "udp:"+address)
	run.Env = append(os.Environ(), "SNMP_PERSISTENT_DIR="+dir, "MIBS=")
	run.Stdout, run.Stderr = log, log
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if !stopped {
			stopped = true
			_ = run.Process.Signal(syscall.SIGTERM)
			_ = run.Wait()
			_ = log.Close()
		}
	}
	t.Cleanup(stop)
	for range 20 { // each try waits for itself
		if err = up(port); err == nil {
			return address, stop
		}
		<-time.After(100 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	t.Fatalf("snmpd does not answer: %v\n%s", err, said)
	return "", nil
}

func up(port int) error {
	g := &gosnmp.GoSNMP{Target: "127.0.0.1", Port: uint16(port), Version: gosnmp.Version2c, Community: Community, Timeout: time.Second, MaxOids: gosnmp.MaxOids}
	if err := g.Connect(); err != nil {
		return err
	}
	defer g.Close()
	_, err := g.Get([]string{Root + "1.0"})
	return err
}

// Free is a port of this machine that nobody listens on.
func Free(t testing.TB) int {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port
}

// Between passes packets to an agent and holds its answers back until the channel closes.
func Between(t testing.TB, to string, hold <-chan struct{}) string {
	t.Helper()
	front, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	back, err := net.Dial("udp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { front.Close(); back.Close() })
	go func() {
		packet := make([]byte, 65536)
		for {
			n, from, err := front.ReadFrom(packet)
			if err != nil {
				return
			}
			if _, err := back.Write(packet[:n]); err != nil {
				return
			}
			if n, err = back.Read(packet); err != nil {
				return
			}
			<-hold
			_, _ = front.WriteTo(packet[:n], from)
		}
	}()
	return front.LocalAddr().String()
}
