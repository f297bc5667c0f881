package verification

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// tally is what the log and the account say together.
type tally struct {
	submissions, withheld, withdrawn, late, split, comments int
	channels, entries                                       map[string]int
	suggestions                                             map[int]int // comments by number
	named                                                   map[tlog.Hash]bool
	old                                                     bool // there is a submission whose entry does not tell its parts
}

// account walks over the account file, a line a submission, and compares it with
// the log: `hash numbers`, numbers parted by commas, one for each comment; `-` for
// a submission without any.
func (l *list) account(r *Record, entry summaryLeaf, s Summary, file io.Reader) error {
	t := &tally{channels: map[string]int{}, entries: map[string]int{}, suggestions: map[int]int{}, named: map[tlog.Hash]bool{}}
	sum := sha256.New()
	lines := bufio.NewScanner(io.TeeReader(file, sum))
	lines.Buffer(nil, mostLine)
	var wrong error
	last := ""
	for n := 1; lines.Scan(); n++ {
		if wrong != nil {
			continue // the hash is over all of it
		}
		if line := lines.Text(); line <= last {
			wrong = fmt.Errorf("line %d of the account does not stand in order: a submission is named twice, or lines were moved", n)
		} else {
			last = line
			wrong = t.line(r, entry.index, line)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != entry.Account {
		l.broken(FactAccount, "the account was changed: it hashes to %s, the log says %s", got, entry.Account)
	} else {
		l.holds(FactAccount, "its hash is the one of the log")
	}
	if wrong == nil {
		wrong = t.complete(r, entry.index)
	}
	if l.check(FactCovered, wrong, "each of %d submissions in the log lies in the suggestions that it names", t.submissions) {
		l.figures(t, r, entry, s)
	}
	return nil
}

// mostLine is the longest line of an account, in bytes: a submission has few comments.
const mostLine = 1 << 20

func (t *tally) line(r *Record, before int64, line string) error {
	text, numbers, ok := strings.Cut(line, " ")
	hash, err := readHash(text)
	if !ok || err != nil {
		return errAccountForm
	}
	one, there := r.letters[hash]
	if !there {
		return fmt.Errorf("the account names the submission %s, which is not in the log", text)
	}
	if t.named[hash] {
		return fmt.Errorf("the account names the submission %s twice", text)
	}
	t.named[hash] = true
	t.add(r, hash, one, before)
	comments := 0
	if numbers != "-" {
		for number := range strings.SplitSeq(numbers, ",") {
			n, err := strconv.Atoi(number)
			if err != nil {
				return errAccountForm
			}
			t.suggestions[n]++
			comments++
		}
	}
	if comments < int(one.parts) {
		return fmt.Errorf("the submission %s came with %d points, the account names %d", text, one.parts, comments)
	}
	t.comments += comments
	t.split += comments - int(one.parts)
	return nil
}

func (t *tally) add(r *Record, hash tlog.Hash, one letter, before int64) {
	t.submissions++
	t.channels[r.channels[one.channel]]++
	if entered := r.entries[one.entered]; entered != "" {
		t.entries[entered]++
	}
	if one.late {
		t.late++
	}
	t.old = t.old || one.old
	withheld, withdrawn := r.stands(hash, before)
	if withheld {
		t.withheld++
	}
	if withdrawn {
		t.withdrawn++
	}
}

// complete: every submission that stands before the summary is named.
func (t *tally) complete(r *Record, before int64) error {
	first, at := "", int64(-1)
	for hash, one := range r.letters {
		if one.index < before && !t.named[hash] && (at < 0 || one.index < at) {
			first, at = hexHash(hash), one.index
		}
	}
	if at >= 0 {
		return fmt.Errorf("the submission %s, entry %d of the log, was left out of the summary", first, at)
	}
	return nil
}

// figures counts again what was published.
func (l *list) figures(t *tally, r *Record, entry summaryLeaf, s Summary) {
	var c struct {
		Submissions       int            `json:"submissions"`
		Comments          int            `json:"comments"`
		Suggestions       int            `json:"suggestions"`
		ByDisposition     map[string]int `json:"by_disposition"`
		CommentsBy        map[string]int `json:"comments_by_disposition"`
		ByChannel         map[string]int `json:"by_channel"`
		ByEntry           map[string]int `json:"by_entry"`
		ByProvision       map[string]int `json:"by_provision"`
		ChangedProvisions int            `json:"changed_provisions"`
		People            int            `json:"people"`
		Withheld          int            `json:"withheld"`
		Withdrawn         int            `json:"withdrawn"`
		Held              int            `json:"held"`
		Late              int            `json:"late"`
	}
	if err := json.Unmarshal(s.Counts, &c); err != nil {
		l.broken(FactFigures, "the published figures cannot be read: %v", err)
		return
	}
	before := len(*l)
	same := func(name string, published, counted int) {
		if published != counted {
			l.broken(FactFigures, "%s is published as %d; counted from the log it is %d", name, published, counted)
		}
	}
	sameAll := func(name string, published, counted map[string]int) {
		for _, key := range unionKeys(published, counted) {
			same(name+"."+key, published[key], counted[key])
		}
	}
	decided := r.decided[entry.Summary]
	dispositions, comments, provisions := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, x := range decided {
		dispositions[x.Disposition]++
		comments[x.Disposition] += x.Comments
		same(fmt.Sprintf("the number of comments of suggestion %d", x.Number), x.Comments, t.suggestions[x.Number])
		delete(t.suggestions, x.Number)
	}
	for _, number := range sortedKeys(t.suggestions) {
		l.broken(FactFigures, "the account names suggestion %d, which was not published", number)
	}
	for _, one := range s.Suggestions {
		for _, key := range one.Provisions {
			provisions[key] = true
		}
	}
	same("submissions", c.Submissions, t.submissions)
	same("comments", c.Comments, t.comments)
	same("suggestions", c.Suggestions, len(decided))
	sameAll("by_channel", c.ByChannel, t.channels)
	sameAll("by_entry", c.ByEntry, t.entries)
	sameAll("by_disposition", c.ByDisposition, dispositions)
	sameAll("comments_by_disposition", c.CommentsBy, comments)
	same("changed_provisions", c.ChangedProvisions, len(provisions))
	same("by_provision, summed,", sum(c.ByProvision), t.comments)
	// One that waits for moderation still counts as held, also while a comment of it
	// is withheld.
	if t.withheld < c.Withheld || t.withheld > c.Withheld+c.Held {
		same("withheld", c.Withheld, t.withheld)
	}
	same("withdrawn", c.Withdrawn, t.withdrawn)
	if t.old {
		l.open(FactFigures, "some submissions came before entries told their points and whether they were late")
	} else {
		same("late", c.Late, t.late)
		same("split", entry.Split, t.split)
	}
	if c.People > c.Submissions || c.Held > c.Submissions {
		l.broken(FactFigures, "there are more people or held submissions than submissions")
	}
	if len(*l) == before || len(*l) == before+1 && t.old {
		l.holds(FactFigures, "%d submissions, %d comments, %d suggestions, by channel, by who entered them, by disposition, late, withheld and withdrawn: all come out as published", t.submissions, t.comments, len(decided))
	}
}

func sum(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}

func unionKeys(a, b map[string]int) []string {
	all := map[string]bool{}
	for key := range a {
		all[key] = true
	}
	for key := range b {
		all[key] = true
	}
	return sortedKeys(all)
}
