CREATE TABLE studios (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL UNIQUE, founded INTEGER, homepage_url TEXT);
CREATE TABLE films (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	title TEXT NOT NULL,
	studio_id INTEGER NOT NULL REFERENCES studios ON DELETE CASCADE,
	co_studio_id INTEGER REFERENCES studios (id) ON DELETE SET NULL,
	status TEXT NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'in cinemas', 'gone')),
	price DECIMAL(10,2) NOT NULL DEFAULT 0 CHECK (price >= 0),
	seen BOOLEAN NOT NULL DEFAULT 0,
	poster BLOB,
	rating REAL,
	released DATETIME,
	extra JSON,
	odd,
	"type" TEXT,
	"table" TEXT,
	length_minutes INTEGER GENERATED ALWAYS AS (price * 2) VIRTUAL
);
CREATE INDEX films_by_title ON films (title, studio_id);
CREATE UNIQUE INDEX films_title_released ON films (title, released);
CREATE TABLE addresses (user_id INTEGER NOT NULL REFERENCES people, kind TEXT NOT NULL, street TEXT NOT NULL, PRIMARY KEY (user_id, kind));
CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, manager_id INTEGER REFERENCES people);
CREATE TABLE passports (person_id INTEGER PRIMARY KEY REFERENCES people ON DELETE CASCADE, number TEXT NOT NULL);
CREATE TABLE deliveries (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
	FOREIGN KEY (user_id, kind) REFERENCES addresses (user_id, kind));
CREATE TABLE Tag (TagId INTEGER PRIMARY KEY, Label TEXT NOT NULL);
CREATE TABLE film_tags (film INTEGER NOT NULL REFERENCES films, tag_id INTEGER NOT NULL REFERENCES tag, PRIMARY KEY (film, tag_id));
CREATE TABLE status (code TEXT PRIMARY KEY, label TEXT NOT NULL);
CREATE TABLE categories (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES categories, name TEXT NOT NULL);
CREATE TABLE log (line TEXT);
CREATE TABLE "odd name" (id INTEGER PRIMARY KEY, "select" TEXT);
