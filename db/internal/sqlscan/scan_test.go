package sqlscan_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ashlar-go/ashlar/db/internal/sqlscan"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ sql, want string }{
		{`price >= 0`, `2:price 7:>= 6:0`},
		{`"or""der"<>'it''s'`, `3:"or""der" 7:<> 4:'it''s'`},
		{"[a b] `c` x'0F' X'', 1.5e-3 .5 0xfe 0x1e-5", "3:[a b] 3:`c` 5:x'0F' 5:X'' 7:, 6:1.5e-3 6:.5 6:0xfe 6:0x1e 7:- 6:5"},
		{"a -- b '\nc /* ' -- */d", "2:a 2:c 2:d"},
		{`a->>'$.b'||c`, `2:a 7:->> 4:'$.b' 7:|| 2:c`},
		{`größe $1 ?`, `2:größe 2:$1 7:?`},
		{`E'it\'s ''; \\' e'' he'y'`, `4:E'it\'s ''; \\' 4:e'' 2:he 4:'y'`},
		{`$$ a; 'b $$ $t_1$ $$; $t_1$ x$$y $2$`, `4:$$ a; 'b $$ 4:$t_1$ $$; $t_1$ 2:x$$y 2:$2$`},
		{``, ``},
	} {
		list, err := sqlscan.Tokens(test.sql)
		if err != nil {
			t.Errorf("Tokens(%q): %v", test.sql, err)
		}
		var got []string
		for _, tok := range list {
			got = append(got, fmt.Sprintf("%d:%s", tok.Kind, tok.Text))
		}
		if s := strings.Join(got, " "); s != test.want {
			t.Errorf("Tokens(%q)\n got %s\nwant %s", test.sql, s, test.want)
		}
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	list, err := sqlscan.Tokens("\"or\"\"der\" [a b] `x``y` 'it''s' Word E'it\\'s \\\\ ''' $a$b;$a$ $$$$")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, tok := range list {
		got = append(got, tok.Value())
	}
	want := []string{`or"der`, "a b", "x`y", "it's", "Word", `it's \ '`, "b;", ""}
	if !slices.Equal(got, want) {
		t.Errorf("values: got %q, want %q", got, want)
	}
}

func TestOpenEnds(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"a\nb 'c\n":   "line 2: string has no closing '",
		"x'0":         "line 1: string has no closing '",
		"\n\n\"a":     `line 3: name has no closing "`,
		"`a":          "line 1: name has no closing `",
		"E'a\\'":      "line 1: string has no closing '",
		"a\n$b$ $$":   "line 2: string has no closing $b$",
		"[a":          "line 1: name [ has no ]",
		"a /* b\nc *": "line 1: comment /* has no */",
	} {
		_, err := sqlscan.Split(sql, 1)
		var scan *sqlscan.Error
		if !errors.As(err, &scan) || err.Error() != want {
			t.Errorf("Split(%q): got error %v, want %s", sql, err, want)
		}
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	trigger := "CREATE TEMP TRIGGER t AFTER UPDATE OF \"begin\" ON f BEGIN\n" +
		"  UPDATE f SET a = CASE WHEN b THEN ';' ELSE 2 END; -- ; END\n  SELECT 1;\nEND"
	for _, test := range []struct {
		name, sql string
		want      []string
	}{
		{"empty", " ;; -- nothing\n/* ; */;", nil},
		{"plain", "SELECT 1; select 2", []string{"1 SELECT SELECT 1", "1 SELECT select 2"}},
		{"strings and comments", "INSERT INTO a VALUES (';--', \";\"); -- ;\n/* ; */ DELETE FROM a /* ; */ WHERE b\n= 1;",
			[]string{`1 INSERT INSERT INTO a VALUES (';--', ";")`, "2 DELETE DELETE FROM a /* ; */ WHERE b\n= 1"}},
		{"trigger", trigger + ";\nDROP TABLE f;", []string{"1 CREATE " + trigger, "5 DROP DROP TABLE f"}},
		{"trigger with a word before", "CREATE TRIGGER IF NOT EXISTS x DELETE ON f WHEN CASE WHEN 1 THEN 1 END BEGIN SELECT 1; END; SELECT 2",
			[]string{"1 CREATE CREATE TRIGGER IF NOT EXISTS x DELETE ON f WHEN CASE WHEN 1 THEN 1 END BEGIN SELECT 1; END", "1 SELECT SELECT 2"}},
		{"case is no block elsewhere", "SELECT CASE WHEN 1 THEN 2 END; SELECT 3", []string{"1 SELECT SELECT CASE WHEN 1 THEN 2 END", "1 SELECT SELECT 3"}},
		{"begin is a statement elsewhere", "BEGIN; END", []string{"1 BEGIN BEGIN", "1 END END"}},
	} {
		list, err := sqlscan.Split(test.sql, 1)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		}
		var got []string
		for _, s := range list {
			got = append(got, fmt.Sprintf("%d %s %s", s.Line, s.Verb, s.Text))
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
	if _, err := sqlscan.Split("SELECT 1;\nCREATE TRIGGER t DELETE ON f BEGIN SELECT 1;", 8); err == nil || err.Error() != "line 9: trigger has no END" {
		t.Errorf("open trigger: got error %v, want line 9: trigger has no END", err)
	}
}

// FuzzSplit proves that nothing is lost or made up: the tokens are the text,
// and statements joined with semicolons split into themselves again.
func FuzzSplit(f *testing.F) {
	f.Add("CREATE TRIGGER t BEGIN SELECT CASE 1 END; END; SELECT ';' -- x\n; [a]; 1e+5 x'' /* */")
	f.Fuzz(func(t *testing.T, sql string) {
		var all strings.Builder
		var failed error
		for s := sqlscan.New(sql, 1); ; {
			tok, ok, err := s.Next()
			if !ok {
				failed = err
				break
			}
			all.WriteString(tok.Text)
		}
		if failed == nil && all.String() != sql {
			t.Fatalf("tokens: got %q, want %q", all.String(), sql)
		}
		list, err := sqlscan.Split(sql, 1)
		if err != nil {
			return
		}
		var texts []string
		for _, s := range list {
			texts = append(texts, s.Text)
		}
		again, err := sqlscan.Split(strings.Join(texts, "\n;\n"), 1)
		if err != nil {
			t.Fatalf("split again: %v", err)
		}
		if len(again) != len(list) {
			t.Fatalf("split again: got %d statements, want %d", len(again), len(list))
		}
		for i := range again {
			if again[i].Text != list[i].Text {
				t.Errorf("statement %d: got %q, want %q", i, again[i].Text, list[i].Text)
			}
		}
	})
}
