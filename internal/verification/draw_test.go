package verification_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"guangyi/internal/sortition"
	"guangyi/internal/verification"
)

// drawn is an honest record: 14 applicants for 4 seats, women at least 2, and
// two couples; 472 was drawn.
func drawn(t testing.TB) sortition.Record {
	t.Helper()
	p := sortition.Pool{
		Categories: []string{"sex", "district"}, Panel: 4,
		Quotas: []sortition.Quota{{Category: "sex", Feature: "w", Min: 2, Max: 3}, {Category: "district", Feature: "north", Min: 1, Max: 2}},
	}
	add := func(sex, district, home string) {
		p.People = append(p.People, sortition.Person{ID: fmt.Sprintf("%03d", len(p.People)+1), Features: []string{sex, district}, Household: home})
	}
	for i := range 6 {
		add("m", "south", []string{"a", "b", "", "", "", ""}[i])
	}
	for i := range 5 {
		add("w", "south", []string{"a", "b", "", "", ""}[i])
	}
	add("w", "north", "")
	add("m", "north", "")
	add("m", "north", "")
	d, err := sortition.Leximin(context.Background(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	l, err := d.Lottery(p, 1000)
	if err != nil {
		t.Fatal(err)
	}
	r := sortition.NewRecord(p, d, l)
	r.Meeting, r.Nonce = "2026-12-18", "0123456789abcdef"
	r.PublishedAt = time.Date(2026, 12, 11, 4, 0, 0, 0, time.UTC)
	r.Source = sortition.Source{Kind: sortition.SourceNumber, Name: "福彩3D", Round: "2026331", Digits: 3, Derivation: sortition.ByDigits, NamedAt: r.PublishedAt}
	return draw(t, r, "472")
}

func draw(t testing.TB, r sortition.Record, seed string, openings ...sortition.Opening) sortition.Record {
	t.Helper()
	result, err := r.Draw(seed, openings, r.PublishedAt.Add(9*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	r.Result = &result
	return r
}

// copied is a deep copy, as it comes over the wire.
func copied(t *testing.T, r sortition.Record) (out sortition.Record) {
	t.Helper()
	text, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func states(findings []verification.Finding) map[string][]verification.State {
	out := make(map[string][]verification.State)
	for _, f := range findings {
		out[f.Fact] = append(out[f.Fact], f.State)
	}
	return out
}

func TestAnHonestDrawHolds(t *testing.T) {
	findings := verification.CheckRecord(context.Background(), copied(t, drawn(t)))
	got := states(findings)
	for _, fact := range []string{verification.FactFormat, verification.FactPool, verification.FactPanels, verification.FactFrequencies,
		verification.FactChances, verification.FactRounding, verification.FactSource, verification.FactOrder, verification.FactIndex,
		verification.FactSelected, verification.FactReserves} {
		if !slices.Equal(got[fact], []verification.State{verification.Holds}) {
			t.Errorf("%s: %v", fact, got[fact])
		}
	}
	// What a lottery drew, no computation can tell.
	if !slices.Equal(got[verification.FactSeed], []verification.State{verification.Unchecked}) {
		t.Errorf("seed: %v", got[verification.FactSeed])
	}
}

// Each way in which a draw could be tampered with is found, and found first
// where it was done.
func TestATamperedDrawIsFound(t *testing.T) {
	honest := drawn(t)
	for name, tc := range map[string]struct {
		tamper func(*sortition.Record)
		fact   string
	}{
		"another format":          {func(r *sortition.Record) { r.Format = "x" }, verification.FactFormat},
		"a person twice":          {func(r *sortition.Record) { r.People[1].Number = r.People[0].Number }, verification.FactPool},
		"a panel missing a quota": {func(r *sortition.Record) { r.Panels[0] = []string{"001", "002", "003", "004"} }, verification.FactPanels},
		"a couple on a panel":     {func(r *sortition.Record) { r.Panels[0] = []string{"001", "007", "012", "013"} }, verification.FactPanels},
		"panels in another order": {func(r *sortition.Record) { slices.Reverse(r.Panels) }, verification.FactPanels},
		"no panels":               {func(r *sortition.Record) { r.Panels = nil }, verification.FactPanels},
		"one panel many times": {func(r *sortition.Record) {
			for i := range r.Panels {
				r.Panels[i] = r.Panels[0]
			}
		}, verification.FactFrequencies},
		"a chance embellished":      {func(r *sortition.Record) { r.People[0].Chance += 0.0015 }, verification.FactChances},
		"the smallest embellished":  {func(r *sortition.Record) { r.Minimum += 0.01 }, verification.FactChances},
		"a bound invented":          {func(r *sortition.Record) { r.Bound += 0.01 }, verification.FactChances},
		"a quota changed later":     {func(r *sortition.Record) { r.Quotas[0].Min = 1 }, verification.FactChances},
		"digits that fit no panel":  {func(r *sortition.Record) { r.Source.Digits = 4 }, verification.FactSource},
		"panels published too late": {func(r *sortition.Record) { r.PublishedAt = r.Result.KnownAt }, verification.FactOrder},
		"source named too late":     {func(r *sortition.Record) { r.Source.NamedAt = r.Result.KnownAt.Add(time.Second) }, verification.FactOrder},
		"another seed":              {func(r *sortition.Record) { r.Result.Seed = "473" }, verification.FactIndex},
		"another index":             {func(r *sortition.Record) { r.Result.Index = 473 }, verification.FactIndex},
		"another panel":             {func(r *sortition.Record) { r.Result.Selected = r.Panels[(r.Result.Index+500)%1000] }, verification.FactSelected},
		"a reserve preferred":       {func(r *sortition.Record) { slices.Reverse(r.Result.Reserves[0].Ranked) }, verification.FactReserves},
		"a reserve forgotten":       {func(r *sortition.Record) { r.Result.Reserves = r.Result.Reserves[1:] }, verification.FactReserves},
	} {
		r := copied(t, honest)
		tc.tamper(&r)
		f, found := verification.FirstBroken(verification.CheckRecord(context.Background(), r))
		if !found || f.Fact != tc.fact {
			t.Errorf("%s: found %v, want %s", name, f, tc.fact)
		}
	}
}

func TestChancesOfAnUnfairLotteryAreFound(t *testing.T) {
	r := drawn(t)
	counts := make(map[string]int)
	for i := range r.Panels { // everyone's chance as the panels give it, but from another lottery
		r.Panels[i] = r.Panels[i-i%2]
		for _, number := range r.Panels[i] {
			counts[number]++
		}
	}
	for i := range r.People {
		r.People[i].Chance = float64(counts[r.People[i].Number]) / 1000
	}
	f, _ := verification.FirstBroken(verification.CheckRecord(context.Background(), r))
	if f.Fact != verification.FactChances {
		t.Errorf("found %v", f)
	}
}

func TestBeforeTheDrawNothingIsBroken(t *testing.T) {
	r := drawn(t)
	r.Result = nil
	findings := verification.CheckRecord(context.Background(), r)
	if f, found := verification.FirstBroken(findings); found {
		t.Error(f)
	}
	if got := states(findings)[verification.FactSeed]; !slices.Equal(got, []verification.State{verification.Unchecked}) {
		t.Errorf("the draw to come is %v", got)
	}
}

func TestAJointSeedIsRecomputed(t *testing.T) {
	r := drawn(t)
	openings := []sortition.Opening{{Party: "bureau", Salt: "sixteen bytes 01", Value: "5"}, {Party: "residents", Salt: "sixteen bytes 02", Value: "8"}}
	r.Source = sortition.Source{Kind: sortition.SourceCommitments, Name: "three parties", Derivation: sortition.BySHA256, NamedAt: r.PublishedAt}
	for _, o := range openings {
		r.Source.Commitments = append(r.Source.Commitments, sortition.Commitment{Party: o.Party, Digest: sortition.Commit(o.Salt, o.Value), At: r.PublishedAt})
	}
	r = draw(t, r, "", openings...)
	if f, found := verification.FirstBroken(verification.CheckRecord(context.Background(), r)); found {
		t.Fatal(f)
	}
	for name, tc := range map[string]struct {
		tamper func(*sortition.Record)
		fact   string
	}{
		"another value":     {func(r *sortition.Record) { r.Result.Openings[1].Value = "9" }, verification.FactSeed},
		"a party left out":  {func(r *sortition.Record) { r.Result.Openings = r.Result.Openings[:1] }, verification.FactSeed},
		"promised too late": {func(r *sortition.Record) { r.Source.Commitments[0].At = r.Result.KnownAt }, verification.FactOrder},
		"a promise copied":  {func(r *sortition.Record) { r.Source.Commitments[1].Digest = r.Source.Commitments[0].Digest }, verification.FactSource},
	} {
		other := copied(t, r)
		tc.tamper(&other)
		if f, found := verification.FirstBroken(verification.CheckRecord(context.Background(), other)); !found || f.Fact != tc.fact {
			t.Errorf("%s: found %v, want %s", name, f, tc.fact)
		}
	}
}

func TestARedactedDrawIsCheckedAsFarAsItGoes(t *testing.T) {
	full := drawn(t)
	public, err := sortition.Redact(full, sortition.RedactionThreshold)
	if err != nil {
		t.Fatal(err)
	}
	if public.Redaction == nil {
		t.Fatal("the three people from the north are shown one by one")
	}
	findings := verification.CheckRecord(context.Background(), copied(t, public))
	if f, found := verification.FirstBroken(findings); found {
		t.Fatal(f)
	}
	got := states(findings)
	for _, fact := range []string{verification.FactPool, verification.FactTotals, verification.FactFrequencies, verification.FactOrder, verification.FactIndex, verification.FactSelected} {
		if !slices.Contains(got[fact], verification.Holds) {
			t.Errorf("%s: %v", fact, got[fact])
		}
	}
	for _, fact := range []string{verification.FactPanels, verification.FactChances, verification.FactReserves} {
		if !slices.Contains(got[fact], verification.Unchecked) {
			t.Errorf("%s is said to be checked: %v", fact, got[fact])
		}
	}
	for name, tc := range map[string]struct {
		tamper func(*sortition.Record)
		fact   string
	}{
		"a rare row shown":    {func(r *sortition.Record) { r.People[0].Features[0] = "x" }, verification.FactPool},
		"a threshold of one":  {func(r *sortition.Record) { r.Redaction.Threshold = 1 }, verification.FactPool},
		"no digest":           {func(r *sortition.Record) { r.Redaction.Digest = "" }, verification.FactPool},
		"people disappear":    {func(r *sortition.Record) { r.Redaction.People += 3 }, verification.FactTotals},
		"selected disappear":  {func(r *sortition.Record) { r.Redaction.Selected++ }, verification.FactTotals},
		"a stranger sits":     {func(r *sortition.Record) { r.Panels[3][0] = "099" }, verification.FactPanels},
		"too many are shown":  {func(r *sortition.Record) { r.Panels[3] = []string{"001", "002", "003", "004", "005"} }, verification.FactPanels},
		"a chance is changed": {func(r *sortition.Record) { r.People[0].Chance += 0.02; r.People[1].Chance -= 0.02 }, verification.FactFrequencies},
	} {
		r := copied(t, public)
		tc.tamper(&r)
		if f, found := verification.FirstBroken(verification.CheckRecord(context.Background(), r)); !found || f.Fact != tc.fact {
			t.Errorf("%s: found %v, want %s", name, f, tc.fact)
		}
	}
}

func TestTheFullRecordIsTiedToThePublicOne(t *testing.T) {
	full := drawn(t)
	public, err := sortition.Redact(full, sortition.RedactionThreshold)
	if err != nil {
		t.Fatal(err)
	}
	public = copied(t, public)
	if f, found := verification.FirstBroken(verification.CheckFull(context.Background(), public, copied(t, full))); found {
		t.Error(f)
	}
	if f, found := verification.FirstBroken(verification.CheckFull(context.Background(), full, copied(t, full))); found {
		t.Error(f)
	}
	for name, tamper := range map[string]func(public, full *sortition.Record){
		"another nonce":  func(_, full *sortition.Record) { full.Nonce = "fedcba9876543210" },
		"another panel":  func(_, full *sortition.Record) { full.Panels[999] = full.Panels[0] },
		"another number": func(public, _ *sortition.Record) { public.Panels[0] = public.Panels[999] },
	} {
		a, b := copied(t, public), copied(t, full)
		tamper(&a, &b)
		if f, _ := verification.FirstBroken(verification.CheckFull(context.Background(), a, b)); f.Fact != verification.FactDigest {
			t.Errorf("%s: found %v", name, f)
		}
	}
}

// Records come from strangers: whatever is in them, checking ends.
func TestNonsenseIsBrokenAndNoPanic(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	honest := drawn(t)
	public, _ := sortition.Redact(honest, sortition.RedactionThreshold)
	for _, tamper := range []func(*sortition.Record){
		func(r *sortition.Record) { r.People = nil },
		func(r *sortition.Record) { r.Categories = nil },
		func(r *sortition.Record) { r.People[2].Features = nil },
		func(r *sortition.Record) {
			r.Quotas = append(r.Quotas, sortition.Quota{Category: "age", Feature: "1", Max: 3})
		},
		func(r *sortition.Record) { r.Panel = -1 },
		func(r *sortition.Record) { r.Result = &sortition.Result{} },
		func(r *sortition.Record) { r.Result.Index = 1 << 40 },
		func(r *sortition.Record) { r.Source = sortition.Source{} },
		func(r *sortition.Record) { r.Source.Digits = 1 << 50 },
		func(r *sortition.Record) { r.Panels[rng.IntN(1000)] = []string{"nobody"} },
	} {
		for _, start := range []sortition.Record{honest, public} {
			r := copied(t, start)
			tamper(&r)
			if _, found := verification.FirstBroken(verification.CheckRecord(context.Background(), r)); !found {
				t.Errorf("nonsense passes: %+v", r.Source)
			}
		}
	}
}
