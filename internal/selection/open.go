package selection

import (
	"fmt"
	"math"

	"guangyi/internal/sortition"
)

// openness is what may be said of each person of a category, although not all of
// their features may: every combination that it shows, also the one that would
// follow from what is left out for others, is held by enough people.
type openness struct {
	features []string
	chance   bool
}

func (o openness) of(p Person) map[string]string {
	out := map[string]string{categoryOf: p.Category}
	for _, f := range o.features {
		out[f] = p.Features[f]
	}
	return out
}

// opened finds, category by category, the features that may be shown of all its
// people: one after another, as long as no combination becomes rare. The chance
// tells features too and is treated like one.
func opened(r sortition.Record) map[string]openness {
	column := -1
	for i, c := range r.Categories {
		if c == categoryOf {
			column = i
		}
	}
	by := map[string][]sortition.RecordPerson{}
	for _, p := range r.People {
		by[p.Features[column]] = append(by[p.Features[column]], p)
	}
	out := map[string]openness{}
	for category, people := range by {
		var o openness
		said := make([]string, len(people))
		for i, c := range r.Categories {
			if i == column {
				continue
			}
			if more, ok := say(said, people, func(p sortition.RecordPerson) string { return p.Features[i] }); ok {
				said, o.features = more, append(o.features, c)
			}
		}
		_, o.chance = say(said, people, func(p sortition.RecordPerson) string { return fmt.Sprint(math.Round(p.Chance * 1e5)) })
		out[category] = o
	}
	return out
}

// say adds one more word to what is said of each; ok is false when fewer than the
// threshold would then be alike.
func say(said []string, people []sortition.RecordPerson, word func(sortition.RecordPerson) string) ([]string, bool) {
	more, alike := make([]string, len(said)), map[string]int{}
	for i, p := range people {
		more[i] = said[i] + "\x00" + word(p)
		alike[more[i]]++
	}
	for _, n := range alike {
		if n < sortition.RedactionThreshold {
			return nil, false
		}
	}
	return more, true
}
