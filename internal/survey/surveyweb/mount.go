// Package surveyweb shows the questionnaire of a consultation: to answer, to
// everybody; to write, to enter from paper and to read its figures, to staff; and
// all of it to programs.
package surveyweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/web"
	"guangyi/internal/survey"
)

// Services are what the pages are made of.
type Services struct {
	Surveys       *survey.Service
	Consultations *consultation.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
	Keys          *seal.Keys
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	h.api(s)
}
