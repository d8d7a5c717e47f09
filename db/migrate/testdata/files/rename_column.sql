-- ashlar:migration 20260131093012_rename_poster_to_picture_in_films
-- ashlar:op rename_column films.poster picture
-- ashlar:up
ALTER TABLE films RENAME COLUMN poster TO picture;
-- ashlar:down
ALTER TABLE films RENAME COLUMN picture TO poster;
