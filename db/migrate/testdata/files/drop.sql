-- ashlar:migration 20260131093012_drop_poster_from_films
-- ashlar:op drop_column films.poster
-- ashlar:up
-- loses the values of films.poster
ALTER TABLE films DROP COLUMN poster;
-- ashlar:down
ALTER TABLE films ADD COLUMN poster BLOB;
