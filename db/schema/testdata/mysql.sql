-- ## nothing
-- up:

-- down:

-- ## names that are given anyhow
-- up:

-- down:

-- ## create tables
-- up:
CREATE TABLE `films` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `title` VARCHAR(200) NOT NULL,
    `price` BIGINT NOT NULL DEFAULT 0,
    `rating` DOUBLE NULL,
    PRIMARY KEY (`id`),
    INDEX `films_title_idx` (`title`),
    CONSTRAINT `films_price_check` CHECK (`price` >= 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;
CREATE TABLE `reviews` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `film_id` BIGINT NOT NULL,
    `stars` BIGINT NOT NULL,
    PRIMARY KEY (`id`),
    INDEX `reviews_film_id_fkey` (`film_id`),
    CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;

-- down:
-- loses the rows of reviews
DROP TABLE `reviews`;
-- loses the rows of films
DROP TABLE `films`;

-- ## drop tables
-- up:
-- loses the rows of reviews
DROP TABLE `reviews`;
-- loses the rows of films
DROP TABLE `films`;

-- down:
CREATE TABLE `films` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `title` VARCHAR(200) NOT NULL,
    `price` BIGINT NOT NULL DEFAULT 0,
    `rating` DOUBLE NULL,
    PRIMARY KEY (`id`),
    INDEX `films_title_idx` (`title`),
    CONSTRAINT `films_price_check` CHECK (`price` >= 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;
CREATE TABLE `reviews` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `film_id` BIGINT NOT NULL,
    `stars` BIGINT NOT NULL,
    PRIMARY KEY (`id`),
    INDEX `reviews_film_id_fkey` (`film_id`),
    CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;

-- ## add columns
-- up:
ALTER TABLE `films` ADD COLUMN `seen` TINYINT(1) NOT NULL DEFAULT 0,
    ADD COLUMN `note` VARCHAR(20) NULL,
    ADD COLUMN `order` DATETIME(6) NULL,
    ADD CONSTRAINT `films_seen_bool` CHECK (`seen` IN (0, 1));

-- down:
-- loses the values of films.order
-- loses the values of films.note
-- loses the values of films.seen
ALTER TABLE `films` DROP COLUMN `order`,
    DROP COLUMN `note`,
    DROP CHECK `films_seen_bool`,
    DROP COLUMN `seen`;

-- ## add a column that refers
-- up:
ALTER TABLE `films` ADD COLUMN `best_id` BIGINT NULL,
    ADD INDEX `films_best_id_idx` (`best_id`);
ALTER TABLE `films` ADD CONSTRAINT `films_best_id_fkey` FOREIGN KEY (`best_id`) REFERENCES `reviews` (`id`) ON DELETE SET NULL;

-- down:
ALTER TABLE `films` DROP FOREIGN KEY `films_best_id_fkey`;
-- loses the values of films.best_id
ALTER TABLE `films` DROP INDEX `films_best_id_idx`,
    DROP COLUMN `best_id`;

-- ## drop a column
-- up:
-- loses the values of reviews.stars
ALTER TABLE `reviews` DROP COLUMN `stars`;

-- down:
-- rows that are there get 0 in reviews.stars
ALTER TABLE `reviews` ADD COLUMN `stars` BIGINT NOT NULL DEFAULT 0;
ALTER TABLE `reviews` ALTER COLUMN `stars` DROP DEFAULT;

-- ## drop a column with its index
-- up:
-- loses the values of films.title
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    DROP COLUMN `title`;

-- down:
-- rows that are there get '' in films.title
ALTER TABLE `films` ADD COLUMN `title` VARCHAR(200) NOT NULL DEFAULT '',
    ADD INDEX `films_title_idx` (`title`);
ALTER TABLE `films` ALTER COLUMN `title` DROP DEFAULT;

-- ## rename a table
-- up:
RENAME TABLE `films` TO `movies`;

-- down:
RENAME TABLE `movies` TO `films`;

-- ## rename a column
-- up:
ALTER TABLE `films` RENAME COLUMN `title` TO `name`;

-- down:
ALTER TABLE `films` RENAME COLUMN `name` TO `title`;

-- ## rename a column in a check
-- up:
ALTER TABLE `films` DROP CHECK `films_price_check`;
ALTER TABLE `films` RENAME COLUMN `price` TO `order`;
ALTER TABLE `films` ADD CONSTRAINT `films_price_check` CHECK (`order` >= 0);

-- down:
ALTER TABLE `films` DROP CHECK `films_price_check`;
ALTER TABLE `films` RENAME COLUMN `order` TO `price`;
ALTER TABLE `films` ADD CONSTRAINT `films_price_check` CHECK (`price` >= 0);

-- ## renamed long ago
-- up:

-- down:

-- ## let a column be null
-- up:
ALTER TABLE `films` MODIFY COLUMN `title` VARCHAR(200) NULL;

-- down:
-- fails while a row has NULL in films.title
ALTER TABLE `films` MODIFY COLUMN `title` VARCHAR(200) NOT NULL;

-- ## let no column be null
-- up:
-- fails while a row has NULL in films.rating
ALTER TABLE `films` MODIFY COLUMN `rating` DOUBLE NOT NULL;

-- down:
ALTER TABLE `films` MODIFY COLUMN `rating` DOUBLE NULL;

-- ## let no column be null, with default
-- up:
-- rows with NULL in films.rating get 1.5
UPDATE `films` SET `rating` = 1.5 WHERE `rating` IS NULL;
ALTER TABLE `films` MODIFY COLUMN `rating` DOUBLE NOT NULL DEFAULT 1.5;

-- down:
ALTER TABLE `films` MODIFY COLUMN `rating` DOUBLE NULL;

-- ## change types
-- up:
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    MODIFY COLUMN `title` LONGBLOB NOT NULL,
    MODIFY COLUMN `price` DOUBLE NOT NULL DEFAULT 0,
    ADD INDEX `films_title_idx` (`title`(3072));

-- down:
-- rounds the values of films.price
-- fails while a row has more than 200 characters in films.title
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    MODIFY COLUMN `price` BIGINT NOT NULL DEFAULT 0,
    MODIFY COLUMN `title` VARCHAR(200) NOT NULL,
    ADD INDEX `films_title_idx` (`title`);

-- ## change size and default
-- up:
-- fails while a row has more than 50 characters in films.title
ALTER TABLE `films` MODIFY COLUMN `title` VARCHAR(50) NOT NULL DEFAULT '?';

-- down:
ALTER TABLE `films` MODIFY COLUMN `title` VARCHAR(200) NOT NULL;

-- ## change an index
-- up:
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    ADD UNIQUE INDEX `films_title_key` (`title`);

-- down:
ALTER TABLE `films` DROP INDEX `films_title_key`,
    ADD INDEX `films_title_idx` (`title`);

-- ## change a check
-- up:
ALTER TABLE `films` DROP CONSTRAINT `films_price_check`;
ALTER TABLE `films` ADD CONSTRAINT `films_price_check` CHECK (`price` > 0);

-- down:
ALTER TABLE `films` DROP CONSTRAINT `films_price_check`;
ALTER TABLE `films` ADD CONSTRAINT `films_price_check` CHECK (`price` >= 0);

-- ## write a check in another way
-- up:

-- down:

-- ## change a foreign key
-- up:
ALTER TABLE `reviews` DROP FOREIGN KEY `reviews_film_id_fkey`;
ALTER TABLE `reviews` ADD CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`);

-- down:
ALTER TABLE `reviews` DROP FOREIGN KEY `reviews_film_id_fkey`;
ALTER TABLE `reviews` ADD CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`) ON DELETE CASCADE;

-- ## name a foreign key and a check
-- up:
ALTER TABLE `films` DROP CONSTRAINT `films_price_check`;
ALTER TABLE `films` ADD CONSTRAINT `not_negative` CHECK (`price` >= 0);
ALTER TABLE `reviews` DROP FOREIGN KEY `reviews_film_id_fkey`;
ALTER TABLE `reviews` DROP INDEX `reviews_film_id_fkey`,
    ADD INDEX `of_film` (`film_id`);
ALTER TABLE `reviews` ADD CONSTRAINT `of_film` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`) ON DELETE CASCADE;

-- down:
ALTER TABLE `reviews` DROP FOREIGN KEY `of_film`;
ALTER TABLE `reviews` DROP INDEX `of_film`,
    ADD INDEX `reviews_film_id_fkey` (`film_id`);
ALTER TABLE `reviews` ADD CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`) ON DELETE CASCADE;
ALTER TABLE `films` DROP CONSTRAINT `not_negative`;
ALTER TABLE `films` ADD CONSTRAINT `films_price_check` CHECK (`price` >= 0);

-- ## let another table have an index's name
-- up:
ALTER TABLE `films` DROP INDEX `i`,
    ADD INDEX `films_title_idx` (`title`);
ALTER TABLE `reviews` ADD INDEX `i` (`stars`);

-- down:
ALTER TABLE `reviews` DROP INDEX `i`;
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    ADD INDEX `i` (`title`);

-- ## let another table have a dropped table's index's name
-- up:
ALTER TABLE `films` DROP INDEX `films_title_idx`;
ALTER TABLE `old` DROP INDEX `i`;
ALTER TABLE `films` ADD INDEX `i` (`title`);
-- loses the rows of old
DROP TABLE `old`;

-- down:
CREATE TABLE `old` (
    `a` BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;
ALTER TABLE `films` DROP INDEX `i`;
ALTER TABLE `old` ADD INDEX `i` (`a`);
ALTER TABLE `films` ADD INDEX `films_title_idx` (`title`);

-- ## swap the names of two checks
-- up:
ALTER TABLE `films` DROP CONSTRAINT `a`,
    DROP CONSTRAINT `b`;
ALTER TABLE `films` ADD CONSTRAINT `a` CHECK (`price` < 9),
    ADD CONSTRAINT `b` CHECK (`price` > 0);

-- down:
ALTER TABLE `films` DROP CONSTRAINT `b`,
    DROP CONSTRAINT `a`;
ALTER TABLE `films` ADD CONSTRAINT `b` CHECK (`price` < 9),
    ADD CONSTRAINT `a` CHECK (`price` > 0);

-- ## change the primary key
-- up:
ALTER TABLE `films` DROP PRIMARY KEY,
    MODIFY COLUMN `id` BIGINT NOT NULL,
    ADD PRIMARY KEY (`title`, `price`);

-- down:
ALTER TABLE `films` DROP PRIMARY KEY,
    MODIFY COLUMN `id` BIGINT NOT NULL AUTO_INCREMENT,
    ADD PRIMARY KEY (`id`);

-- ## search
-- up:
-- copies the rows of films
ALTER TABLE `films` ADD COLUMN `ashlar_search` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci GENERATED ALWAYS AS (replace(replace(concat_ws(char(31 using utf8mb4), `title`), '''', ' '), '_', ' ')) STORED COMMENT 'search (title a)',
    ADD FULLTEXT INDEX `films_ashlar_search_idx` (`ashlar_search`);

-- down:
ALTER TABLE `films` DROP INDEX `films_ashlar_search_idx`,
    DROP COLUMN `ashlar_search`;

-- ## search of another language
-- up:
ALTER TABLE `films` DROP INDEX `films_ashlar_search_idx`,
    DROP COLUMN `ashlar_search`;
-- copies the rows of films
ALTER TABLE `films` ADD COLUMN `ashlar_search` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci GENERATED ALWAYS AS (replace(replace(concat_ws(char(31 using utf8mb4), `title`), '''', ' '), '_', ' ')) STORED COMMENT 'search (title a) english',
    ADD FULLTEXT INDEX `films_ashlar_search_idx` (`ashlar_search`);

-- down:
ALTER TABLE `films` DROP INDEX `films_ashlar_search_idx`,
    DROP COLUMN `ashlar_search`;
-- copies the rows of films
ALTER TABLE `films` ADD COLUMN `ashlar_search` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci GENERATED ALWAYS AS (replace(replace(concat_ws(char(31 using utf8mb4), `title`), '''', ' '), '_', ' ')) STORED COMMENT 'search (title a)',
    ADD FULLTEXT INDEX `films_ashlar_search_idx` (`ashlar_search`);

-- ## rename a column that is searched
-- up:
ALTER TABLE `films` DROP INDEX `films_ashlar_search_idx`,
    DROP COLUMN `ashlar_search`;
ALTER TABLE `films` RENAME COLUMN `title` TO `name`;
-- copies the rows of films
ALTER TABLE `films` ADD COLUMN `ashlar_search` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci GENERATED ALWAYS AS (replace(replace(concat_ws(char(31 using utf8mb4), `name`), '''', ' '), '_', ' ')) STORED COMMENT 'search (name d)',
    ADD FULLTEXT INDEX `films_ashlar_search_idx` (`ashlar_search`);

-- down:
ALTER TABLE `films` DROP INDEX `films_ashlar_search_idx`,
    DROP COLUMN `ashlar_search`;
ALTER TABLE `films` RENAME COLUMN `name` TO `title`;
-- copies the rows of films
ALTER TABLE `films` ADD COLUMN `ashlar_search` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci GENERATED ALWAYS AS (replace(replace(concat_ws(char(31 using utf8mb4), `title`), '''', ' '), '_', ' ')) STORED COMMENT 'search (title d)',
    ADD FULLTEXT INDEX `films_ashlar_search_idx` (`ashlar_search`);

-- ## rename a table that is searched
-- up:
RENAME TABLE `films` TO `movies`;
ALTER TABLE `movies` RENAME INDEX `films_ashlar_search_idx` TO `movies_ashlar_search_idx`;

-- down:
RENAME TABLE `movies` TO `films`;
ALTER TABLE `films` RENAME INDEX `movies_ashlar_search_idx` TO `films_ashlar_search_idx`;

-- ## build a table anew that is searched
-- up:
ALTER TABLE `films` DROP CONSTRAINT `films_price_check`;

-- down:
ALTER TABLE `films` ADD CONSTRAINT `films_price_check` CHECK (`price` >= 0);

-- ## drop a column that is searched
-- up:
ALTER TABLE `films` DROP INDEX `films_ashlar_search_idx`,
    DROP COLUMN `ashlar_search`;
-- loses the values of films.title
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    DROP COLUMN `title`;

-- down:
-- rows that are there get '' in films.title
ALTER TABLE `films` ADD COLUMN `title` VARCHAR(200) NOT NULL DEFAULT '',
    ADD INDEX `films_title_idx` (`title`);
ALTER TABLE `films` ALTER COLUMN `title` DROP DEFAULT;
-- copies the rows of films
ALTER TABLE `films` ADD COLUMN `ashlar_search` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_as_ci GENERATED ALWAYS AS (replace(replace(concat_ws(char(31 using utf8mb4), `title`), '''', ' '), '_', ' ')) STORED COMMENT 'search (title d)',
    ADD FULLTEXT INDEX `films_ashlar_search_idx` (`ashlar_search`);

-- ## refer to each other
-- up:
CREATE TABLE `reviews` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `film_id` BIGINT NOT NULL,
    `stars` BIGINT NOT NULL,
    PRIMARY KEY (`id`),
    INDEX `reviews_film_id_fkey` (`film_id`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;
CREATE TABLE `films` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `title` VARCHAR(200) NOT NULL,
    `price` BIGINT NOT NULL DEFAULT 0,
    `rating` DOUBLE NULL,
    `best_id` BIGINT NULL,
    PRIMARY KEY (`id`),
    INDEX `films_title_idx` (`title`),
    INDEX `films_best_id_fkey` (`best_id`),
    CONSTRAINT `films_best_id_fkey` FOREIGN KEY (`best_id`) REFERENCES `reviews` (`id`),
    CONSTRAINT `films_price_check` CHECK (`price` >= 0)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;
ALTER TABLE `reviews` ADD CONSTRAINT `reviews_film_id_fkey` FOREIGN KEY (`film_id`) REFERENCES `films` (`id`) ON DELETE CASCADE;

-- down:
ALTER TABLE `reviews` DROP FOREIGN KEY `reviews_film_id_fkey`;
-- loses the rows of films
DROP TABLE `films`;
-- loses the rows of reviews
DROP TABLE `reviews`;

-- ## all types
-- up:
-- the primary key of all tells apart only the first 768 of slug
-- all_long_slug_key of all tells apart only the first 384 of long and 384 of slug
CREATE TABLE `all` (
    `slug` LONGTEXT NOT NULL,
    `short` VARCHAR(20) NOT NULL DEFAULT 'it''s \',
    `long` LONGTEXT NOT NULL,
    `n` BIGINT NOT NULL DEFAULT -1,
    `f` DOUBLE NOT NULL DEFAULT 1.5,
    `b` TINYINT(1) NOT NULL DEFAULT 1,
    `raw` LONGBLOB NOT NULL DEFAULT (X'00ff'),
    `at` DATETIME(6) NOT NULL DEFAULT '2026-01-31 11:00:00.000000',
    `extra` LONGTEXT NOT NULL DEFAULT ('{}'),
    PRIMARY KEY (`slug`(768)),
    INDEX `all_long_raw_n_idx` (`long`(383), `raw`(1532), `n`),
    UNIQUE INDEX `all_long_slug_key` (`long`(384), `slug`(384)),
    UNIQUE INDEX `all_short_n_key` (`short`, `n`),
    CONSTRAINT `all_long_text` CHECK (char_length(`long`) <= 5000),
    CONSTRAINT `all_b_bool` CHECK (`b` IN (0, 1)),
    CONSTRAINT `all_extra_json` CHECK (json_valid(`extra`))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin;

-- down:
-- loses the rows of all
DROP TABLE `all`;

-- ## times and integers
-- up:
ALTER TABLE `t` MODIFY COLUMN `a` VARCHAR(30) NOT NULL;
UPDATE `t` SET `a` = CAST(timestampdiff(MICROSECOND, '1970-01-01 00:00:00', `a`) AS CHAR);
ALTER TABLE `t` MODIFY COLUMN `b` VARCHAR(30) NULL;
UPDATE `t` SET `b` = CAST('1970-01-01 00:00:00.000000' + INTERVAL `b` MICROSECOND AS CHAR);
-- fails while a row has something in t.b that is no time
ALTER TABLE `t` MODIFY COLUMN `a` BIGINT NOT NULL,
    MODIFY COLUMN `b` DATETIME(6) NULL;

-- down:
ALTER TABLE `t` MODIFY COLUMN `b` VARCHAR(30) NULL;
UPDATE `t` SET `b` = CAST(timestampdiff(MICROSECOND, '1970-01-01 00:00:00', `b`) AS CHAR);
ALTER TABLE `t` MODIFY COLUMN `a` VARCHAR(30) NOT NULL;
UPDATE `t` SET `a` = CAST('1970-01-01 00:00:00.000000' + INTERVAL `a` MICROSECOND AS CHAR);
-- fails while a row has something in t.a that is no time
ALTER TABLE `t` MODIFY COLUMN `b` BIGINT NULL,
    MODIFY COLUMN `a` DATETIME(6) NOT NULL;

-- ## an index that a foreign key needs
-- up:
ALTER TABLE `reviews` DROP INDEX `reviews_film_id_stars_idx`,
    ADD INDEX `reviews_film_id_fkey` (`film_id`);

-- down:
ALTER TABLE `reviews` DROP INDEX `reviews_film_id_fkey`,
    ADD INDEX `reviews_film_id_stars_idx` (`film_id`, `stars`);

-- ## size of an indexed text
-- up:
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    MODIFY COLUMN `title` LONGTEXT NOT NULL,
    ADD INDEX `films_title_idx` (`title`(768));

-- down:
-- fails while a row has more than 200 characters in films.title
ALTER TABLE `films` DROP INDEX `films_title_idx`,
    MODIFY COLUMN `title` VARCHAR(200) NOT NULL,
    ADD INDEX `films_title_idx` (`title`);

-- ## rename a checked column
-- up:
ALTER TABLE `t` DROP CHECK `c`,
    DROP CHECK `t_a_bool`;
ALTER TABLE `t` RENAME COLUMN `a` TO `rank`;
ALTER TABLE `t` ADD CONSTRAINT `c` CHECK (char_length(`rank`) > 0),
    ADD CONSTRAINT `t_rank_bool` CHECK (`rank` IN (0, 1));

-- down:
ALTER TABLE `t` DROP CHECK `c`,
    DROP CHECK `t_rank_bool`;
ALTER TABLE `t` RENAME COLUMN `rank` TO `a`;
ALTER TABLE `t` ADD CONSTRAINT `c` CHECK (char_length(`a`) > 0),
    ADD CONSTRAINT `t_a_bool` CHECK (`a` IN (0, 1));

-- ## drop a checked column
-- up:
-- loses the values of t.b
ALTER TABLE `t` DROP CHECK `t_a_bool`,
    MODIFY COLUMN `a` BIGINT NOT NULL,
    DROP CHECK `t_b_json`,
    DROP COLUMN `b`;

-- down:
-- rows that are there get 'null' in t.b
-- fails while a row has something in t.a that is no bool
ALTER TABLE `t` ADD COLUMN `b` LONGTEXT NOT NULL DEFAULT ('null'),
    MODIFY COLUMN `a` TINYINT(1) NOT NULL,
    ADD CONSTRAINT `t_a_bool` CHECK (`a` IN (0, 1)),
    ADD CONSTRAINT `t_b_json` CHECK (json_valid(`b`));
ALTER TABLE `t` ALTER COLUMN `b` DROP DEFAULT;

