// Package adoptionweb shows what became of what people said, to the public and to
// the staff who decide it, as pages and as JSON.
package adoptionweb

import (
	"context"

	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/desk"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
)

type handlers struct {
	adoption      *adoption.Service
	consultations *consultation.Service
	drafts        *draft.Service
	organisations *organisation.Service
	desk          Desk
}

// Desk knows what lies at the desk of a consultation and is not yet counted.
type Desk interface {
	Gaps(ctx context.Context, consultation int64) (desk.Gaps, error)
}

// Option adds to the pages what not every site has.
type Option func(*handlers)

// WithDesk lets the page of review show the letters that hold a summary back.
func WithDesk(d Desk) Option { return func(h *handlers) { h.desk = d } }

// Mount adds the routes.
func Mount(site *web.Site, a *adoption.Service, c *consultation.Service, d *draft.Service, o *organisation.Service, opts ...Option) {
	h := handlers{adoption: a, consultations: c, drafts: d, organisations: o}
	for _, opt := range opts {
		opt(&h)
	}
	site.Get("/consultations/:slug/summary", h.summary, web.Cached)
	site.Get("/consultations/:slug/summary.csv", h.download, web.Download)
	site.Get("/consultations/:slug/summary.xlsx", h.download, web.Download)
	site.Get("/consultations/:slug/summary.json", h.document, web.Download)
	site.Get("/consultations/:slug/summary/account.txt", h.account, web.Download)
	site.Get("/consultations/:slug/suggestions/:number", h.told, web.Cached)

	const staff = "/staff/consultations/:slug"
	site.Get(staff+"/workbench", h.bench)
	site.Post(staff+"/workbench/:id", h.place)
	site.Get(staff+"/suggestions", h.list)
	site.Get(staff+"/suggestions/:id", h.one)
	site.Post(staff+"/suggestions/:id/text", h.edit)
	site.Post(staff+"/suggestions/:id/disposition", h.dispose)
	site.Post(staff+"/suggestions/:id/events", h.event)
	site.Post(staff+"/suggestions/:id/comments", h.comments)
	site.Post(staff+"/suggestions/:id/merge", h.merge)
	site.Post(staff+"/suggestions/:id/drop", h.drop)
	site.Get(staff+"/review", h.review)
	site.Post(staff+"/review", h.step)
	site.Get(staff+"/summary", h.preview)

	const api = web.APIPrefix
	site.Get(api+"/consultations/:slug/summary", h.document)
	site.Get(api+"/consultations/:slug/balance", h.apiBalance)
	site.Get(api+"/consultations/:slug/suggestions", h.apiList)
	site.Post(api+"/consultations/:slug/suggestions", h.apiGather)
	site.Get(api+"/suggestions/:id", h.apiOne)
	site.Patch(api+"/suggestions/:id", h.apiEdit)
	site.Delete(api+"/suggestions/:id", h.apiDrop)
	site.Put(api+"/suggestions/:id/disposition", h.apiDispose)
	site.Post(api+"/suggestions/:id/events", h.apiEvent)
	site.Get(api+"/suggestions/:id/comments", h.apiComments)
	site.Post(api+"/suggestions/:id/comments", h.apiMove)
	site.Post(api+"/suggestions/:id/merge", h.apiMerge)
}
