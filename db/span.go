package db

import (
	"fmt"
	"time"

	"github.com/ashlar-go/ashlar/db/engine"
	"github.com/ashlar-go/ashlar/errs"
)

// A Span is the moments of a column from one to another, in a time zone. Its
// methods say of each moment to which day, week or month of that zone it
// belongs:
//
//	placed := Orders.PlacedAt.Span(from, to)
//	weeks, err := db.Into(&Orders.Query, func(d *Week) []db.Dest {
//		return []db.Dest{placed.Week().To(&d.Starts), db.Count().To(&d.Orders), Orders.Total.Sum().To(&d.Total)}
//	}).OrderBy(placed.Week().Asc()).Fill().All(ctx)
//
// A result that reads one of its buckets or parts has no rows from outside of
// the span.
//
// The zone is Go's: the changes of its clocks within the span are written into
// the statement, so that every engine agrees on them, whether or not it knows
// time zones itself.
type Span struct {
	c        Column
	from, to time.Time
}

// Span is the moments from one to another, the first included and the last
// not. The zone is that of from. A span in a zone with summer time is of 500
// years at most; longer ones are of the kind errs.Invalid.
func (c Time) Span(from, to time.Time) Span { return Span{c.Column, from, to} }

// Hour is the clock's hour that the moment is in. In the night in which clocks
// are put back, two hours have the same name, and are two.
func (s Span) Hour() Bucket { return s.bucket(hour) }

// Day is the day that the moment is on, of 23 to 25 hours.
func (s Span) Day() Bucket { return s.bucket(day) }

// Week is the week that the moment is in, from Monday (ISO 8601).
func (s Span) Week() Bucket { return s.bucket(week) }

// Month is the month that the moment is in.
func (s Span) Month() Bucket { return s.bucket(month) }

// Quarter is the quarter of the year, from January, April, July or October.
func (s Span) Quarter() Bucket { return s.bucket(quarter) }

// Year is the year that the moment is in.
func (s Span) Year() Bucket { return s.bucket(year) }

// HourOfDay is the hour on the clock, 0 to 23.
func (s Span) HourOfDay() Num[int] { return Num[int]{s.part(hourOfDay)} }

// DayOfWeek is the day of the week.
func (s Span) DayOfWeek() Num[time.Weekday] { return Num[time.Weekday]{s.part(dayOfWeek)} }

// MonthOfYear is the month of whichever year.
func (s Span) MonthOfYear() Num[time.Month] { return Num[time.Month]{s.part(monthOfYear)} }

// A Bucket is a stretch of time, told by the moment that it begins.
type Bucket struct{ Column }

// To puts the first moment of the bucket, in the zone of its span, into d; see
// [Into]. Where clocks skip midnight it is the first after it.
func (c Bucket) To(d *time.Time) Dest {
	return c.to(func(r *Row) { *d = c.x.series.(buckets).begin(r.Time()) })
}

func (s Span) bucket(u unit) Bucket {
	return Bucket{Column{x: &expr{
		name: fmt.Sprintf("%s of %s", u, s.c), null: s.c.nullable(), id: s.id(u), span: &s, series: buckets{s, u},
		write: func(b *builder) { b.bucket(s, u) },
	}}}
}

func (s Span) part(u unit) Column {
	return Column{x: &expr{
		name: fmt.Sprintf("%s of %s", u, s.c), null: s.c.nullable(), id: s.id(u), span: &s,
		write: func(b *builder) { b.bucket(s, u) },
	}}
}

// id is equal for the same unit of the same span.
func (s Span) id(u unit) any {
	type id struct {
		c        Column
		from, to int64
		zone     *time.Location
		u        unit
	}
	return id{s.c, s.from.UnixMicro(), s.to.UnixMicro(), s.from.Location(), u}
}

// holds is the condition that a moment is in s.
func (s Span) holds() Cond {
	return And(s.c.compare(">=", engine.Time(s.from)), s.c.compare("<", engine.Time(s.to)))
}

// A unit is what moments are told apart by.
type unit string

const (
	hour    unit = "hour"
	day     unit = "day"
	week    unit = "week"
	month   unit = "month"
	quarter unit = "quarter"
	year    unit = "year"

	hourOfDay   unit = "hour of the day"
	dayOfWeek   unit = "day of the week"
	monthOfYear unit = "month of the year"
)

// buckets is the series of one unit in a span.
type buckets struct {
	span Span
	unit unit
}

// begin returns the moment that the bucket of that name begins. The name of an
// hour is its moment; that of all others what a clock on the wall shows then,
// as if it were in UTC.
func (l buckets) begin(name time.Time) time.Time {
	if l.unit == hour {
		return name.In(l.span.from.Location())
	}
	return wall(name, l.span.from.Location())
}

// key tells buckets apart.
func (l buckets) key(name engine.Value) int64 { return name.Int() }

// values returns the names of all buckets in the span, false if they are more
// than most.
func (l buckets) values(_ []engine.Value, most int) ([]engine.Value, bool) {
	if l.unit == hour {
		return l.hours(most)
	}
	var list []engine.Value
	zone := l.span.from.Location()
	for name := l.first(); ; {
		next := l.next(name)
		begins, ends := wall(name, zone), wall(next, zone)
		if !begins.Before(l.span.to) {
			return list, true
		}
		if ends.After(begins) && ends.After(l.span.from) { // a day may be missing, as on Samoa in 2011
			if list = append(list, engine.Time(name)); len(list) > most {
				return nil, false
			}
		}
		name = next
	}
}

// hours is values for hours, whose offset decides where they begin.
func (l buckets) hours(most int) ([]engine.Value, bool) {
	var list []engine.Value
	for t := l.span.from; t.Before(l.span.to); {
		_, offset := t.Zone()
		into := time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
		begins := t.Add(-into)
		if list = append(list, engine.Time(begins)); len(list) > most {
			return nil, false
		}
		next := begins.Add(time.Hour)
		if _, changes := t.ZoneBounds(); !changes.IsZero() && changes.Before(next) && changes.After(t) {
			if _, then := changes.Zone(); (then-offset)%3600 != 0 {
				next = changes // a change by half an hour begins another
			}
		}
		t = next
	}
	return list, true
}

// first returns the name of the bucket that the span begins in.
func (l buckets) first() time.Time {
	y, m, d := l.span.from.Date()
	switch l.unit {
	case week:
		d -= (int(l.span.from.Weekday()) + 6) % 7
	case month:
		d = 1
	case quarter:
		m, d = m-(m-1)%3, 1
	case year:
		m, d = 1, 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// next returns the name of the bucket behind one.
func (l buckets) next(name time.Time) time.Time {
	switch l.unit {
	case week:
		return name.AddDate(0, 0, 7)
	case month:
		return name.AddDate(0, 1, 0)
	case quarter:
		return name.AddDate(0, 3, 0)
	case year:
		return name.AddDate(1, 0, 0)
	}
	return name.AddDate(0, 0, 1)
}

// wall returns the first moment at which a clock in zone shows at least what
// name shows in UTC.
func wall(name time.Time, zone *time.Location) time.Time {
	t := name.Add(-48 * time.Hour).In(zone) // no clock is so far ahead
	for {
		begins, ends := t.ZoneBounds()
		_, offset := t.Zone()
		at := name.Add(-time.Duration(offset) * time.Second)
		if !begins.IsZero() && at.Before(begins) {
			at = begins // the clock skipped it
		}
		if ends.IsZero() || at.Before(ends) {
			return at.In(zone)
		}
		t = ends
	}
}

// A period is how a zone's clocks stand until they are changed.
type period struct {
	until  time.Time
	offset int // seconds east of UTC
}

// maxChanges bounds how often clocks are changed in a span: twice a year.
const maxChanges = 1000

// periods returns those of the span; the last has no end.
func (s Span) periods() ([]period, error) {
	var list []period
	for t := s.from; ; {
		_, ends := t.ZoneBounds()
		_, offset := t.Zone()
		if ends.IsZero() || !ends.Before(s.to) {
			return append(list, period{offset: offset}), nil
		}
		if list = append(list, period{ends, offset}); len(list) > maxChanges {
			return nil, &errs.Error{Kind: errs.Invalid, Err: fmt.Errorf("db: span of %s from %s to %s: the clocks of %s are changed more than %d times",
				s.c, s.from.Format(time.DateOnly), s.to.Format(time.DateOnly), s.from.Location(), maxChanges)}
		}
		t = ends
	}
}
