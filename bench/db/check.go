package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// check compares what a store reads with what was put into its database: who
// reads less, or something else, is not measured.
func check(ctx context.Context, s store) error {
	seeded := makeFilms(filmCount)
	for i, f := range seeded {
		f.ID = int64(i + 1)
	}
	for _, id := range []int64{1, 2, 4, filmCount} {
		got, err := s.get(ctx, id)
		if err != nil {
			return fmt.Errorf("get film %d: %w", id, err)
		}
		if err := same(got.film(), seeded[id-1]); err != nil {
			return fmt.Errorf("get film %d: %w", id, err)
		}
	}
	if err := checkLists(ctx, s, seeded); err != nil {
		return err
	}
	stock, err := s.stock(ctx)
	if err != nil {
		return fmt.Errorf("stock: %w", err)
	}
	if len(stock) != len(genres) || stock[0] != (Stock{"Comedy", filmCount / 5, 1250}) {
		return fmt.Errorf("stock: got %v", stock)
	}
	fortunes, err := s.fortunes(ctx)
	if err != nil || len(fortunes) != len(makeFortunes()) {
		return fmt.Errorf("fortunes: got %d, %v", len(fortunes), err)
	}
	return checkWorlds(ctx, s)
}

// checkLists compares lists without and with relations.
func checkLists(ctx context.Context, s store, seeded []*Film) error {
	const genre = "Drama"
	var want []*Film
	for _, f := range slices.Backward(seeded) {
		if f.Genre == genre && len(want) < 100 {
			want = append(want, f)
		}
	}
	got, err := s.list(ctx, genre)
	if err == nil {
		err = same(got.films(), want)
	}
	if err != nil {
		return fmt.Errorf("list: %w", err)
	}
	studios, reviews := makeStudios(), makeReviews()
	for i, r := range reviews {
		r.ID = int64(i + 1)
	}
	for i, st := range studios {
		st.ID = int64(i + 1)
	}
	for _, f := range want {
		f.Studio = studios[f.StudioID-1]
		f.Reviews = reviews[(f.ID-1)*perFilm:][:perFilm]
	}
	got, err = s.related(ctx, genre)
	if err == nil {
		err = same(got.films(), want)
	}
	if err != nil {
		return fmt.Errorf("list with relations: %w", err)
	}
	return nil
}

// checkWorlds compares rows before and after a change.
func checkWorlds(ctx context.Context, s store) error {
	ids := []int64{2, 3, 5000}
	var want []World
	for _, id := range ids {
		want = append(want, World{id, makeWorlds()[id-1].RandomNumber})
	}
	got, err := s.worlds(ctx, ids)
	if err == nil {
		err = sameJSON(got, want)
	}
	if err != nil {
		return fmt.Errorf("worlds: %w", err)
	}
	for i := range want {
		want[i].RandomNumber = follow(want[i].RandomNumber)
	}
	got, err = s.change(ctx, ids)
	if err == nil {
		err = sameJSON(got, want)
	}
	if err != nil {
		return fmt.Errorf("change: %w", err)
	}
	w, err := s.world(ctx, 5000)
	if err == nil {
		err = sameJSON(w, want[2])
	}
	if err != nil {
		return fmt.Errorf("world after a change: %w", err)
	}
	return nil
}

// checkSite asks for all pages.
func checkSite(c *client) error {
	get := func(path string) (string, error) {
		err := c.ask(requestFor(path))
		return string(c.body), err
	}
	var one World
	text, err := get("/world")
	if err == nil {
		err = json.Unmarshal([]byte(text), &one)
	}
	if err != nil || one.ID == 0 || one.RandomNumber == 0 {
		return fmt.Errorf("/world: got %q, %v", text, err)
	}
	for _, path := range []string{"/queries", "/updates"} {
		var list []World
		text, err := get(path)
		if err == nil {
			err = json.Unmarshal([]byte(text), &list)
		}
		if err != nil || len(list) != many || list[many-1].RandomNumber == 0 || list[0].ID == list[1].ID {
			return fmt.Errorf("%s: got %q, %v", path, text, err)
		}
	}
	text, err = get("/fortunes")
	if err != nil || strings.Count(text, "<tr>") != len(makeFortunes())+2 || !strings.Contains(text, "&lt;script&gt;") ||
		!strings.Contains(text, "<td>0</td><td>Added while") || !strings.Contains(text, "フレームワーク") {
		return fmt.Errorf("/fortunes: got %q, %v", text, err)
	}
	return nil
}

func same[T any](got, want T) error {
	if reflect.DeepEqual(got, want) {
		return nil
	}
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	return fmt.Errorf("got %.400s, want %.400s", g, w)
}

func sameJSON(got, want any) error {
	g, err := json.Marshal(got)
	if err != nil {
		return err
	}
	w, err := json.Marshal(want)
	if err != nil {
		return err
	}
	if string(g) != string(w) {
		return fmt.Errorf("got %s, want %s", g, w)
	}
	return nil
}
