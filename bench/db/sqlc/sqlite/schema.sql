CREATE TABLE studios (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL CHECK (length(name) <= 100),
    country TEXT NOT NULL CHECK (length(country) <= 40)
) STRICT;

CREATE TABLE films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    genre TEXT NOT NULL CHECK (length(genre) <= 40),
    director TEXT CHECK (length(director) <= 200),
    price INTEGER NOT NULL,
    rating REAL,
    in_shop INTEGER NOT NULL CHECK (in_shop IN (0, 1)),
    added INTEGER NOT NULL,
    studio_id INTEGER NOT NULL,
    CONSTRAINT films_studio_id_fkey FOREIGN KEY (studio_id) REFERENCES studios (id),
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;

CREATE INDEX films_genre_idx ON films (genre);

CREATE INDEX films_studio_id_idx ON films (studio_id);

CREATE TABLE fortunes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    message TEXT NOT NULL CHECK (length(message) <= 200)
) STRICT;

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (length(author) <= 100),
    stars INTEGER NOT NULL,
    body TEXT NOT NULL CHECK (length(body) <= 2000)
) STRICT;

CREATE INDEX reviews_film_id_idx ON reviews (film_id);

CREATE TABLE worlds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    random_number INTEGER NOT NULL
) STRICT;
