-- ashlar:migration 20260131093001_create_studios_and_films
-- ashlar:op create_table studios (
--   id int auto
--   name text
--   primary key (id)
-- )
-- ashlar:op create_table films (
--   id int auto
--   title text size=200
--   year int default=1970
--   rating float null
--   in_stock bool default=true
--   order text default='it''s'
--   poster bytes null
--   released time null default='2026-01-31T11:00:00Z'
--   extra json default='{}'
--   studio_id int
--   primary key (id)
--   index films_studio_id_idx (studio_id)
--   unique films_title_year_key (title, year)
--   foreign key films_studio_id_fkey (studio_id) references studios (id) on delete cascade
--   check films_order ("order" <> '')
--   check films_year_rating_check (year > 1887 AND (rating IS NULL OR rating <= 10))
-- )
-- ashlar:up
CREATE TABLE studios (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE films (
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

CREATE INDEX films_studio_id_idx ON films (studio_id);
CREATE UNIQUE INDEX films_title_year_key ON films (title, year);
-- ashlar:down
-- loses the rows of films
DROP TABLE films;

-- loses the rows of studios
DROP TABLE studios;
