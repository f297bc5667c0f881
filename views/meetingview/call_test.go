package meetingview

import (
	"testing"
	"time"

	"guangyi/internal/meeting"
	"guangyi/internal/platform/i18n"
	"guangyi/views"
)

func TestTheTimetableIsInTheOrderOfTime(t *testing.T) {
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	if err != nil {
		t.Fatal(err)
	}
	at := func(d int) *time.Time {
		x := time.Date(2026, 11, d, 9, 0, 0, 0, zone)
		return &x
	}
	v := Call{Now: *at(15), M: meeting.Meeting{
		Kind: meeting.Office, State: meeting.Approved, Method: meeting.ByNomination, OpenTo: meeting.ToAll, ApprovedAt: at(1), OpensAt: at(1),
		ClosesAt: at(20), PapersAt: at(22), AnswerBy: at(25), StartsAt: *at(28), EndsAt: *at(29),
	}}
	var got []string
	for _, e := range v.timeline(bundle.Locale("zh-CN", "zh-CN")) {
		got = append(got, e.What)
	}
	want := []string{"公布公告和规则", "报名截止", "送达材料", "入选的人回复来不来", "开会", "公布发言、答复和决定"}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("the timetable is %q, want %q", got, want)
		}
	}
}
