package ashlar_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/ashlar-go/ashlar"
	"github.com/ashlar-go/ashlar/errs"
	"github.com/ashlar-go/ashlar/internal/want"
)

type checkout struct {
	contact
	Count   int        `form:"count" validate:"required,min=1"`
	Gift    bool       `form:"gift"`
	Day     time.Time  `form:"day"`
	From    netip.Addr `form:"from"`
	Coupon  *int       `form:"coupon"`
	ZipCode string     `form:"zip_code" validate:"max=5"`
}

type contact struct {
	Email string `form:"email" validate:"required,email,max=80"`
}

func placeOrder(_ context.Context, in ashlar.Form[checkout]) (ashlar.Response, error) {
	if in.Valid() && in.Value.Email == "taken@example.com" {
		in.Reject("email", "taken", "This address is taken.")
	}
	if !in.Valid() {
		return ashlar.ResponseFunc(func(c *ashlar.Ctx) error {
			shown := map[string]ashlar.FormField{}
			for _, name := range []string{"email", "count", "gift", "day", "from", "coupon", "zip_code"} {
				f, err := in.Field(name)
				if err != nil {
					return err
				}
				shown[name] = f
			}
			return c.Status(422).JSON(shown)
		}), nil
	}
	return ashlar.Redirect(fmt.Sprint("/thanks/", in.Value.Count)), nil
}

func TestFormShowsAgainWhatWasTyped(t *testing.T) {
	t.Parallel()
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", placeOrder, ashlar.InsecureNoCSRF())
	})
	w := ask(app, "POST", "/", "email=a@example.com&count=2", urlencoded)
	want.Equal(t, w.Code, 303)
	want.Equal(t, w.Header().Get("Location"), "/thanks/2")

	show := func(body string) map[string]ashlar.FormField {
		t.Helper()
		w := ask(app, "POST", "/", body, urlencoded)
		want.Equal(t, w.Code, 422)
		var shown map[string]ashlar.FormField
		want.NoErr(t, json.Unmarshal(w.Body.Bytes(), &shown))
		return shown
	}
	shown := show("email=<b>&count=many&gift=on&day=someday&coupon=x&zip_code=123456&from=here")
	for name, f := range map[string]ashlar.FormField{
		"email":    {Name: "email", ID: "field-email", Value: "<b>", Required: true, Max: 80},
		"count":    {Name: "count", ID: "field-count", Value: "many", Required: true},
		"gift":     {Name: "gift", ID: "field-gift", Value: "on"},
		"day":      {Name: "day", ID: "field-day", Value: "someday"},
		"from":     {Name: "from", ID: "field-from", Value: "here"},
		"coupon":   {Name: "coupon", ID: "field-coupon", Value: "x"},
		"zip_code": {Name: "zip_code", ID: "field-zip-code", Value: "123456", Max: 5},
	} {
		got := shown[name]
		if (got.Error == "") != (name == "gift") {
			t.Errorf("%s: got error %q", name, got.Error)
		}
		got.Error = ""
		want.Equal(t, got, f)
	}
	shown = show("email=taken@example.com&count=2&zip_code=")
	want.Equal(t, shown["email"].Error, "This address is taken.")
	want.Equal(t, shown["count"].Value, "2")
	want.Equal(t, shown["email"].Value, "taken@example.com")
	want.Equal(t, show("email=a%ff&count=1")["email"].Value, "a\ufffd")

	// What is no mistake of a field stays an error.
	want.Equal(t, outcome(t, ask(app, "POST", "/", "{}", "Content-Type: text/plain")), "415")
	want.Equal(t, outcome(t, ask(app, "POST", "/", "a=%zz", urlencoded)), "400")
}

func TestFormFields(t *testing.T) {
	t.Parallel()
	var empty ashlar.Form[checkout]
	want.Equal(t, empty.Valid(), true)
	f, err := empty.Field("count")
	want.NoErr(t, err)
	want.Equal(t, f, ashlar.FormField{Name: "count", ID: "field-count", Required: true})
	if _, err := empty.Field("Count"); err == nil {
		t.Error("got no error for a field that is never read")
	} else {
		want.Contains(t, err.Error(), "ashlar_test.checkout", `"Count"`)
	}

	// The values that a form shows are such that posting them back gives the
	// same values.
	seven, day := 7, time.Date(2026, 2, 28, 23, 59, 1, 500, time.FixedZone("", 7200))
	value := checkout{contact: contact{"a@example.com"}, Count: 2, Gift: true, Day: day, From: netip.MustParseAddr("::1"), Coupon: &seven}
	form := ashlar.FormOf(value)
	body := url.Values{}
	for _, name := range []string{"email", "count", "gift", "day", "from", "coupon", "zip_code"} {
		f, err := form.Field(name)
		want.NoErr(t, err)
		body.Set(name, f.Value)
	}
	app, _ := started(t, ashlar.Config{}, func(a *ashlar.App) {
		ashlar.Post(a.Router, "/", func(_ context.Context, in ashlar.Form[checkout]) (string, error) {
			got := in.Value
			if !got.Day.Equal(value.Day) || *got.Coupon != *value.Coupon {
				return "", errs.Invalid.Errorf("got %v %v", got.Day, *got.Coupon)
			}
			got.Day, got.Coupon = value.Day, value.Coupon
			want.Equal(t, got, value)
			return "ok", in.Errors.Err()
		}, ashlar.InsecureNoCSRF())
	})
	want.Equal(t, outcome(t, ask(app, "POST", "/", body.Encode(), urlencoded)), "ok")
	want.Equal(t, form.Value, value)
}
