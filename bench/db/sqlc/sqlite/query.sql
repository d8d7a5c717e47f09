-- name: GetFilm :one
SELECT * FROM films WHERE id = ?;

-- name: ListFilms :many
SELECT * FROM films WHERE genre = ? ORDER BY id DESC LIMIT 100;

-- name: StudiosOf :many
SELECT * FROM studios WHERE id IN (sqlc.slice(ids));

-- name: ReviewsOf :many
SELECT * FROM reviews WHERE film_id IN (sqlc.slice(films)) ORDER BY id;

-- name: InsertFilm :one
INSERT INTO films (title, genre, director, price, rating, in_shop, added, studio_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id;

-- name: RaisePrice :exec
UPDATE films SET price = price + sqlc.arg(raise) WHERE id = sqlc.arg(id);

-- name: StockByGenre :many
SELECT genre, count(*) AS films, CAST(max(price) AS INTEGER) AS dearest FROM films GROUP BY genre ORDER BY genre;

-- name: TrimFilms :exec
DELETE FROM films WHERE id > ?;

-- name: GetWorld :one
SELECT * FROM worlds WHERE id = ?;

-- name: UpdateWorld :exec
UPDATE worlds SET random_number = sqlc.arg(number) WHERE id = sqlc.arg(id);

-- name: ListFortunes :many
SELECT * FROM fortunes;
