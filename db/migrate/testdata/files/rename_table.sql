-- ashlar:migration 20260131093012_rename_films_to_movies
-- warning: renames table films to movies: an older version that runs fails on each query of it
--   1. rename the model alone, and keep the table's name: //ashlar:model table=films needs no migration
-- ashlar:op rename_table films movies
-- ashlar:up
ALTER TABLE films RENAME TO movies;
-- ashlar:down
ALTER TABLE movies RENAME TO films;
