-- insert
INSERT INTO "films" ("title", "genre", "price", "stock", "slug", "rating", "released", "in_shop", "poster", "created_at") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "id"  -- 10 values
-- insert many
BEGIN IMMEDIATE  -- 0 values
INSERT INTO "orders" ("total", "placed") VALUES (?, ?), (?, ?) RETURNING "id"  -- 4 values
INSERT INTO "orders" ("id", "total", "placed") VALUES (?, ?, ?)  -- 3 values
COMMIT  -- 0 values
-- insert with a key of two
INSERT INTO "order_lines" ("order_id", "film_id", "quantity") VALUES (?, ?, ?)  -- 3 values
-- get
SELECT … FROM "films" WHERE "id" = ?  -- 1 values
-- get by two
SELECT "order_id", "film_id", "quantity" FROM "order_lines" WHERE "order_id" = ? AND "film_id" = ?  -- 2 values
-- save
UPDATE "films" SET "title" = ?, "genre" = ?, "price" = ?, "stock" = ?, "slug" = ?, "rating" = ?, "released" = ?, "in_shop" = ?, "poster" = ?, "created_at" = ? WHERE "id" = ?  -- 11 values
-- save by two
UPDATE "order_lines" SET "quantity" = ? WHERE "order_id" = ? AND "film_id" = ?  -- 3 values
-- first
SELECT … FROM "films" WHERE "price" = ? ORDER BY "id" LIMIT 1  -- 1 values
-- first in order
SELECT … FROM "films" ORDER BY "slug" DESC LIMIT 1  -- 0 values
-- count
SELECT count(*) FROM "films" WHERE "price" = ?  -- 1 values
-- count a window
SELECT count(*) FROM (SELECT 1 FROM "films" LIMIT 3 OFFSET 1) AS counted  -- 0 values
-- exists
SELECT EXISTS (SELECT 1 FROM "films" WHERE "price" = ?)  -- 1 values
-- distinct
SELECT DISTINCT "genre" FROM "films" WHERE "genre" IS NOT NULL ORDER BY "genre"  -- 0 values
-- distinct of some
SELECT DISTINCT "stock" FROM "films" WHERE "price" = ? ORDER BY "stock"  -- 1 values
-- update
UPDATE "films" SET "stock" = "stock" + ?, "genre" = ? WHERE "id" = ? AND "stock" >= ?  -- 4 values
-- update everywhere
UPDATE "films" SET "price" = ?  -- 1 values
-- transactions
BEGIN IMMEDIATE  -- 0 values
SAVEPOINT tx1  -- 0 values
ROLLBACK TO SAVEPOINT tx1  -- 0 values
RELEASE SAVEPOINT tx1  -- 0 values
SAVEPOINT tx2  -- 0 values
RELEASE SAVEPOINT tx2  -- 0 values
COMMIT  -- 0 values
-- rollback
BEGIN IMMEDIATE  -- 0 values
ROLLBACK  -- 0 values
-- delete
DELETE FROM "orders" WHERE "id" < ?  -- 1 values
-- delete everywhere
DELETE FROM "order_lines"  -- 0 values
