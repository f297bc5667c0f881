// Package submissionweb shows what people send: the form, the receipt and the
// public comments to everybody, the letters to staff, and all of it to programs.
package submissionweb

import (
	"context"

	"guangyi/internal/attachment"
	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/web"
	"guangyi/internal/submission"
)

// Services are what the pages are made of.
type Services struct {
	Submissions   *submission.Service
	Consultations *consultation.Service
	Drafts        *draft.Service
	Organisations *organisation.Service
	Keys          *seal.Keys
	BaseURL       string              // for the code on a receipt
	Files         *attachment.Service // nil takes none
	Surveys       Surveys             // nil: no consultation carries a questionnaire
	Register      Register            // nil: none is kept
	Challenges    *challenge.Service  // nil asks nobody
}

// Surveys knows the questionnaires that consultations carry.
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
	s.Get("/consultations/:slug/comment", h.form)
	s.Post("/consultations/:slug/comment", h.step)
	s.Get("/consultations/:slug/comments", h.comments, web.Cached)
	s.Get("/receipts", h.lookUp)
	s.Post("/receipts", h.find)
	s.Get("/receipts/lost", h.lost)
	s.Post("/receipts/lost", h.recover)
	s.Get("/receipts/open/:token", h.opening)
	s.Post("/receipts/open/:token", h.open)
	s.Get("/receipts/:number", h.receipt)
	s.Post("/receipts/:number", h.find)
	s.Get("/receipts/:number/files/:file", h.receiptFile, web.Download)
	s.Get("/consultations/:slug/comments/files/:file", h.publicFile, web.Download)
}

func (h handlers) staff(s *web.Site) {
	const one = "/staff/consultations/:slug/submissions"
	s.Get(one, h.list)
	s.Get(one+".csv", h.export, web.Download)
	s.Get(one+".xlsx", h.export, web.Download)
	s.Get(one+".json", h.export, web.Download)
	s.Get(one+"/:id", h.letter)
	s.Get(one+"/:id/files/:file", h.staffFile, web.Download)
	s.Get(one+"/:id/files/:file/view", h.staffView, web.Download)
	s.Post(one+"/:id/files/:file", h.showFile)
	s.Post(one+"/:id/split/:comment", h.split)
	s.Post(one+"/:id/join/:comment", h.join)
	s.Post(one+"/:id/aim/:comment", h.aim)
}

func (h handlers) api(s *web.Site) {
	const one = web.APIPrefix + "/consultations/:slug"
	s.Post(one+"/files", h.apiUpload)
	s.Post(one+"/submissions", h.apiSubmit)
	s.Get(one+"/submissions", h.apiList)
	s.Get(one+"/submissions/:id", h.apiLetter)
	s.Get(one+"/submissions/:id/files/:file", h.staffFile, web.Download)
	s.Put(one+"/submissions/:id/files/:file", h.apiShowFile)
	s.Get(one+"/comments", h.apiComments)
	s.Post(one+"/comments/:id/split", h.apiSplit)
	s.Delete(one+"/comments/:id/split", h.apiJoin)
	s.Put(one+"/comments/:id/provision", h.apiAim)
	s.Get(web.APIPrefix+"/receipts/:number", h.apiReceipt)
	s.Get(web.APIPrefix+"/receipts/:number/files/:file", h.apiReceiptFile, web.Download)
	s.Get(web.APIPrefix+"/receipts/:number/proof", h.apiProof)
}
