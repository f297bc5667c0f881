package adoption

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
)

func formatID(id int64) string { return ids.Format(id) }

// Summary is the head of an adoption summary; its suggestions come by Each or Page,
// because there may be thousands.
type Summary struct {
	ConsultationID int64
	OrganisationID int64
	Slug           string
	Title          string
	Lang           string
	OpensAt        *time.Time
	ClosesAt       *time.Time
	Contact        string
	Number         int    // 1, then one more with each correction
	Counts         Counts `gorm:"-"`
	Balanced       bool
	PublishedAt    time.Time // zero in a preview
	frozen         string    // the figures as they were published, in JSON
}

// published lists the states in which the public sees a summary.
var published = []consultation.State{consultation.Published, consultation.Archived}

const summaryColumns = "consultations.id AS consultation_id, organisation_id, slug, title, consultations.lang, opens_at, closes_at, contact"

// Summary gives the published summary; NotFound before its publication, also for staff.
func (s *Service) Summary(ctx context.Context, slug string) (Summary, error) {
	var row struct {
		Summary
		Frozen string
	}
	err := s.db.Read(ctx).Table("consultations").
		Select(summaryColumns+", summaries.number, summaries.counts AS frozen, summaries.published_at").
		Joins("JOIN summaries ON summaries.consultation_id = consultations.id").
		Where("slug = ? AND consultations.state IN ?", slug, published).
		Order("summaries.number DESC").Limit(1).Take(&row).Error
	if err != nil {
		return Summary{}, database.Translate(err)
	}
	// Only a balanced summary is ever published: the guard stands before it.
	row.Balanced, row.Summary.frozen = true, row.Frozen
	return row.Summary, json.Unmarshal([]byte(row.Frozen), &row.Counts)
}

// Preview gives the summary as it would be published now, for staff.
func (s *Service) Preview(ctx context.Context, who actor.Actor, slug string) (Summary, Balance, error) {
	c, err := s.at(ctx, who, atSlug(slug), mayList)
	if err != nil {
		return Summary{}, Balance{}, err
	}
	g := s.db.Read(ctx)
	b, err := s.balance(g, c.ID)
	if err != nil {
		return Summary{}, b, err
	}
	var out Summary
	if err := g.Table("consultations").Select(summaryColumns).Where("consultations.id = ?", c.ID).Take(&out).Error; err != nil {
		return out, b, err
	}
	out.Number, out.Balanced = 1, b.Holds()
	out.Counts, err = s.counts(ctx, g, c.ID, b.Figures)
	return out, b, err
}

// Page lists suggestions of a summary that was given by Summary or Preview.
func (s *Service) Page(ctx context.Context, of Summary, f Filter) ([]Suggestion, int, error) {
	return s.page(s.db.Read(ctx), of.ConsultationID, f)
}

// Weightiest lists the suggestions with one of the dispositions that most people
// made, at most limit.
func (s *Service) Weightiest(ctx context.Context, of Summary, limit int, codes ...Code) ([]Suggestion, error) {
	var list []Suggestion
	g := s.db.Read(ctx)
	err := g.Where("consultation_id = ? AND disposition IN ?", of.ConsultationID, codes).
		Order("people DESC, number").Limit(limit).Find(&list).Error
	if err != nil {
		return nil, err
	}
	return list, fillProvisions(g, of.ConsultationID, list)
}

// Each walks over all suggestions of a summary by number, a page at a time.
func (s *Service) Each(ctx context.Context, of Summary, visit func(Suggestion) error) error {
	for f := (Filter{Limit: atOnce}); ; {
		list, next, err := s.page(s.db.Read(ctx), of.ConsultationID, f)
		if err != nil {
			return err
		}
		for _, one := range list {
			if err := visit(one); err != nil {
				return err
			}
		}
		if next == 0 {
			return nil
		}
		f.After = next
	}
}

// Told is a published suggestion with the public words in it.
type Told struct {
	Suggestion
	Summary  Summary
	Words    []Words // public ones, oldest first
	Next     int64   // go on after this comment, 0 at the end
	Steps    []Step
	FirstDay *time.Time // of its letters
	LastDay  *time.Time
}

// Step is a dated step from the letters to the answer; without names.
type Step struct {
	Event string
	At    time.Time
}

// wordsShown is how many comments a page of a suggestion shows.
const wordsShown = 20

// Tell gives a published suggestion by its number; NotFound before publication.
func (s *Service) Tell(ctx context.Context, slug string, number int, after int64) (Told, error) {
	head, err := s.Summary(ctx, slug)
	if err != nil {
		return Told{}, err
	}
	g := s.db.Read(ctx)
	list, _, err := s.page(g, head.ConsultationID, Filter{After: number - 1, Limit: 1})
	if err != nil {
		return Told{}, err
	}
	if len(list) == 0 || list[0].Number != number {
		return Told{}, fault.Missing()
	}
	out := Told{Suggestion: list[0], Summary: head}
	if out.Words, out.Next, err = s.comments(g, head.ConsultationID, out.ID, after, wordsShown, true); err != nil {
		return out, err
	}
	return out, s.tellSteps(g, &out)
}

func (s *Service) tellSteps(g *gorm.DB, out *Told) error {
	edge := func(order string) (*time.Time, error) {
		var at []time.Time
		err := g.Table("comments").Where("consultation_id = ? AND suggestion_id = ?", out.ConsultationID, out.ID).
			Order(order).Limit(1).Pluck("received_at", &at).Error
		if err != nil || len(at) == 0 {
			return nil, err
		}
		return &at[0], nil
	}
	var err error
	if out.FirstDay, err = edge("id"); err != nil {
		return err
	}
	if out.LastDay, err = edge("id DESC"); err != nil {
		return err
	}
	history, err := happenings(g, out.ConsultationID, out.ID)
	if err != nil {
		return err
	}
	out.Steps = steps(history, out.Summary.PublishedAt)
	return nil
}

// steps takes from a history the last drafting, the agreement and the signing.
func steps(history []Happening, published time.Time) []Step {
	last := map[string]time.Time{}
	for i := len(history) - 1; i >= 0; i-- {
		last[history[i].Event] = history[i].At
	}
	var out []Step
	for _, event := range []string{Disposed, Agreeing} {
		if at, ok := last[event]; ok {
			out = append(out, Step{event, at})
		}
	}
	return append(out, Step{SignedWith, published})
}
