package demo

import (
	"fmt"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
)

// calls is content/meetings.yaml.
type calls struct{ Meetings []*call }

// when is a moment inside a mapping.
type when struct{ At moment }

// call is one meeting and its life.
type call struct {
	Title, Matter, Ask, Kind, Procedure, Organisation string
	Place, Access, Contact                            string
	MinutesEach                                       int `yaml:"minutes_each"`
	Seats                                             int
	Categories                                        []meeting.Category
	Quotas                                            []meeting.Quota
	Districts, Demands                                []string
	Conditions, Duties, Privacy, Undertaking          string
	Seed, Reference, Drawn                            string // lottery, its issue, and what it drew
	Opens, Closes, Known, Papers, Starts, Forget      when
	AnswerBy                                          when `yaml:"answer_by"`
	Hours                                             int
	Items                                             []item
	Statements                                        map[string][][]string // by category: the points of each who speaks
	Lead                                              string                // of the account
	Answers                                           []answer
	Events                                            []happening
	People                                            []*applicant

	slug string // known once it is prepared
}

// item is a matter on the agenda; Result and Note say what became of it.
type item struct {
	Title, Reporter, Text string
	Minutes               int
	Result, Note          string
}

// answer is what became of the point that begins so.
type answer struct{ Begins, Disposition, Reason string }

// applicant is somebody who applies by the site's form.
type applicant struct {
	At                                                       moment
	Category, Sex, Name, Phone, District, Profession, Reason string
	Born                                                     int
}

const callsFile = "meetings"

// meetingWork lists who does what to a meeting, by the word in content.
var meetingWork = map[string]func(*filling, *call) error{
	"prepare": (*filling).prepareMeeting,
	"submit":  func(f *filling, c *call) error { return f.meetingEvent(c, meeting.Submit, actor.Secretary) },
	"approve": func(f *filling, c *call) error { return f.meetingEvent(c, meeting.Approve, actor.Reviewer) },
	"close":   (*filling).freeze,
	"publish": (*filling).publishChances,
	"seed":    (*filling).enterSeed,
	"confirm": (*filling).confirmSeed,
	"invite":  (*filling).invite,
	"papers":  (*filling).givePapers,
	"accept":  (*filling).acceptAll,
	"day":     (*filling).holdDay,

	"account":         (*filling).draftAccount,
	"agree":           (*filling).publishAccount,
	"answer":          (*filling).answerStatements,
	"publish_answers": (*filling).publishAnswers,
}

func (c *call) steps(today time.Time) []step {
	var out []step
	for _, e := range c.Events {
		out = append(out, step{e.At.after(today), callsFile, e.Do + " " + c.Title, func(f *filling) error {
			do, ok := meetingWork[e.Do]
			if !ok {
				return fmt.Errorf("%q is nothing that happens to a meeting", e.Do)
			}
			return do(f, c)
		}})
	}
	for _, p := range c.People {
		out = append(out, step{p.At.after(today), callsFile, "application of " + p.Name, func(f *filling) error { return f.apply(c, p) }})
	}
	return out
}

func (f *filling) prepareMeeting(c *call) error {
	who, err := f.staff.does(c.Organisation, actor.Secretary)
	if err != nil {
		return err
	}
	m, err := f.Meetings.Prepare(f.ctx, who, who.Grants[0].Organisation, c.in(f.today))
	if err != nil {
		return err
	}
	c.slug = m.Slug
	for _, i := range c.Items {
		_, err := f.Meetings.AddItem(f.ctx, who, c.slug, meeting.ItemIn{
			Title: i.Title, Reporter: i.Reporter, Text: i.Text, Matter: c.Matter, Minutes: i.Minutes, Attended: true,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// in is the call as its secretary types it.
func (c *call) in(today time.Time) meeting.In {
	at := func(w when) *time.Time { t := w.At.after(today); return &t }
	kind, method, no, panels := meeting.Kind(c.Kind), meeting.ByDraw, false, 1000
	ends := at(c.Starts).Add(time.Duration(c.Hours) * time.Hour)
	return meeting.In{
		Title: &c.Title, Matter: &c.Matter, Ask: &c.Ask, Kind: &kind, Procedure: &c.Procedure, StartsAt: at(c.Starts), EndsAt: &ends,
		Place: &c.Place, Access: &c.Access, Contact: &c.Contact, Seats: &c.Seats, MinutesEach: &c.MinutesEach, Panels: &panels,
		Categories: &c.Categories, Quotas: &c.Quotas, Districts: &c.Districts, Demands: &c.Demands, AccountNeeded: &no,
		Method: &method, Conditions: &c.Conditions, Duties: &c.Duties, Privacy: &c.Privacy, Undertaking: &c.Undertaking,
		OpensAt: at(c.Opens), ClosesAt: at(c.Closes), AnswerBy: at(c.AnswerBy), PapersAt: at(c.Papers), ForgetAt: at(c.Forget),
		Seed: &meeting.Seed{Source: "lottery", Name: c.Seed, Reference: c.Reference, KnownAt: *at(c.Known)},
	}
}

func (f *filling) meetingEvent(c *call, e meeting.Event, roles ...actor.Role) error {
	who, err := f.staff.does(c.Organisation, roles...)
	if err != nil {
		return err
	}
	_, err = f.Meetings.Apply(f.ctx, who, c.slug, e, meeting.Note{})
	return err
}

func (f *filling) apply(c *call, p *applicant) error {
	_, _, err := f.Meetings.Receive(f.ctx, actor.Public(), c.slug, meeting.ApplicationIn{
		Key: p.Phone, Category: p.Category, Sex: p.Sex, District: p.District, Consent: true, Lang: "zh-CN",
		Person: meeting.Person{Name: p.Name, Phone: p.Phone, BirthYear: p.Born, Profession: p.Profession, Reason: p.Reason},
	})
	return err
}
