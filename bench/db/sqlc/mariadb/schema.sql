CREATE TABLE `studios` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `name` VARCHAR(100) NOT NULL,
    `country` VARCHAR(40) NOT NULL,
    PRIMARY KEY (`id`)
) ENGINE = InnoDB;

CREATE TABLE `films` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `title` VARCHAR(200) NOT NULL,
    `genre` VARCHAR(40) NOT NULL,
    `director` VARCHAR(200) NULL,
    `price` BIGINT NOT NULL,
    `rating` DOUBLE NULL,
    `in_shop` TINYINT(1) NOT NULL CHECK (`in_shop` IN (0, 1)),
    `added` BIGINT NOT NULL,
    `studio_id` BIGINT NOT NULL,
    PRIMARY KEY (`id`),
    INDEX `films_genre_idx` (`genre`),
    INDEX `films_studio_id_idx` (`studio_id`),
    CONSTRAINT `films_studio_id_fkey` FOREIGN KEY (`studio_id`) REFERENCES `studios` (`id`),
    CONSTRAINT `films_price_check` CHECK (`price` >= 0)
) ENGINE = InnoDB;

CREATE TABLE `fortunes` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `message` VARCHAR(200) NOT NULL,
    PRIMARY KEY (`id`)
) ENGINE = InnoDB;

CREATE TABLE `reviews` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `film_id` BIGINT NOT NULL,
    `author` VARCHAR(100) NOT NULL,
    `stars` BIGINT NOT NULL,
    `body` LONGTEXT NOT NULL CHECK (char_length(`body`) <= 2000),
    PRIMARY KEY (`id`),
    INDEX `reviews_film_id_idx` (`film_id`)
) ENGINE = InnoDB;

CREATE TABLE `worlds` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `random_number` BIGINT NOT NULL,
    PRIMARY KEY (`id`)
) ENGINE = InnoDB;
