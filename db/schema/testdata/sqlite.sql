-- ## nothing
-- up:

-- down:

-- ## names that are given anyhow
-- up:

-- down:

-- ## create tables
-- up:
CREATE TABLE films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
CREATE INDEX films_title_idx ON films (title);
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;

-- down:
-- loses the rows of reviews
DROP TABLE reviews;
-- loses the rows of films
DROP TABLE films;

-- ## drop tables
-- up:
-- loses the rows of reviews
DROP TABLE reviews;
-- loses the rows of films
DROP TABLE films;

-- down:
CREATE TABLE films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
CREATE INDEX films_title_idx ON films (title);
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;

-- ## add columns
-- up:
ALTER TABLE films ADD COLUMN seen INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1));
ALTER TABLE films ADD COLUMN note TEXT CHECK (length(note) <= 20);
ALTER TABLE films ADD COLUMN "order" INTEGER CHECK ("order" BETWEEN -62135596800000000 AND 253402300799999999);

-- down:
-- loses the values of films.order
ALTER TABLE films DROP COLUMN "order";
-- loses the values of films.note
ALTER TABLE films DROP COLUMN note;
-- loses the values of films.seen
ALTER TABLE films DROP COLUMN seen;

-- ## add a column that refers
-- up:
ALTER TABLE films ADD COLUMN best_id INTEGER CONSTRAINT films_best_id_fkey REFERENCES reviews (id) ON DELETE SET NULL;
CREATE INDEX films_best_id_idx ON films (best_id);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- loses the values of films.best_id
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## drop a column
-- up:
-- loses the values of reviews.stars
ALTER TABLE reviews DROP COLUMN stars;

-- down, with foreign keys off:
-- builds reviews anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_reviews', seq FROM sqlite_sequence WHERE name = 'reviews';
-- rows that are there get 0 in reviews.stars
INSERT INTO ashlar_new_reviews (id, film_id, stars)
    SELECT id, film_id, 0
    FROM reviews;
DROP TABLE reviews;
-- else the next statement fails when a view is of reviews
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_reviews RENAME TO reviews;
PRAGMA legacy_alter_table = OFF;

-- ## drop a column with its index
-- up:
DROP INDEX films_title_idx;
-- loses the values of films.title
ALTER TABLE films DROP COLUMN title;

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- rows that are there get '' in films.title
INSERT INTO ashlar_new_films (id, price, rating, title)
    SELECT id, price, rating, ''
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## rename a table
-- up:
ALTER TABLE films RENAME TO movies;

-- down:
ALTER TABLE movies RENAME TO films;

-- ## rename a column
-- up:
ALTER TABLE films RENAME COLUMN title TO name;

-- down:
ALTER TABLE films RENAME COLUMN name TO title;

-- ## rename a column in a check
-- up:
ALTER TABLE films RENAME COLUMN price TO "order";

-- down:
ALTER TABLE films RENAME COLUMN "order" TO price;

-- ## renamed long ago
-- up:

-- down:

-- ## let a column be null
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- fails while a row has NULL in films.title
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## let no column be null
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL NOT NULL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- fails while a row has NULL in films.rating
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## let no column be null, with default
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL NOT NULL DEFAULT 1.5,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- rows with NULL in films.rating get 1.5
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, coalesce(rating, 1.5)
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## change types
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title BLOB NOT NULL,
    price REAL NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, CAST(title AS BLOB), price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- fails while a row has more than 200 characters in films.title
-- fails while a row has something in films.price that is no int
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, CAST(title AS TEXT), price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## change size and default
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL DEFAULT '?' CHECK (length(title) <= 50),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- fails while a row has more than 50 characters in films.title
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## change an index
-- up:
DROP INDEX films_title_idx;
CREATE UNIQUE INDEX films_title_key ON films (title);

-- down:
DROP INDEX films_title_key;
CREATE INDEX films_title_idx ON films (title);

-- ## change a check
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price > 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## write a check in another way
-- up:

-- down:

-- ## change a foreign key
-- up, with foreign keys off:
-- builds reviews anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_reviews', seq FROM sqlite_sequence WHERE name = 'reviews';
INSERT INTO ashlar_new_reviews (id, film_id, stars)
    SELECT id, film_id, stars
    FROM reviews;
DROP TABLE reviews;
-- else the next statement fails when a view is of reviews
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_reviews RENAME TO reviews;
PRAGMA legacy_alter_table = OFF;

-- down, with foreign keys off:
-- builds reviews anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_reviews', seq FROM sqlite_sequence WHERE name = 'reviews';
INSERT INTO ashlar_new_reviews (id, film_id, stars)
    SELECT id, film_id, stars
    FROM reviews;
DROP TABLE reviews;
-- else the next statement fails when a view is of reviews
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_reviews RENAME TO reviews;
PRAGMA legacy_alter_table = OFF;

-- ## name a foreign key and a check
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT not_negative CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);
-- builds reviews anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT of_film FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_reviews', seq FROM sqlite_sequence WHERE name = 'reviews';
INSERT INTO ashlar_new_reviews (id, film_id, stars)
    SELECT id, film_id, stars
    FROM reviews;
DROP TABLE reviews;
-- else the next statement fails when a view is of reviews
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_reviews RENAME TO reviews;
PRAGMA legacy_alter_table = OFF;

-- down, with foreign keys off:
-- builds reviews anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_reviews', seq FROM sqlite_sequence WHERE name = 'reviews';
INSERT INTO ashlar_new_reviews (id, film_id, stars)
    SELECT id, film_id, stars
    FROM reviews;
DROP TABLE reviews;
-- else the next statement fails when a view is of reviews
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_reviews RENAME TO reviews;
PRAGMA legacy_alter_table = OFF;
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## let another table have an index's name
-- up:
DROP INDEX i;
CREATE INDEX films_title_idx ON films (title);
CREATE INDEX i ON reviews (stars);

-- down:
DROP INDEX i;
DROP INDEX films_title_idx;
CREATE INDEX i ON films (title);

-- ## let another table have a dropped table's index's name
-- up:
DROP INDEX films_title_idx;
DROP INDEX i;
CREATE INDEX i ON films (title);
-- loses the rows of old
DROP TABLE old;

-- down:
CREATE TABLE old (
    a INTEGER NOT NULL
) STRICT;
DROP INDEX i;
CREATE INDEX i ON old (a);
CREATE INDEX films_title_idx ON films (title);

-- ## swap the names of two checks
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT a CHECK (price < 9),
    CONSTRAINT b CHECK (price > 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT a CHECK (price > 0),
    CONSTRAINT b CHECK (price < 9)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## change the primary key
-- up, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER NOT NULL,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    PRIMARY KEY (title, price),
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);

-- ## search
-- up:
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- down:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;

-- ## search of another language
-- up:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="porter unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    -- english
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    -- english
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- down:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- ## rename a column that is searched
-- up:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
ALTER TABLE films RENAME COLUMN title TO name;
CREATE VIRTUAL TABLE films_search USING fts5(name, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, name) VALUES (new.id, new.name);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, name) VALUES ('delete', old.id, old.name);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, name ON films BEGIN
    INSERT INTO films_search (films_search, rowid, name) VALUES ('delete', old.id, old.name);
    INSERT INTO films_search (rowid, name) VALUES (new.id, new.name);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- down:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
ALTER TABLE films RENAME COLUMN name TO title;
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- ## rename a table that is searched
-- up:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
ALTER TABLE films RENAME TO movies;
CREATE VIRTUAL TABLE movies_search USING fts5(title, content=movies, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO movies_search (movies_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER movies_search_insert AFTER INSERT ON movies BEGIN
    INSERT INTO movies_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER movies_search_delete AFTER DELETE ON movies BEGIN
    INSERT INTO movies_search (movies_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER movies_search_update AFTER UPDATE OF id, title ON movies BEGIN
    INSERT INTO movies_search (movies_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO movies_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO movies_search (movies_search) VALUES ('rebuild');

-- down:
DROP TRIGGER movies_search_insert;
DROP TRIGGER movies_search_delete;
DROP TRIGGER movies_search_update;
DROP TABLE movies_search;
ALTER TABLE movies RENAME TO films;
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- ## build a table anew that is searched
-- up, with foreign keys off:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- down, with foreign keys off:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
INSERT INTO ashlar_new_films (id, title, price, rating)
    SELECT id, title, price, rating
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- ## drop a column that is searched
-- up:
DROP TRIGGER films_search_insert;
DROP TRIGGER films_search_delete;
DROP TRIGGER films_search_update;
DROP TABLE films_search;
DROP INDEX films_title_idx;
-- loses the values of films.title
ALTER TABLE films DROP COLUMN title;

-- down, with foreign keys off:
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';
-- rows that are there get '' in films.title
INSERT INTO ashlar_new_films (id, price, rating, title)
    SELECT id, price, rating, ''
    FROM films;
DROP TABLE films;
-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;
ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_title_idx ON films (title);
CREATE VIRTUAL TABLE films_search USING fts5(title, content=films, content_rowid=id, tokenize="unicode61 remove_diacritics 0 categories 'L* Nd Co'");
INSERT INTO films_search (films_search, rank) VALUES ('rank', 'bm25(0.1)');
CREATE TRIGGER films_search_insert AFTER INSERT ON films BEGIN
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER films_search_delete AFTER DELETE ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER films_search_update AFTER UPDATE OF id, title ON films BEGIN
    INSERT INTO films_search (films_search, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO films_search (rowid, title) VALUES (new.id, new.title);
END;
INSERT INTO films_search (films_search) VALUES ('rebuild');

-- ## refer to each other
-- up:
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    film_id INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    CONSTRAINT reviews_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    price INTEGER NOT NULL DEFAULT 0,
    rating REAL,
    best_id INTEGER,
    CONSTRAINT films_best_id_fkey FOREIGN KEY (best_id) REFERENCES reviews (id),
    CONSTRAINT films_price_check CHECK (price >= 0)
) STRICT;
CREATE INDEX films_title_idx ON films (title);

-- down, with foreign keys off:
-- loses the rows of films
DROP TABLE films;
-- loses the rows of reviews
DROP TABLE reviews;

