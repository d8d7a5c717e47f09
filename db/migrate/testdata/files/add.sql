-- ashlar:migration 20260131093012_add_stock_to_films
-- ashlar:op add_column films.stock int default=0
-- ashlar:up
ALTER TABLE films ADD COLUMN stock INTEGER NOT NULL DEFAULT 0;
-- ashlar:down
-- loses the values of films.stock
ALTER TABLE films DROP COLUMN stock;
