package representative

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Pool is how an organisation keeps its representatives.
type Pool struct {
	Organisation int64 `gorm:"column:organisation_id;primaryKey;autoIncrement:false"`
	Open         bool  // takes applications
	Lang         string
	About        string    // what representatives do here
	Conditions   string    // who may apply
	Districts    string    // one a line; empty: not asked for
	Fields       string    // fields of interest, one a line
	TermMonths   int       // proposed for a new term, 1 to 120
	RenewDays    int       // days before a term's end at which renewal is asked, 7 to 365
	ForgetDays   int       // days after the end at which name and contact are deleted, 0 to 730
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
	Version      int64
}

// TableName names the table for gorm.
func (Pool) TableName() string { return "representative_pools" }

// Lists of the pool, without blanks.
func (p Pool) DistrictList() []string { return lines(p.Districts) }

// FieldList lists the fields of interest to choose from.
func (p Pool) FieldList() []string { return lines(p.Fields) }

func lines(text string) []string {
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

// Limits of a pool's texts, in characters, and of its lists.
const (
	TextLimit = 2000
	ListLimit = 60
	WordLimit = 40 // of one district or field
)

// PoolOf gives an organisation's pool; one that was never set up is closed.
func (s *Service) PoolOf(ctx context.Context, organisation int64) (Pool, error) {
	return poolOf(s.db.Read(ctx), organisation)
}

func poolOf(g *gorm.DB, organisation int64) (Pool, error) {
	var found []Pool
	err := g.Where("organisation_id = ?", organisation).Limit(1).Find(&found).Error
	if err != nil || len(found) == 1 {
		return first(found), err
	}
	return Pool{Organisation: organisation, TermMonths: 24, RenewDays: 60, ForgetDays: 180}, nil
}

func first[T any](list []T) (one T) {
	if len(list) > 0 {
		one = list[0]
	}
	return one
}

// SetPool keeps how the pool is run. version is the one that was read.
func (s *Service) SetPool(ctx context.Context, who actor.Actor, in Pool, version int64) (Pool, error) {
	if err := s.gate.Require(who, mayPool, in.Organisation); err != nil {
		return in, err
	}
	if err := in.check(); err != nil {
		return in, err
	}
	err := s.db.Write(ctx, who, func(tx *database.Tx) error {
		before, err := poolOf(tx.Lock(), in.Organisation)
		if err != nil {
			return err
		}
		if before.Version != version {
			return fault.Stale()
		}
		in.UpdatedAt, in.Version = tx.Now, version+1
		if err := tx.Clauses(clause.OnConflict{UpdateAll: true}).Create(&in).Error; err != nil {
			return err
		}
		return audit.Record(tx, audit.Entry{Organisation: in.Organisation, Action: "pool", Object: "representative",
			Before: before, After: in})
	})
	return in, err
}

func (p Pool) check() error {
	var f fault.Fields
	for name, text := range map[string]string{"about": p.About, "conditions": p.Conditions} {
		if utf8.RuneCountInString(text) > TextLimit {
			f.Add(name, "representative.too_long", "limit", TextLimit)
		}
	}
	for name, list := range map[string][]string{"districts": p.DistrictList(), "fields": p.FieldList()} {
		if len(list) > ListLimit {
			f.Add(name, "representative.too_many", "limit", ListLimit)
		}
		for _, word := range list {
			if utf8.RuneCountInString(word) > WordLimit {
				f.Add(name, "representative.word_too_long", "word", word, "limit", WordLimit)
				break
			}
		}
	}
	between := func(name string, v, least, most int) {
		if v < least || v > most {
			f.Add(name, "representative.between", "least", least, "most", most)
		}
	}
	between("term_months", p.TermMonths, 1, 120)
	between("renew_days", p.RenewDays, 7, 365)
	between("forget_days", p.ForgetDays, 0, 730)
	if p.Lang != "zh-CN" && p.Lang != "en" {
		f.Add("lang", "representative.lang")
	}
	return f.Err()
}

// Category is a kind of representative: one of the program's, or an
// organisation's own.
type Category struct {
	Organisation int64     `gorm:"column:organisation_id;primaryKey;autoIncrement:false"`
	Code         string    `gorm:"primaryKey"`
	Name         string    // empty for the program's own: the catalogue has their words
	Note         string    // whom it is for
	Retired      bool      // takes nobody new
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
	Version      int64
}

// TableName names the table for gorm.
func (Category) TableName() string { return "representative_categories" }

// Categories of the program, in the order in which they are offered.
var builtIn = []string{"deputy", "expert", "enterprise", "citizen", "stakeholder", "media"}

// Categories lists the program's categories and then the organisation's own, with
// those that take nobody new.
func (s *Service) Categories(ctx context.Context, organisation int64) ([]Category, error) {
	return categories(s.db.Read(ctx), organisation)
}

func categories(g *gorm.DB, organisation int64) ([]Category, error) {
	out := make([]Category, len(builtIn))
	for i, code := range builtIn {
		out[i] = Category{Organisation: organisation, Code: code}
	}
	var own []Category
	err := g.Where("organisation_id = ?", organisation).Order("created_at, code").Find(&own).Error
	return append(out, own...), err
}

// SetCategory keeps a category of the organisation's own; an empty code makes a
// new one.
func (s *Service) SetCategory(ctx context.Context, who actor.Actor, in Category) (Category, error) {
	if err := s.gate.Require(who, mayPool, in.Organisation); err != nil {
		return in, err
	}
	in.Name, in.Note = strings.TrimSpace(in.Name), strings.TrimSpace(in.Note)
	var f fault.Fields
	if in.Name == "" {
		f.Add("name", "representative.category_name")
	}
	if utf8.RuneCountInString(in.Name) > WordLimit || utf8.RuneCountInString(in.Note) > 200 {
		f.Add("name", "representative.too_long", "limit", WordLimit)
	}
	if err := f.Err(); err != nil {
		return in, err
	}
	err := s.db.Write(ctx, who, func(tx *database.Tx) error { return setCategory(tx, &in) })
	return in, err
}

func setCategory(tx *database.Tx, in *Category) error {
	var own []Category
	if err := tx.Lock().Where("organisation_id = ?", in.Organisation).Order("code").Find(&own).Error; err != nil {
		return err
	}
	for _, c := range own {
		if c.Code != in.Code && c.Name == in.Name {
			return fault.Fields{{Name: "name", Code: "representative.category_taken"}}.Err()
		}
	}
	if in.Code == "" {
		in.Code, in.CreatedAt, in.Version = fmt.Sprintf("own-%d", len(own)+1), tx.Now, 1
		if err := tx.Create(in).Error; err != nil {
			return err
		}
		return recordCategory(tx, nil, in)
	}
	for _, before := range own {
		if before.Code != in.Code {
			continue
		}
		if before.Version != in.Version {
			return fault.Stale()
		}
		in.CreatedAt, in.Version = before.CreatedAt, before.Version+1
		err := tx.Model(&Category{}).Where("organisation_id = ? AND code = ?", in.Organisation, in.Code).
			Updates(map[string]any{"name": in.Name, "note": in.Note, "retired": in.Retired, "version": in.Version}).Error
		if err != nil {
			return err
		}
		return recordCategory(tx, before, in)
	}
	return fault.Missing()
}

func recordCategory(tx *database.Tx, before any, after *Category) error {
	return audit.Record(tx, audit.Entry{Organisation: after.Organisation, Action: "category", Object: "representative",
		Before: before, After: *after})
}
