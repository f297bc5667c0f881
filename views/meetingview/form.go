package meetingview

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views/components"
)

// The steps of an application, from 1.
const (
	Details = 1 + iota
	Opinion
	Check
)

// Form is what an applicant typed so far. Every step carries all of it in
// fields, so that nothing depends on a session.
type Form struct {
	M       meeting.Meeting
	Now     time.Time
	Step    int
	Key     string            // made when the form is first shown: makes a double click one application
	Values  map[string]string // by field name; answers to the call's questions begin with AnswerPrefix
	Phone   string            // the telephone that helps
	Member  bool              // prefilled from the pool of representatives
	Asked   bool              // a script is to solve the site's task
	Answer  string            // to the task
	Again   bool              // the key was used for another content
	Twice   bool              // this person has applied already
	Faults  map[string]string
	Summary []components.FieldError
	Change  string // reference of the application that is being changed
	Version int64
	Fixed   bool // the place is taken: category, side, session and number of people stay
}

// PlaceFields say what place an application is for.
var PlaceFields = []string{"category", "session", "people", "side"}

// AnswerPrefix begins the field names of the call's own questions.
const AnswerPrefix = "answer_"

// Consent is the field of the consent.
const Consent = "consent"

// Fields lists every field of the form that may be carried, in the order of the
// steps, for a call.
func Fields(m meeting.Meeting) []string {
	out := slices.Concat(DetailFields(m), opinionFields(m))
	return append(out, Consent)
}

// DetailFields are those of the first step that this call asks for.
func DetailFields(m meeting.Meeting) []string {
	var out []string
	if len(m.AllCategories()) > 1 {
		out = append(out, "category")
	}
	if len(m.Sessions) > 0 {
		out = append(out, "session")
	}
	if partyMost(m) > 1 {
		out = append(out, "people")
	}
	if m.Sides {
		out = append(out, "side")
	}
	out = append(out, "name", "phone", "email")
	for _, f := range []string{"birth_year", "sex", "district", "profession", "unit", "post", "address"} {
		if asks(m, f) {
			out = append(out, f)
		}
	}
	if m.Demanded("id") {
		out = append(out, "id_type", "id_number")
	}
	for _, q := range m.Questions {
		out = append(out, AnswerPrefix+q.Code)
	}
	if asksConflict(m) {
		out = append(out, "conflict", "conflict_text")
	}
	return out
}

// asks reports a field that the call needs: by its demands, its quotas or the
// rules of its draw. What it does not need is not asked.
func asks(m meeting.Meeting, field string) bool {
	switch field {
	case "address":
		return m.Households || m.Demanded(field)
	case "unit":
		return m.Units || m.Demanded(field)
	}
	return m.Demanded(field)
}

// asksConflict reports a call in which an interest of one's own matters.
func asksConflict(m meeting.Meeting) bool {
	return m.ExcludeConflict || m.Kind.Decides() || m.Kind == meeting.Hearing
}

func opinionFields(m meeting.Meeting) []string {
	out := []string{"opinion"}
	if m.Demanded("reason") {
		out = append(out, "reason")
	}
	return append(out, "needs", "publish_name")
}

// partyMost is how many persons one application may bring, the largest of the sessions.
func partyMost(m meeting.Meeting) int {
	most := 1
	for _, s := range m.Sessions {
		most = max(most, s.Group)
	}
	return most
}

// StepOf is the step at which a field is filled in.
func StepOf(m meeting.Meeting, field string) int {
	switch {
	case field == Consent:
		return Check
	case slices.Contains(opinionFields(m), field):
		return Opinion
	}
	return Details
}

// Address is where the form is sent.
func (f Form) Address() string {
	if f.Change != "" {
		return "/applications/" + f.Change + "/change"
	}
	return address(f.M.Slug, "/apply")
}

func (f Form) draftKey() string {
	if f.Change != "" {
		return "application-" + f.Change
	}
	return "apply-" + f.M.Slug
}

// Title is the page's title at its step.
func (f Form) Title(l *i18n.Locale) string {
	key := "meeting.form.title"
	if f.Change != "" {
		key = "meeting.form.change"
	}
	args := []any{"step", l.T("meeting.form.step." + strconv.Itoa(f.Step))}
	return l.T(key, args...)
}

func steps(l *i18n.Locale) []string {
	return []string{l.T("meeting.form.step.1"), l.T("meeting.form.step.2"), l.T("meeting.form.step.3")}
}

// caption says which meeting it is, and until when one may apply.
func (f Form) caption(l *i18n.Locale) string {
	out := kindWord(l, f.M.Kind)
	if !f.M.StartsAt.IsZero() {
		out = l.T("meeting.form.caption", "date", strings.TrimSuffix(day(l, f.Now, f.M.StartsAt, false), " "+l.Time(f.M.StartsAt)), "kind", out)
	}
	if f.M.ClosesAt == nil {
		return out
	}
	return out + gap(l) + l.T("meeting.call.until", "at", day(l, f.Now, *f.M.ClosesAt, true))
}

// gap stands between two small facts of a line.
func gap(l *i18n.Locale) string {
	if l.Tag() == "en" {
		return ". "
	}
	return "　"
}

// lead says what the details are for, and when they are erased.
func (f Form) lead(l *i18n.Locale) string {
	out := l.T("meeting.form.lead")
	if f.M.Method == meeting.ByOrder {
		out = l.T("meeting.form.lead.order")
	}
	if f.M.ForgetAt != nil {
		out += l.T("meeting.form.forget", "at", lastDate(l, *f.M.ForgetAt))
	}
	return out
}

// Has reports whether the call asks for a field on the first step.
func (f Form) Has(field string) bool { return slices.Contains(DetailFields(f.M), field) }

// chooses reports whether a place is still to be chosen.
func (f Form) chooses(field string) bool { return f.Has(field) && !f.Fixed }

// demanded reports a field that must be filled.
func (f Form) demanded(field string) bool {
	switch field {
	case "name", "category", "session", "side", "sex", "conflict", Consent:
		return true
	case "phone", "email":
		return f.M.Demanded(field)
	case "needs", "conflict_text", "publish_name":
		return false
	case "id_type", "id_number":
		return f.M.Demanded("id")
	case "people":
		return true
	}
	if strings.HasPrefix(field, AnswerPrefix) {
		return true
	}
	return asks(f.M, field)
}

// field is one control of the form.
func (f Form) field(l *i18n.Locale, name string) components.Field {
	x := components.Field{
		ID: name, Name: name, Label: l.T("meeting.field." + name), Value: f.Values[name], Error: f.Faults[name], Optional: !f.demanded(name),
	}
	if (name == "phone" || name == "email") && !f.demanded(name) {
		x.Optional = false // one of the two is enough, and the hint says so
	}
	if name == "conflict_text" {
		x.Optional = false // the hint says when it is needed
	}
	if key := "meeting.field." + name + ".hint"; l.Has(key) {
		x.Hint = l.T(key)
	}
	if name == "phone" && f.M.Method == meeting.ByDraw {
		x.Hint = l.T("meeting.field.phone.draw")
	}
	switch name {
	case "name":
		x.Autocomplete = "name"
	case "phone":
		x.Type, x.Autocomplete, x.InputMode = "tel", "tel", "tel"
	case "email":
		x.Type, x.Autocomplete = "email", "email"
		x.Hint = l.T("meeting.field.email.either")
		if f.M.Demanded("email") {
			x.Hint = ""
		}
	case "birth_year":
		x.InputMode, x.Width, x.Autocomplete = "numeric", "5", "bday-year"
	case "people":
		x.InputMode, x.Width = "numeric", "5"
	case "address":
		x.Autocomplete = "street-address"
	case "unit":
		x.Autocomplete = "organization"
	case "post":
		x.Autocomplete = "organization-title"
	case "id_number":
		x.Autocomplete, x.Width = "off", "20"
	}
	return x
}

func (f Form) choices(l *i18n.Locale, name string, options ...components.Option) components.Choices {
	for i := range options {
		options[i].Chosen = options[i].Value == f.Values[name]
	}
	x := f.field(l, name)
	x.Value = ""
	return components.Choices{Field: x, Options: options}
}

// categories are the choice of a category, with its seats and what has come in.
func (f Form) categories(l *i18n.Locale) components.Choices {
	var out []components.Option
	for _, c := range f.M.AllCategories() {
		n := f.M.Counts[c.Code].Applied
		o := components.Option{Value: c.Code, Text: CategoryName(l, c), Hint: l.T("meeting.form.category.open", "count", n)}
		if c.Seats > 0 {
			o.Hint = l.T("meeting.form.category", "seats", c.Seats, "count", n)
			if f.M.MethodOf(c.Code) == meeting.ByOrder && n >= c.Seats {
				o.Hint += l.T("meeting.form.category.full")
			}
		}
		out = append(out, o)
	}
	return f.choices(l, "category", out...)
}

func (f Form) sessions(l *i18n.Locale) components.Choices {
	var out []components.Option
	for _, s := range f.M.Sessions {
		name := span(l, s.StartsAt, s.EndsAt)
		if s.Name != "" {
			name = s.Name + gap(l) + name
		}
		out = append(out, components.Option{Value: id(s.ID), Text: name, Hint: left(l, f.M, s)})
	}
	return f.choices(l, "session", out...)
}

func (f Form) twoSides(l *i18n.Locale) components.Choices {
	return f.choices(l, "side",
		components.Option{Value: "for", Text: l.T("meeting.side.for")},
		components.Option{Value: "against", Text: l.T("meeting.side.against")},
		components.Option{Value: "neutral", Text: l.T("meeting.side.neutral")})
}

func (f Form) sexes(l *i18n.Locale) components.Choices {
	return f.choices(l, "sex",
		components.Option{Value: "female", Text: l.T("meeting.sex.choice.female")},
		components.Option{Value: "male", Text: l.T("meeting.sex.choice.male")},
		components.Option{Value: "undisclosed", Text: l.T("meeting.sex.choice.undisclosed"), Hint: l.T("meeting.sex.choice.undisclosed.hint")})
}

func (f Form) districts(l *i18n.Locale) components.Choices {
	var out []components.Option
	for _, d := range f.M.Districts {
		out = append(out, components.Option{Value: d, Text: d})
	}
	c := f.choices(l, "district", out...)
	c.Empty = l.T("meeting.form.choose")
	return c
}

func (f Form) idTypes(l *i18n.Locale) components.Choices {
	var out []components.Option
	for _, t := range IDTypes {
		out = append(out, components.Option{Value: t, Text: l.T("meeting.id." + t)})
	}
	c := f.choices(l, "id_type", out...)
	c.Empty = l.T("meeting.form.choose")
	return c
}

// IDTypes lists the papers that prove an identity.
var IDTypes = []string{"resident", "passport", "hongkong_macao", "taiwan", "foreigner", "other"}

func (f Form) question(l *i18n.Locale, q meeting.Question) components.Choices {
	var out []components.Option
	for _, o := range q.Options {
		out = append(out, components.Option{Value: o.Code, Text: o.Label})
	}
	c := components.Choices{Field: components.Field{
		ID: AnswerPrefix + q.Code, Name: AnswerPrefix + q.Code, Label: q.Label, Error: f.Faults[AnswerPrefix+q.Code],
	}}
	for _, o := range out {
		o.Chosen = o.Value == f.Values[AnswerPrefix+q.Code]
		c.Options = append(c.Options, o)
	}
	return c
}

func (f Form) conflict(l *i18n.Locale) components.Choices {
	c := f.choices(l, "conflict",
		components.Option{Value: "no", Text: l.T("meeting.conflict.no")},
		components.Option{Value: "yes", Text: l.T("meeting.conflict.yes"), Reveals: "conflict-part"})
	c.Hint = l.T("meeting.field.conflict.hint")
	if f.M.ExcludeConflict {
		c.Hint = l.T("meeting.field.conflict.excluded")
	}
	return c
}

// mostText is how many characters an opinion or reason may have.
const mostText = 2000

func (f Form) area(l *i18n.Locale, name string, rows int) components.Area {
	x := f.field(l, name)
	x.Spellcheck = true
	return components.Area{Field: x, Rows: rows, Limit: mostText}
}

// fact is a line of the check page; step is where it is changed.
type fact struct {
	key, text, lang string
	step            int
}

func (f Form) facts(l *i18n.Locale, step int) []fact {
	var out []fact
	list := DetailFields(f.M)
	if step == Opinion {
		list = opinionFields(f.M)
	}
	for _, name := range list {
		value := strings.TrimSpace(f.Values[name])
		if value == "" && name != "opinion" && name != "publish_name" || name == "conflict_text" && f.Values["conflict"] != "yes" {
			continue
		}
		text, lang := f.word(l, name, value)
		out = append(out, fact{key: f.label(l, name), text: text, lang: lang, step: step})
	}
	return out
}

func (f Form) label(l *i18n.Locale, name string) string {
	for _, q := range f.M.Questions {
		if name == AnswerPrefix+q.Code {
			return q.Label
		}
	}
	return l.T("meeting.field." + name)
}

// word is a value in the reader's language.
func (f Form) word(l *i18n.Locale, name, value string) (text, lang string) {
	switch name {
	case "category":
		c, _ := f.M.Category(value)
		return CategoryName(l, c), categoryLang(f.M, c)
	case "session":
		n, _ := strconv.ParseInt(value, 10, 64)
		s, _ := f.M.Session(n)
		return strings.TrimSpace(s.Name + gap(l) + span(l, s.StartsAt, s.EndsAt)), ""
	case "sex":
		return l.T("meeting.sex.choice." + known(value, "undisclosed", "female", "male")), ""
	case "side":
		return l.T("meeting.side." + known(value, "neutral", "for", "against")), ""
	case "conflict":
		return l.T("meeting.conflict." + known(value, "no", "yes")), ""
	case "publish_name":
		if value == "" {
			return l.T("meeting.publish.no"), ""
		}
		return l.T("meeting.publish.yes"), ""
	case "id_type":
		return l.T("meeting.id." + known(value, IDTypes...)), ""
	}
	if value == "" {
		return l.T("meeting.form.none"), ""
	}
	if code, ok := strings.CutPrefix(name, AnswerPrefix); ok {
		return Feature(l, f.M, code, value), f.M.Lang
	}
	return value, ""
}

// known is a value when it is one of a list, else the first of them.
func known(value string, list ...string) string {
	if slices.Contains(list, value) {
		return value
	}
	return list[0]
}

// after says what happens once it is sent.
func (f Form) after(l *i18n.Locale) []string {
	out := []string{l.T("meeting.after.receipt")}
	if f.M.ClosesAt != nil {
		out = append(out, l.T("meeting.after.change", "at", l.Deadline(*f.M.ClosesAt)))
	}
	out = append(out, l.T("meeting.after."+f.M.MethodOf(f.Values["category"])))
	if f.M.ForgetAt != nil {
		out = append(out, l.T("meeting.after.forget", "at", lastDate(l, *f.M.ForgetAt)))
	}
	return out
}

func (f Form) consent(l *i18n.Locale) components.Field {
	return components.Field{ID: Consent, Name: Consent, Label: l.T("meeting.form.consent"), Error: f.Faults[Consent]}
}

// carried lists the fields that another step shows.
func (f Form) carried() []string {
	var out []string
	for _, name := range Fields(f.M) {
		fixed := f.Fixed && slices.Contains(PlaceFields, name)
		if (fixed || StepOf(f.M, name) != f.Step) && f.Values[name] != "" {
			out = append(out, name)
		}
	}
	return out
}

// publish asks whether the name may be published once the seat is taken.
func (f Form) publish(l *i18n.Locale) components.Field {
	return components.Field{ID: "publish_name", Name: "publish_name", Value: "yes", Label: l.T("meeting.publish"), Hint: l.T("meeting.publish.hint")}
}
