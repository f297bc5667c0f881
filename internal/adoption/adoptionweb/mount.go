// Package adoptionweb shows what became of what people said, to the public and to
// the staff who decide it, as pages and as JSON.
package adoptionweb

import (
	"guangyi/internal/adoption"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
)

type handlers struct {
	adoption      *adoption.Service
	consultations *consultation.Service
	drafts        *draft.Service
	organisations *organisation.Service
}

// Mount adds the routes.
func Mount(site *web.Site, a *adoption.Service, c *consultation.Service, d *draft.Service, o *organisation.Service) {
	h := handlers{a, c, d, o}
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
