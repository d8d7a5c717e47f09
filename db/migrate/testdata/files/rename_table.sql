-- ashlar:migration 20260131093012_rename_films_to_movies
-- ashlar:op rename_table films movies
-- ashlar:up
ALTER TABLE films RENAME TO movies;
-- ashlar:down
ALTER TABLE movies RENAME TO films;
