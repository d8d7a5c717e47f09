// App works with the models that ashlar generate --from wrote for the
// databases of the test beside it.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/ashlar-go/ashlar/cmd/ashlar/testdata/from/mariadb"
	"github.com/ashlar-go/ashlar/cmd/ashlar/testdata/from/postgres"
	"github.com/ashlar-go/ashlar/cmd/ashlar/testdata/from/sqlite"
	"github.com/ashlar-go/ashlar/db"
	mariadbdriver "github.com/ashlar-go/ashlar/db/mariadb"
	postgresdriver "github.com/ashlar-go/ashlar/db/postgres"
	sqlitedriver "github.com/ashlar-go/ashlar/db/sqlite"
)

func main() {
	d, err := db.Open(db.Config{URL: os.Args[1]}, sqlitedriver.Driver, postgresdriver.Driver, mariadbdriver.Driver)
	check(err)
	ctx := db.NewContext(context.Background(), d)
	engine, _, _ := strings.Cut(os.Args[1], ":")
	map[string]func(context.Context){"sqlite": onSQLite, "postgres": onPostgres, "mariadb": onMariaDB}[engine](ctx)
	check(d.Close())
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func tell(title, studio, tag string, films int, gone int64) {
	fmt.Printf("%s by %s, tagged [%s], in its studio's list: %d; gone: %d\n", title, studio, tag, films, gone)
}

func onSQLite(ctx context.Context) {
	studio := &sqlite.Studio{Name: "Shochiku"}
	check(sqlite.Studios.Insert(ctx, studio))
	film := &sqlite.Film{Title: "Tokyo Story", StudioID: studio.ID, Status: sqlite.FilmStatusGone}
	check(sqlite.Films.Insert(ctx, film))
	tag := &sqlite.Tag{Label: "drama"}
	check(sqlite.Tags.Insert(ctx, tag))
	check(sqlite.FilmTags.Insert(ctx, &sqlite.FilmTag{FilmID: film.ID, TagID: tag.TagID}))
	check(sqlite.Persons.Insert(ctx, &sqlite.Person{Email: "ozu@example.com"}))

	films, err := sqlite.Films.Where(sqlite.Films.Studio().Name.Eq("Shochiku")).With(sqlite.Films.Studio(), sqlite.Films.Tags()).All(ctx)
	check(err)
	one, err := sqlite.Studios.Where().With(sqlite.Studios.FilmsByStudio()).First(ctx)
	check(err)
	gone, err := sqlite.Films.Where(sqlite.Films.Status.Eq(sqlite.FilmStatusGone)).Count(ctx)
	check(err)
	tell(films[0].Title, films[0].Studio.Name, films[0].Tags[0].Label, len(one.FilmsByStudio), gone)
}

func onPostgres(ctx context.Context) {
	studio := &postgres.Studio{Name: "Shochiku"}
	check(postgres.Studios.Insert(ctx, studio))
	film := &postgres.Film{Title: "Tokyo Story", StudioID: studio.ID, Status: postgres.FilmStatusGone, Price: "4.50", Mood: new(postgres.FilmMoodCalm)}
	check(postgres.Films.Insert(ctx, film))
	tag := &postgres.Tag{Label: "drama"}
	check(postgres.Tags.Insert(ctx, tag))
	check(postgres.FilmTags.Insert(ctx, &postgres.FilmTag{FilmID: film.ID, TagID: tag.ID}))
	check(postgres.Persons.Insert(ctx, &postgres.Person{ID: "0198c1de-0000-7000-8000-000000000001", Email: "ozu@example.com"}))

	films, err := postgres.Films.Where(postgres.Films.Studio().Name.Eq("Shochiku")).With(postgres.Films.Studio(), postgres.Films.Tags()).All(ctx)
	check(err)
	one, err := postgres.Studios.Where().With(postgres.Studios.Films()).First(ctx)
	check(err)
	gone, err := postgres.Films.Where(postgres.Films.Status.Eq(postgres.FilmStatusGone)).Count(ctx)
	check(err)
	tell(films[0].Title, films[0].Studio.Name, films[0].Tags[0].Label, len(one.Films), gone)
}

func onMariaDB(ctx context.Context) {
	studio := &mariadb.Studio{Name: "Shochiku"}
	check(mariadb.Studios.Insert(ctx, studio))
	film := &mariadb.Film{Title: "Tokyo Story", StudioID: studio.ID, Status: mariadb.FilmStatusGone, Price: "4.50", Mood: new(mariadb.FilmMoodVeryTense), Created: time.Unix(1_700_000_000, 0)}
	check(mariadb.Films.Insert(ctx, film))
	tag := &mariadb.Tag{Label: "drama"}
	check(mariadb.Tags.Insert(ctx, tag))
	check(mariadb.FilmTags.Insert(ctx, &mariadb.FilmTag{FilmID: film.ID, TagID: tag.ID}))
	check(mariadb.Persons.Insert(ctx, &mariadb.Person{ID: "0198c1de-0000-7000-8000-000000000001", Email: "ozu@example.com"}))

	films, err := mariadb.Films.Where(mariadb.Films.Studio().Name.Eq("Shochiku")).With(mariadb.Films.Studio(), mariadb.Films.Tags()).All(ctx)
	check(err)
	one, err := mariadb.Studios.Where().With(mariadb.Studios.Films()).First(ctx)
	check(err)
	gone, err := mariadb.Films.Where(mariadb.Films.Status.Eq(mariadb.FilmStatusGone)).Count(ctx)
	check(err)
	tell(films[0].Title, films[0].Studio.Name, films[0].Tags[0].Label, len(one.Films), gone)
}
