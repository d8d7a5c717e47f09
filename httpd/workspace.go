package httpd

const (
	inSize  = 4 << 10  // of the read buffer, at first
	outSize = 4 << 10  // of the write buffer, at first
	outFull = 16 << 10 // what the write buffer holds before it is flushed
	outCopy = 48 << 10 // a body up to this size goes behind its head: a copy costs less than a second write
	keepMax = 64 << 10 // a buffer that grew beyond is not kept

	// As in net/http: an answer up to this size gets a Content-Length.
	holdSize = 2048
)

// A workspace is what a connection needs while it is busy. An idle one gives
// it back.
type workspace struct {
	in     []byte // what was read; in[r:w] is not used yet
	r, w   int
	out    []byte // answers on their way to the client
	hold   []byte // the last bytes of an answer's body, not framed yet
	fields []byte // the fields of an answer whose head has not been sent
	head   head
}

func newWorkspace() *workspace {
	return &workspace{in: make([]byte, inSize), out: make([]byte, 0, outSize)}
}

// unread returns the input that was not used yet.
func (s *workspace) unread() []byte { return s.in[s.r:s.w] }

// room makes space for at least n more bytes of input, by moving what is there
// and growing the buffer.
func (s *workspace) room(n int) {
	if len(s.in)-s.w >= n {
		return
	}
	if s.r > 0 {
		s.w = copy(s.in, s.in[s.r:s.w])
		s.r = 0
	}
	if len(s.in)-s.w < n {
		grown := make([]byte, max(2*len(s.in), s.w+n))
		copy(grown, s.in[:s.w])
		s.in = grown
	}
}

// borrow gives the connection a workspace.
func (c *conn) borrow() {
	if c.space == nil {
		c.mu.Lock()
		c.space = c.srv.spaces.Get().(*workspace)
		c.mu.Unlock()
	}
}

// giveBack returns the workspace, of which nothing may be in use. Answers
// never hand out parts of it.
func (c *conn) giveBack() {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.space
	if s == nil {
		return
	}
	c.space = nil
	if len(s.in) > keepMax || cap(s.out) > keepMax || cap(s.fields) > keepMax {
		return
	}
	s.r, s.w = 0, 0
	s.out, s.hold, s.fields = s.out[:0], s.hold[:0], s.fields[:0]
	s.head.before.text = "" // it is another client's no more
	c.srv.spaces.Put(s)
}
