package adoption

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
)

// documentItem is a suggestion in a published summary, in the contract's words.
type documentItem struct {
	Number      int      `json:"number"`
	Text        string   `json:"text"`
	Lang        string   `json:"lang"`
	Comments    int      `json:"comments"`
	Submissions int      `json:"submissions"`
	People      int      `json:"people"`
	Disposition Code     `json:"disposition"`
	Reason      string   `json:"reason"`
	ReasonLang  string   `json:"reason_lang"`
	Provisions  []string `json:"provisions"`
}

// WriteDocument writes the contract's JSON of a published summary, with the newest
// signed checkpoint of the register, while it reads it.
func (s *Service) WriteDocument(ctx context.Context, of Summary, w io.Writer) error {
	counts := []byte(of.frozen) // the register holds them as they were written then
	if len(counts) == 0 {
		counts = quoted(of.Counts)
	}
	_, err := fmt.Fprintf(w, `{"title":%s,"lang":%s,"number":%d,"published_at":%s,"counts":%s,"balanced":%t,"suggestions":[`,
		quoted(of.Title), quoted(of.Lang), of.Number, quoted(of.PublishedAt.Format("2006-01-02T15:04:05.999999Z07:00")), counts, of.Balanced)
	if err != nil {
		return err
	}
	comma := ""
	err = s.Each(ctx, of, func(x Suggestion) error {
		_, err := fmt.Fprintf(w, "%s%s", comma, quoted(documentItem{x.Number, x.Text, x.Lang, x.Comments, x.Submissions, x.People, x.Disposition, x.Reason, x.ReasonLang, x.Provisions}))
		comma = ","
		return err
	})
	if err != nil {
		return err
	}
	checkpoint, err := s.Checkpoint(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `],"checkpoint":%s}`, quoted(checkpoint))
	return err
}

// quoted is the JSON of what always has one.
func quoted(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		return []byte("null")
	}
	return raw
}

// Summarised lists the slugs of all consultations whose summary is published.
func (s *Service) Summarised(ctx context.Context) (slugs []string, err error) {
	err = s.db.Read(ctx).Raw(`SELECT slug FROM consultations WHERE state IN ? AND EXISTS
		(SELECT 1 FROM summaries WHERE summaries.consultation_id = consultations.id) ORDER BY slug`, published).Scan(&slugs).Error
	return slugs, err
}
