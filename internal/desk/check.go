package desk

import (
	"context"
	"fmt"
	"strings"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Reading is what the second person made of a paper: the key fields as they typed
// them without seeing the first typing, the words as they stand after reading them
// beside the scan.
type Reading struct {
	Name, Unit, Phone, Email, Address string
	Signers                           []string
	PostedOn                          string
	Provisions                        []string // a point each; as typed
	Texts, Proposed                   []string // a point each
}

// Finding is a field in which the two differ. First and Second are the two wordings.
type Finding struct {
	Field         string // name, unit, phone, email, address, signers, posted_on, provision-0, text-0, proposed-0 …
	First, Second string
	Pieces        []Piece
}

// Choices says for each finding's field whose wording holds: "first" or "second".
type Choices map[string]string

// The two wordings of a finding.
const (
	First  = "first"
	Second = "second"
)

// Compare lists where a reading differs from what was typed, in the order of the
// paper. Faults: those of Place; Forbidden desk.own_typing; Conflict desk.state.
func (s *Service) Compare(ctx context.Context, who actor.Actor, slug string, id int64, r Reading) (Entry, []Finding, error) {
	e, err := s.ForCheck(ctx, who, slug, id)
	if err != nil {
		return e, nil, err
	}
	list, err := s.findings(ctx, e, r)
	return e, list, err
}

// ForCheck reads an entry for the person who is to check it.
func (s *Service) ForCheck(ctx context.Context, who actor.Actor, slug string, id int64) (Entry, error) {
	c, err := s.Place(ctx, who, slug, PermissionCheck)
	if err != nil {
		return Entry{}, err
	}
	e, err := s.read(s.db.Read(ctx), c.ID, id)
	if err != nil {
		return e, err
	}
	return e, checkable(e, who)
}

// checkable refuses what is not waiting, and one's own typing: the second person is
// another one.
func checkable(e Entry, who actor.Actor) error {
	if e.State != Waiting {
		return fault.New(fault.Conflict, "desk.state")
	}
	if e.TypedBy(who.Key()) {
		return fault.New(fault.Forbidden, "desk.own_typing")
	}
	return nil
}

// field is one thing that is compared: how it reads, and how to put another wording.
type field struct {
	name   string
	first  string
	second string
	put    func(*Content, string)
}

func (s *Service) findings(ctx context.Context, e Entry, r Reading) ([]Finding, error) {
	list, err := s.fields(ctx, e, r)
	if err != nil {
		return nil, err
	}
	var out []Finding
	for _, f := range list {
		if f.first != f.second {
			out = append(out, Finding{f.name, f.first, f.second, Difference(f.first, f.second)})
		}
	}
	return out, nil
}

func (s *Service) fields(ctx context.Context, e Entry, r Reading) ([]field, error) {
	tree, err := s.drafts.Tree(ctx, e.ConsultationID, firstVersion)
	if err != nil {
		return nil, err
	}
	c := e.Content
	line := func(name, first, second string, put func(*Content, string)) field {
		return field{name, first, strings.TrimSpace(second), put}
	}
	out := []field{
		line("name", c.Sender.Name, r.Name, func(c *Content, v string) { c.Sender.Name = v }),
		line("unit", c.Sender.Unit, r.Unit, func(c *Content, v string) { c.Sender.Unit = v }),
		line("phone", c.Sender.Phone, r.Phone, func(c *Content, v string) { c.Sender.Phone = v }),
		line("email", c.Sender.Email, r.Email, func(c *Content, v string) { c.Sender.Email = v }),
		line("address", c.Sender.Address, r.Address, func(c *Content, v string) { c.Sender.Address = v }),
		line("signers", strings.Join(c.Signers, "\n"), strings.Join(Content{Signers: r.Signers}.tidy().Signers, "\n"), func(c *Content, v string) {
			c.Signers = Content{Signers: strings.Split(v, "\n")}.tidy().Signers
		}),
	}
	if digits(out[2].first) == digits(out[2].second) && narrow(out[2].first) != "" && out[2].second != "" {
		out[2].second = out[2].first // hyphens and spaces are the typist's
	}
	if e.Way == Letter {
		out = append(out, line("posted_on", c.PostedOn, r.PostedOn, func(c *Content, v string) { c.PostedOn = v }))
	}
	at := func(list []string, i int, otherwise string) string {
		if i >= len(list) {
			return otherwise
		}
		return strings.ReplaceAll(list[i], "\r\n", "\n")
	}
	for i, p := range c.Points {
		typed := at(r.Provisions, i, p.Provision)
		first, _ := Find(tree, p.Provision)
		if key, ok := Find(tree, typed); ok && key == first {
			typed = p.Provision
		}
		out = append(out,
			line(fmt.Sprintf("provision-%d", i), p.Provision, typed, func(c *Content, v string) { c.Points[i].Provision = v }),
			field{fmt.Sprintf("text-%d", i), p.Text, at(r.Texts, i, p.Text), func(c *Content, v string) { c.Points[i].Text = v }},
			field{fmt.Sprintf("proposed-%d", i), p.Proposed, at(r.Proposed, i, p.Proposed), func(c *Content, v string) { c.Points[i].Proposed = v }})
	}
	return out, nil
}

// Settle ends the check: without differences, or with a choice for each. What holds
// becomes the entry's content and at once a submission. Should the consultation
// refuse it at this moment, the check is kept all the same and the entry stands as
// checked with the reason.
//
// Faults: those of Compare; Invalid with a field for each finding without a choice;
// stale when the entry was changed since version.
func (s *Service) Settle(ctx context.Context, who actor.Actor, slug string, id, version int64, r Reading, choose Choices) (Done, error) {
	e, err := s.ForCheck(ctx, who, slug, id)
	if err != nil {
		return Done{Entry: e}, err
	}
	fields, err := s.fields(ctx, e, r)
	if err != nil {
		return Done{Entry: e}, err
	}
	content, corrected, f := settled(e.Content, fields, choose)
	if err := f.Err(); err != nil {
		return Done{Entry: e}, err
	}
	trial := e
	trial.Content = content
	c, err := s.consultations.ByID(ctx, e.ConsultationID)
	if err != nil {
		return Done{Entry: e}, err
	}
	if corrected {
		if err := s.complete(ctx, c, trial, s.db.Now()); err != nil {
			return Done{Entry: e}, err
		}
	}
	return s.settle(ctx, who, slug, id, version, content, corrected)
}

func settled(was Content, fields []field, choose Choices) (content Content, corrected bool, f fault.Fields) {
	content = was
	content.Points = append([]Point(nil), was.Points...)
	for _, x := range fields {
		if x.first == x.second {
			continue
		}
		switch choose[x.name] {
		case First:
		case Second:
			x.put(&content, x.second)
			corrected = true
		default:
			f.Add(x.name, "desk.choose")
		}
	}
	return content, corrected, f
}

func (s *Service) settle(ctx context.Context, who actor.Actor, slug string, id, version int64, content Content, corrected bool) (Done, error) {
	var out Done
	e, err := s.change(ctx, who, slug, id, PermissionCheck, func(tx *database.Tx, c consultation.Consultation, e *Entry) error {
		if err := checkable(*e, who); err != nil {
			return err
		}
		if version != 0 && version != e.Version {
			return fault.Stale()
		}
		before := e.State
		var err error
		if e.State, err = Step(e.State, Confirm); err != nil {
			return err
		}
		now := tx.Now
		e.Content, e.CheckedBy, e.CheckedAt, e.Corrected = content, who.Key(), &now, corrected
		if err := s.remember(tx, e, "checked", kept{Content: &e.Content}); err != nil {
			return err
		}
		if corrected {
			if err := s.mark(tx, e); err != nil {
				return err
			}
		}
		if err := trail(tx, e, string(Confirm), before, map[string]any{"corrected": corrected}); err != nil {
			return err
		}
		return s.takeChecked(tx, c, e, &out)
	})
	out.Entry = e
	return out, err
}

// takeChecked makes the submission, or keeps why that was refused: those refusals
// come before anything is written.
func (s *Service) takeChecked(tx *database.Tx, c consultation.Consultation, e *Entry, out *Done) error {
	r, err := s.take(tx, c, e)
	if err == nil {
		out.Receipt = &r
		return nil
	}
	p, ok := fault.As(err)
	if !ok || p.Kind != fault.Invalid && p.Kind != fault.Gone {
		return err
	}
	e.Refused = p.Code
	if len(p.Fields) > 0 {
		e.Refused = p.Fields[0].Code
	}
	return s.store(tx, e)
}

// TakeChecked tries again to make the submission of a checked entry.
func (s *Service) TakeChecked(ctx context.Context, who actor.Actor, slug string, id int64) (Done, error) {
	var out Done
	e, err := s.change(ctx, who, slug, id, PermissionEnter, func(tx *database.Tx, c consultation.Consultation, e *Entry) error {
		if e.State != Checked {
			return fault.New(fault.Conflict, "desk.state")
		}
		r, err := s.take(tx, c, e)
		out.Receipt = &r
		return err
	})
	out.Entry = e
	return out, err
}
