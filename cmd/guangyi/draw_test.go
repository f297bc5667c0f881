package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// guangyi runs the program in an empty folder with files in it.
func guangyi(t *testing.T, files map[string]string, args ...string) (status int, out, errs string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var o, e bytes.Buffer
	status = run(t.Context(), args, strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

type drawn struct {
	People        int
	Panel         int
	Feasible      *bool
	Minimum       float64
	Bound         float64
	Gap           float64
	Probabilities []struct {
		ID          string
		Probability float64
	}
	Panels    [][]string
	Seed      *string
	Index     *int `json:"selected_index"`
	Selected  []string
	Conflicts []map[string]any
}

func draw(t *testing.T, files map[string]string, args ...string) (int, drawn, string) {
	t.Helper()
	status, out, errs := guangyi(t, files, append([]string{"draw", "--categories", "quotas.csv", "--respondents", "people.csv"}, args...)...)
	var d drawn
	if out != "" {
		if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
	}
	return status, d, errs
}

// town is the pool of 200 of whom one is a conservative woman: a greedy draw
// gives her about one in a hundred, the fairest one in ten, as everybody.
func town() map[string]string {
	people := "gender,leaning\nfemale,conservative\n" + strings.Repeat("female,liberal\n", 99) + strings.Repeat("male,conservative\n", 99) + "male,liberal\n"
	return map[string]string{
		"quotas.csv": "category,feature,min,max\ngender,female,9,20\ngender,male,9,20\nleaning,liberal,9,20\nleaning,conservative,9,20\n",
		"people.csv": people,
	}
}

func TestDrawGivesEverybodyTheFairestChance(t *testing.T) {
	status, d, errs := draw(t, town(), "--panel", "20", "--seed", "472")
	if status != 0 {
		t.Fatal(errs)
	}
	if d.People != 200 || d.Panel != 20 || d.Feasible == nil || !*d.Feasible || math.Abs(d.Minimum-0.1) > 1e-6 || d.Gap > 1e-6 || math.Abs(d.Bound-d.Minimum-d.Gap) > 1e-12 {
		t.Errorf("%d people, panel %d, minimum %v, bound %v, gap %v", d.People, d.Panel, d.Minimum, d.Bound, d.Gap)
	}
	for i, p := range d.Probabilities {
		if p.ID != strconv.Itoa(i+1) || math.Abs(p.Probability-0.1) > 1e-6 {
			t.Fatalf("person %d: %+v", i+1, p)
		}
	}
	if len(d.Panels) != 1000 || d.Index == nil || *d.Seed != "472" || !slices.Equal(d.Selected, d.Panels[*d.Index]) {
		t.Error("the seed does not name one of 1,000 panels")
	}
}

func TestDrawPublishesPanelsThatNoSeedChanges(t *testing.T) {
	_, none, _ := draw(t, town(), "--panel", "20", "--panels", "100")
	if none.Seed != nil || none.Index != nil || none.Selected != nil {
		t.Error("something is selected without a seed")
	}
	_, one, _ := draw(t, town(), "--panel", "20", "--panels", "100", "--seed", "a")
	_, two, _ := draw(t, town(), "--panel", "20", "--panels", "100", "--seed", "b")
	_, again, _ := draw(t, town(), "--panel", "20", "--panels", "100", "--seed", "a")
	if !slices.EqualFunc(none.Panels, one.Panels, slices.Equal) || !slices.EqualFunc(one.Panels, two.Panels, slices.Equal) {
		t.Error("the panels depend on the seed")
	}
	if *one.Index != *again.Index || *one.Index == *two.Index {
		t.Errorf("the seed a names %d, then %d; b names %d", *one.Index, *again.Index, *two.Index)
	}
}

func TestDrawReadsDigitsAsTheNumberOfThePanel(t *testing.T) {
	_, d, errs := draw(t, town(), "--panel", "20", "--seed", "047", "--derivation", "digits")
	if d.Index == nil || *d.Index != 47 {
		t.Errorf("047 names %v: %s", d.Index, errs)
	}
	if status, _, _ := draw(t, town(), "--panel", "20", "--seed", "47", "--derivation", "digits"); status != exitUsage {
		t.Errorf("two digits name one of 1,000 panels: status %d", status)
	}
}

func TestDrawKeepsHouseholdsApart(t *testing.T) {
	files := map[string]string{
		"quotas.csv": "feature,value,min,max,min_flex,max_flex\nsex,w,1,2,0,3\nsex,m,1,2,0,3\n",
		"people.csv": "ref,sex,home\nann,w,a\nbob,m,a\ncid,m,b\ndot,w,b\neve,w,\nfay,w,\n",
	}
	status, d, errs := draw(t, files, "--panel", "3", "--id", "Ref", "--household", "home", "--panels", "60")
	if status != 0 {
		t.Fatal(errs)
	}
	for _, panel := range d.Panels {
		if slices.Contains(panel, "ann") && slices.Contains(panel, "bob") || slices.Contains(panel, "cid") && slices.Contains(panel, "dot") {
			t.Errorf("%v live together", panel)
		}
		if !slices.Contains(panel, "bob") && !slices.Contains(panel, "cid") {
			t.Errorf("%v has no man", panel)
		}
	}
}

func TestDrawExplainsWhatCannotBe(t *testing.T) {
	files := map[string]string{
		"quotas.csv": "category,feature,min,max\nsex,w,3,4\nsex,m,2,3\n",
		"people.csv": "sex\nw\nw\nm\nm\nm\n",
	}
	status, out, errs := guangyi(t, files, "draw", "--categories", "quotas.csv", "--respondents", "people.csv", "--panel", "4")
	want := `{"feasible":false,"conflicts":[{"category":"sex","feature":"w","min":3,"max":4,"relaxed_min":2,"relaxed_max":4}]}` + "\n"
	if status != exitFailed || out != want || errs == "" {
		t.Errorf("status %d\n%s%s", status, out, errs)
	}
	status, d, errs := draw(t, files, "--panel", "6")
	if status != exitFailed || d.Feasible == nil || *d.Feasible || !strings.Contains(errs, "6") {
		t.Errorf("six of five: status %d, %s", status, errs)
	}
}

func TestDrawSaysWhereAFileIsWrong(t *testing.T) {
	files := town()
	files["quotas.csv"] = "category,feature,min,max\ngender,female,nine,20\n"
	status, _, errs := draw(t, files, "--panel", "20")
	if status != exitFailed || !strings.Contains(errs, `quotas.csv, line 2, column 3 (min): "nine" is not a number of people`) {
		t.Errorf("status %d, %s", status, errs)
	}
}

func TestDrawRefusesAWrongCall(t *testing.T) {
	for _, args := range [][]string{
		{"--panel", "0"}, {"--panel", "-3"}, {"--panel", "x"}, {}, {"--panel", "20", "--panels", "0"}, {"--panel", "20", "--unknown"},
		{"--panel", "20", "--seed", "472", "--derivation", "dice"},
	} {
		if status, _, errs := draw(t, town(), args...); status != exitUsage || errs == "" {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
	}
}
