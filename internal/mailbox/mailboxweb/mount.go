// Package mailboxweb shows the mailboxes and what came in them, and words the
// letters that answer a mail.
package mailboxweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/mailbox"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// Services are what the pages are made of.
type Services struct {
	Mail          *mailbox.Service
	Consultations *consultation.Service
	Organisations *organisation.Service
	Submissions   *submission.Service
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/staff/mail", h.boxes)
	s.Get("/staff/mailboxes/new", h.fresh)
	s.Post("/staff/mailboxes/new", h.add)
	s.Get("/staff/mailboxes/:id", h.box)
	s.Post("/staff/mailboxes/:id", h.change)
	s.Post("/staff/mailboxes/:id/check", h.check)
	s.Get("/staff/mails/:id", h.mail)
	s.Get("/staff/mails/:id/original", h.original, web.Download)
	s.Post("/staff/mails/:id/take", h.take)
	s.Post("/staff/mails/:id/dismiss", h.dismiss)
	s.Get("/staff/consultations/:slug/mail", h.room)
	s.Post("/staff/consultations/:slug/mail/addresses", h.addresses)

	s.Get(web.APIPrefix+"/mailboxes", h.apiBoxes)
	s.Get(web.APIPrefix+"/consultations/:slug/mail", h.apiRoom)
	s.Post(web.APIPrefix+"/mails/:id/take", h.apiTake)
	s.Post(web.APIPrefix+"/mails/:id/dismiss", h.apiDismiss)
}
