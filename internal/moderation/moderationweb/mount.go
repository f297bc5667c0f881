// Package moderationweb shows what decides about showing: to staff the queue, its
// rules and the reports; to senders the way to take something back; to anybody the
// way to say that something was not theirs; and all of it to programs.
package moderationweb

import (
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/moderation"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// Services are what the pages are made of.
type Services struct {
	Moderation    *moderation.Service
	Submissions   *submission.Service
	Consultations *consultation.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
	Keys          *seal.Keys
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	s.Get("/consultations/:slug/not-me", h.notMe)
	s.Post("/consultations/:slug/not-me", h.report)
	s.Get("/receipts/:number/withdraw", h.askWithdraw)
	s.Post("/receipts/:number/withdraw", h.withdraw)

	const room = "/staff/consultations/:slug/moderation"
	s.Get(room, h.queue)
	s.Get(room+"/rules", h.rules)
	s.Post(room+"/rules", h.setRules)
	s.Get(room+"/reports", h.reports)
	s.Post(room+"/reports/:id", h.settle)
	s.Get(room+"/:id", h.one)
	s.Post(room+"/:id", h.decide)

	const api = web.APIPrefix + "/consultations/:slug/moderation"
	s.Get(api, h.apiQueue)
	s.Get(api+"/rules", h.apiRules)
	s.Put(api+"/rules", h.apiSetRules)
	s.Delete(api+"/rules", h.apiDropRules)
	s.Get(api+"/reports", h.apiReports)
	s.Post(api+"/reports/:id", h.apiSettle)
	s.Get(api+"/:id", h.apiOne)
	s.Post(api+"/:id", h.apiDecide)
	s.Post(web.APIPrefix+"/consultations/:slug/not-me", h.apiReport)
	s.Post(web.APIPrefix+"/receipts/:number/withdraw", h.apiWithdraw)
}
