package sortition

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
)

// The values were computed by another program that follows the documentation of
// Index; the first is that of its example.
func TestIndexIsWhatTheDocumentationSays(t *testing.T) {
	for _, tc := range []struct {
		seed string
		m    int
		want int
	}{
		{"seed", 1000, 165},
		{"472", 1000, 758},
		{"集思广益", 1000, 464},
		{"", 7, 5},
		{"x", 1, 0},
		{" 472", 1000, 907},
		{"seed", 1000000, 533966},
	} {
		if got := Index(tc.seed, tc.m); got != tc.want {
			t.Errorf("Index(%q, %d) = %d, want %d", tc.seed, tc.m, got, tc.want)
		}
	}
}

// With so many panels that every fourth hash is passed over, the index is the
// first that fits.
func TestIndexPassesOverWhatWouldFavourAPanel(t *testing.T) {
	m := math.MaxInt/4*3 + 1 // 2^64 is 2 m and two thirds of m
	limit := 2 * uint64(m)
	passed := 0
	for i := range 100 {
		seed := fmt.Sprint(i)
		var want uint64
		for try := 0; ; try++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "guangyi-draw-1 index\n%d\n%d\n%s", m, try, seed))
			if want = binary.BigEndian.Uint64(sum[:8]); want < limit {
				break
			}
			passed++
		}
		if got := Index(seed, m); uint64(got) != want%uint64(m) {
			t.Errorf("Index(%q) = %d, want %d", seed, got, want%uint64(m))
		}
	}
	if passed == 0 {
		t.Error("no hash was passed over, so nothing was tried")
	}
}

// Ten thousand seeds over ten panels: each panel has about a thousand (chi
// square with 9 degrees of freedom is below 27.9 in 999 of 1,000 cases; the
// seeds are fixed).
func TestIndexFavoursNoPanel(t *testing.T) {
	counts := make([]float64, 10)
	for i := range 10_000 {
		counts[Index(fmt.Sprint("seed ", i), 10)]++
	}
	chi := 0.0
	for _, n := range counts {
		chi += (n - 1000) * (n - 1000) / 1000
	}
	if chi > 27.9 {
		t.Errorf("chi square %.1f: %v", chi, counts)
	}
}

func TestDigitsNameThePanel(t *testing.T) {
	lottery := Source{Kind: SourceNumber, Name: "福彩3D", Digits: 3, Derivation: ByDigits}
	for seed, want := range map[string]int{"472": 472, "007": 7, "000": 0, "999": 999} {
		if got, err := lottery.Index(seed, 1000); err != nil || got != want {
			t.Errorf("%s names panel %d (%v), want %d", seed, got, err, want)
		}
	}
	for _, seed := range []string{"", "47", "4720", "4 7", "-47", "+47", "４７２", "0x1"} {
		if _, err := lottery.Index(seed, 1000); !errors.Is(err, ErrSeed) {
			t.Errorf("the seed %q passes: %v", seed, err)
		}
	}
	for _, m := range []int{1, 10, 999, 1001, 10_000, 0, -1} {
		if _, err := lottery.Index("472", m); err == nil || lottery.Check(m) == nil {
			t.Errorf("three digits may name %d panels", m)
		}
	}
	beacon := Source{Kind: SourceBeacon, Digits: 3, Derivation: ByDigits}
	if beacon.Check(1000) == nil {
		t.Error("a beacon's value is read as digits")
	}
}

func TestSeedsOfOtherSources(t *testing.T) {
	round := Commit("a", "b")
	for _, tc := range []struct {
		source Source
		seed   string
		fits   bool
	}{
		{Source{Kind: SourceBeacon, Derivation: BySHA256}, round, true},
		{Source{Kind: SourceBeacon, Derivation: BySHA256}, "ABCDEF" + round, false},
		{Source{Kind: SourceBeacon, Derivation: BySHA256}, "12", false},
		{Source{Kind: SourceWitnessed, Derivation: BySHA256}, "83", true},
		{Source{Kind: SourceWitnessed, Derivation: BySHA256}, "83a", false},
		{Source{Kind: "dice", Derivation: BySHA256}, "83", false},
		{Source{Kind: SourceWitnessed, Derivation: "md5"}, "83", false},
	} {
		got, err := tc.source.Index(tc.seed, 500)
		if (err == nil) != tc.fits {
			t.Errorf("%s %q: %v", tc.source.Kind, tc.seed, err)
		}
		if tc.fits && got != Index(tc.seed, 500) {
			t.Errorf("%s %q: index %d", tc.source.Kind, tc.seed, got)
		}
	}
}

func TestJointSeed(t *testing.T) {
	openings := []Opening{{"bureau", "sixteen bytes 01", "heads"}, {"residents", "sixteen bytes 02", "tails"}}
	s := Source{Kind: SourceCommitments, Derivation: BySHA256}
	for _, o := range openings {
		s.Commitments = append(s.Commitments, Commitment{Party: o.Party, Digest: Commit(o.Salt, o.Value)})
	}
	if err := s.Check(1000); err != nil {
		t.Fatal(err)
	}
	seed, err := s.JointSeed(openings)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("guangyi-draw-1 openings\n21:sixteen bytes 01heads\n21:sixteen bytes 02tails\n"))
	if seed != hex.EncodeToString(sum[:]) {
		t.Errorf("seed %s is not the documented hash", seed)
	}
	if _, err := s.Index(seed, 1000); err != nil {
		t.Error(err)
	}

	// Where salt ends is no choice that is left to a party.
	moved := slices.Clone(openings)
	moved[1] = Opening{"residents", "sixteen bytes 02t", "ails"}
	if again, err := s.JointSeed(moved); err != nil || again != seed {
		t.Errorf("another cut between salt and value gives %s, %v", again, err)
	}
	for name, wrong := range map[string][]Opening{
		"another value": {openings[0], {"residents", "sixteen bytes 02", "heads"}},
		"one missing":   {openings[0]},
		"other order":   {openings[1], openings[0]},
	} {
		if _, err := s.JointSeed(wrong); !errors.Is(err, ErrSeed) {
			t.Errorf("%s passes: %v", name, err)
		}
	}
	copied := s
	copied.Commitments = []Commitment{s.Commitments[0], {Party: "residents", Digest: s.Commitments[0].Digest}}
	if copied.Check(1000) == nil {
		t.Error("a copied commitment passes")
	}
	alone := s
	alone.Commitments = s.Commitments[:1]
	if alone.Check(1000) == nil {
		t.Error("one party alone makes a joint seed")
	}
}
