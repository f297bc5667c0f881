package selectionview

import (
	"strconv"
	"strings"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/selection"
	"guangyi/internal/sortition"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// Desk is the page of those who run a selection.
type Desk struct {
	Draw
	Self       string // key of the person
	MayRun     bool
	MayConfirm bool
	MayCorrect bool // somebody else's call, and the role for it
	MayAudit   bool
	Preview    selection.Preview
	Previewed  bool
	Asked      selection.Job // the newest preview
	Witnesses  []selection.Witness
	Parties    []selection.Commitment
	Token      string // of the witness just named, shown once
	TokenName  string
	Act        string // that was refused
	Form       map[string]string
	Faults     map[string]string
	Errors     []components.FieldError
}

func (v Desk) stage() selection.Stage {
	if !v.Found {
		return ""
	}
	return v.Selection.Stage
}

func (v Desk) closed() bool { return v.Meeting.Status(v.Now) == meeting.Closed }

// open is before the pool is frozen, while it still can be.
func (v Desk) open() bool {
	switch v.Meeting.Status(v.Now) {
	case meeting.Announced, meeting.Open, meeting.Closed:
		return !v.Found
	}
	return false
}

func (v Desk) address() string { return "/staff/meetings/" + v.Meeting.Slug + "/selection" }

func (v Desk) title(l *i18n.Locale) string { return l.T("selection.desk") }

func (v Desk) status(l *i18n.Locale) *components.Status {
	s := components.Status{State: components.Waiting, Word: l.T("selection.stage.open")}
	if v.Found {
		s.Word = l.T("selection.stage." + string(v.Selection.Stage))
	}
	switch v.stage() {
	case selection.Drawn:
		s.State = components.Answered
	case selection.Infeasible:
		s.State = components.Closing
	case selection.Published:
		s.State = components.Scheduled
	}
	return &s
}

// field is a field of the act that was refused, with what was typed.
func (v Desk) field(act, name string, f components.Field) components.Field {
	f.Name, f.ID = name, act+"-"+name
	if v.Act == act {
		f.Value, f.Error = v.Form[name], v.Faults[name]
	}
	return f
}

// tasks are the steps, with what is done and when the next may be.
func (v Desk) tasks(l *i18n.Locale) []components.Task {
	if !v.Meeting.Draws() || v.Found && !v.Selection.Draws() {
		return v.listTasks(l)
	}
	at := v.order()
	task := func(step int, name, hint string) components.Task {
		t := components.Task{Text: l.T("selection.step." + name), Hint: hint, Done: at > step, State: l.T("selection.step.later")}
		switch {
		case t.Done:
			t.State = l.T("selection.step.done")
		case at == step:
			t.State = l.T("selection.step.next")
		}
		return t
	}
	return []components.Task{
		task(0, "close", v.closeHint(l)), task(1, "compute", v.computeHint(l)),
		task(2, "publish", l.T("selection.hint.publish", "at", stamp(l, v.Source.DueAt))),
		task(3, "seed", l.T("selection.hint.seed", "source", source(l, v.Source), "at", stamp(l, v.Source.DueAt))),
		task(4, "confirm", l.T("selection.hint.confirm")), task(5, "result", v.resultHint(l)),
	}
}

// order is how many steps are done.
func (v Desk) order() int {
	switch v.stage() {
	case selection.Computing, selection.Infeasible:
		return 1
	case selection.Computed:
		return 2
	case selection.Published:
		return 3
	case selection.Entered:
		return 4
	case selection.Drawn:
		return 6
	}
	return 0
}

func (v Desk) listTasks(l *i18n.Locale) []components.Task {
	tasks := []components.Task{
		{Text: l.T("selection.step.close"), Hint: v.closeHint(l), Done: v.Found},
		{Text: l.T("selection.step.list"), Hint: l.T("selection.hint.confirm"), Done: v.stage() == selection.Drawn},
	}
	next := true
	for i := range tasks {
		switch {
		case tasks[i].Done:
			tasks[i].State = l.T("selection.step.done")
		case next:
			tasks[i].State, next = l.T("selection.step.next"), false
		default:
			tasks[i].State = l.T("selection.step.later")
		}
	}
	return tasks
}

func (v Desk) closeHint(l *i18n.Locale) string {
	if v.Found {
		return l.T("selection.hint.frozen", "at", stamp(l, v.Selection.FrozenAt), "count", v.Selection.People, "excluded", v.Selection.Excluded)
	}
	if v.Meeting.ClosesAt == nil {
		return ""
	}
	return l.T("selection.hint.close", "at", l.Deadline(*v.Meeting.ClosesAt))
}

func (v Desk) computeHint(l *i18n.Locale) string {
	switch v.stage() {
	case selection.Computing:
		return v.progress(l)
	case selection.Infeasible:
		return l.T("selection.infeasible")
	case "":
		return l.T("selection.hint.compute")
	}
	if v.Selection.ComputedAt == nil {
		return ""
	}
	return l.T("selection.hint.computed", "at", stamp(l, *v.Selection.ComputedAt), "chance", l.Percent(v.Minimum))
}

// progress words the job that runs.
func (v Desk) progress(l *i18n.Locale) string {
	switch v.Job.State {
	case selection.Failed:
		return l.T("selection.job.failed")
	case selection.Running:
		if v.Job.People > 0 {
			return l.T("selection.job.running", "fixed", v.Job.Fixed, "people", v.Job.People)
		}
		return l.T("selection.job.started")
	}
	return l.T("selection.job.queued")
}

func (v Desk) resultHint(l *i18n.Locale) string {
	if v.Selection.DrawnAt == nil {
		return l.T("selection.hint.result")
	}
	return l.T("selection.hint.drawn", "at", stamp(l, *v.Selection.DrawnAt), "panel", v.number(l))
}

// previewText words the answer of a preview.
func (v Desk) previewText(l *i18n.Locale) string {
	p := v.Preview
	args := []any{"at", stamp(l, p.At), "count", p.People, "seats", p.Seats, "chance", l.Percent(p.Minimum)}
	switch {
	case p.Trivial:
		return l.T("selection.preview.trivial", args...)
	case p.Feasible:
		return l.T("selection.preview.feasible", args...)
	}
	return l.T("selection.preview.stuck", args...)
}

// stuckWith are the conflicts to resolve: of the frozen pool, else of the preview.
func (v Desk) stuckWith() []sortition.Conflict {
	if v.stage() == selection.Infeasible {
		return v.Selection.Conflicts
	}
	if v.Previewed && !v.Found && !v.Preview.Feasible {
		return v.Preview.Conflicts
	}
	return nil
}

// correctable reports whether quotas may still be corrected.
func (v Desk) correctable() bool {
	switch v.stage() {
	case "", selection.Computing, selection.Infeasible, selection.Computed:
		return v.Meeting.Public() && (v.open() || v.Found)
	}
	return false
}

// renamable reports whether another seed may be named.
func (v Desk) renamable() bool {
	switch v.stage() {
	case selection.Computing, selection.Infeasible, selection.Computed, selection.Published:
		return true
	}
	return false
}

// late reports that the seed came out before the panels were public.
func (v Desk) late() bool {
	switch v.stage() {
	case selection.Computing, selection.Infeasible, selection.Computed:
		return !v.Now.Before(v.Source.DueAt)
	}
	return false
}

// quotaRow is one quota in the form of a correction, as asked or as it would be.
type quotaRow struct {
	meeting.Quota
	changed bool
}

// quotaRows are the call's quotas with the smallest relaxation filled in.
func (v Desk) quotaRows() []quotaRow {
	relaxed := selection.Relaxed(v.Meeting, v.stuckWith())
	out := make([]quotaRow, len(relaxed))
	for i, q := range relaxed {
		out[i] = quotaRow{q, i >= len(v.Meeting.Quotas) || v.Meeting.Quotas[i] != q}
		if v.Act != "correct" {
			continue
		}
		if n, err := strconv.Atoi(v.Form["min-"+strconv.Itoa(i)]); err == nil {
			out[i].Min = n
		}
		if n, err := strconv.Atoi(v.Form["max-"+strconv.Itoa(i)]); err == nil {
			out[i].Max = n
		}
	}
	return out
}

func (v Desk) quotaField(l *i18n.Locale, i int, q quotaRow, end string) components.Field {
	value := q.Min
	if end == "max" {
		value = q.Max
	}
	return components.Field{
		Name: end + "-" + strconv.Itoa(i), ID: "correct-" + end + "-" + strconv.Itoa(i), Value: strconv.Itoa(value), InputMode: "numeric", Width: "5",
		Label: l.T("selection.correct."+end, "feature", meetingview.Feature(l, v.Meeting, q.Category, q.Feature)), Error: v.Faults["quotas["+strconv.Itoa(i)+"].min"],
	}
}

// history is what was done, newest last.
func (v Desk) history(l *i18n.Locale) components.Table {
	t := components.Table{Caption: l.T("selection.history"), Stacked: true, Columns: []components.Column{
		{Text: l.T("selection.column.at"), Lead: true, NoWrap: true}, {Text: l.T("selection.column.event"), Bare: true}, {Text: l.T("selection.column.who")},
	}}
	for _, p := range v.Past {
		who := p.ActorName
		if who == "clock" || who == "" {
			who = l.T("selection.history.program")
		}
		t.Rows = append(t.Rows, components.TableRow{Values: []components.Value{
			{Text: stamp(l, p.At)}, {Text: strings.TrimSpace(l.T("selection.event."+p.Event) + "\n" + v.note(p))}, {Text: who},
		}})
	}
	return t
}

// note is the part of an event's note that says something to people.
func (v Desk) note(p selection.Past) string {
	switch p.Event {
	case selection.ClosedEvent, selection.ComputedEvent, selection.PublishedEvent:
		return ""
	}
	return p.Note
}

func (v Desk) own() bool {
	return v.stage() == selection.Entered && v.Selection.SeedBy == v.Self || v.stage() == selection.Listed && v.Selection.FrozenBy == v.Self
}

func (v Desk) seedReady() bool { return !v.Now.Before(v.Source.DueAt) }

func (v Desk) joint() bool { return v.Source.Kind == sortition.SourceCommitments }

// unopened reports whether a party still has to open.
func (v Desk) unopened() bool {
	for _, c := range v.Parties {
		if c.OpenedAt == nil {
			return true
		}
	}
	return false
}

func (v Desk) promisable() bool {
	if v.Meeting.Seed.Source != "parties" {
		return false
	}
	switch v.stage() {
	case "", selection.Computing, selection.Infeasible, selection.Computed:
		return true
	}
	return false
}

func (v Desk) seedLabel(l *i18n.Locale) string {
	if v.Source.Digits > 0 {
		return l.T("selection.seed.digits", "source", source(l, v.Source), "count", v.Source.Digits)
	}
	return l.T("selection.seed.value", "source", source(l, v.Source))
}
