// Package invitationweb shows invitations: the page behind a personal link, the
// calendar, the staff's rooms; and it words the letters.
package invitationweb

import (
	"guangyi/internal/invitation"
	"guangyi/internal/meeting"
	"guangyi/internal/platform/web"
)

// Services are what the pages are made of.
type Services struct {
	Invitations *invitation.Service
	Meetings    *meeting.Service
	BaseURL     string
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/calendar/:file", h.calendar, web.Download)
	s.Get("/i/:token", h.guest)
	s.Post("/i/:token", h.answer)
	s.Post("/i/:token/undertaking", h.undertake)
	s.Get("/i/:token/papers/:id", h.paper, web.Download)

	s.Get("/staff/meetings/:slug/invitations", h.room)
	s.Post("/staff/meetings/:slug/invitations", h.invite)
	s.Get("/staff/meetings/:slug/invitations/:id", h.one)
	s.Post("/staff/meetings/:slug/invitations/:id/answer", h.answerFor)
	s.Post("/staff/meetings/:slug/invitations/:id/again", h.again)
	s.Post("/staff/meetings/:slug/invitations/:id/called", h.called)
	s.Post("/staff/meetings/:slug/papers", h.putPaper)
	s.Post("/staff/meetings/:slug/papers/release", h.release)
	s.Get("/staff/meetings/:slug/papers/:id", h.staffPaper, web.Download)
	s.Get("/staff/deliveries", h.failures)
	s.Post("/staff/deliveries/:id/retry", h.retry)

	s.Get(web.APIPrefix+"/meetings/:slug/invitations", h.apiList)
	s.Post(web.APIPrefix+"/meetings/:slug/invitations", h.apiInvite)
	s.Post(web.APIPrefix+"/meetings/:slug/invitations/:id/answer", h.apiAnswer)
	s.Post(web.APIPrefix+"/meetings/:slug/invitations/:id/again", h.apiAgain)
	s.Get(web.APIPrefix+"/meetings/:slug/papers", h.apiPapers)
	s.Post(web.APIPrefix+"/meetings/:slug/papers", h.apiPutPaper)
	s.Delete(web.APIPrefix+"/meetings/:slug/papers/:id", h.apiRemovePaper)
	s.Post(web.APIPrefix+"/meetings/:slug/papers/release", h.apiRelease)
	s.Get(web.APIPrefix+"/deliveries", h.apiFailures)
	s.Post(web.APIPrefix+"/deliveries/:id/retry", h.apiRetry)
}
