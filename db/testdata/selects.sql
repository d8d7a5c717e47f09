SELECT … FROM "films"
SELECT … FROM "films"
SELECT … FROM "films" WHERE "price" > ? AND "genre" = ? ORDER BY "title" LIMIT 20 OFFSET 40
SELECT … FROM "films" WHERE "price" BETWEEN ? AND ? AND "stock" <> ?
SELECT … FROM "films" WHERE "genre" IS NULL OR "genre" IS NOT NULL
SELECT … FROM "films" WHERE "in_shop" = ? AND ("price" < ? OR ("price" >= ? AND "stock" <= ?))
SELECT … FROM "films" WHERE NOT ("title" LIKE ? ESCAPE '!') AND "genre" IS NOT NULL
SELECT … FROM "films" WHERE NOT ("price" = ? AND "price" = ?)
SELECT … FROM "films" WHERE "id" IN (?, ?, ?) AND "title" IN (?) AND 1 = 0
SELECT … FROM "films" WHERE 1 = 1 AND 1 = 0 AND "price" = ?
SELECT … FROM "films" WHERE "title" LIKE ? ESCAPE '!' AND "title" LIKE ? ESCAPE '!'
SELECT … FROM "films" ORDER BY "price" DESC, "title", "id" DESC
SELECT … FROM "films" LIMIT 9223372036854775807 OFFSET 5
SELECT … FROM "films" LIMIT 0
SELECT … FROM "films" WHERE "released" > ? AND "poster" <> ? AND "rating" < ?
