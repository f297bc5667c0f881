// Package sittingweb shows a meeting's day to its secretary, also without network,
// and to a speaker the words to confirm.
package sittingweb

import (
	"guangyi/internal/draft"
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/web"
	"guangyi/internal/sitting"
)

// Services are what the pages are made of.
type Services struct {
	Sittings      *sitting.Service
	Meetings      *meeting.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
}

type handlers struct{ Services }

// Mount adds the routes.
func Mount(s *web.Site, services Services) {
	h := handlers{services}
	const day = "/staff/meetings/:slug/day"
	s.Get(day, h.day)
	s.Get(day+"/worker.js", h.worker, web.Download)
	s.Post(day+"/act", h.act)
	s.Post(day+"/acts", h.acts)
	s.Post(day+"/link", h.link)
	s.Post(day+"/file", h.file)
	s.Get(day+"/file/:id", h.download, web.Download)
	s.Get(day+"/print/:what", h.printed)
	s.Get(day+"/paper", h.paper)
	s.Post(day+"/paper", h.enterPaper)
	const account, minutes = "/staff/meetings/:slug/account", "/staff/meetings/:slug/minutes"
	s.Get(account, h.account)
	s.Post(account, h.saveAccount)
	s.Post(account+"/events", h.accountEvent)
	s.Get(minutes, h.minutes)
	s.Post(minutes, h.saveMinutes)
	s.Post(minutes+"/agree", h.agreeMinutes)
	s.Get("/meetings/report/:year.csv", h.yearTable, web.Cached, web.Download)
	s.Get("/meetings/report/:year", h.year, web.Cached)
	s.Get("/meetings/:slug/account", h.publicAccount, web.Cached)
	s.Get("/meetings/:slug/minutes", h.publicMinutes, web.Cached)
	s.Get("/f/:token", h.feedback)
	s.Post("/f/:token", h.giveFeedback)
	s.Get("/s/:token", h.words)
	s.Post("/s/:token", h.confirm)
}
