package mailbox

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
)

// mostRoutes is for how many consultations one mail can be meant.
const mostRoutes = 10

// route finds the consultations that a mail was sent to. An address stands for one
// when staff said so, or when it is the mailbox's own with the consultation's slug
// behind a plus sign: advice+market-fees@bureau.example. The mailbox's own address
// counts when nothing else is found, since a blind copy and a forwarded mail do not
// name the address that they came to.
func (s *Service) route(g *gorm.DB, a accountRow, to []string) ([]consultation.Consultation, error) {
	var rows []addressRow
	if err := g.Where("account_id = ?", a.ID).Find(&rows).Error; err != nil {
		return nil, err
	}
	named := map[string]int64{}
	for _, r := range rows {
		named[r.Address] = r.ConsultationID
	}
	var ids []int64
	var slugs []string
	for _, address := range to {
		if address == a.Address {
			continue
		}
		if id, ok := named[address]; ok {
			ids = append(ids, id)
		} else if slug := tagged(a.Address, address); slug != "" {
			slugs = append(slugs, slug)
		}
	}
	if own, ok := named[a.Address]; ok && len(ids) == 0 && len(slugs) == 0 {
		ids = append(ids, own)
	}
	if len(ids) == 0 && len(slugs) == 0 {
		return nil, nil
	}
	var all []consultation.Consultation
	err := g.Where("organisation_id = ? AND (id IN ? OR slug IN ?)", a.OrganisationID, ids, slugs).Order("id").Limit(mostRoutes).Find(&all).Error
	return slices.DeleteFunc(all, func(c consultation.Consultation) bool { return c.Unlisted }), err
}

// tagged gives what stands between plus and at when an address is the mailbox's own
// apart from that (RFC 5233); "" otherwise.
func tagged(own, address string) string {
	local, domain, _ := strings.Cut(own, "@")
	rest, ok := strings.CutPrefix(address, local+"+")
	if !ok {
		return ""
	}
	slug, ok := strings.CutSuffix(rest, "@"+domain)
	if !ok {
		return ""
	}
	return slug
}

// AddressOf is the address that stands for a consultation without any row: the
// mailbox's own, with the slug behind a plus sign.
func AddressOf(own, slug string) string {
	local, domain, _ := strings.Cut(own, "@")
	return local + "+" + slug + "@" + domain
}
