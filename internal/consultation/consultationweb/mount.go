// Package consultationweb shows consultations and their drafts: to the public,
// to staff, and to programs.
package consultationweb

import (
	"context"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/web"
	"guangyi/views/consultationview"
)

// Services are what the pages are made of.
type Services struct {
	Consultations *consultation.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
	Files         *attachment.Service
	Surveys       Surveys // nil: no notice carries a questionnaire
	Rooms         Rooms   // nil: there are no other rooms
}

// Rooms knows what lies in the rooms of other capabilities.
type Rooms interface {
	// Doors lists those of a consultation that are open to a person, with what waits there.
	Doors(ctx context.Context, who actor.Actor, c consultation.Consultation) ([]consultationview.Door, error)
	// Outages reports whether nothing could be taken in for some of its period.
	Outages(ctx context.Context, c consultation.Consultation) (bool, error)
	// Addresses lists those that mail for it is fetched from.
	Addresses(ctx context.Context, c consultation.Consultation) ([]string, error)
}

// Surveys knows the questionnaires that notices carry.
type Surveys interface {
	// Offer tells how many questions can be answered now, and whether the figures are
	// public.
	Offer(ctx context.Context, c consultation.Consultation) (questions int, results bool, err error)
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
	s.Get("/consultations", h.list, web.Cached)
	s.Get("/feeds/consultations.atom", h.feed, web.Cached, web.Download)
	s.Get("/sitemap.xml", h.sitemap, web.Cached, web.Download)
	s.Get("/consultations/:slug", h.show, web.Cached)
	s.Get("/consultations/:slug/draft", h.draft, web.Cached)
	s.Get("/consultations/:slug/attachments/:id", h.download, web.Download)
}

func (h handlers) staff(s *web.Site) {
	const one = "/staff/consultations/:slug"
	s.Get("/staff/consultations", h.staffList)
	s.Get("/staff/consultations/new", h.newForm)
	s.Post("/staff/consultations/new", h.create)
	s.Get(one, h.overview)
	s.Post(one+"/events", h.event)
	s.Get(one+"/edit", h.editForm)
	s.Post(one+"/edit", h.edit)
	s.Get(one+"/draft", h.staffDraft)
	s.Post(one+"/draft", h.correct)
	s.Get(one+"/preview", h.preview)
	s.Get(one+"/record", h.record)
	s.Get(one+"/attachments", h.attachments)
	s.Post(one+"/attachments", h.attach)
}

func (h handlers) api(s *web.Site) {
	const all, one = web.APIPrefix + "/consultations", web.APIPrefix + "/consultations/:slug"
	s.Get(all, h.apiList)
	s.Post(all, h.apiCreate)
	s.Get(one, h.apiShow)
	s.Patch(one, h.apiEdit)
	s.Get(one+"/provisions", h.apiProvisions)
	s.Post(one+"/events", h.apiEvent)
	s.Get(one+"/draft", h.apiDraft)
	s.Put(one+"/draft", h.apiCorrect)
	s.Get(one+"/record", h.apiRecord)
	s.Get(one+"/attachments", h.apiFiles)
	s.Post(one+"/attachments", h.apiAttach)
	s.Delete(one+"/attachments/:id", h.apiDetach)
}
