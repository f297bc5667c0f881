package sortition

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"
)

// RedactionThreshold is how many people must share a combination of features for
// each of them to be published as a row.
const RedactionThreshold = 5

// ErrNonce is a record whose digest could be guessed: with the few combinations
// that people can have, who knows all but one row could try them all.
var ErrNonce = errors.New("a record needs a nonce of 16 characters or more before rows are merged")

// Redact is the public form of a record. People whose combination of features is
// held by fewer than threshold are not shown one by one: they are merged into
// totals, and panels, selected and reserves leave them out. Where the merged
// would be fewer than threshold, the rarest other combinations join them. Totals
// below threshold are not given, and neither are so many others of the category
// that those not given, together, are below it.
//
// A record without such people, or one that is redacted already, comes back as
// it is. The full record must have a Nonce, else the error is ErrNonce.
func Redact(r Record, threshold int) (Record, error) {
	merged := rare(r.People, threshold)
	if len(merged) == 0 || r.Redaction != nil {
		return r, nil
	}
	if len(r.Nonce) < 16 {
		return Record{}, ErrNonce
	}
	digest, err := r.Digest()
	if err != nil {
		return Record{}, err
	}
	out := r
	out.Nonce = ""
	out.Redaction = &Redaction{Threshold: threshold, Digest: digest, People: len(merged), Lowest: math.Inf(1)}
	out.People = nil
	var hidden []RecordPerson
	for _, person := range r.People {
		if !merged[person.Number] {
			out.People = append(out.People, person)
			continue
		}
		hidden = append(hidden, person)
		out.Redaction.Lowest = min(out.Redaction.Lowest, person.Chance)
		out.Redaction.Highest = max(out.Redaction.Highest, person.Chance)
	}
	out.Redaction.Totals = totals(r.Categories, hidden, threshold)
	out.People = loneHouseholds(out.People)
	out.Panels = make([][]string, len(r.Panels))
	for i, panel := range r.Panels {
		out.Panels[i] = shown(panel, merged)
	}
	if r.Result != nil {
		result := r.Result.redacted(merged)
		out.Redaction.Selected = len(r.Result.Selected) - len(result.Selected)
		out.Result = &result
	}
	return out, nil
}

// rare is who must not be shown one by one.
func rare(people []RecordPerson, threshold int) map[string]bool {
	holders := make(map[string][]string)
	for _, person := range people {
		name := strings.Join(person.Features, "\x00")
		holders[name] = append(holders[name], person.Number)
	}
	names := make([]string, 0, len(holders))
	for name := range holders {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if c := cmp.Compare(len(holders[a]), len(holders[b])); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	out := make(map[string]bool)
	for _, name := range names {
		enough := len(out) == 0 || len(out) >= threshold
		if len(holders[name]) >= threshold && enough {
			break
		}
		for _, number := range holders[name] {
			out[number] = true
		}
	}
	return out
}

func shown(numbers []string, merged map[string]bool) []string {
	out := make([]string, 0, len(numbers))
	for _, number := range numbers {
		if !merged[number] {
			out = append(out, number)
		}
	}
	return out
}

func (r Result) redacted(merged map[string]bool) Result {
	r.Selected = shown(r.Selected, merged)
	reserves := make([]Reserve, 0, len(r.Reserves))
	for _, reserve := range r.Reserves {
		if merged[reserve.For] {
			continue
		}
		reserve.Ranked = slices.DeleteFunc(slices.Clone(reserve.Ranked), func(p ReservePerson) bool { return merged[p.Number] })
		reserves = append(reserves, reserve)
	}
	r.Reserves = reserves
	return r
}

// loneHouseholds takes the group from people of whose household nobody else is
// shown.
func loneHouseholds(people []RecordPerson) []RecordPerson {
	members := make(map[int]int)
	for _, person := range people {
		members[person.Household]++
	}
	out := slices.Clone(people)
	for i, person := range out {
		if members[person.Household] < 2 {
			out[i].Household = 0
		}
	}
	return out
}

// totals counts the merged per feature, those below the threshold without a
// number.
func totals(categories []string, people []RecordPerson, threshold int) []FeatureTotal {
	out := []FeatureTotal{}
	for c, category := range categories {
		counts := make(map[string]int)
		for _, person := range people {
			counts[person.Features[c]]++
		}
		var features []string
		for feature := range counts {
			features = append(features, feature)
		}
		slices.Sort(features)
		few := tooFew(features, counts, threshold)
		for _, feature := range features {
			total := FeatureTotal{Category: category, Feature: feature}
			if n := counts[feature]; !few[feature] {
				total.People = &n
			}
			out = append(out, total)
		}
	}
	return out
}

// tooFew is which features of a category go without a number.
func tooFew(features []string, counts map[string]int, threshold int) map[string]bool {
	order := slices.Clone(features)
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(counts[a], counts[b]) })
	few, sum := make(map[string]bool), 0
	for _, feature := range order {
		if counts[feature] >= threshold && (sum == 0 || sum >= threshold && len(few) > 1) {
			break
		}
		few[feature] = true
		sum += counts[feature]
	}
	return few
}
