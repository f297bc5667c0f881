package server_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/actor"
)

// Whoever cannot be reached by mail still finds the invitation: by reference and
// secret of the application. Staff see the letter that failed on the same morning.
func TestWhoLostTheLetterFindsTheInvitationByTheApplication(t *testing.T) {
	eachPlace(t, func(p *place) {
		ctx := context.Background()
		m := p.meetingOpen("own", nil)
		a, secret, err := p.services.Meetings.Receive(ctx, actor.Public(), m.Slug, meeting.ApplicationIn{
			Key: "one", Sex: "female", Consent: true, Lang: "zh-CN", Person: meeting.Person{Name: secretName, Phone: "13700000001", Email: "lost@example.test"},
		})
		must(t, err)
		_, err = p.services.Invitations.Invite(ctx, p.acting("own", actor.Secretary), m.Slug)
		must(t, err)
		v := p.visitor()
		own := v.follow(v.post("/applications", url.Values{"csrf": {v.guard()}, "reference": {a.Reference}, "secret": {secret}}))
		link := "/i/" + p.personal(a)
		if own.status != 200 || !strings.Contains(own.body, link) {
			t.Fatalf("no way from the application to the invitation: %s", own)
		}
		done := v.follow(v.post(link, url.Values{"csrf": {v.guard()}, "answer": {"accept"}, "needs": {"sign"}}))
		if done.status != 200 || !strings.Contains(done.body, "您已确认参加") {
			t.Fatalf("%s", done)
		}
		p.failedLetter(m, a)
		today := p.as("own", actor.Secretary).open("/staff")
		if !strings.Contains(today.body, "有1封通知没有送到") || !strings.Contains(today.body, "/staff/deliveries") {
			t.Errorf("today does not say that a letter failed: %s", today)
		}
		if strings.Contains(p.log.String(), link) {
			t.Error("the log holds a personal link")
		}
		room, err := p.services.Invitations.Room(ctx, p.acting("own", actor.Secretary), m.Slug)
		must(t, err)
		if room.Count(invitation.Accepted) != 1 || room.Sum.Count["sign"] != 1 {
			t.Errorf("%+v", room.Sum)
		}
		auditDatabase(t, p.db())
	})
}
