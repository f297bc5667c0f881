package sheet

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJSONLines(t *testing.T) {
	content := "\ufeff{\"text\":\"第一\\n条\",\"n\":12.50,\"ok\":true,\"none\":null,\"list\":[{\"provision\":\"art-3\"}]}\r\n" +
		"\n{\"other\":\"key\"}"
	got, err := readAll(t, "in.jsonl", content, Limits{})
	want := outcome{Rows: []string{"1: 第一\n条|12.50|true||[{\"provision\":\"art-3\"}]", "3: key"}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
}

func TestARowKeepsItsJSON(t *testing.T) {
	r, err := NewReader(strings.NewReader(`{"b":"x","a":[1,2]}`), "", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	row, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(json.RawMessage("[1,2]"), row.RawValue("a")); diff != "" {
		t.Error(diff)
	}
	if value, ok := row.Get("c"); ok || value != "" || row.RawValue("c") != nil {
		t.Errorf("a key that is not there gives %q", value)
	}
	if fault := row.Fault("a", "unknown_channel"); fault.Line != 1 || fault.Column != 2 || fault.Name != "a" {
		t.Errorf("fault %+v", fault)
	}
}

func TestABadJSONLineIsReportedAndTheRestGoesIn(t *testing.T) {
	long := `{"a":"` + strings.Repeat("x", 300) + `"}`
	wide := `{"a":1,"b":2,"c":3,"d":4}`
	for name, c := range map[string]struct{ line, want string }{
		"broken off":         {`{"a":`, "line 1, column 5: not one JSON object"},
		"a comma too much":   {`{"a":"意见",}`, "line 1, column 11: not one JSON object"},
		"an array":           {`[1]`, "line 1, column 2: not one JSON object"},
		"two objects":        {`{"a":1}{"a":2}`, "line 1, column 8: not one JSON object"},
		"a key twice":        {`{"a":1,"a":2}`, "line 1, column 2 (a): the column name occurs twice"},
		"NUL":                {`{"a":"x\u0000"}`, "line 1, column 1 (a): a NUL character"},
		"NUL further down":   {`{"a":["\u0000"]}`, "line 1, column 1 (a): a NUL character"},
		"half a pair":        {`{"b":1,"a":"\ud83d"}`, "line 1, column 2 (a): bytes that are not text"},
		"bytes, not text":    {"{\"a\":\"中中中中\xff\"}", "line 1, column 11: bytes that are not text"},
		"longer than a row":  {long, "line 1, column 1: the row is too long"},
		"more keys than may": {wide, "line 1, column 5 (d): more cells than column names"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := readAll(t, "in.jsonl", c.line+"\n{\"a\":\"next\"}\n", Limits{RowBytes: 200, Columns: 3})
			want := outcome{[]string{"2: next"}, []string{c.want}}
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
			}
		})
	}
}

func FuzzJSONL(f *testing.F) {
	for _, seed := range []string{`{"a":1}`, "{\"a\":\"\\ud800\"}\n{", "\xff\n{}\n", `{"a":[{}],"b":null}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { exercise(t, "in.jsonl", string(content)) })
}
