-- ashlar:migration 20260131093002_alter_title_in_films
-- ashlar:transaction off
-- warning: films.title takes no NULL any more: an older version that writes one fails, and so does the migration while a row has one
--   1. deploy the version that writes no NULL, and wait until no older one runs
--   2. fill what is NULL in a migration of data (UPDATE films SET title = … WHERE title IS NULL), in batches
--   3. run this then
-- warning: check films_order: it fails while a row of films breaks it, and an older version that writes such a row fails
--   1. find such rows before: SELECT count(*) FROM films WHERE NOT ("order" <> '')
-- warning: check films_year_rating_check: it fails while a row of films breaks it, and an older version that writes such a row fails
--   1. find such rows before: SELECT count(*) FROM films WHERE NOT (year > 1887 AND (rating IS NULL OR rating <= 10))
-- warning: foreign key films_studio_id_fkey: it fails while a row of films refers to nothing, and an older version that writes such a row, or deletes what others refer to, fails
--   1. find such rows before: SELECT count(*) FROM films AS c WHERE c.studio_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM studios AS p WHERE p.id = c.studio_id)
-- ashlar:op alter_column films.title text size=200
-- ashlar:op add_check films_order on films ("order" <> '')
-- ashlar:op add_check films_year_rating_check on films (year > 1887 AND (rating IS NULL OR rating <= 10))
-- ashlar:op add_foreign_key films_studio_id_fkey on films (studio_id) references studios (id) on delete cascade
-- ashlar:op add_index films_studio_id_idx on films (studio_id)
-- ashlar:up
ALTER TABLE films ADD CONSTRAINT films_title_not_null CHECK (title IS NOT NULL) NOT VALID;
ALTER TABLE films VALIDATE CONSTRAINT films_title_not_null;
ALTER TABLE films ALTER COLUMN title SET NOT NULL;
ALTER TABLE films DROP CONSTRAINT films_title_not_null;
CREATE UNIQUE INDEX CONCURRENTLY ashlar_new_films_title_year_key_index ON films (title, year);
DROP INDEX CONCURRENTLY films_title_year_key;
ALTER INDEX ashlar_new_films_title_year_key_index RENAME TO films_title_year_key;
ALTER TABLE films ADD CONSTRAINT films_order CHECK ("order" <> '') NOT VALID;
ALTER TABLE films VALIDATE CONSTRAINT films_order;
COMMENT ON CONSTRAINT films_order ON films IS '"order" <> ''''';
ALTER TABLE films ADD CONSTRAINT films_year_rating_check CHECK (year > 1887 AND (rating IS NULL OR rating <= 10)) NOT VALID;
ALTER TABLE films VALIDATE CONSTRAINT films_year_rating_check;
COMMENT ON CONSTRAINT films_year_rating_check ON films IS 'year > 1887 AND (rating IS NULL OR rating <= 10)';
ALTER TABLE films ADD CONSTRAINT films_studio_id_fkey FOREIGN KEY (studio_id) REFERENCES studios (id) ON DELETE CASCADE NOT VALID;
ALTER TABLE films VALIDATE CONSTRAINT films_studio_id_fkey;
CREATE INDEX CONCURRENTLY films_studio_id_idx ON films (studio_id);
-- ashlar:down
DROP INDEX films_studio_id_idx;
ALTER TABLE films DROP CONSTRAINT films_studio_id_fkey;
ALTER TABLE films DROP CONSTRAINT films_year_rating_check;
ALTER TABLE films DROP CONSTRAINT films_order;
ALTER TABLE films ALTER COLUMN title DROP NOT NULL;
DROP INDEX films_title_year_key;
CREATE UNIQUE INDEX films_title_year_key ON films (title NULLS FIRST, year);
