package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
)

// Limits of what [Read] accepts. With them the memory of one run stays under a
// fixed bound however long the input is: one record, and for each film the
// slug that tells duplicates apart.
const (
	MaxRecordBytes = 64 << 10 // of one film as JSON, white space included
	MaxRecords     = 100_000  // in one file
	MaxTitle       = 200      // characters
	MaxText        = 120      // characters of any other text
)

// ErrTooLarge says that the input is over [MaxRecordBytes] or [MaxRecords].
var ErrTooLarge = errors.New("too large")

// Read returns the films of r, a JSON array of objects, as clean records in
// the order of the file. It reads as it is asked and never holds more than one
// film. What it drops, mends or doubts is written to report, which must not be
// nil and is complete when the sequence ends.
//
// A film with bad contents is dropped and reported. An input that is no JSON,
// ends early, goes on after the array, or is over a limit ends the sequence
// with an error; records delivered before it are good.
//
// The sequence can be ranged over once.
func Read(r io.Reader, report *Report) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		in := &meter{r: r}
		dec := json.NewDecoder(in)
		if err := open(dec); err != nil {
			yield(Record{}, fmt.Errorf("catalog: read films: %w", err))
			return
		}
		c := newCleaner(report)
		for dec.More() {
			rec, keep, err := c.next(dec)
			if err != nil {
				yield(Record{}, fmt.Errorf("catalog: read films: record %d: %w", report.Read+1, early(err)))
				return
			}
			if keep && !yield(rec, nil) {
				return
			}
			in.mark = dec.InputOffset()
		}
		if err := end(dec); err != nil {
			yield(Record{}, fmt.Errorf("catalog: read films: after record %d: %w", report.Read, early(err)))
		}
	}
}

// source is a film as the file has it. Title is raw because some are numbers.
type source struct {
	Title       json.RawMessage `json:"Title"`
	Gross       *int64          `json:"Worldwide Gross"`
	Budget      *int64          `json:"Production Budget"`
	Released    *string         `json:"Release Date"`
	Rating      *string         `json:"MPAA Rating"`
	Minutes     *int64          `json:"Running Time min"`
	Distributor *string         `json:"Distributor"`
	Source      *string         `json:"Source"`
	Genre       *string         `json:"Major Genre"`
	Director    *string         `json:"Director"`
	Critics     *int64          `json:"Rotten Tomatoes Rating"`
	Score       *float64        `json:"IMDB Rating"`
	Votes       *int64          `json:"IMDB Votes"`
}

// next decodes and cleans one film. keep is false when it was dropped.
func (c *cleaner) next(dec *json.Decoder) (rec Record, keep bool, err error) {
	if c.report.Read == MaxRecords {
		return Record{}, false, fmt.Errorf("more than %d records: %w", MaxRecords, ErrTooLarge)
	}
	var src source
	var mismatch *json.UnmarshalTypeError
	err = dec.Decode(&src)
	switch {
	case errors.As(err, &mismatch): // the decoder has read past the value and can go on
		c.report.Read++
		name := fmt.Sprintf("record %d", c.report.Read)
		if mismatch.Field == "" {
			c.report.drop(notAFilm, name+" is a "+mismatch.Value)
		} else {
			c.report.drop(wrongType, fmt.Sprintf("%s: %q is a %s", name, mismatch.Field, mismatch.Value))
		}
		return Record{}, false, nil
	case err != nil:
		return Record{}, false, err
	}
	c.report.Read++
	rec, keep = c.clean(&src)
	return rec, keep, nil
}

func open(dec *json.Decoder) error {
	token, err := dec.Token()
	if err != nil {
		return early(err)
	}
	if token != json.Delim('[') {
		return fmt.Errorf("want a JSON array of films, got %v", token)
	}
	return nil
}

func end(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil {
		return err
	}
	switch _, err := dec.Token(); {
	case err == nil:
		return errors.New("unexpected data behind the array")
	case err != io.EOF:
		return err
	}
	return nil
}

// early names the end of input for what it is here: it came too soon.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// A meter hands out at most MaxRecordBytes beyond mark. The decoder asks for
// more only when what it has is not yet a whole value, so running dry means
// that the value is too long, and the decoder's buffer can grow no further.
type meter struct {
	r    io.Reader
	mark int64 // where the record before the one in hand ended
	sent int64
}

func (m *meter) Read(p []byte) (int, error) {
	left := m.mark + MaxRecordBytes - m.sent
	if left <= 0 {
		return 0, fmt.Errorf("more than %d bytes: %w", MaxRecordBytes, ErrTooLarge)
	}
	n, err := m.r.Read(p[:min(int64(len(p)), left)])
	m.sent += int64(n)
	return n, err
}
