-- name: GetFilm :one
SELECT * FROM films WHERE id = $1;

-- name: ListFilms :many
SELECT * FROM films WHERE genre = $1 ORDER BY id DESC LIMIT 100;

-- name: StudiosOf :many
SELECT * FROM studios WHERE id = ANY(@ids::bigint[]);

-- name: ReviewsOf :many
SELECT * FROM reviews WHERE film_id = ANY(@films::bigint[]) ORDER BY id;

-- name: InsertFilm :one
INSERT INTO films (title, genre, director, price, rating, in_shop, added, studio_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id;

-- name: InsertFilms :batchone
INSERT INTO films (title, genre, director, price, rating, in_shop, added, studio_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id;

-- name: RaisePrice :exec
UPDATE films SET price = price + @raise WHERE id = @id;

-- name: StockByGenre :many
SELECT genre, count(*) AS films, max(price)::bigint AS dearest FROM films GROUP BY genre ORDER BY genre;

-- name: TrimFilms :exec
DELETE FROM films WHERE id > $1;

-- name: GetWorld :one
SELECT * FROM worlds WHERE id = $1;

-- name: GetWorlds :batchone
SELECT * FROM worlds WHERE id = $1;

-- name: UpdateWorlds :batchexec
UPDATE worlds SET random_number = @number WHERE id = @id;

-- name: ListFortunes :many
SELECT * FROM fortunes;
