// Package bulkweb shows the tables of submissions that staff bring in: the upload,
// the columns, what a trial found, and how far it is.
package bulkweb

import (
	"guangyi/internal/bulk"
	"guangyi/internal/platform/web"
)

type handlers struct{ *bulk.Service }

// Mount adds the routes.
func Mount(s *web.Site, service *bulk.Service) {
	h := handlers{service}
	const all, one = "/staff/consultations/:slug/imports", "/staff/consultations/:slug/imports/:id"
	s.Get(all, h.list)
	s.Post(all, h.upload)
	s.Get(one, h.table)
	s.Get(one+"/columns", h.columns)
	s.Post(one+"/columns", h.confirm)
	s.Get(one+"/findings.csv", h.findings, web.Download)
	s.Post(one+"/start", h.start)
	s.Post(one+"/stop", h.stop)
	s.Post(one+"/discard", h.discard)

	const api = web.APIPrefix + "/consultations/:slug/imports"
	s.Get(api, h.apiList)
	s.Post(api, h.apiUpload)
	s.Get(api+"/:id", h.apiTable)
	s.Post(api+"/:id/start", h.apiStart)
	s.Post(api+"/:id/stop", h.apiStop)
}
