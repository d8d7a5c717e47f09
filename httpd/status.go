package httpd

import (
	"net/http"
	"strconv"
)

// firstStatus is the least status; the lines of those up to 599 are made once.
const firstStatus = 100

var statusLines = makeStatusLines()

func makeStatusLines() (lines [500]string) {
	for i := range lines {
		lines[i] = string(statusLine(nil, firstStatus+i))
	}
	return lines
}

func statusLine(dst []byte, status int) []byte {
	dst = append(dst, "HTTP/1.1 "...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, ' ')
	dst = append(dst, http.StatusText(status)...)
	return append(dst, "\r\n"...)
}

// appendStatus appends the status line. It names HTTP/1.1 whatever the
// request's version was (RFC 9110 section 2.5).
func appendStatus(dst []byte, status int) []byte {
	if i := status - firstStatus; i >= 0 && i < len(statusLines) {
		return append(dst, statusLines[i]...)
	}
	return statusLine(dst, status)
}

// hasBody reports whether an answer of this status has a body (RFC 9110
// section 6.4.1).
func hasBody(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
