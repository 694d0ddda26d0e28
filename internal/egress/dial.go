package egress

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sapa/internal/fault"
)

// Target is one line of an allow-list: a name, an address or a network, each with one port.
type Target struct {
	Host string       // a name in small letters, or an address
	Net  netip.Prefix // valid: a network that names may lead into, instead of Host
	Port string
}

func (t Target) String() string {
	if t.Net.IsValid() {
		return t.Net.String() + ":" + t.Port
	}
	return net.JoinHostPort(t.Host, t.Port)
}

// ParseTarget reads host:port, address:port ([address]:port for IPv6) or network/bits:port.
func ParseTarget(text string) (Target, error) {
	wrong := fault.New(fault.Invalid, "egress.target", "target", text).At("allow", "")
	host, port, err := net.SplitHostPort(text)
	if at := strings.LastIndexByte(text, ':'); strings.Contains(text, "/") && at > 0 { // a network: 2001:db8::/32:443 needs no brackets
		host, port, err = text[:at], text[at+1:], nil
	}
	if n, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return Target{}, wrong
	}
	if strings.Contains(host, "/") {
		p, err := netip.ParsePrefix(host)
		if err != nil || p != p.Masked() || p.Bits() == 0 {
			return Target{}, wrong
		}
		return Target{Net: p, Port: port}, nil
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return Target{Host: ip.Unmap().String(), Port: port}, nil
	}
	host = strings.ToLower(host)
	if host == "" || len(host) > 253 || strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-._") != "" || strings.Trim(host, "0123456789.") == "" {
		return Target{}, wrong // a name of digits only is an address misspelt
	}
	return Target{Host: host, Port: port}, nil
}

// List is an allow-list.
type List []Target

// names tells whether the list names what is asked for: the name itself, or an address within one of its networks.
func (l List) names(asked Target) bool {
	ip, err := netip.ParseAddr(asked.Host)
	for _, t := range l {
		if t.Port == asked.Port && (!t.Net.IsValid() && t.Host == asked.Host || t.Net.IsValid() && err == nil && l.permits(ip, asked.Port, "")) {
			return true
		}
	}
	return false
}

// permits tells whether an address may be dialled for a name the list allows. An ordinary public address may. What is inside -
// this machine, private networks, link-local with its metadata services - must be named by itself: else whoever answers for a
// name could lead us anywhere.
func (l List) permits(ip netip.Addr, port, name string) bool {
	ip = ip.Unmap().WithZone("")
	for _, t := range l {
		if t.Port != port {
			continue
		}
		if t.Net.IsValid() && t.Net.Contains(ip) && !never(ip) || !t.Net.IsValid() && t.Host == ip.String() {
			return true
		}
		if name == "localhost" && t.Host == name && ip.IsLoopback() { // that name says so itself
			return true
		}
	}
	return name != "" && public(ip)
}

// never are addresses a network does not open: link-local holds the metadata services of clouds.
func never(ip netip.Addr) bool {
	return ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() || ip == netip.MustParseAddr("fd00:ec2::254")
}

// inside are networks that are not the open Internet beyond what netip knows, and those that carry another address within.
var inside = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10")

func prefixes(texts ...string) (all []netip.Prefix) {
	for _, t := range texts {
		all = append(all, netip.MustParsePrefix(t))
	}
	return all
}

func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, p := range inside {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// Dialer dials what its list allows and nothing else, for what is not HTTP too.
type Dialer struct {
	Allow   List
	Timeout time.Duration
	Resolve *net.Resolver // nil: the machine's own
}

// DialContext dials a host:port the list names, and looks again at the address a name led to when it is dialled: what the name
// says a moment later changes nothing.
func (d Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	control, err := d.Control(address)
	if err != nil {
		return nil, err
	}
	switch network {
	case "tcp", "tcp4", "tcp6", "udp", "udp4", "udp6":
	default:
		return nil, &Error{Kind: Forbidden}
	}
	real := net.Dialer{Timeout: or(d.Timeout, DialTime), Resolver: d.Resolve, Control: control}
	conn, err := real.DialContext(ctx, network, address)
	if err != nil {
		return nil, wrap(err)
	}
	return conn, nil
}

// Control is the hook of net.Dialer for one host:port, for a library that must dial by itself: it refuses every address that the
// list does not permit for that name. A host:port that the list does not name gets none.
func (d Dialer) Control(address string) (func(network, to string, c syscall.RawConn) error, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &Error{Kind: Forbidden}
	}
	name := strings.ToLower(host)
	if ip, err := netip.ParseAddr(host); err == nil {
		name = ip.Unmap().String()
	}
	if !d.Allow.names(Target{Host: name, Port: port}) {
		return nil, &Error{Kind: Forbidden}
	}
	return func(_, to string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(to)
		if err != nil || !d.Allow.permits(at.Addr(), strconv.Itoa(int(at.Port())), name) {
			return &Error{Kind: Forbidden}
		}
		return nil
	}, nil
}
