// Package meetingweb shows meetings: the call and the application to everybody,
// the desk to staff, and all of it to programs.
package meetingweb

import (
	"context"

	"guangyi/internal/attachment"
	"guangyi/internal/challenge"
	"guangyi/internal/consultation"
	"guangyi/internal/meeting"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/web"
)

// Services are what the pages are made of.
type Services struct {
	Meetings      *meeting.Service
	Consultations *consultation.Service
	Organisations *organisation.Service
	Files         *attachment.Service
	Keys          *seal.Keys
	Selections    Selections         // nil: nothing is drawn on this site
	Members       Members            // nil: there is no pool
	Invitations   Invitations        // nil: nobody is invited on this site
	Challenges    *challenge.Service // nil asks nobody for work
}

// Invitations knows the personal links of those who were invited.
type Invitations interface {
	// LinkOf is the address of an invitation, for who has shown that the application
	// is theirs; ok is false when there is none.
	LinkOf(ctx context.Context, meetingID, applicationID int64) (path string, ok bool, err error)
}

// Selections knows what is published of a draw.
type Selections interface {
	// DrawPublished reports whether chances or a result of the meeting are public.
	DrawPublished(ctx context.Context, meetingID int64) (bool, error)
	// ChanceOf is the published chance of one application: a share of 1, and in how
	// many of the panels it is. ok is false while nothing is published.
	ChanceOf(ctx context.Context, meetingID, applicationID int64) (share float64, in, of int, ok bool, err error)
}

// Members knows the standing representatives.
type Members interface {
	// Details are what a representative of the organisation, signed in, has
	// registered; ok is false for everybody else.
	Details(ctx context.Context, who actor.Actor, organisationID int64) (p meeting.Person, category string, ok bool, err error)
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
	s.Get("/meetings", h.list, web.Cached)
	s.Get("/meetings/:slug", h.show, web.Cached)
	s.Get("/meetings/:slug/attachments/:id", h.download, web.Download)
	s.Get("/meetings/:slug/apply", h.form)
	s.Post("/meetings/:slug/apply", h.step)
	s.Get("/applications", h.lookUp)
	s.Post("/applications", h.find)
	s.Get("/applications/:number", h.mine)
	s.Post("/applications/:number", h.find)
	s.Get("/applications/:number/change", h.changeForm)
	s.Post("/applications/:number/change", h.changeStep)
	s.Post("/applications/:number/withdraw", h.withdraw)
}
