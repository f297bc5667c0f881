package invitationweb_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"guangyi/internal/attachment"
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/database"
)

// invited is called, invited, and every letter has gone out.
func (st *stage) invited(places int, emails ...string) (meeting.Meeting, []meeting.Application) {
	st.t.Helper()
	m, all := st.called(places, emails...)
	desk := st.browser("secretary")
	room := "/staff/meetings/" + m.Slug + "/invitations"
	st.want(desk.get(room), 200, "邀请"+strconv.Itoa(places)+"人")
	st.want(desk.post(room, room, nil), 200, "邀请已经发出")
	st.deliver()
	return m, all
}

func (st *stage) paper(m meeting.Meeting) {
	st.t.Helper()
	must(st.t, st.invitations.AddPaper(ctx, st.people["secretary"], m.Slug, invitation.NewPaper{
		Title: "办法送审稿", Item: "养老服务收费公示办法", Name: "draft.txt", Data: []byte("第一条 为了规范收费……\n"),
	}))
}

func TestAPersonAnswersByTheLinkOfALetterAndReadsThePapers(t *testing.T) {
	each(t, func(st *stage) {
		m, all := st.invited(1, "wang@example.test", "li@example.test")
		st.paper(m)
		desk, room := st.browser("secretary"), "/staff/meetings/"+m.Slug+"/invitations"
		link, home := st.link("wang@example.test"), st.browser("")
		page := home.get(link)
		st.want(page, 200, "我来参加", "我不参加", "12月14日", "云州市人民路100号", `name="robots" content="noindex"`)
		if page.header.Get("Cache-Control") != "no-store" {
			t.Error("a personal page may be kept by others")
		}
		st.want(desk.get(room), 200, all[0].Label, "没有答复")
		st.want(home.post(link, link, url.Values{"answer": {"accept"}, "needs": {"wheelchair"}, "diet": {strings.Repeat("素", 201)}}), 422, "多了1个", `value="wheelchair" checked`)
		st.want(home.post(link, link, url.Values{"answer": {"accept"}, "needs": {"wheelchair", "sign"}, "diet": {"素食"}}), 200,
			"您已确认参加", "已经记下您来参加", "素食", "材料还没有发放", "/calendar/"+m.Slug+".ics")
		st.want(desk.post(room, "/staff/meetings/"+m.Slug+"/papers/release", nil), 200, "材料已经发放")
		st.deliver()
		shut := home.get(link)
		st.want(shut, 200, "有1份材料", vowed, "我同意并承诺")
		st.lacks(shut, "办法送审稿")
		hash := invitation.UndertakingHash(vowed)
		open := home.post(link, link+"/undertaking", url.Values{"hash": {hash}})
		st.want(open, 200, "办法送审稿", "还没有打开")
		paper := strings.Split(strings.Split(open.body, link+"/papers/")[1], `"`)[0]
		st.want(home.get(link+"/papers/"+paper), 200, "第一条")
		st.want(home.get(link), 200, "打开过")
		st.want(desk.get(room), 200, "轮椅通道和座位", "素食", "1/1")
		var subjects []string
		for _, l := range st.office.letters {
			if l.to == "wang@example.test" {
				subjects = append(subjects, l.subject)
			}
		}
		if len(subjects) != 3 {
			t.Errorf("the letters are %v", subjects)
		}
		st.want(home.post(link, link, url.Values{"answer": {"decline"}}), 200, "您已退出")
		st.want(home.get(link+"/papers/"+paper), 404)
		st.deliver()
		st.want(st.browser("").get(st.link("li@example.test")), 200, "按候补顺序轮到您")
		st.want(home.post(link, link, url.Values{"answer": {"accept"}}), 409, "名额已经满了")
	})
}

func TestALetterOfConfirmationBringsTheDateForTheCalendar(t *testing.T) {
	each(t, func(st *stage) {
		m, _ := st.invited(1, "wang@example.test")
		link := st.link("wang@example.test")
		st.want(st.browser("").post(link, link, url.Values{"answer": {"accept"}}), 200)
		st.deliver()
		last := st.office.letters[len(st.office.letters)-1]
		if !strings.Contains(last.subject, "已确认您参加") || !strings.Contains(last.text, "王w，您好") || strings.Contains(last.text, "<no value>") {
			t.Errorf("the letter is %s\n%s", last.subject, last.text)
		}
		raw := strings.ReplaceAll(last.raw, "\r\n", "")
		if !strings.Contains(raw, base64.StdEncoding.EncodeToString([]byte("BEGIN:VCALENDAR\r\n"))[:20]) {
			t.Errorf("no calendar comes with\n%s", last.raw)
		}
		cal := st.browser("").get("/calendar/" + m.Slug + ".ics")
		st.want(cal, 200, "BEGIN:VEVENT", "STATUS:CONFIRMED")
		if got := cal.header.Get("Content-Type"); !strings.HasPrefix(got, "text/calendar") {
			t.Errorf("the calendar is %s", got)
		}
		_, err := st.meetings.Apply(ctx, st.people["reviewer"], m.Slug, meeting.Cancel, meeting.Note{Text: "事项撤回"})
		must(t, err)
		st.want(st.browser("").get("/calendar/"+m.Slug+".ics"), 200, "STATUS:CANCELLED")
		st.want(st.browser("").get("/calendar/"+m.Slug), 404)
		st.want(st.browser("").get("/calendar/no-such.ics"), 404)
	})
}

func TestEveryLetterHasItsWordsInBothLanguages(t *testing.T) {
	each(t, func(st *stage) {
		m, all := st.invited(1, "wang@example.test")
		for _, lang := range []string{"zh-CN", "en"} {
			l := st.bundle.Locale(lang, lang)
			for _, topic := range invitation.Topics {
				key := "invitation.letter." + strings.TrimPrefix(topic, "meeting.")
				if !l.Has(key+".subject") || !l.Has(key+".text") || !l.Has("invitation.topic."+topic) {
					t.Errorf("%s has no words in %s", topic, lang)
				}
			}
		}
		link := st.link("wang@example.test")
		st.want(st.browser("").post(link, link, url.Values{"answer": {"accept"}}), 200)
		must(t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
			for _, topic := range invitation.Topics {
				if err := st.invitations.Tell(tx, m, all[0], topic); err != nil {
					return err
				}
			}
			return nil
		}))
		st.office.letters = nil
		st.deliver()
		for _, l := range st.office.letters {
			if strings.Contains(l.text, "{{") || strings.Contains(l.text, "no value") || strings.Contains(l.subject, "invitation.letter") || strings.Contains(l.text, "invitation.") {
				t.Errorf("%s\n%s", l.subject, l.text)
			}
		}
		if len(st.office.letters) < 9 {
			t.Errorf("only %d letters", len(st.office.letters))
		}
	})
}

func TestAFailedLetterIsListedForTheBureauThatSentIt(t *testing.T) {
	each(t, func(st *stage) {
		m, all := st.invited(1, "gone@example.test")
		desk := st.browser("secretary")
		st.want(desk.get("/staff/meetings/"+m.Slug+"/invitations"), 200, "有1人的通知没有送到")
		list := desk.get("/staff/deliveries")
		st.want(list, 200, all[0].Label, "no such mailbox", "不再重试", "再发一次")
		st.lacks(list, "gone@")
		st.lacks(st.browser("other-secretary").get("/staff/deliveries"), all[0].Label)
		st.want(st.browser("officer").get("/staff/deliveries"), 200, all[0].Label)
		st.want(st.browser("administrator").get("/staff/deliveries"), 404)
		one := "/staff/meetings/" + m.Slug + "/invitations/" + strconv.FormatInt(all[0].ID, 10)
		st.want(desk.get(one), 200, "试了1次")
		st.want(desk.post(one, one+"/answer", url.Values{}), 422, "请选“参加”或者“不参加”")
		st.want(desk.post(one, one+"/answer", url.Values{"accepted": {"yes"}, "needs": {"companion"}}), 200, "答复已经登记", "带一位陪同人员", "会务人员登记")
		old := st.get("SELECT token_hash FROM invitations")
		st.want(desk.post(one, one+"/again", nil), 200, "新的链接已经发出")
		if string(old) == string(st.get("SELECT token_hash FROM invitations")) {
			t.Error("the old link is still good")
		}
	})
}

func TestTheRoomIsTheBureausOwn(t *testing.T) {
	each(t, func(st *stage) {
		m, all := st.invited(1, "wang@example.test")
		room := "/staff/meetings/" + m.Slug + "/invitations"
		one := room + "/" + strconv.FormatInt(all[0].ID, 10)
		for who, want := range map[string]int{"": 303, "officer": 200, "reviewer": 403, "other-secretary": 404} {
			for _, path := range []string{room, one} {
				if a := st.browser(who).get(path); a.status != want {
					t.Errorf("%s for %q: %d, not %d", path, who, a.status, want)
				}
			}
		}
		st.want(st.browser("").get("/i/abcdefghijklmnopqrstuvwxyz"), 404)
		st.want(st.browser("").get("/i/x"), 404)
		st.clock.Set(m.EndsAt)
		st.want(st.browser("").get(st.link("wang@example.test")), 410, "invitation.over")
	})
}

func TestPapersAreLaidAndGivenOutOnTheStaffsPage(t *testing.T) {
	each(t, func(st *stage) {
		m, _ := st.invited(1, "wang@example.test")
		desk, room := st.browser("secretary"), "/staff/meetings/"+m.Slug+"/invitations"
		st.want(desk.post(room, "/staff/meetings/"+m.Slug+"/papers", url.Values{"title": {"送审稿"}}), 422, "请选一个文件", "送审稿")
		st.paper(m)
		st.want(desk.get(room), 200, "办法送审稿", "没有发放", "发放1份材料")
		id := st.paperID(m)
		st.want(desk.get("/staff/meetings/"+m.Slug+"/papers/"+id), 200, "第一条")
		st.want(st.browser("other-secretary").get("/staff/meetings/"+m.Slug+"/papers/"+id), 404)
		st.want(desk.post(room, "/staff/meetings/"+m.Slug+"/papers", url.Values{"remove": {id}}), 200, "材料已经撤下")
		st.clock.Set(m.StartsAt.Add(-day))
		st.paper(m)
		st.want(desk.get(room), 200, "现在发放不符合程序要求")
	})
}

func TestAProgramInvitesAndEntersAnswers(t *testing.T) {
	each(t, func(st *stage) {
		m, all := st.called(1, "wang@example.test", "li@example.test")
		path := "/api/v1/meetings/" + m.Slug + "/invitations"
		if got := st.api("other-secretary", "POST", path, "{}"); got.status != 404 {
			t.Errorf("another bureau: %d", got.status)
		}
		if got := st.api("secretary", "POST", path, "{}"); got.status != 200 || !strings.Contains(got.body, `"asked":1`) {
			t.Errorf("%d %s", got.status, got.body)
		}
		one := path + "/" + strconv.FormatInt(all[0].ID, 10)
		if got := st.api("secretary", "POST", one+"/answer", `{"answer":"perhaps"}`); got.status != 422 || !strings.Contains(got.body, `"answer"`) {
			t.Errorf("%d %s", got.status, got.body)
		}
		if got := st.api("secretary", "POST", one+"/answer", `{"answer":"accepted","needs":{"wheelchair":true}}`); got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
		got := st.api("secretary", "GET", path, "")
		var list struct {
			Items []struct {
				Label, State, Answer string
				Needs                map[string]any
			}
		}
		must(t, json.Unmarshal([]byte(got.body), &list))
		papers := "/api/v1/meetings/" + m.Slug + "/papers"
		if got := st.api("secretary", "POST", papers, `{"name":"draft.txt","item":"办法","data":"56ys5LiA5p2h"}`); got.status != 200 || !strings.Contains(got.body, `"released_at":null`) {
			t.Errorf("%d %s", got.status, got.body)
		}
		if got := st.api("secretary", "POST", papers+"/release", ""); got.status != 200 || strings.Contains(got.body, `"released_at":null`) {
			t.Errorf("%d %s", got.status, got.body)
		}
		if got := st.api("secretary", "DELETE", papers+"/"+st.paperID(m), ""); got.status != 409 {
			t.Errorf("%d %s", got.status, got.body)
		}
		if got := st.api("secretary", "GET", "/api/v1/deliveries", ""); got.status != 200 || !strings.Contains(got.body, `"items":[]`) {
			t.Errorf("%d %s", got.status, got.body)
		}
		if len(list.Items) != 2 || list.Items[0].State != "accepted" || list.Items[0].Needs["wheelchair"] != true || strings.Contains(got.body, "wang@") {
			t.Errorf("%s", got.body)
		}
	})
}

func (st *stage) api(who, method, path, body string) answer {
	st.t.Helper()
	r, err := http.NewRequest(method, st.base+path, strings.NewReader(body))
	must(st.t, err)
	r.Header.Set("Authorization", "Bearer "+who)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(r)
	must(st.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(st.t, err)
	return answer{res.StatusCode, string(raw), path, res.Header}
}

func (st *stage) get(query string) (raw []byte) {
	st.t.Helper()
	must(st.t, st.db.Read(ctx).Raw(query).Row().Scan(&raw))
	return raw
}

func (st *stage) paperID(m meeting.Meeting) string {
	st.t.Helper()
	room, err := st.invitations.Room(ctx, st.people["secretary"], m.Slug)
	must(st.t, err)
	if len(room.Papers) == 0 || room.Papers[0].File.Owner != (attachment.Owner{Kind: "meeting_papers", ID: m.ID}) {
		st.t.Fatalf("the papers are %+v", room.Papers)
	}
	return strconv.FormatInt(room.Papers[0].ID, 10)
}
