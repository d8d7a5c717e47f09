package appendjson_test

import (
	"encoding/json"
	"testing"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

type (
	node struct {
		Name string            `json:"name"`
		Next *node             `json:"next,omitempty"`
		Kids []node            `json:"kids,omitempty"`
		More map[string]*node  `json:"more,omitempty"`
		Any  any               `json:"any,omitempty"`
		Arr  [1]map[string]any `json:"arr,omitzero"`
	}
	tree   []tree
	forest map[string]forest
	chain  *chain
	ping   struct{ Pong *pong }
	pong   struct {
		Ping []ping
		N    int
	}
)

func TestRecursiveTypes(t *testing.T) {
	t.Parallel()
	var end chain
	run(t, []group{{"types", []any{
		node{}, node{Name: "<", Next: &node{}, Kids: []node{{Name: "k"}}, More: map[string]*node{"nil": nil, "m": {}}, Any: &node{Name: "any"}},
		tree{}, tree{{}, nil, {{}}}, forest{"a": nil, "b": {"c": {}}}, chain(&end), ping{&pong{[]ping{{}, {&pong{nil, 1}}}, 2}}, (*ping)(nil),
	}}})
}

// From level 1000 on, encoding/json looks for cycles; whatever is before, at
// and after that must not differ.
func TestDepth(t *testing.T) {
	t.Parallel()
	var enc appendjson.Encoder
	for _, depth := range []int{1, 498, 499, 500, 501, 998, 999, 1000, 1001, 1002, 1500} {
		var list *node
		var lists tree
		maps := forest{}
		var anything any = "end"
		for range depth {
			list = &node{Next: list}
			lists = tree{lists}
			maps = forest{"k": maps}
			anything = []any{anything}
		}
		for _, v := range []any{list, lists, maps, anything, map[string]any{"a": list, "b": lists}} {
			same(t, &enc, v)
		}
	}
}

func TestCycles(t *testing.T) {
	t.Parallel()
	var enc appendjson.Encoder
	loop := &node{Name: "loop"}
	loop.Next = loop
	inMap := map[string]any{}
	inMap["self"] = inMap
	inSlice := []any{nil}
	inSlice[0] = inSlice
	kids := &node{Kids: make([]node, 1)}
	kids.Kids[0].Next = kids
	named := forest{}
	named["self"] = named
	var through any
	through = &through
	withError := &node{Name: "first", Any: []any{make(chan int)}}
	withError.Next = withError
	for _, v := range []any{loop, inMap, inSlice, kids, named, through, withError, map[string]any{"a": 1, "b": loop}} {
		dst := []byte("as it was")
		got, gotErr := enc.Append(dst, v)
		_, wantErr := json.Marshal(v)
		if wantErr == nil {
			t.Fatalf("%T: encoding/json found no cycle", v)
		}
		if string(got) != "as it was" {
			t.Errorf("%T: got %.50q, want dst as it was", v, got)
		}
		if problem := errorsDiffer(gotErr, wantErr); problem != "" {
			t.Errorf("%T: %s", v, problem)
		}
	}
}

// The same pointer twice is no cycle.
func TestSharedPointers(t *testing.T) {
	t.Parallel()
	var enc appendjson.Encoder
	shared := &node{Name: "shared"}
	same(t, &enc, &node{Next: shared, More: map[string]*node{"a": shared, "b": shared}, Any: []any{shared, shared}})
}

func TestErrorLeavesDst(t *testing.T) {
	t.Parallel()
	var enc appendjson.Encoder
	for _, v := range []any{make(chan int), []any{"written before the error", func() {}}, jsonValue{"fail"}, jsonValue{"["}} {
		for _, spare := range []int{0, 100} {
			dst := append(make([]byte, 0, 3+spare), "abc"...)
			got, err := enc.Append(dst, v)
			if err == nil {
				t.Fatalf("%T: got no error", v)
			}
			if string(got) != "abc" || cap(got) != cap(dst) {
				t.Errorf("%T: got %q with room for %d, want dst as it was", v, got, cap(got))
			}
		}
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	var enc appendjson.Encoder
	room := append(make([]byte, 0, 64), "data: "...)
	got, err := enc.Append(room, []int{1, 2})
	if err != nil || string(got) != "data: [1,2]" || &got[0] != &room[0] {
		t.Errorf("got %q, error %v, in a new array: %t; want it in the room that there was", got, err, &got[0] != &room[0])
	}
	got, err = enc.Append(nil, nil)
	if err != nil || string(got) != "null" {
		t.Errorf("got %q, error %v, want null", got, err)
	}
}
