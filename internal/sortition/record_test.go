package sortition

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const nonce = "0123456789abcdef"

// someRecord is a drawn record over a made pool; its chances are those of some
// distribution, not of the fairest.
func someRecord(t interface{ Fatal(...any) }, rng *rand.Rand) Record {
	p := tinyPool(rng)
	for i := range p.People { // more people of every kind, so that some rows may be shown
		for copies := range rng.IntN(7) {
			twin := p.People[i]
			twin.ID += "-" + strconv.Itoa(copies)
			twin.Household = ""
			p.People = append(p.People, twin)
		}
	}
	d := Distribution{Kinds: p.Kinds(), Minimum: 0.1, Bound: 0.1}
	d.Probability = make([]float64, len(d.Kinds.Seats))
	panel := make([]string, 0, p.Panel)
	for _, person := range p.People[:p.Panel] {
		panel = append(panel, person.ID)
	}
	slices.Sort(panel)
	l := Lottery{}
	for range 10 {
		l.Panels = append(l.Panels, panel)
	}
	r := NewRecord(p, d, l)
	r.Nonce = nonce
	r.PublishedAt = time.Date(2026, 12, 11, 12, 0, 0, 0, time.UTC)
	r.Source = Source{Kind: SourceNumber, Name: "福彩3D", Derivation: ByDigits, Digits: 1, NamedAt: r.PublishedAt}
	result, err := r.Draw("4", nil, r.PublishedAt.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	r.Result = &result
	return r
}

func TestRedactShowsNobodyOfARareCombination(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "pool"), 4))
		full := someRecord(t, rng)
		public, err := Redact(full, RedactionThreshold)
		if err != nil {
			t.Fatal(err)
		}
		held := make(map[string]int)
		for _, person := range public.People {
			held[strings.Join(person.Features, " ")]++
		}
		for features, n := range held {
			if n < RedactionThreshold {
				t.Errorf("%d rows with %s", n, features)
			}
		}
		if public.Redaction == nil {
			return
		}
		hidden := len(full.People) - len(public.People)
		if hidden != public.Redaction.People || hidden < min(RedactionThreshold, len(full.People)) {
			t.Errorf("%d people are merged, the record says %d", hidden, public.Redaction.People)
		}
		checkTotals(t, *public.Redaction)
		checkNumbers(t, public)
		if public.Redaction.Digest != must(full.Digest()) || public.Nonce != "" {
			t.Error("the public form is not tied to the full one, or gives the nonce away")
		}
		if n := len(public.Result.Selected) + public.Redaction.Selected; n != full.Panel {
			t.Errorf("%d of %d selected are accounted for", n, full.Panel)
		}
	})
}

// checkTotals: what is given sums to the merged, or what is not given hides at
// least as many as the threshold in two features or more.
func checkTotals(t *rapid.T, r Redaction) {
	rest, secret := make(map[string]int), make(map[string]int)
	for _, total := range r.Totals {
		rest[total.Category] += 0
		if total.People == nil {
			secret[total.Category]++
			continue
		}
		if *total.People < r.Threshold {
			t.Errorf("%s, %s: the total %d is given", total.Category, total.Feature, *total.People)
		}
		rest[total.Category] += *total.People
	}
	for category, given := range rest {
		left := r.People - given
		if left == 0 && secret[category] == 0 {
			continue
		}
		all := given == 0
		if left < min(r.Threshold, r.People) || secret[category] < 2 && !all {
			t.Errorf("%s: %d people in %d features without a number", category, left, secret[category])
		}
	}
}

// checkNumbers: only people who are shown occur anywhere.
func checkNumbers(t *rapid.T, r Record) {
	shown := make(map[string]bool)
	for _, person := range r.People {
		shown[person.Number] = true
	}
	all := slices.Clone(r.Result.Selected)
	for _, panel := range r.Panels {
		all = append(all, panel...)
	}
	for _, reserve := range r.Result.Reserves {
		all = append(all, reserve.For)
		for _, one := range reserve.Ranked {
			all = append(all, one.Number)
		}
	}
	for _, number := range all {
		if !shown[number] {
			t.Errorf("%s is merged and occurs", number)
		}
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

func TestRedactNeedsANonce(t *testing.T) {
	full := someRecord(t, rand.New(rand.NewPCG(1, 4)))
	full.Nonce = ""
	full.People[0].Features = []string{"like nobody else"}
	if _, err := Redact(full, RedactionThreshold); !errors.Is(err, ErrNonce) {
		t.Errorf("a guessable digest is published: %v", err)
	}
}

func TestDigestStaysFromPublicationToResult(t *testing.T) {
	full := someRecord(t, rand.New(rand.NewPCG(2, 4)))
	before := full
	before.Result = nil
	before.PublishedAt = before.PublishedAt.In(time.FixedZone("CST", 8*3600))
	if must(before.Digest()) != must(full.Digest()) {
		t.Error("the result or the time zone changes the digest")
	}
	var again Record
	if err := json.Unmarshal(must(json.Marshal(full)), &again); err != nil {
		t.Fatal(err)
	}
	if must(again.Digest()) != must(full.Digest()) {
		t.Error("a record that went over the wire has another digest")
	}
	again.Panels = slices.Clone(again.Panels)
	again.Panels[9] = nil
	if must(again.Digest()) == must(full.Digest()) {
		t.Error("another panel, the same digest")
	}
}

func TestNewRecordNumbersHouseholdsOnly(t *testing.T) {
	p := Pool{Categories: []string{"c"}, Panel: 1, People: []Person{
		{"3", []string{"a"}, "Main Street 1"}, {"1", []string{"a"}, "Side Street 2"}, {"2", []string{"a"}, "Main Street 1"}, {"4", []string{"a"}, ""},
	}}
	r := NewRecord(p, Distribution{Kinds: p.Kinds(), Probability: make([]float64, 9)}, Lottery{})
	var groups []int
	for i, person := range r.People {
		if person.Number != strconv.Itoa(i+1) {
			t.Errorf("people are not sorted: %+v", r.People)
		}
		groups = append(groups, person.Household)
	}
	if !slices.Equal(groups, []int{0, 1, 1, 0}) {
		t.Errorf("groups %v", groups)
	}
	if text := string(must(json.Marshal(r))); strings.Contains(text, "Street") {
		t.Error("an address is published")
	}
}
