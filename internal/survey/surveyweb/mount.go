// Package surveyweb shows the questionnaire of a consultation: to answer, to
// everybody; to write, to enter from paper and to read its figures, to staff; and
// all of it to programs.
package surveyweb

import (
	"guangyi/internal/challenge"
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
	Challenges    *challenge.Service // nil asks nobody
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	h.public(s)
	h.staff(s)
	h.api(s)
}

func (h handlers) public(s *web.Site) {
	const one = "/consultations/:slug/survey"
	s.Get(one, h.form)
	s.Post(one, h.send)
	s.Get(one+"/results", h.results, web.Cached)
}

func (h handlers) staff(s *web.Site) {
	const one = "/staff/consultations/:slug/survey"
	s.Get(one, h.desk)
	s.Get(one+".csv", h.export, web.Download)
	s.Get(one+".xlsx", h.export, web.Download)
	s.Get(one+".json", h.export, web.Download)
	s.Get(one+"/edit", h.editForm)
	s.Post(one+"/edit", h.edit)
	s.Get(one+"/preview", h.preview)
	s.Get(one+"/enter", h.enterForm)
	s.Post(one+"/enter", h.enter)
	s.Get(one+"/import", h.importForm)
	s.Post(one+"/import", h.importFile)
}
