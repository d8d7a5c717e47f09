package ashlar

import (
	"net/netip"
	"strings"
)

// Where a request comes from and which host it asks for. Behind a proxy the
// connection knows neither; what the proxy says in X-Forwarded-For, -Proto and
// -Host is believed only when the connection comes from one of
// Config.TrustedProxies. Everybody else can write these fields too.

// Host returns the host that the client asked for, with its port if it named
// one.
func (c *Ctx) Host() string {
	if v := c.forwarded("X-Forwarded-Host"); v != "" {
		return v
	}
	return c.wire.host()
}

// IsSecure reports whether the client's request came over TLS.
func (c *Ctx) IsSecure() bool {
	return c.wire.secure() || c.forwarded("X-Forwarded-Proto") == "https"
}

// RemoteIP returns the client's address: the last hop in X-Forwarded-For that
// is no trusted proxy, else the address of the connection. It is the zero
// Addr when the connection has none (a Unix socket).
func (c *Ctx) RemoteIP() netip.Addr {
	ip := addrOf(c.remote())
	if !c.app.trusts(ip) {
		return ip
	}
	hops := strings.Split(c.wire.list("X-Forwarded-For"), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return ip // not an address: nothing further left can be believed
		}
		ip = hop.Unmap()
		if !c.app.trusts(ip) {
			break
		}
	}
	return ip
}

// forwarded returns what the nearest proxy, if it is trusted, says.
func (c *Ctx) forwarded(field string) string {
	if len(c.app.proxies) == 0 {
		return ""
	}
	v := c.wire.list(field) // a proxy may add a line of its own below the client's
	if v == "" || !c.app.trusts(addrOf(c.remote())) {
		return ""
	}
	if i := strings.LastIndexByte(v, ','); i >= 0 {
		v = v[i+1:]
	}
	return strings.TrimSpace(v)
}

// remote returns the address at the other end of the connection.
func (c *Ctx) remote() string { return c.root.wire.remote() }

func (a *App) trusts(ip netip.Addr) bool {
	for _, p := range a.proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

func addrOf(hostport string) netip.Addr {
	ap, err := netip.ParseAddrPort(hostport)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap()
}

// hostname returns host in lower case without its port and without the dot
// of a fully qualified name.
func hostname(host string) string {
	if rest, ok := strings.CutPrefix(host, "["); ok { // [::1]:8080
		host, _, _ = strings.Cut(rest, "]")
		return strings.ToLower(host)
	}
	host, _, _ = strings.Cut(host, ":")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// allowsHost reports whether host is in the list: a name, "*.name" for the
// hosts below it, or "*" for all.
func (a *App) allowsHost(host string) bool {
	h := hostname(host)
	for _, allowed := range a.hosts {
		if allowed == "*" || allowed == h {
			return true
		}
		if suffix, ok := strings.CutPrefix(allowed, "*"); ok && strings.HasSuffix(h, suffix) && isHostLabels(h[:len(h)-len(suffix)]) {
			return true
		}
	}
	return false
}

// isHostLabels reports whether s is made as the labels of a host name are:
// "evil.test/" in front of ".example.com" would lead links elsewhere.
func isHostLabels(s string) bool {
	for i := range len(s) {
		if b := s[i]; !(b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.') {
			return false
		}
	}
	return s != ""
}
