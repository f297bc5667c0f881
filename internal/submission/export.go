package submission

import (
	"context"
	"io"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/sheet"
)

// ExportColumns are the columns of the table of comments. Names and contacts are
// in none of them.
var ExportColumns = []string{"receipt", "channel", "received_at", "provision", "text", "proposed_text", "kind", "region",
	"language", "version", "comment", "part", "start", "end", "gathered"}

// exportRows reads every comment that is not split, in the order of arrival.
const exportRows = `SELECT s.receipt, c.channel, c.received_at, c.aimed_at, c.text, c.proposed_text, c.submitter_kind, s.region,
	c.lang, c.draft_version, c.id, c.parent_id, c.span_start, c.span_end, c.suggestion_id
	FROM comments c JOIN submissions s ON s.consultation_id = c.consultation_id AND s.id = c.submission_id
	WHERE c.consultation_id = ? AND NOT c.split ORDER BY c.id`

// Export writes a row a comment, as they come from the database: memory does not
// grow with their number.
func (s *Service) Export(ctx context.Context, who actor.Actor, slug string, out io.Writer, format sheet.Format) error {
	c, err := s.consultations.Staff(ctx, who, slug)
	if err != nil {
		return err
	}
	if err := s.gate.Require(who, PermissionExport, c.Organisation); err != nil {
		return err
	}
	w, err := sheet.NewWriter(out, format, ExportColumns)
	if err != nil {
		return err
	}
	rows, err := s.db.Read(ctx).Raw(exportRows, c.ID).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var e exported
		if err := rows.Scan(&e.receipt, &e.channel, &e.received, &e.provision, &e.text, &e.proposed, &e.kind, &e.region,
			&e.lang, &e.version, &e.id, &e.parent, &e.start, &e.end, &e.suggestion); err != nil {
			return err
		}
		if err := e.write(w); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return w.Close()
}

// exported is one row on its way.
type exported struct {
	receipt, channel, provision, text, proposed, kind, region, lang string
	received                                                        time.Time
	version, id, parent, start, end, suggestion                     int64
}

func (e exported) write(w *sheet.Writer) error {
	gathered := "no"
	if e.suggestion != 0 {
		gathered = "yes"
	}
	part, start, end := "", "", ""
	if e.parent != 0 {
		part, start, end = formatID(e.parent), formatID(e.start), formatID(e.end)
	}
	return w.Write(e.receipt, e.channel, e.received.UTC().Format(time.RFC3339Nano), e.provision, e.text, e.proposed, e.kind, e.region,
		e.lang, int(e.version), formatID(e.id), part, start, end, gathered)
}

func formatID(n int64) string { return ids.Format(n) }
