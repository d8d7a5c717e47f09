-- ashlar:migration 20260131093012_drop_poster_from_films
-- warning: drops column films.poster with its values: an older version that runs fails on each query of the table
--   1. keep the op line of this migration, and put in the place of its DROP COLUMN SELECT 1;
--   2. deploy the version that does not use it, and wait until no older one runs
--   3. write a second migration (migrate make --empty) with the SQL that drops it and no op line, and run it then; until then migrate check tells of it
-- ashlar:op drop_column films.poster
-- ashlar:up
-- loses the values of films.poster
ALTER TABLE films DROP COLUMN poster;
-- ashlar:down
ALTER TABLE films ADD COLUMN poster BLOB;
