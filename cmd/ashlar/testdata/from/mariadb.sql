CREATE TABLE studios (id int unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(80) NOT NULL UNIQUE, homepage_url text);
CREATE TABLE films (
	id bigint AUTO_INCREMENT PRIMARY KEY,
	title varchar(200) NOT NULL,
	studio_id int unsigned NOT NULL,
	status varchar(20) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'gone')),
	mood enum('calm', 'very tense'),
	price decimal(10,2) NOT NULL DEFAULT 0 CHECK (price >= 0),
	seen boolean NOT NULL DEFAULT false,
	poster longblob,
	rating float,
	released date,
	created timestamp NOT NULL DEFAULT current_timestamp,
	extra json NOT NULL DEFAULT '{}',
	more json,
	run time,
	made year,
	place point,
	`odd column` int,
	length int AS (studio_id * 2) STORED,
	FOREIGN KEY (studio_id) REFERENCES studios (id) ON DELETE CASCADE,
	KEY name (title)
);
CREATE TABLE people (id char(36) PRIMARY KEY, Email varchar(100) NOT NULL UNIQUE, manager_id char(36), KEY name (email, manager_id),
	FOREIGN KEY (manager_id) REFERENCES people (id));
CREATE TABLE addresses (user_id char(36) NOT NULL REFERENCES people (id), kind varchar(20) NOT NULL, street text NOT NULL, PRIMARY KEY (user_id, kind));
CREATE TABLE deliveries (id bigint AUTO_INCREMENT PRIMARY KEY, user_id char(36) NOT NULL, kind varchar(20) NOT NULL,
	FOREIGN KEY (user_id, kind) REFERENCES addresses (user_id, kind));
CREATE TABLE passports (person_id char(36) PRIMARY KEY REFERENCES people (id) ON DELETE CASCADE, number text NOT NULL);
CREATE TABLE tags (id int AUTO_INCREMENT PRIMARY KEY, label text NOT NULL);
CREATE TABLE film_tags (film_id bigint NOT NULL REFERENCES films (id), tag_id int NOT NULL REFERENCES tags (id), PRIMARY KEY (film_id, tag_id));
CREATE TABLE Loud (id int PRIMARY KEY);
