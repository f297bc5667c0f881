// Package organisation holds the bodies that consult the public. Several share
// one site; everything staff may do is asked for one of them.
package organisation

import (
	"time"

	"guangyi/internal/access"
)

// Organisation is a body as every capability knows it. All of it is public.
type Organisation struct {
	ID            int64
	Slug          string // [a-z0-9-]{1,80}, unique on the site, never changed
	Name          string
	Lang          string // language of the name, a tag of package i18n
	Seal          string // the one character in the square; empty: the site's own
	Accent        string // #rrggbb in lower case, see CheckAccent; empty: the site's own
	Contact       string // how it is reached, a line or a few
	SiteCode      string // 网站标识码
	SignerDiffers bool   // the signer must be another person than the reviewer
	Version       int64
}

// What may be done to an organisation.
var (
	mayAdd  = access.Permission{Object: "organisation", Action: "add"}
	mayEdit = access.Permission{Object: "organisation", Action: "edit"}
)

// revision is the row of revisions that grows with every change here.
const revision = "organisations"

type row struct {
	ID            int64 `gorm:"primaryKey;autoIncrement:false"`
	Slug          string
	Name          string
	Lang          string
	Seal          string
	Accent        string
	Contact       string
	SiteCode      string
	SignerDiffers bool
	CreatedAt     time.Time
	Version       int64
}

func (row) TableName() string { return "organisations" }

func (r row) organisation() Organisation {
	return Organisation{
		ID: r.ID, Slug: r.Slug, Name: r.Name, Lang: r.Lang, Seal: r.Seal, Accent: r.Accent,
		Contact: r.Contact, SiteCode: r.SiteCode, SignerDiffers: r.SignerDiffers, Version: r.Version,
	}
}
