package drawfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guangyi/internal/sortition"
	"guangyi/internal/sortition/drawfile"
)

// files writes both files and returns their paths.
func files(t *testing.T, quotas, people string) (string, string) {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{"quotas.csv": quotas, "people.csv": people} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, "quotas.csv"), filepath.Join(folder, "people.csv")
}

const (
	quotas = "category,feature,min,max\ngender,female,1,2\ngender,male,1,2\n"
	people = "gender,name\nfemale,A\nmale,B\nfemale,C\n"
)

var pool = sortition.Pool{
	Categories: []string{"gender"},
	Quotas:     []sortition.Quota{{Category: "gender", Feature: "female", Min: 1, Max: 2}, {Category: "gender", Feature: "male", Min: 1, Max: 2}},
	People:     []sortition.Person{{ID: "1", Features: []string{"female"}}, {ID: "2", Features: []string{"male"}}, {ID: "3", Features: []string{"female"}}},
}

func TestReadTakesWhatPractitionersExchange(t *testing.T) {
	for name, tc := range map[string]struct{ quotas, people string }{
		"category, feature":     {quotas, people},
		"feature, value":        {"feature,value,min,max\ngender,female,1,2\ngender,male,1,2\n", people},
		"flex columns":          {"feature,value,min,max,min_flex,max_flex\ngender,female,1,2,0,3\ngender,male,1,2,0,3\n", people},
		"category, value":       {"category,value,min,max\ngender,female,1,2\ngender,male,1,2\n", people},
		"mark and CRLF":         {"\ufeff" + strings.ReplaceAll(quotas, "\n", "\r\n"), "\ufeff" + strings.ReplaceAll(people, "\n", "\r\n")},
		"no line feed at end":   {strings.TrimSuffix(quotas, "\n"), strings.TrimSuffix(people, "\n")},
		"other case and spaces": {"Category, Feature ,MIN,Max\ngender,female, 1 ,2\ngender,male,1,2.0\n", "Name, Gender \nA, Female\nB,MALE\nC,fe male\n"},
		"blank lines":           {quotas + "\n\n", people + "\n"},
	} {
		q, p := files(t, tc.quotas, tc.people)
		got, warnings, err := drawfile.Read(q, p, drawfile.Names{})
		if err != nil || len(warnings) > 0 {
			t.Errorf("%s: %v %v", name, warnings, err)
			continue
		}
		if diff := cmp.Diff(pool, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadKnowsPeopleAndHouseholds(t *testing.T) {
	q, p := files(t, quotas, "Ref,gender,street,zip\nx1,female,Main 1,10\nx2,male,main  1,10\nx3,female,,\nx4,male,Main 1,11\n")
	got, _, err := drawfile.Read(q, p, drawfile.Names{ID: "ref", Household: []string{"street", "zip"}})
	if err != nil {
		t.Fatal(err)
	}
	at := got.People
	if at[0].ID != "x1" || at[0].Household == "" || at[0].Household != at[1].Household {
		t.Errorf("x1 and x2 live together: %+v", at)
	}
	if at[2].Household != "" || at[3].Household == at[0].Household {
		t.Errorf("x3 lives alone, x4 elsewhere: %+v", at)
	}
}

func TestReadWarnsOfWhatNoQuotaCounts(t *testing.T) {
	q, p := files(t, quotas, people+"femal,D\nfemal,E\n")
	got, warnings, err := drawfile.Read(q, p, drawfile.Names{})
	if err != nil || len(got.People) != 5 {
		t.Fatal(err)
	}
	if len(warnings) != 1 || warnings[0].Error() != `people.csv, line 5, column 1 (gender): no quota counts "femal", here and in later rows` {
		t.Errorf("%v", warnings)
	}
}

func TestReadSaysFileLineAndColumn(t *testing.T) {
	for name, tc := range map[string]struct {
		quotas, people, id, want string
	}{
		"no number":          {"category,feature,min,max\ngender,female,one,2\n", people, "", `quotas.csv, line 2, column 3 (min): "one" is not a number of people`},
		"half a person":      {"category,feature,min,max\ngender,female,1,2.5\n", people, "", `quotas.csv, line 2, column 4 (max): "2.5" is not a number of people`},
		"negative":           {"category,feature,min,max\ngender,female,-1,2\n", people, "", `quotas.csv, line 2, column 3 (min): "-1" is not a number of people`},
		"most below least":   {"category,feature,min,max\ngender,female,3,2\n", people, "", `quotas.csv, line 2, column 4 (max): the most, 2, is below the least, 3`},
		"quota twice":        {quotas + "gender,female,0,2\n", people, "", `quotas.csv, line 4, column 2 (feature): gender, female has a quota in line 2 already`},
		"no feature":         {quotas + "gender,,0,2\n", people, "", `quotas.csv, line 4, column 2 (feature): the feature is missing`},
		"other columns":      {"a,b,c,d\ngender,female,1,2\n", people, "", `quotas.csv, line 1: the columns must be category, feature, min, max or feature, value, min, max; they are a, b, c, d`},
		"no max":             {"category,feature,min\ngender,female,1\n", people, "", `quotas.csv, line 1: there is no column "max"; the columns are category, feature, min`},
		"no quotas":          {"category,feature,min,max\n", people, "", `quotas.csv: there is no quota in it`},
		"empty file":         {"", people, "", `quotas.csv: the file is empty`},
		"column missing":     {quotas, "sex\nfemale\n", "", `people.csv, line 1: there is no column "gender"; the columns are sex`},
		"column ambiguous":   {quotas, "Gender,GENDER\nfemale,male\n", "", `people.csv, line 1, column 2 (GENDER): this and column 1 could both be "gender"`},
		"no id column":       {quotas, people, "ref", `people.csv, line 1: there is no column "ref"; the columns are gender, name`},
		"id missing":         {quotas, "gender,ref\nfemale,1\nmale,\n", "ref", `people.csv, line 3, column 2 (ref): the id is missing`},
		"id twice":           {quotas, "gender,ref\nfemale,1\nmale,1\n", "ref", `people.csv, line 3, column 2 (ref): the id "1" stands in line 2 already`},
		"nobody":             {quotas, "gender\n", "", `people.csv: there is nobody in it`},
		"quotation not shut": {quotas, "gender\n\"female\n", "", `people.csv, line 2, column 1 (gender): a quotation mark is not closed, or text follows the closing one`},
	} {
		q, p := files(t, tc.quotas, tc.people)
		_, _, err := drawfile.Read(q, p, drawfile.Names{ID: tc.id})
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s:\n got %v\nwant %s", name, err, tc.want)
		}
	}
	if _, _, err := drawfile.Read("nowhere.csv", "nowhere.csv", drawfile.Names{}); err == nil || !strings.Contains(err.Error(), "nowhere.csv") {
		t.Errorf("a missing file: %v", err)
	}
}

// Whatever the bytes, reading ends with a pool in good order or an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte(quotas), []byte(people))
	f.Add([]byte("feature,value,min,max,min_flex,max_flex\na,\"b\",0,1e3,,\n"), []byte("\ufeffa\r\nb\r\n"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		q, p := files(t, string(a), string(b))
		got, _, err := drawfile.Read(q, p, drawfile.Names{})
		if err != nil {
			return
		}
		got.Panel = 1
		if err := got.Check(); err != nil {
			t.Error(err)
		}
	})
}
