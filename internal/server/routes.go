package server

import (
	"guangyi/internal/account/accountweb"
	"guangyi/internal/adoption/adoptionweb"
	"guangyi/internal/consultation/consultationweb"
	"guangyi/internal/platform/web"
	"guangyi/internal/site/siteweb"
)

// mountCapabilities adds every capability's routes.
func (s *Services) mountCapabilities(shell *web.Site) {
	siteweb.Mount(shell, s.Sites)
	accountweb.Mount(shell, s.Accounts, s.Organisations)
	consultationweb.Mount(shell, consultationweb.Services{
		Consultations: s.Consultations, Drafts: s.Drafts, Organisations: s.Organisations, Files: s.Attachments,
	})
	adoptionweb.Mount(shell, s.Adoption, s.Consultations, s.Drafts, s.Organisations)
}
