package db

import (
	"strconv"
	"time"
)

// This file says what a bucket is in the words of each engine. None has to
// know time zones: how far the zone's clocks are from UTC is a CASE over the
// moments at which they are changed. Moments are literals and no arguments, so
// that the same bucket, written twice, is the same text to the engine.

func (b *builder) bucket(s Span, u unit) {
	periods, err := s.periods()
	if err != nil {
		b.fail(err)
		return
	}
	z := zoned{b, s, periods}
	switch b.engine() {
	case "postgres":
		z.postgres(u)
	case "mariadb":
		z.mariadb(u)
	default:
		z.sqlite(u)
	}
}

// A zoned writes what the clocks of a span's zone show.
type zoned struct {
	b       *builder
	span    Span
	periods []period
}

// offset writes how many seconds clocks are ahead of UTC, times unit. The CASE
// is a tree, so that a long span costs few comparisons.
func (z zoned) offset(list []period, unit int64) {
	if len(list) == 1 {
		z.b.int(int64(list[0].offset) * unit)
		return
	}
	half := len(list) / 2
	z.b.write("CASE WHEN ")
	z.b.column(z.span.c)
	z.b.write(" < ", z.literal(list[half-1].until), " THEN ")
	z.offset(list[:half], unit)
	z.b.write(" ELSE ")
	z.offset(list[half:], unit)
	z.b.write(" END")
}

// literal returns a moment as the engine writes it.
func (z zoned) literal(t time.Time) string {
	switch z.b.engine() {
	case "postgres":
		return "'" + t.UTC().Format("2006-01-02 15:04:05") + "+00'"
	case "mariadb":
		return "'" + t.UTC().Format("2006-01-02 15:04:05") + "'"
	}
	return strconv.FormatInt(t.UnixMicro(), 10)
}

// SQLite's moments are microseconds since 1970. They are counted from a Monday
// before the year 1 while they are divided, because division rounds to zero.
const (
	dayMicros  = 86_400_000_000
	hourMicros = 3_600_000_000
	backDays   = 719_169 // from 1970 to that Monday
)

func (z zoned) sqlite(u unit) {
	switch u {
	case hour:
		z.b.write("(")
		z.b.column(z.span.c)
		z.b.write(" - ")
		z.sqliteWall()
		z.b.write(" % ", strconv.Itoa(hourMicros), ")")
	case day:
		z.sqliteFloor(dayMicros)
	case week:
		z.sqliteFloor(7 * dayMicros)
	case month:
		z.sqliteDate("(unixepoch(", ", 'start of month') * 1000000)")
	case year:
		z.sqliteDate("(unixepoch(", ", 'start of year') * 1000000)")
	case quarter: // as many months back as there are behind the quarter's first
		z.sqliteDate("(unixepoch(", ", 'start of month', '-' || ((")
		z.sqliteDate("strftime('%m', ", ") - 1) % 3) || ' months') * 1000000)")
	case hourOfDay:
		z.b.write("(")
		z.sqliteWall()
		z.b.write(" % ", strconv.Itoa(dayMicros), " / ", strconv.Itoa(hourMicros), ")")
	case dayOfWeek:
		z.b.write("((")
		z.sqliteWall()
		z.b.write(" / ", strconv.Itoa(dayMicros), " + 1) % 7)")
	case monthOfYear:
		z.sqliteDate("CAST(strftime('%m', ", ") AS INTEGER)")
	}
}

// sqliteWall writes the microseconds from that Monday to what the clock shows.
func (z zoned) sqliteWall() {
	z.b.write("(")
	z.b.column(z.span.c)
	z.b.write(" + ")
	z.offset(z.periods, 1_000_000)
	z.b.write(" + ", strconv.FormatInt(backDays*dayMicros, 10), ")")
}

func (z zoned) sqliteFloor(size int64) {
	n := strconv.FormatInt(size, 10)
	z.b.write("(")
	z.sqliteWall()
	z.b.write(" / ", n, " * ", n, " - ", strconv.FormatInt(backDays*dayMicros, 10), ")")
}

// sqliteDate writes the clock's day for SQLite's functions of time, in words.
func (z zoned) sqliteDate(before, after string) {
	z.b.write(before, "(")
	z.sqliteWall()
	z.b.write(" / ", strconv.Itoa(dayMicros), " - ", strconv.Itoa(backDays), ") * 86400, 'unixepoch'", after)
}

func (z zoned) postgres(u unit) {
	switch u {
	case hour:
		z.b.write("(date_trunc('hour', ")
		z.postgresWall()
		z.b.write(") - (")
		z.offset(z.periods, 1)
		z.b.write(") * interval '1 second')")
	case hourOfDay:
		z.postgresPart("hour")
	case dayOfWeek:
		z.postgresPart("dow")
	case monthOfYear:
		z.postgresPart("month")
	default:
		z.b.write("date_trunc('", string(u), "', ")
		z.postgresWall()
		z.b.write(")")
	}
}

func (z zoned) postgresPart(field string) {
	z.b.write("CAST(extract(", field, " FROM ")
	z.postgresWall()
	z.b.write(") AS integer)")
}

// postgresWall writes what the clock shows, a timestamp without a zone.
func (z zoned) postgresWall() {
	z.b.write("(")
	z.b.column(z.span.c)
	z.b.write(" AT TIME ZONE 'UTC' + (")
	z.offset(z.periods, 1)
	z.b.write(") * interval '1 second')")
}

func (z zoned) mariadb(u unit) {
	switch u {
	case hour:
		z.b.write("(CAST(DATE_FORMAT(")
		z.mariadbWall()
		z.b.write(", '%Y-%m-%d %H:00:00') AS DATETIME) - INTERVAL (")
		z.offset(z.periods, 1)
		z.b.write(") SECOND)")
	case day:
		z.mariadbCall("CAST(", " AS DATE)")
	case week:
		z.mariadbCall("(CAST(", " AS DATE) - INTERVAL ")
		z.mariadbCall("WEEKDAY(", ") DAY)")
	case month:
		z.mariadbCall("CAST(DATE_FORMAT(", ", '%Y-%m-01') AS DATE)")
	case quarter:
		z.mariadbCall("(MAKEDATE(YEAR(", "), 1) + INTERVAL ")
		z.mariadbCall("QUARTER(", ") - 1 QUARTER)")
	case year:
		z.mariadbCall("MAKEDATE(YEAR(", "), 1)")
	case hourOfDay:
		z.mariadbCall("HOUR(", ")")
	case dayOfWeek:
		z.mariadbCall("(DAYOFWEEK(", ") - 1)")
	case monthOfYear:
		z.mariadbCall("MONTH(", ")")
	}
}

func (z zoned) mariadbCall(before, after string) {
	z.b.write(before)
	z.mariadbWall()
	z.b.write(after)
}

func (z zoned) mariadbWall() {
	z.b.write("(")
	z.b.column(z.span.c)
	z.b.write(" + INTERVAL (")
	z.offset(z.periods, 1)
	z.b.write(") SECOND)")
}
