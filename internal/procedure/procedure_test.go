package procedure_test

import (
	"strings"
	"testing"
	"time"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/procedure"
	"guangyi/policies"
	"guangyi/views"
)

func shanghai(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func profiles(t testing.TB) procedure.Profiles {
	t.Helper()
	all, err := procedure.Load(policies.Procedures, shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// at reads 2006-01-02 15:04 in Shanghai; 24:00 is the end of the day.
func at(t testing.TB, s string) time.Time {
	t.Helper()
	if day, ok := strings.CutSuffix(s, " 24:00"); ok {
		return at(t, day+" 00:00").AddDate(0, 0, 1)
	}
	v, err := time.ParseInLocation("2006-01-02 15:04", s, shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Dates as they happened, or as the notices of the State Council make them.
func TestPeriodsEndWhereTheLawEndsThem(t *testing.T) {
	c := profiles(t)["cn"].Calendar
	for _, one := range []struct {
		name, from  string
		n           int
		unit        procedure.Unit
		as          procedure.Sort
		end         string
		provisional bool
	}{
		{"published 19 November, closed 19 December", "2025-11-19 09:00", 30, procedure.Days, procedure.Period, "2025-12-19 24:00", false},
		{"the hour of publication does not matter", "2025-11-19 23:59", 30, procedure.Days, procedure.Period, "2025-12-19 24:00", false},
		{"last day in National Day 2026 moves behind it", "2026-09-02 10:00", 30, procedure.Days, procedure.Period, "2026-10-08 24:00", false},
		{"a lead does not move", "2026-09-02 10:00", 30, procedure.Days, procedure.Lead, "2026-10-02 24:00", false},
		{"a Saturday is no public holiday", "2026-06-04 10:00", 30, procedure.Days, procedure.Period, "2026-07-04 24:00", false},
		{"7 working days over an ordinary weekend", "2026-07-01 10:00", 7, procedure.WorkingDays, procedure.Lead, "2026-07-10 24:00", false},
		{"the make-up Sunday before National Day 2026 is worked", "2026-09-18 10:00", 1, procedure.WorkingDays, procedure.Lead, "2026-09-20 24:00", false},
		{"the days off of Spring Festival 2026 are not", "2026-02-13 10:00", 2, procedure.WorkingDays, procedure.Lead, "2026-02-24 24:00", false},
		{"20 working days into a year not announced", "2026-12-20 10:00", 20, procedure.WorkingDays, procedure.Limit, "2027-01-18 24:00", true},
		{"the last days of December wait for the next year's notice", "2026-12-23 10:00", 3, procedure.WorkingDays, procedure.Lead, "2026-12-28 24:00", true},
		{"the days before them do not", "2026-12-20 10:00", 4, procedure.WorkingDays, procedure.Lead, "2026-12-24 24:00", false},
		{"New Year is known without a notice", "2026-12-02 10:00", 30, procedure.Days, procedure.Period, "2027-01-02 24:00", true},
		{"24 hours are counted from the event", "2026-07-01 10:30", 24, procedure.Hours, procedure.Lead, "2026-07-02 10:30", false},
	} {
		end, provisional := c.End(at(t, one.from), one.n, one.unit, one.as)
		if !end.Equal(at(t, one.end)) || provisional != one.provisional {
			t.Errorf("%s: ends %s, provisional %v; want %s, %v", one.name, end.In(shanghai(t)), provisional, one.end, one.provisional)
		}
	}
}

func TestPapersArriveSevenWholeDaysBeforeTheHearing(t *testing.T) {
	p := profiles(t)["cn"]
	tags := []string{procedure.Major, procedure.Hearing}
	for begins, refused := range map[string]bool{
		"2026-07-08 09:00": true, // the seventh day is not over
		"2026-07-08 24:00": false,
		"2026-07-09 09:00": false,
	} {
		found := procedure.Check(p, tags, map[procedure.Event]time.Time{
			procedure.PapersDelivered: at(t, "2026-07-01 16:00"), procedure.HearingBegins: at(t, begins),
		}, map[string]string{"major.hearing.papers": "there was no time"})
		if procedure.Refused(found) != refused {
			t.Errorf("hearing %s: %+v", begins, found)
		}
		if refused && (found[0].Have != 6 || found[0].Need != 7 || !found[0].Due.Equal(at(t, "2026-07-09 00:00"))) {
			t.Errorf("have %d, need %d, due %s", found[0].Have, found[0].Need, found[0].Due)
		}
	}
}

func TestGeneralNumbersYieldToAPublishedReasonOnly(t *testing.T) {
	p := profiles(t)["cn"]
	facts := map[procedure.Event]time.Time{
		procedure.ReviewSent: at(t, "2026-07-01 10:00"), procedure.Discussed: at(t, "2026-07-08 10:00")}
	tags := []string{procedure.Major, procedure.Discussion}
	if found := procedure.Check(p, tags, facts, map[string]string{"major.legality": "  "}); !procedure.Refused(found) {
		t.Error("a blank reason was taken")
	}
	found := procedure.Check(p, tags, facts, map[string]string{"major.legality": "防汛"})
	if len(found) != 1 || found[0].Severity != procedure.Warn || found[0].Reason != "防汛" {
		t.Errorf("with a reason: %+v", found)
	}
	if found := procedure.Check(p, []string{procedure.Discussion}, facts, nil); len(found) != 0 {
		t.Errorf("the rule for major decisions was held against another: %+v", found)
	}
}

func TestLocalPracticeNeverRefuses(t *testing.T) {
	for id, p := range profiles(t) {
		for _, r := range p.Rules {
			facts := map[procedure.Event]time.Time{r.From: at(t, "2026-07-02 10:00"), r.To: at(t, "2026-07-01 10:00")}
			if r.As == procedure.Limit { // too late instead of too early
				facts[r.To] = at(t, "2027-07-02 10:00")
			}
			found := procedure.Check(p, r.Applies, facts, nil)
			if len(found) == 0 {
				t.Errorf("%s %s: the wrong order was not seen", id, r.ID)
			}
			for _, f := range found {
				if (f.Rule.Source != procedure.Text) != (f.Severity == procedure.Warn) {
					t.Errorf("%s %s: source %s, %s", id, f.Rule.ID, f.Rule.Source, f.Severity)
				}
			}
		}
	}
}

func TestAStepThatMustComeFirstIsMissed(t *testing.T) {
	p := profiles(t)["cn"]
	found := procedure.Missing(p, []string{procedure.Major, procedure.Hearing, procedure.Selected}, procedure.HearingBegins,
		map[procedure.Event]time.Time{procedure.CallPublished: at(t, "2026-06-01 09:00")}, nil)
	var ids []string
	for _, f := range found {
		ids = append(ids, f.Rule.ID)
	}
	if got := strings.Join(ids, " "); got != "major.hearing.papers major.hearing.list" {
		t.Errorf("missing: %s", got)
	}
}

func TestFindingsAreWordedInBothLanguages(t *testing.T) {
	bundle, err := i18n.Load(views.Locales, "locales", shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	p := profiles(t)["cn"]
	tags := []string{procedure.Major, procedure.Hearing}
	found := procedure.Check(p, tags, map[procedure.Event]time.Time{
		procedure.PapersDelivered: at(t, "2026-07-01 16:00"), procedure.HearingBegins: at(t, "2026-07-03 09:00")}, nil)
	zh, en := found[0].Text(bundle.Locale("zh-CN", "en")), found[0].Text(bundle.Locale("en", "en"))
	for _, want := range []string{"第十六条", "1日", "2026年7月9日"} {
		if !strings.Contains(zh, want) {
			t.Errorf("%q lacks %s", zh, want)
		}
	}
	for _, want := range []string{"art. 16", "1 whole day lie", "9 July 2026"} {
		if !strings.Contains(en, strings.ReplaceAll(want, " lie", "")) {
			t.Errorf("%q lacks %s", en, want)
		}
	}
	f, ok := fault.As(procedure.Fault(found))
	if !ok || f.Kind != fault.Invalid || f.Fields[0].Name != "hearing_begins" || f.Fields[0].Code != "procedure.short" {
		t.Errorf("fault %+v", f)
	}
	every(t, bundle, profiles(t))
}

// every rule can be said in every way that it can fail.
func every(t *testing.T, bundle *i18n.Bundle, all procedure.Profiles) {
	t.Helper()
	for _, tag := range i18n.Tags {
		l := bundle.Locale(tag, tag)
		for _, p := range all {
			for _, r := range p.Rules {
				facts := map[procedure.Event]time.Time{r.From: at(t, "2026-07-02 10:00"), r.To: at(t, "2026-07-01 10:00")}
				found := append(procedure.Check(p, r.Applies, facts, nil), procedure.Missing(p, r.Applies, r.To, nil, nil)...)
				for _, f := range found {
					if s := f.Text(l); strings.Contains(s, "[procedure") || strings.Contains(s, "no value") {
						t.Errorf("%s %s: %s", tag, f.Rule.ID, s)
					}
				}
			}
		}
	}
}
