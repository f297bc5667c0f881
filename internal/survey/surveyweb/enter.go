package surveyweb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/ids"
	"guangyi/internal/platform/sheet"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
	"guangyi/internal/survey"
	"guangyi/views/surveyview"
)

func (h handlers) enterForm(c *web.Ctx) error {
	v, err := h.entering(c)
	if err != nil {
		return err
	}
	v.Typed["kind"] = "individual"
	return h.renderEnter(c, 200, v)
}

// entering begins the form for a paper questionnaire.
func (h handlers) entering(c *web.Ctx) (surveyview.Entering, error) {
	v := surveyview.Entering{Key: "paper-" + newKey(), Typed: map[string]string{}}
	slug, err := c.Slug()
	if err != nil {
		return v, err
	}
	v.C, v.V, err = h.Surveys.Enterable(c.UserContext(), c.Who(), slug)
	v.AfterEnd = v.C.Status(c.Now()) != consultation.Open
	return v, err
}

func (h handlers) renderEnter(c *web.Ctx, status int, v surveyview.Entering) error {
	p := h.staffPage(c, v.C, c.T("survey.enter.title"))
	p.Errors = len(v.Faults) > 0
	return c.Render(status, surveyview.Enter(p, v))
}

// enter takes one paper questionnaire in and shows the form for the next: kind and
// dates stay, since a bundle mostly shares them.
func (h handlers) enter(c *web.Ctx) error {
	v, err := h.entering(c)
	if err != nil {
		return err
	}
	if key := strings.TrimSpace(c.Form("key")); key != "" && len(key) <= submission.MostKey {
		v.Key = key
	}
	v.Entered, _ = strconv.Atoi(c.Form("entered"))
	in, faults := h.typedPaper(c, &v)
	var r submission.Receipt
	if err = faults.Err(); err == nil {
		r, err = h.Surveys.EnterPaper(c.UserContext(), c.Who(), in)
	}
	problem, ok := fault.As(err)
	switch {
	case ok && problem.Kind == fault.Invalid:
		v.Faults = worded(c, problem.Fields)
		return h.renderEnter(c, 422, v)
	case ok && problem.Code == "submission.key_reused":
		// The page was called back and another paper typed into it.
		v.Key = "paper-" + newKey()
		in.Key = v.Key
		if r, err = h.Surveys.EnterPaper(c.UserContext(), c.Who(), in); err != nil {
			return err
		}
	case err != nil:
		return err
	}
	next := surveyview.Entering{
		C: v.C, V: v.V, Key: "paper-" + newKey(), AfterEnd: v.AfterEnd, Entered: max(v.Entered, 0) + 1, Receipt: r.Number,
		Address: "/staff/consultations/" + v.C.Slug + "/submissions/" + ids.Format(r.Submission), Typed: map[string]string{},
	}
	for _, name := range []string{"kind", "received_at", "posted_on"} {
		next.Typed[name] = v.Typed[name]
	}
	return h.renderEnter(c, 200, next)
}

// typedPaper reads a paper questionnaire as it was typed.
func (h handlers) typedPaper(c *web.Ctx, v *surveyview.Entering) (survey.Response, fault.Fields) {
	var f fault.Fields
	in := survey.Response{Consultation: v.C.Slug, Key: v.Key, Answers: survey.Answers{}}
	for _, q := range v.V.Questions {
		name, other := surveyview.FieldNames(q.Code)
		v.Typed[name], v.Typed[other] = strings.ReplaceAll(c.Form(name), "\r\n", "\n"), c.Form(other)
		a, ok := q.Read(v.Typed[name])
		if !ok {
			f.Add("answers."+q.Code, "survey.answer_choice")
		}
		if t := strings.TrimSpace(v.Typed[other]); t != "" {
			a.Other = t
		}
		in.Answers[q.Code] = a
	}
	for _, name := range []string{"kind", "number", "received_at", "posted_on"} {
		v.Typed[name] = strings.TrimSpace(c.Form(name))
	}
	in.Submitter.Kind, in.Origin.Number = submission.Kind(v.Typed["kind"]), v.Typed["number"]
	if at, ok := h.day(c, v.Typed["received_at"], "received_at", &f); ok {
		in.ReceivedAt = at
	}
	if at, ok := h.day(c, v.Typed["posted_on"], "posted_on", &f); ok {
		in.Origin.PostedOn = &at
	}
	return in, f
}

// day reads a date in the reader's zone; today is now.
func (h handlers) day(c *web.Ctx, text, name string, f *fault.Fields) (time.Time, bool) {
	if text == "" {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation(time.DateOnly, text, c.Visit.Locale.Zone())
	if err != nil || at.Year() < 2000 || at.Year() > 2200 {
		f.Add(name, "submission.row.instant")
		return at, false
	}
	return at.UTC(), true
}

// importLargest is the largest table that the page takes. Bytes.
const importLargest = 30 << 20

// findingsShown is how many findings of an import the page lists.
const findingsShown = 200

func (h handlers) importForm(c *web.Ctx) error {
	v, err := h.importing(c)
	if err != nil {
		return err
	}
	return h.renderImport(c, 200, v)
}

func (h handlers) importing(c *web.Ctx) (surveyview.Import, error) {
	slug, err := c.Slug()
	if err != nil {
		return surveyview.Import{}, err
	}
	x, v, err := h.Surveys.Enterable(c.UserContext(), c.Who(), slug)
	return surveyview.Import{C: x, Columns: v.Columns()}, err
}

func (h handlers) renderImport(c *web.Ctx, status int, v surveyview.Import) error {
	p := h.staffPage(c, v.C, c.T("survey.import.title"))
	p.Errors = v.Fault != ""
	return c.Render(status, surveyview.Upload(p, v))
}

// importFile takes an uploaded table in, or tries it.
func (h handlers) importFile(c *web.Ctx) error {
	v, err := h.importing(c)
	if err != nil {
		return err
	}
	v.Dry = c.Form("dry_run") != ""
	report, err := h.takeTable(c, &v)
	if f, ok := fault.AsInvalid(err); ok && len(f.Fields) > 0 {
		v.Fault = web.Message(c.Visit.Locale, f.Fields[0].Code, f.Fields[0].Args...)
		return h.renderImport(c, 422, v)
	}
	if err != nil {
		return err
	}
	v.Report = &report
	return h.renderImport(c, 200, v)
}

func (h handlers) takeTable(c *web.Ctx, v *surveyview.Import) (survey.Imported, error) {
	file, err := c.Upload("file", importLargest)
	if err != nil {
		return survey.Imported{}, err
	}
	if file == nil {
		return survey.Imported{}, fault.Fields{{Name: "file", Code: "submission.import_file"}}.Err()
	}
	rows, err := sheet.NewReader(bytes.NewReader(file.Data), file.Name, sheet.Limits{UnpackedBytes: 256 << 20})
	if err != nil {
		return survey.Imported{}, fault.Fields{{Name: "file", Code: "submission.import_unreadable"}}.Err()
	}
	defer rows.Close()
	sum := sha256.Sum256(file.Data)
	bulk := survey.Bulk{Consultation: v.C.Slug, Sum: hex.EncodeToString(sum[:]), Name: file.Name, DryRun: v.Dry}
	return h.Surveys.Import(c.UserContext(), c.Who(), bulk, rows, func(f survey.Finding) {
		if len(v.Findings) >= findingsShown {
			v.More++
			return
		}
		v.Findings = append(v.Findings, surveyview.Found{
			Line: f.Line, Column: f.Column, Name: f.Name, Message: web.Message(c.Visit.Locale, f.Code, f.Args...),
		})
	})
}
