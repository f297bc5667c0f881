package server

import (
	"guangyi/internal/account/accountweb"
	"guangyi/internal/adoption/adoptionweb"
	"guangyi/internal/consultation/consultationweb"
	"guangyi/internal/platform/web"
	"guangyi/internal/site/siteweb"
	"guangyi/internal/submission/submissionweb"
)

// mountCapabilities adds every capability's routes.
func (s *Services) mountCapabilities(shell *web.Site) {
	siteweb.Mount(shell, s.Sites)
	accountweb.Mount(shell, s.Accounts, s.Organisations)
	consultationweb.Mount(shell, consultationweb.Services{
		Consultations: s.Consultations, Drafts: s.Drafts, Organisations: s.Organisations, Files: s.Attachments,
		Surveys: s.Surveys, Rooms: rooms{s},
	})
	submissionweb.Mount(shell, submissionweb.Services{
		Submissions: s.Submissions, Consultations: s.Consultations, Drafts: s.Drafts, Organisations: s.Organisations, Keys: s.Keys,
		BaseURL: s.Settings.BaseURL, Files: s.Attachments, Surveys: s.Surveys, Register: s.Register, Challenges: s.Challenges,
	})
	adoptionweb.Mount(shell, s.Adoption, s.Consultations, s.Drafts, s.Organisations, adoptionweb.WithDesk(s.Desk))
	s.mountMeetings(shell)
	s.mountIntake(shell)
}
