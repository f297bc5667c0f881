package adoption

import (
	"context"
	"io"
	"strings"

	"guangyi/internal/platform/sheet"
)

// Columns are those of the exported summary, named as in its JSON.
var Columns = []string{"number", "text", "comments", "submissions", "people", "disposition", "reason", "provisions"}

// Export writes the published summary as a table, a row a suggestion, while it
// reads it. In CSV and XLSX the provisions are parted by spaces. NotFound before
// publication, with nothing written.
func (s *Service) Export(ctx context.Context, slug string, out io.Writer, format sheet.Format) error {
	head, err := s.Summary(ctx, slug)
	if err != nil {
		return err
	}
	return s.WriteTable(ctx, head, out, format)
}

// WriteTable is Export of a summary that was looked up before.
func (s *Service) WriteTable(ctx context.Context, head Summary, out io.Writer, format sheet.Format) error {
	w, err := sheet.NewWriter(out, format, Columns)
	if err != nil {
		return err
	}
	err = s.Each(ctx, head, func(of Suggestion) error {
		var provisions any = strings.Join(of.Provisions, " ")
		if format == sheet.JSON {
			provisions = of.Provisions
		}
		return w.Write(of.Number, of.Text, of.Comments, of.Submissions, of.People, string(of.Disposition), of.Reason, provisions)
	})
	if err != nil {
		return err
	}
	return w.Close()
}
