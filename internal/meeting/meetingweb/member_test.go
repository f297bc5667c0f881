package meetingweb_test

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/meeting/meetingweb"
	"guangyi/internal/platform/actor"
)

// pool knows one standing representative.
type pool struct{}

func (pool) Details(_ context.Context, who actor.Actor, _ int64) (meeting.Person, string, bool, error) {
	if who.Name != "市民" {
		return meeting.Person{}, "", false, nil
	}
	return meeting.Person{Name: "方知远", Phone: "13700137000", Profession: "老年医学"}, "expert", true, nil
}

// draw has published the chances of a meeting.
type draw struct{}

func (draw) DrawPublished(context.Context, int64) (bool, error) { return true, nil }

func (draw) ChanceOf(context.Context, int64, int64) (share float64, in, of int, ok bool, err error) {
	return 0.256, 256, 1000, true, nil
}

func TestAStandingRepresentativeNeedNotWriteItAgain(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		form := "/meetings/" + m.Slug + "/apply"
		st.want(st.browser("member").get(form), 200, "您是常任代表", `value="方知远"`, `value="13700137000"`, `value="老年医学"`)
		st.lacks(st.browser("").get(form), "方知远")
		st.lacks(st.browser("officer").get(form), "方知远", "您是常任代表")
	})
}

func TestAnApplicantSeesTheirOwnChanceOnceItIsPublished(t *testing.T) {
	each(t, func(st *stage) {
		m := st.opened(st.call())
		form := "/meetings/" + m.Slug + "/apply"
		sent := st.browser("").post(form, form, filled("陈阿玉", "13800138000"))
		st.want(sent, 200, `id="my-chance"`, "25.6%", "1,000组名单里有256组有您", "/meetings/"+m.Slug+"/draw")
		st.clock.Set(*m.ClosesAt)
		st.want(st.browser("").get("/meetings/"+m.Slug), 200, "看机会和抽签结果")
	}, func(s *meetingweb.Services) { s.Selections = draw{} })
}

func TestPeriodsAreNamedWithTheirSources(t *testing.T) {
	each(t, func(st *stage) {
		in := st.call()
		in.Kind, in.Procedure, in.Sides = ptr(meeting.Hearing), ptr("cn"), ptr(true)
		in.Rules = ptr("major")
		in.StartsAt, in.EndsAt = ptr(st.clock.Now().Add(45*day)), ptr(st.clock.Now().Add(45*day+2*time.Hour))
		m := st.opened(in)
		profile := st.meetings.Profile(m)
		named := 0
		page := st.browser("").get("/meetings/" + m.Slug)
		for _, r := range profile.RulesFor(m.Tags()) {
			if r.Kind != "default" && r.Source != "own" {
				st.want(page, 200, r.Citation.Zh)
				named++
			}
		}
		if named == 0 {
			st.t.Fatal("no rule of the profile concerns a hearing")
		}
		st.want(page, 200, "期限和依据", "赞成的0人，反对的0人")
		st.want(st.browser("").get("/meetings/"+m.Slug+"?lang=en"), 200, "Periods and their sources")
		short := st.call()
		short.Kind, short.Procedure, short.Rules = ptr(meeting.Hearing), ptr("cn"), ptr("major")
		short.StartsAt, short.EndsAt = ptr(st.clock.Now().Add(3*day)), ptr(st.clock.Now().Add(3*day+time.Hour))
		short.ClosesAt, short.AnswerBy, short.PapersAt, short.Seed = ptr(st.clock.Now().Add(day)), ptr(st.clock.Now().Add(2*day)), ptr(st.clock.Now().Add(2*day)), &meeting.Seed{}
		late, err := st.meetings.Prepare(ctx, st.people["secretary"], st.org.ID, short)
		must(st.t, err)
		st.want(st.browser("secretary").get("/staff/meetings/"+late.Slug+"/edit"), 200, "不符合：", "按填写的日期核对")
		st.want(st.browser("secretary").get("/staff/meetings/"+late.Slug), 200, "期限和依据", "不符合：")
	})
}
