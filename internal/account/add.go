package account

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// NameLength is the longest name of a person, in characters.
const NameLength = 60

// Details are a new account with its first role. Name empty takes the e-mail's
// local part. Password empty makes one.
type Details struct {
	Email        string
	Name         string
	Role         actor.Role
	Organisation int64 // 0 for operators, and for members who belong to none
	Password     string
}

// Add makes an account with a role: an administrator's act in the own
// organisation, an operator's in any. An e-mail that has an account already gets
// the role; a password given for it must then be its own, and is never changed.
// Invalid names the fields.
func (s *Service) Add(ctx context.Context, who actor.Actor, in Details) (Account, error) {
	if err := s.require(who, mayAdd, in.Organisation); err != nil {
		return Account{}, err
	}
	var f fault.Fields
	in.tidy(&f)
	if err := s.checkRole(ctx, &f, in.Role, in.Organisation); err != nil {
		return Account{}, err
	}
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	var rows []accountRow
	if err := s.db.Read(ctx).Where("email = ?", in.Email).Limit(1).Find(&rows).Error; err != nil {
		return Account{}, err
	}
	if len(rows) > 0 {
		return s.join(ctx, who, rows[0], in)
	}
	return s.create(ctx, who, in)
}

func (in *Details) tidy(f *fault.Fields) {
	email, ok := NormalEmail(in.Email)
	if !ok {
		f.Add("email", "account.email")
	}
	in.Email, in.Name = email, strings.TrimSpace(in.Name)
	if in.Name == "" {
		in.Name, _, _ = strings.Cut(email, "@")
	}
	checkName(f, in.Name)
}

// checkName refuses what would disturb the pages that show it; markup is text
// and is shown as typed.
func checkName(f *fault.Fields, name string) {
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		f.Add("name", "account.name_empty")
	case n > NameLength:
		f.Add("name", "account.name_long", "most", NameLength, "count", n-NameLength)
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }):
		f.Add("name", "account.name_control")
	}
}

func (s *Service) create(ctx context.Context, who actor.Actor, in Details) (Account, error) {
	generated := ""
	if in.Password == "" {
		generated = Generate()
		in.Password = generated
	} else {
		var f fault.Fields
		checkPassword(&f, "password", in.Password, in.Email, in.Name)
		if err := f.Err(); err != nil {
			return Account{}, err
		}
	}
	hash, err := s.hasher.hash(ctx, in.Password)
	if err != nil {
		return Account{}, err
	}
	var made accountRow
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		made = accountRow{ID: tx.NextID(), Email: in.Email, Name: in.Name, PasswordHash: hash, CreatedAt: tx.Now, Version: 1}
		if err := tx.Create(&made).Error; err != nil {
			return err
		}
		err := audit.Record(tx, audit.Entry{
			Organisation: in.Organisation, Action: "add", Object: "account", ObjectID: made.ID,
			After: map[string]any{"role": in.Role},
		})
		if err != nil {
			return err
		}
		return grant(tx, made.ID, in.Organisation, in.Role)
	})
	if fault.Is(err, fault.Conflict) { // somebody else was faster
		return Account{}, emailTaken()
	}
	a := made.account()
	a.Generated = generated
	return a, err
}

// join gives the role to an account that exists.
func (s *Service) join(ctx context.Context, who actor.Actor, row accountRow, in Details) (Account, error) {
	if in.Password != "" {
		match, _, err := s.hasher.verify(ctx, in.Password, row.PasswordHash)
		if err != nil {
			return Account{}, err
		}
		if !match {
			return Account{}, emailTaken()
		}
	}
	if err := s.Grant(ctx, who, row.ID, in.Organisation, in.Role); err != nil {
		return Account{}, err
	}
	a := row.account()
	a.Existed = true
	return a, nil
}

func emailTaken() error {
	var f fault.Fields
	f.Add("email", "account.email_taken")
	return f.Err()
}
