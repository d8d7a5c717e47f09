CREATE TABLE "quo""te" ("a""b" INTEGER PRIMARY KEY, x TEXT);
CREATE TABLE [br ack] ("id" INTEGER PRIMARY KEY, 'single' TEXT, [sq] TEXT, `bt` TEXT);
CREATE TABLE mixed ('id' INTEGER PRIMARY KEY, [Ünï] TEXT, `select` TEXT CHECK(`select` <> ''), "日本" TEXT NOT NULL, "check" TEXT,
	"primary" INTEGER REFERENCES [br ack], "constraint" INTEGER, computed INTEGER AS (id + 1));
CREATE TABLE nokey (a);
CREATE TABLE copied AS SELECT 1 AS a, 2 AS "b c";
CREATE TABLE func ("type" TEXT PRIMARY KEY, "range" INT, "go" ANY, "a
b" TEXT, MixedCase TEXT UNIQUE, nowhere INT REFERENCES nowhere (id), at TIME, "insert" TEXT DEFAULT 'a,b''`"') WITHOUT ROWID;
CREATE TABLE funcs (id INT PRIMARY KEY, func TEXT REFERENCES func, other TEXT UNIQUE REFERENCES func);
