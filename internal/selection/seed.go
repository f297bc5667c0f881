package selection

import (
	"context"
	"encoding/json"
	"strings"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/sortition"
)

// EnterSeed takes the seed once it can be known; another person confirms it. For
// a joint seed nothing is typed: it follows from what the parties opened.
//
// Faults: Conflict selection.too_early before Source.DueAt, selection.unopened
// while a party has not opened; Invalid for what the source could not have given.
func (s *Service) EnterSeed(ctx context.Context, who actor.Actor, slug, seed string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, PermissionRun, func(a *act) error {
		if err := a.at(Published); err != nil {
			return err
		}
		if a.tx.Now.Before(a.Source.DueAt) {
			return fault.New(fault.Conflict, "selection.too_early", "due", a.Source.DueAt)
		}
		if a.Source.Kind == sortition.SourceCommitments {
			openings, err := a.openings()
			if err != nil {
				return err
			}
			if seed, err = a.Source.JointSeed(openings); err != nil {
				return err
			}
		}
		seed = tidySeed(a.Source, seed)
		if _, err := a.Source.Index(seed, a.Panels); err != nil {
			var f fault.Fields
			f.Add("seed", "selection.seed."+string(a.Source.Kind), "digits", a.Source.Digits)
			return f.Err()
		}
		now := a.tx.Now
		a.Seed, a.SeedBy, a.SeedByName, a.SeedAt, a.Stage = seed, a.tx.Actor.Key(), a.tx.Actor.Name, &now, Entered
		if err := a.store(EnteredEvent, seed, Published); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

// tidySeed drops what people put between digits, and the case of hexadecimal.
func tidySeed(src sortition.Source, seed string) string {
	seed = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(" \t\u3000,，、-", r):
			return -1
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		}
		return r
	}, seed)
	if src.Kind == sortition.SourceBeacon {
		return strings.ToLower(seed)
	}
	return seed
}

func (a *act) openings() ([]sortition.Opening, error) {
	rows, err := commitmentsIn(a.tx.DB, a.meeting.ID)
	if err != nil {
		return nil, err
	}
	var out []sortition.Opening
	for _, c := range rows {
		if c.OpenedAt == nil {
			return nil, fault.New(fault.Conflict, "selection.unopened", "party", c.Party)
		}
		out = append(out, sortition.Opening{Party: c.Party, Salt: c.Salt, Value: c.Value})
	}
	return out, nil
}

// ConfirmSeed draws: somebody else than who entered the seed looks it up at its
// source and types it again; the panel that it names is selected in the same
// change. A number that differs is Invalid, and RefuseSeed the way on.
func (s *Service) ConfirmSeed(ctx context.Context, who actor.Actor, slug, seed string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, PermissionConfirm, func(a *act) error {
		if err := a.otherSeed(); err != nil {
			return err
		}
		if a.Source.Kind != sortition.SourceCommitments && tidySeed(a.Source, seed) != a.Seed {
			var f fault.Fields
			f.Add("seed", "selection.seed_differs")
			return f.Err()
		}
		if err := s.draw(a); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

// RefuseSeed takes an entered seed back, with the reason.
func (s *Service) RefuseSeed(ctx context.Context, who actor.Actor, slug, reason string) (Selection, error) {
	var out Selection
	err := s.change(ctx, who, slug, PermissionConfirm, func(a *act) error {
		if err := a.otherSeed(); err != nil {
			return err
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			var f fault.Fields
			f.Add("reason", "selection.missing.reason")
			return f.Err()
		}
		note := a.Seed + ": " + reason
		a.Seed, a.SeedBy, a.SeedByName, a.SeedAt, a.Stage = "", "", "", nil, Published
		if err := a.store(RefusedEvent, note, Entered); err != nil {
			return err
		}
		out = a.Selection
		return nil
	})
	return out, err
}

func (a *act) otherSeed() error {
	if err := a.at(Entered); err != nil {
		return err
	}
	if a.SeedBy == a.tx.Actor.Key() {
		return fault.New(fault.Forbidden, "selection.own_seed")
	}
	return nil
}

// draw names the panel by the seed and selects it.
func (s *Service) draw(a *act) error {
	r, err := a.full()
	if err != nil {
		return err
	}
	var openings []sortition.Opening
	if r.Source.Kind == sortition.SourceCommitments {
		if openings, err = a.openings(); err != nil {
			return err
		}
	}
	result, err := r.Draw(a.Seed, openings, r.Source.DueAt)
	if err != nil {
		return err
	}
	people, err := peopleIn(a.tx.DB, a.meeting.ID)
	if err != nil {
		return err
	}
	placeDrawn(people, result)
	r.Result = &result
	if err := a.write(r); err != nil {
		return err
	}
	raw, err := json.Marshal(result)
	if err != nil {
		return err
	}
	a.Result = string(raw)
	return s.settle(a, people)
}
