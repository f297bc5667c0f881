package submission

import (
	"context"
	"io"
	"slices"
	"strconv"
	"time"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/sheet"
)

// ExportColumns are the columns of the table of comments. Names and contacts are
// in none of them. origin_number is what a hotline or a mayor's office knew it by:
// its answer, once published, goes back under that number.
var ExportColumns = []string{"receipt", "channel", "received_at", "provision", "text", "proposed_text", "kind", "region",
	"language", "version", "comment", "part", "start", "end", "gathered", "origin_number", "suggestion", "disposition", "reason"}

// exportRows reads every comment that is not split, in the order of arrival.
const exportRows = `SELECT s.receipt, c.channel, c.received_at, c.aimed_at, c.text, c.proposed_text, c.submitter_kind, s.region,
	c.lang, c.draft_version, c.id, c.parent_id, c.span_start, c.span_end, c.suggestion_id,
	COALESCE(o.number, '')
	FROM comments c JOIN submissions s ON s.consultation_id = c.consultation_id AND s.id = c.submission_id
	LEFT JOIN submission_origins o ON o.consultation_id = s.consultation_id AND o.submission_id = s.id
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
	some := make([]exported, 0, exportAtOnce)
	for rows.Next() {
		var e exported
		if err := rows.Scan(&e.receipt, &e.channel, &e.received, &e.provision, &e.text, &e.proposed, &e.kind, &e.region,
			&e.lang, &e.version, &e.id, &e.parent, &e.start, &e.end, &e.suggestion, &e.number); err != nil {
			return err
		}
		if some = append(some, e); len(some) < exportAtOnce {
			continue
		}
		if err := s.writeExported(ctx, w, c.ID, some); err != nil {
			return err
		}
		some = some[:0]
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := s.writeExported(ctx, w, c.ID, some); err != nil {
		return err
	}
	return w.Close()
}

// exportAtOnce is for how many rows the answers are looked up together.
const exportAtOnce = 500

// writeExported writes some rows with the answers that were published to them.
func (s *Service) writeExported(ctx context.Context, w *sheet.Writer, consultation int64, some []exported) error {
	var held []int64
	for _, e := range some {
		if e.suggestion != 0 {
			held = append(held, e.suggestion)
		}
	}
	answers := map[int64]Answer{}
	if s.answers != nil && len(held) > 0 {
		slices.Sort(held)
		var err error
		if answers, err = s.answers.AnswersTo(ctx, consultation, slices.Compact(held)); err != nil {
			return err
		}
	}
	for _, e := range some {
		if err := e.write(w, answers[e.suggestion]); err != nil {
			return err
		}
	}
	return nil
}

// exported is one row on its way.
type exported struct {
	receipt, channel, provision, text, proposed, kind, region, lang, number string
	received                                                                time.Time
	version, id, parent, start, end, suggestion                             int64
}

func (e exported) write(w *sheet.Writer, a Answer) error {
	gathered := "no"
	if e.suggestion != 0 {
		gathered = "yes"
	}
	suggestion := ""
	if a.Number != 0 {
		suggestion = strconv.Itoa(a.Number)
	}
	part, start, end := "", "", ""
	if e.parent != 0 {
		part, start, end = formatID(e.parent), formatID(e.start), formatID(e.end)
	}
	return w.Write(e.receipt, e.channel, e.received.UTC().Format(time.RFC3339Nano), e.provision, e.text, e.proposed, e.kind, e.region,
		e.lang, int(e.version), formatID(e.id), part, start, end, gathered, e.number, suggestion, a.Disposition, a.Reason)
}

func formatID(n int64) string { return ids.Format(n) }
