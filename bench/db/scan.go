package main

// What the code by hand has in common, whatever its driver.

// values are what is stored of a film.
func values(f *Film) []any {
	return []any{f.Title, f.Genre, f.Director, f.Price, f.Rating, f.InShop, f.Added, f.StudioID}
}

// A scanner is a row of database/sql or pgx.
type scanner interface{ Scan(...any) error }

func scan(row scanner) (*Film, error) {
	var f Film
	err := row.Scan(&f.ID, &f.Title, &f.Genre, &f.Director, &f.Price, &f.Rating, &f.InShop, &f.Added, &f.StudioID)
	return &f, err
}

func scanStudio(row scanner) (*Studio, error) {
	var s Studio
	err := row.Scan(&s.ID, &s.Name, &s.Country)
	return &s, err
}

func scanReview(row scanner) (*Review, error) {
	var r Review
	err := row.Scan(&r.ID, &r.FilmID, &r.Author, &r.Stars, &r.Body)
	return &r, err
}

func scanStock(row scanner) (s Stock, err error) {
	err = row.Scan(&s.Genre, &s.Films, &s.Dearest)
	return s, err
}

func scanWorld(row scanner) (w World, err error) {
	err = row.Scan(&w.ID, &w.RandomNumber)
	return w, err
}

func scanFortune(row scanner) (*Fortune, error) {
	var f Fortune
	err := row.Scan(&f.ID, &f.Message)
	return &f, err
}

// scanAll reads the rows of a query that gave err.
func scanAll[T any, R interface {
	scanner
	Next() bool
	Err() error
}](rows R, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	if c, ok := any(rows).(interface{ Close() error }); ok { // pgx's close themselves
		defer c.Close()
	}
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// relations are the studios and reviews of films, to be put into them.
type relations struct {
	ids     []int64           // of the films
	studios []int64           // their studios, each once
	at      map[int64][]*Film // by studio
	byID    map[int64]*Film
}

func relate(films []*Film) *relations {
	r := &relations{ids: make([]int64, len(films)), at: map[int64][]*Film{}, byID: make(map[int64]*Film, len(films))}
	for i, f := range films {
		r.ids[i], r.byID[f.ID] = f.ID, f
		if r.at[f.StudioID] == nil {
			r.studios = append(r.studios, f.StudioID)
		}
		r.at[f.StudioID] = append(r.at[f.StudioID], f)
	}
	return r
}

func (r *relations) filmArgs() []any   { return anys(r.ids) }
func (r *relations) studioArgs() []any { return anys(r.studios) }

func anys(ids []int64) []any {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return list
}

func (r *relations) join(studios []*Studio, reviews []*Review) {
	for _, s := range studios {
		for _, f := range r.at[s.ID] {
			f.Studio = s
		}
	}
	for _, v := range reviews {
		f := r.byID[v.FilmID]
		f.Reviews = append(f.Reviews, v)
	}
}
