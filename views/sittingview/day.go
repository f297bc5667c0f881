// Package sittingview draws a meeting's day for the secretary, what is printed for
// it, the page on which a speaker confirms, and the account afterwards.
package sittingview

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guangyi/internal/draft"
	"guangyi/internal/draft/outline"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/ids"
	"guangyi/internal/sitting"
	"guangyi/views/components"
)

// Day is the secretary's page.
type Day struct {
	sitting.Day
	Item      meeting.Item // that is shown
	Shown     string       // turn whose words are shown
	Once      string       // random, names the acts of this page's forms
	Now       time.Time
	Zone      string
	MayRecord bool
	Error     string // why the last form was not taken
	Link      string // a speaker's link, shown once
	Label     func(l *i18n.Locale, key string) string

	forms int
}

// fresh is the placeholder of scripts' templates for a speaker who is listed while
// there is no network.
var fresh = &sitting.Entry{ID: "{entry}", Seat: "{seat}", State: sitting.Waiting}

func (d *Day) base() string { return "/staff/meetings/" + d.Meeting.Slug + "/day" }

// next names the act of a form: pressed twice, it is one.
func (d *Day) next() string {
	d.forms++
	return d.Once + "-" + strconv.Itoa(d.forms)
}

func (d *Day) itemID() string {
	if d.Item.ID == 0 {
		return ""
	}
	return ids.Format(d.Item.ID)
}

func (d *Day) at(item meeting.Item) string { return d.base() + "?item=" + ids.Format(item.ID) }

func (d *Day) title(l *i18n.Locale, item meeting.Item) string {
	return l.T("sitting.item.title", "n", ordinal(l, item.Position), "title", item.Title)
}

func (d *Day) itemName(l *i18n.Locale, item meeting.Item) string {
	return l.T("sitting.item.short", "n", ordinal(l, item.Position))
}

var digits = []string{"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}

// ordinal counts items as meetings do: 议题二.
func ordinal(l *i18n.Locale, n int) string {
	if l.Tag() == "en" || n < 1 || n > 19 {
		return strconv.Itoa(n)
	}
	if n <= 10 {
		return digits[n]
	}
	return "十" + digits[n-10]
}

// firstWaiting is the turn that comes next: it cannot go up any more.
func (d *Day) firstWaiting(e *sitting.Entry) bool {
	for _, other := range d.turns() {
		if other.State == sitting.Waiting {
			return other.ID == e.ID
		}
	}
	return false
}

func (d *Day) turns() []*sitting.Entry { return d.Record.List(d.itemID()) }

// CategoryName is a category in the meeting's words, else in the reader's.
func CategoryName(l *i18n.Locale, m meeting.Meeting, code string) string {
	key := "sitting.category." + code
	if l.Has(key) {
		return l.T(key)
	}
	if c, ok := m.Category(code); ok && c.Name != "" {
		return c.Name
	}
	return code
}

func (d *Day) category(l *i18n.Locale, s sitting.Seat) string {
	if s.Side != "" && l.Has("sitting.side."+s.Side) {
		return CategoryName(l, d.Meeting, s.Category) + l.T("sitting.comma") + l.T("sitting.side."+s.Side)
	}
	return CategoryName(l, d.Meeting, s.Category)
}

// Name is the person's name, or the label once the name was erased.
func Name(s sitting.Seat) string {
	if s.Name != "" {
		return s.Name
	}
	return s.Label
}

func (d *Day) nameOf(seat string) string {
	if seat == fresh.Seat {
		return "{name}"
	}
	s, _ := d.Seat(seat)
	return Name(s)
}

func (d *Day) speaker(l *i18n.Locale, seat string) string {
	if seat == fresh.Seat {
		return "{name}"
	}
	s, _ := d.Seat(seat)
	return Name(s) + l.T("sitting.comma") + CategoryName(l, d.Meeting, s.Category)
}

func (d *Day) state(s sitting.Seat, reserve bool) string {
	if reserve {
		return "reserve"
	}
	return string(d.Presence(s.ID).State)
}

func (d *Day) inside() string { return strconv.Itoa(d.Record.InRoom()) }

func (d *Day) came() (came, of string) {
	c, n := d.Came()
	return strconv.Itoa(c), strconv.Itoa(n)
}

// clock is an hour of the day as a room reads it: 9:12.
func clock(l *i18n.Locale, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return strings.TrimPrefix(at.In(l.Zone()).Format("15:04"), "0")
}

// Minutes writes seconds as 4:52.
func Minutes(seconds int) string { return fmt.Sprintf("%d:%02d", seconds/60, seconds%60) }

// spoken is how long a turn has lasted by now, in seconds.
func (d *Day) spoken(e *sitting.Entry) int {
	if e.State == sitting.Speaking {
		return e.Seconds + max(0, int(d.Now.Sub(e.Started).Seconds()))
	}
	return e.Seconds
}

func (d *Day) over(e *sitting.Entry) int {
	if d.Meeting.MinutesEach == 0 {
		return 0
	}
	return max(0, d.spoken(e)-60*d.Meeting.MinutesEach)
}

func (d *Day) started(e *sitting.Entry) string {
	if e.State != sitting.Speaking {
		return ""
	}
	return e.Started.UTC().Format(time.RFC3339Nano)
}

// words joins points as they are written: an empty line between two.
func words(points []sitting.Point) string {
	out := ""
	for i, p := range points {
		if i > 0 {
			out += "\n\n"
		}
		out += p.Text
	}
	return out
}

// provisions are what a point may be about: the articles, or the whole.
func (d *Day) provisions(l *i18n.Locale, chosen string) []components.Option {
	var out []components.Option
	for _, p := range d.Provisions {
		if p.Kind != outline.Kind("article") {
			continue
		}
		out = append(out, components.Option{Value: p.Key, Text: d.articleName(l, p), Chosen: p.Key == chosen})
	}
	return out
}

func (d *Day) articleName(l *i18n.Locale, p draft.Provision) string {
	name := p.Number
	if d.Label != nil {
		name = d.Label(l, p.Key)
	}
	if p.Heading != "" {
		return name + "　" + p.Heading
	}
	text := []rune(p.Text)
	if len(text) > 14 {
		text = append(text[:14], '…')
	}
	return name + "　" + string(text)
}

func (d *Day) about(l *i18n.Locale, key string) string {
	if key == "" {
		return l.T("sitting.whole")
	}
	if d.Label != nil {
		return d.Label(l, key)
	}
	return key
}

func firstProvision(points []sitting.Point) string {
	if len(points) == 0 {
		return ""
	}
	return points[0].Provision
}

func (d *Day) receipts(e *sitting.Entry) (out []string) {
	for _, s := range d.Statements {
		for _, w := range e.Signed {
			if s.Act == w.Act {
				out = append(out, s.Receipt)
			}
		}
	}
	return out
}

func (d *Day) result(l *i18n.Locale) (code, text string) {
	o := d.Record.Items[d.itemID()]
	if o == nil {
		return "", ""
	}
	return o.Result, o.Words
}

// absent lists whose seat a reserve may take.
func (d *Day) absent() (out []sitting.Seat) {
	taken := map[string]bool{}
	for _, p := range d.Record.Seats {
		if p.Called && p.For != "" {
			taken[p.For] = true
		}
	}
	for _, s := range d.Seats {
		p := d.Presence(s.ID)
		if !taken[s.ID] && !p.Here() && (p.State == sitting.Excused || p.State == sitting.Expected || p.State == sitting.Left) {
			out = append(out, s)
		}
	}
	return out
}

// firstAbsent is the seat that is free: of who gave notice, if anybody did.
func (d *Day) firstAbsent() string {
	for _, s := range d.absent() {
		if d.Presence(s.ID).State == sitting.Excused {
			return s.ID
		}
	}
	return ""
}

// unlisted are those who may still be put on the list.
func (d *Day) unlisted() (out []sitting.Seat) {
	listed := map[string]bool{}
	for _, e := range d.turns() {
		if e.State == sitting.Waiting || e.State == sitting.Speaking {
			listed[e.Seat] = true
		}
	}
	for _, s := range d.Seats {
		if !listed[s.ID] && s.Category != meeting.Observer {
			out = append(out, s)
		}
	}
	return out
}

func (d *Day) itemOptions(l *i18n.Locale, chosen string) (out []components.Option) {
	for _, i := range d.Items {
		id := ids.Format(i.ID)
		out = append(out, components.Option{Value: id, Text: d.title(l, i), Chosen: id == chosen})
	}
	return out
}
