-- ashlar:migration 20261122154016_create_shop
-- ashlar:op create_table carts (
--   id int auto
--   touched_at time
--   primary key (id)
--   index carts_touched_at_idx (touched_at)
-- )
-- ashlar:op create_table films (
--   id int auto
--   slug text size=240
--   title text size=200
--   year int
--   released time null
--   genre text size=40
--   rating text size=20
--   minutes int
--   director text size=200
--   distributor text size=200
--   source text size=200
--   score int
--   votes int
--   critics int
--   gross int
--   budget int
--   price int
--   stock int
--   primary key (id)
--   index films_genre_idx (genre)
--   index films_score_idx (score)
--   unique films_slug_key (slug)
--   index films_title_idx (title)
--   index films_year_idx (year)
--   check films_budget_check (budget >= 0)
--   check films_critics_check (critics between 0 and 100)
--   check films_gross_check (gross >= 0)
--   check films_minutes_check (minutes >= 0)
--   check films_price_check (price > 0)
--   check films_score_check (score between 0 and 100)
--   check films_stock_check (stock >= 0)
--   check films_votes_check (votes >= 0)
-- )
-- ashlar:op create_table cart_lines (
--   cart_id int
--   film_id int
--   quantity int
--   primary key (cart_id, film_id)
--   index cart_lines_film_id_idx (film_id)
--   foreign key cart_lines_cart_id_fkey (cart_id) references carts (id) on delete cascade
--   foreign key cart_lines_film_id_fkey (film_id) references films (id)
--   check cart_lines_quantity_check (quantity between 1 and 99)
-- )
-- ashlar:op create_table orders (
--   id int auto
--   token text size=64
--   name text size=100
--   email text size=254
--   street text size=200
--   postcode text size=12
--   city text size=100
--   country text size=60
--   films int
--   delivery int
--   total int
--   placed_at time
--   primary key (id)
--   unique orders_token_key (token)
--   check orders_delivery_check (delivery >= 0)
--   check orders_films_check (films >= 0)
--   check orders_total_films_delivery_check (total = films + delivery)
-- )
-- ashlar:op create_table order_lines (
--   order_id int
--   film_id int
--   quantity int
--   price int
--   primary key (order_id, film_id)
--   index order_lines_film_id_idx (film_id)
--   foreign key order_lines_film_id_fkey (film_id) references films (id)
--   foreign key order_lines_order_id_fkey (order_id) references orders (id) on delete cascade
--   check order_lines_price_check (price >= 0)
--   check order_lines_quantity_check (quantity >= 1)
-- )
-- ashlar:up
CREATE TABLE carts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    touched_at INTEGER NOT NULL CHECK (touched_at BETWEEN -62135596800000000 AND 253402300799999999)
) STRICT;

CREATE INDEX carts_touched_at_idx ON carts (touched_at);

CREATE TABLE films (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    slug TEXT NOT NULL CHECK (length(slug) <= 240),
    title TEXT NOT NULL CHECK (length(title) <= 200),
    year INTEGER NOT NULL,
    released INTEGER CHECK (released BETWEEN -62135596800000000 AND 253402300799999999),
    genre TEXT NOT NULL CHECK (length(genre) <= 40),
    rating TEXT NOT NULL CHECK (length(rating) <= 20),
    minutes INTEGER NOT NULL,
    director TEXT NOT NULL CHECK (length(director) <= 200),
    distributor TEXT NOT NULL CHECK (length(distributor) <= 200),
    source TEXT NOT NULL CHECK (length(source) <= 200),
    score INTEGER NOT NULL,
    votes INTEGER NOT NULL,
    critics INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    budget INTEGER NOT NULL,
    price INTEGER NOT NULL,
    stock INTEGER NOT NULL,
    CONSTRAINT films_budget_check CHECK (budget >= 0),
    CONSTRAINT films_critics_check CHECK (critics between 0 and 100),
    CONSTRAINT films_gross_check CHECK (gross >= 0),
    CONSTRAINT films_minutes_check CHECK (minutes >= 0),
    CONSTRAINT films_price_check CHECK (price > 0),
    CONSTRAINT films_score_check CHECK (score between 0 and 100),
    CONSTRAINT films_stock_check CHECK (stock >= 0),
    CONSTRAINT films_votes_check CHECK (votes >= 0)
) STRICT;

CREATE INDEX films_genre_idx ON films (genre);
CREATE INDEX films_score_idx ON films (score);
CREATE UNIQUE INDEX films_slug_key ON films (slug);
CREATE INDEX films_title_idx ON films (title);
CREATE INDEX films_year_idx ON films (year);

CREATE TABLE cart_lines (
    cart_id INTEGER NOT NULL,
    film_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (cart_id, film_id),
    CONSTRAINT cart_lines_cart_id_fkey FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
    CONSTRAINT cart_lines_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id),
    CONSTRAINT cart_lines_quantity_check CHECK (quantity between 1 and 99)
) STRICT;

CREATE INDEX cart_lines_film_id_idx ON cart_lines (film_id);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT NOT NULL CHECK (length(token) <= 64),
    name TEXT NOT NULL CHECK (length(name) <= 100),
    email TEXT NOT NULL CHECK (length(email) <= 254),
    street TEXT NOT NULL CHECK (length(street) <= 200),
    postcode TEXT NOT NULL CHECK (length(postcode) <= 12),
    city TEXT NOT NULL CHECK (length(city) <= 100),
    country TEXT NOT NULL CHECK (length(country) <= 60),
    films INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    total INTEGER NOT NULL,
    placed_at INTEGER NOT NULL CHECK (placed_at BETWEEN -62135596800000000 AND 253402300799999999),
    CONSTRAINT orders_delivery_check CHECK (delivery >= 0),
    CONSTRAINT orders_films_check CHECK (films >= 0),
    CONSTRAINT orders_total_films_delivery_check CHECK (total = films + delivery)
) STRICT;

CREATE UNIQUE INDEX orders_token_key ON orders (token);

CREATE TABLE order_lines (
    order_id INTEGER NOT NULL,
    film_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    price INTEGER NOT NULL,
    PRIMARY KEY (order_id, film_id),
    CONSTRAINT order_lines_film_id_fkey FOREIGN KEY (film_id) REFERENCES films (id),
    CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE,
    CONSTRAINT order_lines_price_check CHECK (price >= 0),
    CONSTRAINT order_lines_quantity_check CHECK (quantity >= 1)
) STRICT;

CREATE INDEX order_lines_film_id_idx ON order_lines (film_id);
-- ashlar:down
-- loses the rows of order_lines
DROP TABLE order_lines;

-- loses the rows of orders
DROP TABLE orders;

-- loses the rows of cart_lines
DROP TABLE cart_lines;

-- loses the rows of films
DROP TABLE films;

-- loses the rows of carts
DROP TABLE carts;
