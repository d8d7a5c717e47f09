-- ashlar:migration 20260131093012_alter_films
-- ashlar:foreign_keys off
-- warning: copies all rows of films: nobody writes to the database meanwhile
--   1. try it on a copy of the database, and run it while nobody works if that takes long
-- ashlar:op alter_column films.order text default='none'
-- ashlar:op add_column films.note text null
-- ashlar:up
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    year INTEGER NOT NULL DEFAULT 1970,
    rating REAL,
    in_stock INTEGER NOT NULL DEFAULT 1 CHECK (in_stock IN (0, 1)),
    "order" TEXT NOT NULL DEFAULT 'none',
    poster BLOB,
    released INTEGER DEFAULT 1769857200000000 CHECK (released BETWEEN -62135596800000000 AND 253402300799999999),
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    studio_id INTEGER NOT NULL,
    note TEXT,
    CONSTRAINT films_studio_id_fkey FOREIGN KEY (studio_id) REFERENCES studios (id) ON DELETE CASCADE,
    CONSTRAINT films_order CHECK ("order" <> ''),
    CONSTRAINT films_year_rating_check CHECK (year > 1887 AND (rating IS NULL OR rating <= 10))
) STRICT;

INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';

INSERT INTO ashlar_new_films (id, title, year, rating, in_stock, "order", poster, released, extra, studio_id, note)
    SELECT id, title, year, rating, in_stock, "order", poster, released, extra, studio_id, NULL
    FROM films;

DROP TABLE films;

-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;

ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_studio_id_idx ON films (studio_id);
CREATE UNIQUE INDEX films_title_year_key ON films (title, year);
-- ashlar:down
-- builds films anew, since ALTER TABLE cannot change it in place
CREATE TABLE ashlar_new_films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL CHECK (length(title) <= 200),
    year INTEGER NOT NULL DEFAULT 1970,
    rating REAL,
    in_stock INTEGER NOT NULL DEFAULT 1 CHECK (in_stock IN (0, 1)),
    "order" TEXT NOT NULL DEFAULT 'it''s',
    poster BLOB,
    released INTEGER DEFAULT 1769857200000000 CHECK (released BETWEEN -62135596800000000 AND 253402300799999999),
    extra TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    studio_id INTEGER NOT NULL,
    CONSTRAINT films_studio_id_fkey FOREIGN KEY (studio_id) REFERENCES studios (id) ON DELETE CASCADE,
    CONSTRAINT films_order CHECK ("order" <> ''),
    CONSTRAINT films_year_rating_check CHECK (year > 1887 AND (rating IS NULL OR rating <= 10))
) STRICT;

INSERT INTO sqlite_sequence (name, seq) SELECT 'ashlar_new_films', seq FROM sqlite_sequence WHERE name = 'films';

-- loses the values of films.note
INSERT INTO ashlar_new_films (id, title, year, rating, in_stock, "order", poster, released, extra, studio_id)
    SELECT id, title, year, rating, in_stock, "order", poster, released, extra, studio_id
    FROM films;

DROP TABLE films;

-- else the next statement fails when a view is of films
PRAGMA legacy_alter_table = ON;

ALTER TABLE ashlar_new_films RENAME TO films;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX films_studio_id_idx ON films (studio_id);
CREATE UNIQUE INDEX films_title_year_key ON films (title, year);
