package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"github.com/ashlar-go/ashlar/internal/want"
)

// TestDrain tells the shop to stop while it reads the form of an order: the
// order is placed, its answer arrives, nobody new is let in, and the process
// ends well.
func TestDrain(t *testing.T) {
	t.Parallel()
	file := copied(t)
	p := run(t, "DATABASE_URL=sqlite:"+file)
	c := newShopper(p.url())
	res, err := c.http.Get(c.url + "/?sort=-price")
	want.NoErr(t, err)
	page, err := io.ReadAll(res.Body)
	want.NoErr(t, err)
	res.Body.Close()
	token := string(tokenPattern.FindSubmatch(page)[1])
	to, err := c.post("/cart/lines", url.Values{"film": {"1"}, "quantity": {"1"}}, token)
	want.NoErr(t, err)
	want.Equal(t, to, "/cart")

	form := address()
	form.Set("_csrf", token)
	body := form.Encode()
	site, err := url.Parse(c.url)
	want.NoErr(t, err)
	conn, err := net.Dial("tcp", site.Host)
	want.NoErr(t, err)
	defer conn.Close()
	var cookies []string
	for _, k := range c.http.Jar.Cookies(site) {
		cookies = append(cookies, k.Name+"="+k.Value)
	}
	fmt.Fprintf(conn, "POST /checkout HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", site.Host, strings.Join(cookies, "; "), len(body))
	answer := bufio.NewReader(conn)
	res, err = http.ReadResponse(answer, nil)
	want.NoErr(t, err)
	want.Equal(t, res.StatusCode, http.StatusContinue) // the shop is reading the form

	want.NoErr(t, p.cmd.Process.Signal(syscall.SIGTERM))
	want.Equal(t, p.stderr.wait("msg=stopping", `"msg":"stopping"`), true)
	_, err = io.WriteString(conn, body)
	want.NoErr(t, err)
	res, err = http.ReadResponse(answer, nil)
	want.NoErr(t, err)
	res.Body.Close()
	want.Equal(t, res.StatusCode, http.StatusSeeOther)
	want.Contains(t, res.Header.Get("Location"), "/orders/")

	code, said := p.exit()
	want.Equal(t, code, 0)
	want.Equal(t, strings.Contains(said, "cut off"), false)
	if late, err := net.Dial("tcp", site.Host); err == nil {
		late.Close()
		t.Error("got a connection to a shop that has stopped")
	}
	want.Equal(t, number(t, looked(t, file), "SELECT count(*) FROM orders"), 1)
}
