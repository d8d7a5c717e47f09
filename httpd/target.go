package httpd

import "net/netip"

// splitTarget finds path and query in the request target, which has one of the
// forms of RFC 9112 section 3.2. The host of an absolute target is the
// request's host, whatever the Host field says (section 3.2.2).
func (h *head) splitTarget(b []byte) int {
	target := h.target.of(b)
	if target[0] != '/' {
		if string(target) == "*" {
			if string(h.methodOf(b)) != "OPTIONS" {
				return 400
			}
			h.path = h.target
			return complete
		}
		if status := h.splitAbsolute(b, target); status != complete {
			return status
		}
	} else {
		h.path = h.target
	}
	return h.splitPath(b)
}

// splitAbsolute finds the authority in "http://host:port/path".
func (h *head) splitAbsolute(b, target []byte) int {
	rest := 0
	switch {
	case len(target) > 7 && equalFold(target[:7], "http://"):
		rest = 7
	case len(target) > 8 && equalFold(target[:8], "https://"):
		rest = 8
	default:
		return 400
	}
	end := rest
	for end < len(target) && target[end] != '/' && target[end] != '?' {
		end++
	}
	if end == rest || target[rest] == ':' || !validHost(target[rest:end]) {
		return 400
	}
	h.absolute = true
	h.host = span{h.target.start + uint16(rest), h.target.start + uint16(end)}
	h.path = span{h.target.start + uint16(end), h.target.end}
	return complete
}

// splitPath cuts the query off h.path. Each % in the path has to begin an
// escape; %00 is the router's to refuse.
func (h *head) splitPath(b []byte) int {
	h.plain = true
	for i := h.path.start; i < h.path.end; i++ {
		c := b[i]
		if charOf[c]&isPlain != 0 {
			continue
		}
		if c == '?' {
			h.hasQuery = true
			h.path.end = i
			break
		}
		h.plain = false
		if c == '%' && (i+2 >= h.path.end || charOf[b[i+1]]&charOf[b[i+2]]&isHex == 0) {
			return 400
		}
	}
	return complete
}

// validHost reports whether b is uri-host [ ":" port ] of RFC 3986, without
// percent-encoding, zones and addresses of the future. It may be empty.
func validHost(b []byte) bool {
	i := 0
	if len(b) > 0 && b[0] == '[' {
		for i < len(b) && b[i] != ']' {
			i++
		}
		if i == len(b) {
			return false
		}
		addr, err := netip.ParseAddr(string(b[1:i]))
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return false
		}
		i++
	} else {
		for i < len(b) && charOf[b[i]]&isHost != 0 {
			i++
		}
	}
	if i == len(b) {
		return true
	}
	if b[i] != ':' || len(b)-i > 6 {
		return false
	}
	for _, c := range b[i+1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
