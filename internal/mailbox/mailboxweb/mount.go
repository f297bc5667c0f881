// Package mailboxweb shows the mailboxes and what came in them, and words the
// letters that answer a mail.
package mailboxweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/mailbox"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
)

// Services are what the pages are made of.
type Services struct {
	Mail          *mailbox.Service
	Consultations *consultation.Service
	Organisations *organisation.Service
	BaseURL       string
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	_ = handlers{services}
}
