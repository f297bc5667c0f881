package sortition

import (
	"errors"
	"math"
	"time"
)

// NewRecord fills a record with what the pool, its distribution and its lottery
// tell; ids of people become their numbers. Meeting, Rules, PublishedAt, Source
// and Nonce are left to the caller. Chances are rounded to nine digits.
func NewRecord(p Pool, d Distribution, l Lottery) Record {
	r := Record{
		Format: RecordFormat, Panel: p.Panel, Categories: p.Categories, Quotas: p.Quotas, Panels: l.Panels, Rules: []string{},
		Minimum: nine(d.Minimum), Bound: nine(d.Bound),
	}
	r.Gap = nine(r.Bound - r.Minimum)
	if r.Quotas == nil {
		r.Quotas = []Quota{}
	}
	chances := d.Chances(p)
	members := make(map[string]int)
	for _, person := range p.People {
		members[person.Household]++
	}
	groups := make(map[string]int)
	for _, i := range p.byID() {
		person := p.People[i]
		one := RecordPerson{Number: person.ID, Features: person.Features, Chance: nine(chances[i])}
		if person.Household != "" && members[person.Household] > 1 {
			if groups[person.Household] == 0 {
				groups[person.Household] = len(groups) + 1
			}
			one.Household = groups[person.Household]
		}
		r.People = append(r.People, one)
	}
	return r
}

func nine(x float64) float64 { return math.Round(x*1e9) / 1e9 }

// Draw reads the seed as the record's source says. For commitments the seed
// follows from the openings and may be "". The record must be the full one.
// Errors: ErrSeed, and what Source.Check and Source.Index say.
func (r Record) Draw(seed string, openings []Opening, knownAt time.Time) (Result, error) {
	if r.Redaction != nil {
		return Result{}, errors.New("a draw needs the full record")
	}
	if err := r.Source.Check(len(r.Panels)); err != nil {
		return Result{}, err
	}
	if r.Source.Kind == SourceCommitments {
		joint, err := r.Source.JointSeed(openings)
		if err != nil {
			return Result{}, err
		}
		seed = joint
	}
	index, err := r.Source.Index(seed, len(r.Panels))
	if err != nil {
		return Result{}, err
	}
	selected := r.Panels[index]
	return Result{
		Seed: seed, KnownAt: knownAt.UTC(), Openings: openings, Index: index,
		Selected: selected, Reserves: Reserves(r.Pool(), selected, seed),
	}, nil
}
