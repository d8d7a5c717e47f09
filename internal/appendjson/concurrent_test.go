package appendjson_test

import (
	"encoding/json"
	"reflect"
	"sync"
	"testing"

	"github.com/ashlar-go/ashlar/internal/appendjson"
)

// Many goroutines meet the same recursive types for the first time, each at
// another end. None may see a plan that is not complete.
func TestConcurrentPlans(t *testing.T) {
	t.Parallel()
	type row struct {
		N    int
		Ping *ping
		Node *node
		At   []film
	}
	values := []any{
		&node{Name: "a", Next: &node{Name: "b"}, Kids: []node{{More: map[string]*node{"m": {}}}}}, []node{{}}, map[string]*node{"n": {Name: "x"}},
		ping{&pong{[]ping{{}}, 1}}, []ping{{&pong{}}}, &pong{}, row{Ping: &ping{}}, []*row{{Node: &node{}}, nil}, tree{{}}, forest{"f": {}},
		films(2), &embeddings{Other: &Other{}}, []any{&node{}, ping{}, row{}},
	}
	want := make([]string, len(values))
	for i, v := range values {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		want[i] = string(b)
	}
	for range 30 {
		var enc appendjson.Encoder
		var wg sync.WaitGroup
		start := make(chan struct{})
		for g := range 32 {
			wg.Go(func() {
				<-start
				for i := range values {
					i = (i + g) % len(values)
					if got, err := enc.Append(nil, values[i]); err != nil || string(got) != want[i] {
						t.Errorf("%T: got %s, error %v, want %s", values[i], got, err, want[i])
					}
				}
			})
		}
		close(start)
		wg.Wait()
	}
}

// Two encoders share nothing.
func TestConcurrentMadeTypes(t *testing.T) {
	t.Parallel()
	var encoders [2]appendjson.Encoder
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Go(func() {
			typ := reflect.StructOf([]reflect.StructField{field("N", (*node)(nil), `json:"n"`), field("C", ping{}, "")})
			got, err := encoders[g%2].Append(nil, reflect.Zero(typ).Interface())
			if err != nil || string(got) != `{"n":null,"C":{"Pong":null}}` {
				t.Errorf("got %s, error %v", got, err)
			}
		})
	}
	wg.Wait()
}
