package main

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	pgGet      = "SELECT " + columns + " FROM films WHERE id = $1"
	pgList     = "SELECT " + columns + " FROM films WHERE genre = $1 ORDER BY id DESC LIMIT 100"
	pgStudios  = "SELECT id, name, country FROM studios WHERE id = ANY($1)"
	pgReviews  = "SELECT id, film_id, author, stars, body FROM reviews WHERE film_id = ANY($1) ORDER BY id"
	pgUpdate   = "UPDATE films SET price = price + $1 WHERE id = $2"
	pgTrim     = "DELETE FROM films WHERE id > $1"
	pgWorld    = "SELECT id, random_number FROM worlds WHERE id = $1"
	pgSetWorld = "UPDATE worlds SET random_number = $1 WHERE id = $2"
	pgInsert   = "INSERT INTO films (title, genre, director, price, rating, in_shop, added, studio_id) " +
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"
	pgInsertMany = "INSERT INTO films (title, genre, director, price, rating, in_shop, added, studio_id) " +
		"SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::float8[], $6::bool[], $7::bigint[], $8::bigint[]) RETURNING id"
)

// pgxStore is pgx by hand, as careful code has it: its own interface, not
// database/sql; statements that do not wait for each other in one batch; many
// rows as arrays.
type pgxStore struct{ pool *pgxpool.Pool }

func openPgx(url string) (store, error) {
	pool, err := pgxpool.New(context.Background(), url)
	if err != nil {
		return nil, err
	}
	return &pgxStore{pool}, nil
}

func (s *pgxStore) get(ctx context.Context, id int64) (oneFilm, error) {
	return scan(s.pool.QueryRow(ctx, pgGet, id))
}

func (s *pgxStore) list(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.newest(ctx, genre)
	return ownFilms(films), err
}

func (s *pgxStore) newest(ctx context.Context, genre string) ([]*Film, error) {
	rows, err := s.pool.Query(ctx, pgList, genre)
	return scanAll(rows, err, scan)
}

func (s *pgxStore) related(ctx context.Context, genre string) (manyFilms, error) {
	films, err := s.newest(ctx, genre)
	if err != nil {
		return nil, err
	}
	r := relate(films)
	var b pgx.Batch
	b.Queue(pgStudios, r.studios)
	b.Queue(pgReviews, r.ids)
	answers := s.pool.SendBatch(ctx, &b)
	defer answers.Close()
	rows, err := answers.Query()
	studios, err := scanAll(rows, err, scanStudio)
	if err != nil {
		return nil, err
	}
	rows, err = answers.Query()
	reviews, err := scanAll(rows, err, scanReview)
	if err != nil {
		return nil, err
	}
	r.join(studios, reviews)
	return ownFilms(films), nil
}

func (s *pgxStore) insertOne(ctx context.Context, f *Film) error {
	return s.pool.QueryRow(ctx, pgInsert, values(f)...).Scan(&f.ID)
}

// insert is one statement, and so one transaction.
func (s *pgxStore) insert(ctx context.Context, films []*Film) error {
	n := len(films)
	title, genre, director := make([]string, n), make([]string, n), make([]*string, n)
	price, rating, inShop := make([]int64, n), make([]*float64, n), make([]bool, n)
	added, studio := make([]int64, n), make([]int64, n)
	for i, f := range films {
		title[i], genre[i], director[i], price[i] = f.Title, f.Genre, f.Director, f.Price
		rating[i], inShop[i], added[i], studio[i] = f.Rating, f.InShop, f.Added, f.StudioID
	}
	rows, err := s.pool.Query(ctx, pgInsertMany, title, genre, director, price, rating, inShop, added, studio)
	if err != nil {
		return err
	}
	defer rows.Close()
	for i := 0; rows.Next(); i++ {
		if err := rows.Scan(&films[i].ID); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (s *pgxStore) raise(ctx context.Context, id, by int64) error {
	_, err := s.pool.Exec(ctx, pgUpdate, by, id)
	return err
}

func (s *pgxStore) stock(ctx context.Context) ([]Stock, error) {
	rows, err := s.pool.Query(ctx, stockSQL)
	return scanAll(rows, err, scanStock)
}

func (s *pgxStore) trim(ctx context.Context, last int64) error {
	_, err := s.pool.Exec(ctx, pgTrim, last)
	return err
}

func (s *pgxStore) world(ctx context.Context, id int64) (any, error) {
	return scanWorld(s.pool.QueryRow(ctx, pgWorld, id))
}

func (s *pgxStore) worlds(ctx context.Context, ids []int64) (any, error) { return s.read(ctx, ids) }

// read is one round trip.
func (s *pgxStore) read(ctx context.Context, ids []int64) (_ []World, err error) {
	var b pgx.Batch
	for _, id := range ids {
		b.Queue(pgWorld, id)
	}
	answers := s.pool.SendBatch(ctx, &b)
	list := make([]World, len(ids))
	for i := range list {
		if list[i], err = scanWorld(answers.QueryRow()); err != nil {
			break
		}
	}
	if closing := answers.Close(); err == nil {
		err = closing
	}
	return list, err
}

// change writes in one round trip: a batch is a transaction.
func (s *pgxStore) change(ctx context.Context, ids []int64) (any, error) {
	list, err := s.read(ctx, ids)
	if err != nil {
		return nil, err
	}
	var b pgx.Batch
	for i := range list {
		list[i].RandomNumber = follow(list[i].RandomNumber)
		b.Queue(pgSetWorld, list[i].RandomNumber, list[i].ID)
	}
	return list, s.pool.SendBatch(ctx, &b).Close()
}

func (s *pgxStore) fortunes(ctx context.Context) ([]*Fortune, error) {
	rows, err := s.pool.Query(ctx, fortunesSQL)
	return scanAll(rows, err, scanFortune)
}

func (s *pgxStore) close() error {
	s.pool.Close()
	return nil
}
