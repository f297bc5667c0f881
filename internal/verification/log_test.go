package verification_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/verification"
)

// world is a log with one published summary, made here from the documented form
// alone, so that it can be tampered with before it is signed or after.
type world struct {
	signers     []note.Signer
	keys        string
	leaves      [][]byte
	sizes       []int // at which a checkpoint is signed
	checkpoints []string
	hashes      []string // leaf hashes of the submissions
	summary     map[string]any
	account     string
	published   time.Time
	wait        time.Duration // after the publication, at which it is checked
}

func leafOf(members ...any) []byte {
	var b bytes.Buffer
	b.WriteByte('{')
	for i := 0; i < len(members); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		value, _ := json.Marshal(members[i+1])
		fmt.Fprintf(&b, "%q:%s", members[i], value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func hashOf(leaf []byte) string {
	h := tlog.RecordHash(leaf)
	return hex.EncodeToString(h[:])
}

// newWorld: four submissions (one withheld and released, one withheld, one withheld
// and then withdrawn, one late by letter), five points of which one was split, two suggestions.
func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{published: time.Date(2026, 12, 20, 8, 0, 0, 0, time.UTC), wait: time.Hour}
	w.addKey(t)
	send := func(n int, channel, entered string, late bool, parts int) {
		m := []any{"v", 2, "kind", "submission", "consultation", "markets", "channel", channel, "received_at", fmt.Sprintf("2026-12-0%dT08:00:00.000000Z", n), "entered", entered}
		if late {
			m = append(m, "late", true)
		}
		leaf := leafOf(append(m, "parts", parts, "commitment", digest("salt", fmt.Sprint(n)))...)
		w.leaves, w.hashes = append(w.leaves, leaf), append(w.hashes, hashOf(leaf))
	}
	happen := func(kind, hash string) {
		w.leaves = append(w.leaves, leafOf("v", 1, "kind", kind, "consultation", "markets", "submission", hash, "reason", "other", "at", "2026-12-09T00:00:00Z"))
	}
	send(1, "web", "sender", false, 2)
	send(2, "web", "sender", false, 1)
	send(3, "api", "sender", false, 1)
	happen("withholding", w.hashes[0])
	happen("withholding", w.hashes[1])
	happen("release", w.hashes[0])
	happen("withholding", w.hashes[2])
	happen("withdrawal", w.hashes[2])
	send(4, "letter", "after", true, 1)
	w.sizes = []int{0, 3, 8}
	w.publish()
	w.sign(t)
	return w
}

// publish writes summary, account and their entries.
func (w *world) publish() {
	lines := []string{w.hashes[0] + " 1,1", w.hashes[1] + " 1", w.hashes[2] + " 2", w.hashes[3] + " 1,2"}
	slices.Sort(lines)
	w.account = strings.Join(lines, "\n") + "\n"
	suggestions := []map[string]any{
		{"number": 1, "text": "摊位费<减半>", "comments": 4, "disposition": "adopted", "reason": "", "provisions": []string{"art-3", "art-4"}},
		{"number": 2, "text": "夜市\u2028到零点", "comments": 2, "disposition": "not_adopted", "reason": "扰民", "provisions": []string{}},
	}
	counts := map[string]any{
		"submissions": 4, "comments": 6, "suggestions": 2, "by_disposition": map[string]int{"adopted": 1, "not_adopted": 1},
		"comments_by_disposition": map[string]int{"adopted": 4, "not_adopted": 2}, "by_channel": map[string]int{"web": 2, "api": 1, "letter": 1},
		"by_entry": map[string]int{"sender": 3, "after": 1}, "by_provision": map[string]int{"": 1, "art-3": 5}, "changed_provisions": 2,
		"withheld": 1, "withdrawn": 1, "late": 1, "people": 4, "articles": 5,
	}
	contents := []string{`{"text":"摊位费<减半>","reason":"","provisions":["art-3","art-4"]}`, "{\"text\":\"夜市\u2028到零点\",\"reason\":\"扰民\",\"provisions\":[]}"}
	for i, s := range suggestions {
		w.leaves = append(w.leaves, leafOf("v", 1, "kind", "disposition", "consultation", "markets", "summary", 1, "number", s["number"],
			"disposition", s["disposition"], "comments", s["comments"], "content", digest(contents[i])))
	}
	w.leaves = append(w.leaves, nil)
	w.sizes = append(w.sizes, len(w.leaves))
	w.summary = map[string]any{"number": 1, "published_at": w.published, "counts": counts, "suggestions": suggestions, "balanced": true}
	w.enterSummary(1)
}

// enterSummary writes the last entry anew, of the figures as they are now.
func (w *world) enterSummary(split int) {
	w.leaves[len(w.leaves)-1] = leafOf("v", 1, "kind", "summary", "consultation", "markets", "summary", 1, "counts", w.summary["counts"], "split", split, "account", digest(w.account))
}

func (w *world) addKey(t testing.TB) {
	t.Helper()
	secret, public, err := note.GenerateKey(rand.Reader, "example.org/log")
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	w.signers = append(w.signers, s)
	w.keys += public + "\n"
}

// sign signs a checkpoint at each size, as an honest log of these leaves would.
func (w *world) sign(t testing.TB) {
	t.Helper()
	w.checkpoints = nil
	for _, size := range w.sizes {
		w.checkpoints = append(w.checkpoints, w.checkpoint(t, size, w.signers...))
	}
	w.summary["checkpoint"] = w.checkpoints[len(w.checkpoints)-1]
}

func (w *world) checkpoint(t testing.TB, size int, signers ...note.Signer) string {
	t.Helper()
	var tree verification.Tree
	for _, leaf := range w.leaves[:size] {
		tree.Add(tlog.RecordHash(leaf))
	}
	root := tree.Root()
	text := fmt.Sprintf("example.org/log\n%d\n%s\n", size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return string(signed)
}

func (w *world) check(t testing.TB) []verification.Finding {
	t.Helper()
	keys, err := verification.ReadKeys(w.keys)
	if err != nil {
		t.Fatal(err)
	}
	l := verification.NewLog(keys)
	for _, c := range w.checkpoints {
		l.Checkpoint(c)
	}
	l.Ready()
	for i, leaf := range w.leaves {
		l.Entry(verification.Entry{Index: int64(i), Leaf: leaf})
	}
	l.End()
	var s verification.Summary
	raw, _ := json.Marshal(w.summary)
	if err := json.Unmarshal(raw, &s); err != nil {
		t.Fatal(err)
	}
	of, err := l.CheckSummary("markets", s, strings.NewReader(w.account), w.published.Add(w.wait))
	if err != nil {
		t.Fatal(err)
	}
	return append(slices.Clone(l.Findings()), of...)
}

func TestAnHonestLogHolds(t *testing.T) {
	got := newWorld(t).check(t)
	for _, f := range got {
		if f.State != verification.Holds {
			t.Error(f)
		}
	}
	if len(got) != 15 {
		t.Errorf("%d facts: %v", len(got), got)
	}
}

func (w *world) count(name string, value any) { w.summary["counts"].(map[string]any)[name] = value }
func (w *world) suggestion(i int) map[string]any {
	return w.summary["suggestions"].([]map[string]any)[i]
}

// TestWhatIsPublishedOtherwiseThanSignedIsFound tampers with what stands beside an
// honest log, or with the log once it was signed.
func TestWhatIsPublishedOtherwiseThanSignedIsFound(t *testing.T) {
	for name, tc := range map[string]struct {
		tamper func(*world)
		fact   string
		says   string
	}{
		"an entry changed":                {func(w *world) { w.leaves[2] = bytes.Replace(w.leaves[2], []byte("api"), []byte("web"), 1) }, verification.FactLogRoot, "the first 3 entries"},
		"an entry left out":               {func(w *world) { w.leaves = slices.Delete(w.leaves, 6, 7) }, verification.FactLogRoot, "The first 3 still hold"},
		"the last entry left out":         {func(w *world) { w.leaves = w.leaves[:len(w.leaves)-1] }, verification.FactLogEntries, "only 11 were given"},
		"entries moved":                   {func(w *world) { w.leaves[0], w.leaves[1] = w.leaves[1], w.leaves[0] }, verification.FactLogRoot, "the first 3 entries"},
		"an entry twice":                  {func(w *world) { w.leaves[1] = w.leaves[0] }, verification.FactLogDuplicate, "entries 0 and 1"},
		"a signature forged":              {func(w *world) { w.checkpoints[2] = forge(w.checkpoints[2]) }, verification.FactLogSignature, "is wrong"},
		"a count altered":                 {func(w *world) { w.count("submissions", 5) }, verification.FactCounts, "submissions is published as 5, the log says 4"},
		"a count hidden":                  {func(w *world) { w.summary["counts"] = map[string]any{} }, verification.FactCounts, "published as nothing"},
		"a text changed":                  {func(w *world) { w.suggestion(0)["text"] = "摊位费不变" }, verification.FactTexts, "suggestion 1"},
		"a reason changed":                {func(w *world) { w.suggestion(1)["reason"] = "好" }, verification.FactTexts, "suggestion 2"},
		"a provision changed":             {func(w *world) { w.suggestion(0)["provisions"] = []string{"art-3"} }, verification.FactTexts, "suggestion 1"},
		"a suggestion dropped":            {func(w *world) { w.summary["suggestions"] = w.summary["suggestions"].([]map[string]any)[:1] }, verification.FactDispositions, "suggestion 2 stands in the log"},
		"a suggestion's comments changed": {func(w *world) { w.suggestion(0)["comments"] = 5 }, verification.FactDispositions, "published with 5 comments, the log says 4"},
		"a suggestion twice": {func(w *world) {
			w.summary["suggestions"] = append(w.summary["suggestions"].([]map[string]any), w.suggestion(0))
		}, verification.FactDispositions, "published twice"},
		"a suggestion of nobody":          {func(w *world) { w.suggestion(1)["number"] = 3 }, verification.FactDispositions, "suggestion 3 is published, but not in the log"},
		"another checkpoint beside it":    {func(w *world) { w.summary["checkpoint"] = forge(w.checkpoints[1]) }, verification.FactSigned, "is wrong"},
		"the account changed":             {func(w *world) { w.account = strings.Replace(w.account, " 2\n", " 1\n", 1) }, verification.FactAccount, "was changed"},
		"a line of the account gone":      {func(w *world) { w.account = w.account[strings.Index(w.account, "\n")+1:] }, verification.FactAccount, "was changed"},
		"a summary the log does not hold": {func(w *world) { w.summary["number"] = 2 }, verification.FactSummary, "does not hold it"},
		"dispositions swapped": {func(w *world) {
			w.suggestion(0)["disposition"], w.suggestion(1)["disposition"] = "not_adopted", "adopted"
		}, verification.FactDispositions, "suggestion 1 is published as not_adopted, the log says adopted"},
	} {
		w := newWorld(t)
		tc.tamper(w)
		f, found := verification.FirstBroken(w.check(t))
		if !found || f.Fact != tc.fact || !strings.Contains(f.Detail, tc.says) {
			t.Errorf("%s: found %v, want %s … %s", name, f, tc.fact, tc.says)
		}
	}
}

// forge puts another signature of the right form in a note's place.
func forge(text string) string {
	at := strings.LastIndex(strings.TrimSpace(text), " ") + 1
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text[at:]))
	if err != nil {
		panic(err)
	}
	raw[20] ^= 1
	return text[:at] + base64.StdEncoding.EncodeToString(raw) + "\n"
}

// TestWhatWasSignedWronglyIsFound: a log whose keeper enters and signs what is not
// so. Its signatures and roots hold; the figures do not come out.
func TestWhatWasSignedWronglyIsFound(t *testing.T) {
	replace := func(at int, from, to string) func(*world) {
		return func(w *world) { w.leaves[at] = bytes.Replace(w.leaves[at], []byte(from), []byte(to), 1) }
	}
	both := func(tampers ...func(*world)) func(*world) {
		return func(w *world) {
			for _, one := range tampers {
				one(w)
			}
		}
	}
	last := 11
	for name, tc := range map[string]struct {
		tamper func(*world)
		fact   string
		says   string
	}{
		"a submission left out of the account": {func(w *world) {
			before := w.account
			lines := strings.SplitAfter(w.account, "\n")
			w.account = strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, w.hashes[2]) }), "")
			replace(last, digest(before), digest(w.account))(w)
		}, verification.FactCovered, "entry 2 of the log, was left out"},
		"a submission that is not in the log": {func(w *world) {
			before := w.account
			lines := strings.Split(strings.TrimSpace(w.account), "\n")
			lines = append(lines, digest("nobody")+" 1")
			slices.Sort(lines)
			w.account = strings.Join(lines, "\n") + "\n"
			replace(last, digest(before), digest(w.account))(w)
		}, verification.FactCovered, "which is not in the log"},
		"points of a submission dropped": {func(w *world) {
			before := w.account
			w.account = strings.Replace(w.account, " 1,1", " 1", 1)
			replace(last, digest(before), digest(w.account))(w)
		}, verification.FactCovered, "came with 2 points, the account names 1"},
		"a suggestion with fewer comments": {both(replace(10, `"comments":2`, `"comments":1`), func(w *world) { w.suggestion(1)["comments"] = 1 }), verification.FactFigures, "suggestion 2"},
		"a withdrawal of nothing":          {func(w *world) { w.leaves[7] = bytes.Replace(w.leaves[7], []byte(w.hashes[2]), []byte(digest("x")), 1) }, verification.FactLogForm, "does not stand before it"},
		"an entry that is no JSON":         {func(w *world) { w.leaves[4] = []byte("{") }, verification.FactLogForm, "entry 4"},
		"a submission entered twice":       {func(w *world) { w.leaves[1] = w.leaves[0] }, verification.FactLogDuplicate, "entries 0 and 1"},
	} {
		w := newWorld(t)
		tc.tamper(w)
		w.sign(t)
		f, found := verification.FirstBroken(w.check(t))
		if found != (tc.fact != "") || f.Fact != tc.fact || !strings.Contains(f.Detail, tc.says) {
			t.Errorf("%s: found %v, want %s … %s", name, f, tc.fact, tc.says)
		}
	}
}

// TestEachFigureIsCountedAgain: the keeper enters, signs and publishes one figure
// that is not so.
func TestEachFigureIsCountedAgain(t *testing.T) {
	for name, value := range map[string]any{
		"submissions": 5, "comments": 7, "suggestions": 3, "changed_provisions": 1, "withheld": 2, "withdrawn": 0, "late": 0, "people": 5, "held": 5,
		"by_channel": map[string]int{"web": 3, "api": 1}, "by_entry": map[string]int{"sender": 4}, "by_provision": map[string]int{"": 9},
		"by_disposition": map[string]int{"adopted": 2}, "comments_by_disposition": map[string]int{"adopted": 5, "not_adopted": 1},
	} {
		w := newWorld(t)
		w.count(name, value)
		w.enterSummary(1)
		w.sign(t)
		f, _ := verification.FirstBroken(w.check(t))
		if word, _, _ := strings.Cut(name, "_"); f.Fact != verification.FactFigures || !strings.Contains(f.Detail, word) {
			t.Errorf("%s: found %v", name, f)
		}
	}
	w := newWorld(t)
	w.enterSummary(0) // as if nothing had been split
	w.sign(t)
	if f, _ := verification.FirstBroken(w.check(t)); f.Fact != verification.FactFigures || !strings.Contains(f.Detail, "split is published as 0") {
		t.Errorf("split: found %v", f)
	}
}

// TestOneThatIsHeldMayBeWithheldToo: it counts once, as held.
func TestOneThatIsHeldMayBeWithheldToo(t *testing.T) {
	w := newWorld(t)
	w.count("withheld", 0)
	w.count("held", 1)
	w.enterSummary(1)
	w.sign(t)
	if f, found := verification.FirstBroken(w.check(t)); found {
		t.Error(f)
	}
}

func TestEntriesThatContradictThemselvesAreFound(t *testing.T) {
	w := newWorld(t)
	keys, _ := verification.ReadKeys(w.keys)
	for name, e := range map[string]verification.Entry{
		"another place": {Index: 1, Leaf: w.leaves[0]},
		"another hash":  {Index: 0, Leaf: w.leaves[0], LeafHash: w.hashes[1]},
	} {
		l := verification.NewLog(keys)
		l.Checkpoint(w.checkpoints[0])
		l.Ready()
		l.Entry(e)
		if f, _ := verification.FirstBroken(l.Findings()); f.Fact != verification.FactLogEntries {
			t.Errorf("%s: %v", name, f)
		}
	}
}

func TestACheckpointOfAnotherLogIsFound(t *testing.T) {
	w := newWorld(t)
	text := "elsewhere.org/log\n0\n" + strings.Split(w.checkpoints[0], "\n")[2] + "\n"
	signed, err := note.Sign(&note.Note{Text: text}, w.signers[0])
	if err != nil {
		t.Fatal(err)
	}
	w.checkpoints = append(w.checkpoints, string(signed))
	if f, _ := verification.FirstBroken(w.check(t)); f.Fact != verification.FactLogCheckpoints || !strings.Contains(f.Detail, "elsewhere.org") {
		t.Error(f)
	}
}

func TestTwoHistoriesAreFound(t *testing.T) {
	w := newWorld(t)
	old := w.checkpoints[2]
	w.leaves[5], w.leaves[6] = w.leaves[6], w.leaves[5]
	w.sign(t)
	w.checkpoints = append(w.checkpoints, old)
	f, _ := verification.FirstBroken(w.check(t))
	if f.Fact != verification.FactLogCheckpoints || !strings.Contains(f.Detail, "two histories") {
		t.Error(f)
	}
}

func TestAKeyMustBeIntroducedByTheOneBeforeIt(t *testing.T) {
	w := newWorld(t)
	w.addKey(t)
	first, second := w.signers[0], w.signers[1]
	w.checkpoints = []string{w.checkpoint(t, 3, first), w.checkpoint(t, 8, first, second), w.checkpoint(t, len(w.leaves), second)}
	w.summary["checkpoint"] = w.checkpoints[2]
	if f, found := verification.FirstBroken(w.check(t)); found {
		t.Error(f)
	}
	w.checkpoints[1] = w.checkpoint(t, 8, first)
	if f, _ := verification.FirstBroken(w.check(t)); f.Fact != verification.FactLogKeys {
		t.Errorf("a key out of nowhere: %v", f)
	}
}

func TestASummaryMayWaitAMomentForItsEntry(t *testing.T) {
	w := newWorld(t)
	w.summary["number"] = 2
	w.wait = 5 * time.Second
	if f, found := verification.FirstBroken(w.check(t)); found {
		t.Error(f)
	}
}

// What happens after the publication changes nothing of what was published.
func TestWhatComesAfterTheSummaryIsNotInIt(t *testing.T) {
	w := newWorld(t)
	w.leaves = append(w.leaves,
		leafOf("v", 1, "kind", "withholding", "consultation", "markets", "submission", w.hashes[0], "reason", "other", "at", "2026-12-30T00:00:00Z"),
		leafOf("v", 2, "kind", "submission", "consultation", "markets", "channel", "letter", "received_at", "2026-12-30T08:00:00.000000Z",
			"entered", "after", "late", true, "parts", 1, "commitment", digest("later")))
	w.sizes = append(w.sizes, len(w.leaves))
	w.sign(t)
	if f, found := verification.FirstBroken(w.check(t)); found {
		t.Error(f)
	}
}
