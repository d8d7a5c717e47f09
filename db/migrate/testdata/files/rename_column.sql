-- ashlar:migration 20260131093012_rename_poster_to_picture_in_films
-- warning: renames column films.poster to picture: an older version that runs fails on each query of the table
--   1. rename the field alone, and keep the column's name: the tag db:"column=poster" needs no migration
--   2. if the column must have the new name: add picture beside it and write both, fill it in a migration of data, deploy the version that reads it, and drop poster last
-- ashlar:op rename_column films.poster picture
-- ashlar:up
ALTER TABLE films RENAME COLUMN poster TO picture;
-- ashlar:down
ALTER TABLE films RENAME COLUMN picture TO poster;
