package httpd

// A coding is what the Transfer-Encoding fields of a request say.
type coding uint8

const (
	codingNone coding = iota
	codingChunked
)

// An expectation is what the Expect fields of a request say.
type expectation uint8

const (
	expectNothing expectation = iota
	expectContinue
	expectUnknown
)

// noted are the lengths of the names that note knows, as bits.
const noted = 1<<4 | 1<<6 | 1<<7 | 1<<10 | 1<<14 | 1<<17

// note adds a field to the head, and takes in what it means when it is one that decides where
// the request ends, whom it is for, or what happens to the connection. Host and
// Transfer-Encoding are not for handlers, as in net/http.
func (h *head) note(b []byte, f field) int {
	name, value := f.name.of(b), f.value.of(b)
	switch len(name) {
	case 4:
		if equalFold(name, "host") {
			return h.noteHost(value, f.value)
		}
	case 6:
		if equalFold(name, "expect") {
			h.noteExpect(value)
		}
	case 7:
		if equalFold(name, "trailer") {
			for _, framing := range [...]string{"content-length", "transfer-encoding", "trailer"} {
				h.badTrailer = h.badTrailer || hasToken(value, framing)
			}
		}
	case 10:
		if equalFold(name, "connection") {
			h.noteConnection(value)
		}
	case 14:
		if equalFold(name, "content-length") {
			if status := h.noteLength(value); status != complete {
				return status
			}
		}
	case 17:
		if equalFold(name, "transfer-encoding") {
			return h.noteCoding(value)
		}
	}
	h.add(f)
	return complete
}

func (h *head) noteHost(value []byte, at span) int {
	if h.hosts++; h.hosts > 1 || !validHost(value) {
		return 400
	}
	h.host = at
	return complete
}

func (h *head) noteExpect(value []byte) {
	switch {
	case len(value) == 0:
	case equalFold(value, "100-continue") && h.expect != expectUnknown:
		h.expect = expectContinue
	default:
		h.expect = expectUnknown
	}
}

func (h *head) noteConnection(value []byte) {
	if string(value) == "keep-alive" { // as browsers say
		h.keepAlive = true
		return
	}
	for len(value) > 0 {
		var option []byte
		option, value = nextElement(value)
		switch {
		case equalFold(option, "close"):
			h.connClose = true
		case equalFold(option, "keep-alive"):
			h.keepAlive = true
		}
	}
}

// noteLength takes one Content-Length of digits. RFC 9112 section 6.3 lets a
// server accept a repeated value if all are equal; we refuse, as two parsers
// may disagree on what equal is.
func (h *head) noteLength(value []byte) int {
	if h.length >= 0 || len(value) == 0 || len(value) > 18 {
		return 400
	}
	var n int64
	for _, c := range value {
		if c < '0' || c > '9' {
			return 400
		}
		n = n*10 + int64(c-'0')
	}
	h.length = n
	return complete
}

// noteCoding takes "chunked", once. A list that ends with it names a coding
// that we do not have (501); one that does not leaves the length unknown (400,
// RFC 9112 sections 6.1 and 6.3).
func (h *head) noteCoding(value []byte) int {
	if equalFold(value, "chunked") && h.coding == codingNone {
		h.coding = codingChunked
		return complete
	}
	if h.coding != codingNone {
		return 400
	}
	count, last := 0, false
	for len(value) > 0 {
		var element []byte
		element, value = nextElement(value)
		if last = equalFold(element, "chunked"); last {
			count++
		}
	}
	if last && count == 1 {
		return 501
	}
	return 400
}

// settle checks what only the whole head tells.
func (h *head) settle(b []byte) int {
	method := h.methodOf(b)
	if string(method) == "CONNECT" {
		return 501 // we are no proxy: RFC 9110 section 9.3.6
	}
	if h.minor == 1 && h.hosts != 1 {
		return 400
	}
	if h.coding == codingChunked && (h.length >= 0 || h.minor == 0 || h.badTrailer) {
		return 400
	}
	if status := h.splitTarget(b); status != complete {
		return status
	}
	if string(method) == "TRACE" && (h.length > 0 || h.coding == codingChunked) {
		return 400 // RFC 9110 section 9.3.8
	}
	if h.expect == expectUnknown {
		return 417
	}
	if h.minor == 0 {
		h.expect = expectNothing // RFC 9110 section 10.1.1
	}
	return complete
}

// methodOf returns the method, which ends one space before the target.
func (h *head) methodOf(b []byte) []byte { return b[:h.target.start-1] }

// keepsOpen reports whether the client would use the connection again.
func (h *head) keepsOpen() bool {
	return !h.connClose && (h.minor == 1 || h.keepAlive)
}
