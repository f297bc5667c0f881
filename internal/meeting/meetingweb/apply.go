package meetingweb

import (
	"crypto/rand"
	"slices"
	"strconv"
	"strings"

	"guangyi/internal/challenge"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/views/components"
	"guangyi/views/meetingview"
)

// sendsPerMinute bounds applications from one address; a whole office may apply
// from behind one.
const sendsPerMinute = 60

// mostKey is the longest key of a form.
const mostKey = 200

// form shows the first step, filled with what a standing representative registered.
func (h handlers) form(c *web.Ctx) error {
	f, err := h.begin(c)
	if err != nil {
		return err
	}
	if refusal := h.shutFor(c, f.M); refusal != nil {
		return h.shut(c, f, refusal)
	}
	if err := h.prefill(c, &f); err != nil {
		return err
	}
	return h.showForm(c, 200, f)
}

func newKey() string { return "form-" + rand.Text() }

// begin finds the meeting that the form is about.
func (h handlers) begin(c *web.Ctx) (meetingview.Form, error) {
	f := meetingview.Form{Now: c.Now(), Step: meetingview.Details, Key: newKey(), Values: map[string]string{}}
	f.Asked = h.Challenges.Asks(c.Who())
	slug, err := c.Slug()
	if err != nil {
		return f, err
	}
	f.M, err = h.Meetings.BySlug(c.UserContext(), slug)
	return f, err
}

// shutFor tells why nobody, or not this person, can apply now.
func (h handlers) shutFor(c *web.Ctx, m meeting.Meeting) error {
	if err := m.Takes(c.Now()); err != nil {
		return err
	}
	if m.OpenTo == meeting.ToNamed {
		return nil // who is named is known by what they write
	}
	if m.AccountNeeded && c.Who().Kind != actor.Account {
		return fault.New(fault.Unauthenticated, "sign_in_first")
	}
	return nil
}

func (h handlers) prefill(c *web.Ctx, f *meetingview.Form) error {
	if h.Members == nil || c.Who().Kind != actor.Account {
		return nil
	}
	p, category, ok, err := h.Members.Details(c.UserContext(), c.Who(), f.M.Organisation)
	if err != nil || !ok {
		return err
	}
	if _, there := f.M.Category(category); !there {
		category = ""
	}
	f.Member, f.Values = true, meetingview.Values(meeting.Application{Category: category}, p)
	delete(f.Values, "conflict")
	return nil
}

// showForm answers with the form at its step.
func (h handlers) showForm(c *web.Ctx, status int, f meetingview.Form) error {
	p, o, err := h.publicPage(c, f.M, f.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	f.Phone = p.Unit.Help
	if f.Phone == "" {
		f.Phone = p.WithUnit(o.Name, o.Seal, o.Accent, o.SiteCode, o.Contact).Unit.Help
	}
	p.Back = &components.Link{Text: c.T("meeting.shut.call"), Href: "/meetings/" + f.M.Slug}
	if f.Change != "" {
		p.Back = &components.Link{Text: c.T("meeting.mine.back"), Href: "/applications/" + f.Change}
	}
	p.Errors, p.NoIndex = len(f.Summary) > 0, true
	c.NoStore()
	return c.Render(status, meetingview.Steps(p, f))
}

// typed reads the form as it was sent, at whatever step.
func typed(c *web.Ctx, f *meetingview.Form) {
	f.Answer = c.Form(challenge.Field)
	if key := strings.TrimSpace(c.Form("key")); key != "" && len(key) <= mostKey {
		f.Key = key
	}
	if n, err := strconv.Atoi(c.Form("step")); err == nil && n >= meetingview.Details && n <= meetingview.Check {
		f.Step = n
	}
	for _, name := range meetingview.Fields(f.M) {
		// A browser sends every line break as CR LF; it was typed as one.
		f.Values[name] = strings.ReplaceAll(c.Form(name), "\r\n", "\n")
	}
}

// step takes the form from one step to the next. A refusal shows the step of the
// first fault again, with everything that was typed.
func (h handlers) step(c *web.Ctx) error {
	f, err := h.begin(c)
	if err != nil {
		return err
	}
	typed(c, &f)
	if c.Form("go") == "send" {
		return h.send(c, f)
	}
	if refusal := h.shutFor(c, f.M); refusal != nil {
		return h.shut(c, f, refusal)
	}
	return h.goTo(c, f)
}

// goTo shows another step, after a check of the one at hand when it goes on.
func (h handlers) goTo(c *web.Ctx, f meetingview.Form) error {
	switch c.Form("go") {
	case "details":
		f.Step = meetingview.Details
		return h.showForm(c, 200, f)
	case "opinion":
		f.Step = meetingview.Opinion
		return h.showForm(c, 200, f)
	}
	if refuse(c, &f, h.Meetings.Check(f.M, incoming(c, f)), f.Step) {
		return h.showForm(c, 422, f)
	}
	f.Step = min(f.Step+1, meetingview.Check)
	return h.showForm(c, 200, f)
}

// refuse notes the faults of the steps up to one; the form goes back to the first.
func refuse(c *web.Ctx, f *meetingview.Form, faults fault.Fields, upTo int) bool {
	first := meetingview.Check + 1
	for i := range faults {
		faults[i].Name = fieldName(faults[i].Name)
		first = min(first, meetingview.StepOf(f.M, faults[i].Name))
	}
	faults = append(faults, unanswered(f)...)
	if len(faults) > 0 {
		for _, x := range faults {
			first = min(first, meetingview.StepOf(f.M, x.Name))
		}
	}
	if first > upTo {
		return false
	}
	order := meetingview.Fields(f.M)
	var here fault.Fields
	for _, x := range faults {
		if meetingview.StepOf(f.M, x.Name) == first {
			here = append(here, x)
		}
	}
	slices.SortStableFunc(here, func(a, b fault.Field) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
	f.Step = first
	f.Faults, f.Summary = components.WordFaults(c.Visit.Locale, here)
	return true
}

// unanswered are the choices that the form asks for and the domain does not miss:
// whether there is an interest of one's own.
func unanswered(f *meetingview.Form) fault.Fields {
	var out fault.Fields
	if f.Has("conflict") && f.Values["conflict"] != "yes" && f.Values["conflict"] != "no" {
		out.Add("conflict", "meeting.conflict_unanswered")
	}
	return out
}

// fieldName is the form's field for a path of the domain.
func fieldName(path string) string {
	if code, ok := strings.CutPrefix(path, "answers."); ok {
		return meetingview.AnswerPrefix + code
	}
	switch path {
	case "person.conflict":
		return "conflict_text"
	case "party":
		return "people"
	case "language", "idempotency_key", "channel":
		return "name"
	}
	return strings.TrimPrefix(path, "person.")
}

// incoming is the form as the domain takes it.
func incoming(c *web.Ctx, f meetingview.Form) meeting.ApplicationIn {
	v := f.Values
	in := meeting.ApplicationIn{
		Key: f.Key, Channel: "web", Lang: c.Visit.Locale.Tag(), Category: v["category"], Side: v["side"], Sex: v["sex"], District: v["district"],
		Conflict: v["conflict"] == "yes", PublishName: v["publish_name"] != "", Consent: v[meetingview.Consent] != "", Answers: map[string]string{},
		Person: meeting.Person{
			Name: v["name"], Phone: v["phone"], Email: v["email"], IDType: v["id_type"], IDNumber: v["id_number"], Unit: v["unit"], Post: v["post"],
			Profession: v["profession"], Address: v["address"], Reason: v["reason"], Opinion: v["opinion"], Needs: v["needs"],
		},
	}
	if in.Conflict {
		in.Person.Conflict = v["conflict_text"]
	}
	if all := f.M.AllCategories(); len(all) == 1 {
		in.Category = all[0].Code
	}
	in.Session, _ = strconv.ParseInt(v["session"], 10, 64)
	in.Party, _ = strconv.Atoi(strings.TrimSpace(v["people"]))
	in.Person.BirthYear = year(v["birth_year"])
	for _, q := range f.M.Questions {
		in.Answers[q.Code] = v[meetingview.AnswerPrefix+q.Code]
	}
	return in
}

// year reads a year of birth; -1 is none that anybody was born in.
func year(text string) int {
	text = strings.TrimSuffix(strings.TrimSpace(text), "年")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return -1
	}
	return n
}

// send takes the application in and leads to its page.
func (h handlers) send(c *web.Ctx, f meetingview.Form) error {
	if err := c.Limit("apply", sendsPerMinute); err != nil {
		return err
	}
	in := incoming(c, f)
	if len(unanswered(&f)) > 0 {
		refuse(c, &f, h.Meetings.Check(f.M, in), meetingview.Check)
		return h.showForm(c, 422, f)
	}
	a, secret, err := h.sent(c, f.M.Slug, in)
	problem, ok := fault.As(err)
	switch {
	case err == nil:
		if err := h.drawer().Keep(c, web.Kept{Number: a.Reference, Secret: secret, Sent: true}); err != nil {
			return err
		}
		return c.SeeOther("/applications/" + a.Reference)
	case !ok:
		return err
	case problem.Kind == fault.Invalid:
		refuse(c, &f, problem.Fields, meetingview.Check)
		return h.showForm(c, 422, f)
	case problem.Code == "meeting.key_reused":
		// The applicant went back, changed something and sends again: another
		// application, once it is said to be meant.
		f.Key, f.Step, f.Again = newKey(), meetingview.Check, true
		return h.showForm(c, 409, f)
	case problem.Code == "meeting.applied_already":
		f.Step, f.Twice = meetingview.Check, true
		return h.showForm(c, 409, f)
	}
	return h.shut(c, f, err)
}

// shut says why nothing is taken, and keeps what was typed, to be copied.
func (h handlers) shut(c *web.Ctx, f meetingview.Form, refusal error) error {
	problem, ok := fault.As(refusal)
	if !ok {
		return refusal
	}
	v := meetingview.ShutView{M: f.M, Now: c.Now(), Values: f.Values}
	switch {
	case problem.Kind == fault.Unauthenticated:
		v.SignIn = "/signin?next=/meetings/" + f.M.Slug + "/apply"
	case problem.Code == "meeting.pool_only":
		v.Pool = true
	case problem.Code == "meeting.named_only":
		v.Named = true
	case problem.Kind != fault.Gone && problem.Code != "meeting.not_open":
		return refusal
	}
	p, o, err := h.publicPage(c, f.M, v.Title(c.Visit.Locale))
	if err != nil {
		return err
	}
	if v.Contact = f.M.Contact; v.Contact == "" {
		v.Contact = o.Contact
	}
	p.NoIndex = true
	c.NoStore()
	return c.Render(web.StatusOf(problem), meetingview.Shut(p, v))
}
