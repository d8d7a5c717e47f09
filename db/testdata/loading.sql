SELECT … FROM "films"  -- 0 values
SELECT "id", "film_id", "critic_id", "stars", "words" FROM "reviews" WHERE "film_id" IN (?, ?, ?, ?, ?, ?, ?, ?) ORDER BY "id"  -- 8 values
--
SELECT … FROM "films"  -- 0 values
SELECT "reviews"."id", "reviews"."film_id", "reviews"."critic_id", "reviews"."stars", "reviews"."words" FROM "reviews" LEFT JOIN "critics" AS _1 ON _1."id" = "reviews"."critic_id" WHERE "reviews"."film_id" IN (?, ?, ?, ?, ?, ?, ?, ?) AND "reviews"."stars" >= ? ORDER BY _1."name"  -- 9 values
SELECT "id", "subject_kind", "subject_id", "text" FROM "comments" WHERE "subject_id" IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) AND "subject_kind" = 'reviews' ORDER BY "id"  -- 16 values
--
SELECT … FROM "films"  -- 0 values
SELECT "id", "film_id", "critic_id", "stars", "words" FROM (SELECT "id", "film_id", "critic_id", "stars", "words", row_number() OVER (PARTITION BY "film_id" ORDER BY "stars" DESC) AS "_number" FROM "reviews" WHERE "film_id" IN (?, ?, ?, ?, ?, ?, ?, ?)) AS numbered WHERE "_number" <= 3 ORDER BY "_number"  -- 8 values
--
SELECT … FROM "films"  -- 0 values
SELECT "tags"."id", "tags"."name", _1."film_id" AS "near_film_id" FROM "tags" JOIN "film_tags" AS _1 ON _1."tag_id" = "tags"."id" WHERE _1."film_id" IN (?, ?, ?, ?, ?, ?, ?, ?) ORDER BY "tags"."id"  -- 8 values
SELECT "id", "film_id", "url" FROM "trailers" WHERE "film_id" IN (?, ?, ?, ?, ?, ?, ?, ?)  -- 8 values
SELECT "id", "subject_kind", "subject_id", "text" FROM "comments" WHERE "subject_id" IN (?, ?, ?, ?, ?, ?, ?, ?) AND "subject_kind" = 'films' ORDER BY "id"  -- 8 values
--
SELECT … FROM "films"  -- 0 values
SELECT "id", "name", "near_film_id" FROM (SELECT "tags"."id", "tags"."name", _1."film_id" AS "near_film_id", row_number() OVER (PARTITION BY _1."film_id" ORDER BY "tags"."id") AS "_number" FROM "tags" JOIN "film_tags" AS _1 ON _1."tag_id" = "tags"."id" WHERE _1."film_id" IN (?, ?, ?, ?, ?, ?, ?, ?)) AS numbered WHERE "_number" <= 2 ORDER BY "_number"  -- 8 values
SELECT "id", "film_id", "critic_id", "stars", "words" FROM "reviews" WHERE "film_id" IN (?, ?, ?, ?, ?, ?, ?, ?) ORDER BY "id"  -- 8 values
