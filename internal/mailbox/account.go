package mailbox

import (
	"context"
	"net"
	"regexp"
	"strings"
	"unicode/utf8"

	"guangyi/internal/audit"
	"guangyi/internal/mailbox/imapbox"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// AccountIn are the settings of a mailbox as they are typed.
type AccountIn struct {
	Organisation int64 // of a new one
	Address      string
	Host         string
	Port         int // 0: the usual one of Security
	Security     Security
	Username     string // empty: the address
	Password     string // empty: the one that is stored
	Folder       string // empty: INBOX
	Active       bool
}

// Limits of the settings, in bytes.
const (
	mostHost     = 253 // RFC 1035, section 2.3.4
	mostUsername = 254
	mostPassword = 1000
	mostFolder   = 200
)

func (in AccountIn) tidy() AccountIn {
	in.Address = strings.ToLower(strings.TrimSpace(in.Address))
	in.Host = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(in.Host), "."))
	in.Username, in.Folder = strings.TrimSpace(in.Username), strings.TrimSpace(in.Folder)
	if in.Username == "" {
		in.Username = in.Address
	}
	if in.Folder == "" {
		in.Folder = "INBOX"
	}
	if in.Port == 0 {
		in.Port = 993
		if in.Security == STARTTLS {
			in.Port = 143
		}
	}
	return in
}

var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

func (in AccountIn) check(known *accountRow) error {
	var f fault.Fields
	if !writable(in.Address) || strings.Contains(in.Address, "+") {
		f.Add("address", "mailbox.address")
	}
	if len(in.Host) > mostHost || !hostName.MatchString(in.Host) && net.ParseIP(in.Host) == nil {
		f.Add("host", "mailbox.host")
	}
	if in.Port < 1 || in.Port > 65535 {
		f.Add("port", "mailbox.port")
	}
	if in.Security != TLS && in.Security != STARTTLS {
		f.Add("security", "mailbox.security")
	}
	line := func(name, value, code string, most int) {
		if len(value) > most || !utf8.ValidString(value) || strings.ContainsAny(value, "\x00\r\n") {
			f.Add(name, code)
		}
	}
	line("username", in.Username, "mailbox.username", mostUsername)
	line("folder", in.Folder, "mailbox.folder", mostFolder)
	line("password", in.Password, "mailbox.password", mostPassword)
	switch {
	case in.Password != "":
	case known == nil:
		f.Add("password", "mailbox.password_missing")
	case in.Host != known.Host || in.Port != known.Port || in.Username != known.Username || in.Security != known.Security:
		// A stored password goes to the server that it was given for, and to no other.
		f.Add("password", "mailbox.password_again")
	}
	return f.Err()
}

// Accounts lists the mailboxes of the organisations where the actor may see them;
// sees is false for who may see none.
func (s *Service) Accounts(ctx context.Context, who actor.Actor) (out []Account, sees bool, err error) {
	var orgs []int64
	for _, id := range who.Organisations() {
		if s.gate.May(who, PermissionAccounts, id) {
			orgs = append(orgs, id)
		}
	}
	if len(orgs) == 0 {
		return nil, false, nil
	}
	var rows []accountRow
	err = s.db.Read(ctx).Where("organisation_id IN ?", orgs).Order("id").Find(&rows).Error
	for _, r := range rows {
		out = append(out, r.account())
	}
	return out, true, err
}

// Account gives one mailbox to who may see it.
func (s *Service) Account(ctx context.Context, who actor.Actor, id int64) (Account, error) {
	r, err := s.account(ctx, id)
	if err != nil {
		return Account{}, err
	}
	return r.account(), s.gate.Require(who, PermissionAccounts, r.OrganisationID)
}

func (s *Service) account(ctx context.Context, id int64) (r accountRow, err error) {
	err = s.db.Read(ctx).Where("id = ?", id).Take(&r).Error
	return r, database.Translate(err)
}

// Save adds a mailbox (id 0) or changes one. Faults: Invalid with its fields;
// Conflict for an older version; those of access.
func (s *Service) Save(ctx context.Context, who actor.Actor, id int64, in AccountIn, version int64) (Account, error) {
	in = in.tidy()
	known, err := s.permitted(ctx, who, id, in.Organisation)
	if err != nil {
		return Account{}, err
	}
	if err := in.check(known); err != nil {
		return Account{}, err
	}
	var r accountRow
	err = s.db.Write(ctx, who, func(tx *database.Tx) error {
		if known == nil {
			r = accountRow{ID: tx.NextID(), OrganisationID: in.Organisation, CreatedAt: tx.Now, Version: 1}
		} else if err := tx.Lock().Where("id = ?", id).Take(&r).Error; err != nil {
			return err
		} else if version != 0 && version != r.Version {
			return fault.Stale()
		}
		return s.save(tx, &r, in, known == nil)
	})
	if fault.Is(err, fault.Conflict) && database.IsDuplicate(err) {
		return Account{}, fault.Fields{{Name: "address", Code: "mailbox.address_taken"}}.Err()
	}
	return r.account(), err
}

// permitted reads what is to be changed (nil: a new one) and asks whether it may be.
func (s *Service) permitted(ctx context.Context, who actor.Actor, id, organisation int64) (*accountRow, error) {
	if id == 0 {
		return nil, s.gate.Require(who, PermissionSettings, organisation)
	}
	r, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	return &r, s.gate.Require(who, PermissionSettings, r.OrganisationID)
}

func (s *Service) save(tx *database.Tx, r *accountRow, in AccountIn, fresh bool) error {
	if moved := in.Host != r.Host || in.Username != r.Username || in.Folder != r.Folder; moved {
		r.UIDValidity, r.LastUID = 0, 0 // another folder, with numbers of its own
	}
	r.Address, r.Host, r.Port, r.Security, r.Username, r.Folder, r.Active = in.Address, in.Host, in.Port, in.Security, in.Username, in.Folder, in.Active
	if in.Password != "" {
		sealed, err := s.keys.Seal([]byte(in.Password), passwordPlace(r.ID))
		if err != nil {
			return err
		}
		r.Sealed = sealed
	}
	// It is tried at once, and whoever fetches by the old settings stops.
	r.Failure, r.FailureDetail, r.FailingSince, r.Failures, r.NextAt = "", "", nil, 0, tx.Now
	r.LeaseBy, r.LeaseUntil, r.UpdatedAt = "", nil, tx.Now
	action := "change"
	if fresh {
		action = "add"
		if err := tx.Create(r).Error; err != nil {
			return err
		}
	} else {
		r.Version++
		if err := tx.Select("*").Where("id = ?", r.ID).Updates(r).Error; err != nil {
			return err
		}
	}
	return audit.Record(tx, audit.Entry{Organisation: r.OrganisationID, Action: action, Object: "mailbox", ObjectID: r.ID,
		After: map[string]any{"host": r.Host, "port": r.Port, "security": r.Security, "folder": r.Folder, "active": r.Active}})
}

// Found is what a test of the settings found.
type Found struct {
	Mails int  // that wait in the folder
	Idle  bool // the server tells of new mail by itself
}

// Test signs in with settings without storing them. What is wrong is an
// *imapbox.Trouble; Invalid faults are those of Save.
func (s *Service) Test(ctx context.Context, who actor.Actor, id int64, in AccountIn) (Found, error) {
	in = in.tidy()
	known, err := s.permitted(ctx, who, id, in.Organisation)
	if err != nil {
		return Found{}, err
	}
	if err := in.check(known); err != nil {
		return Found{}, err
	}
	password := in.Password
	if password == "" {
		if password, err = s.password(*known); err != nil {
			return Found{}, err
		}
	}
	box, err := imapbox.Dial(ctx, imapbox.Settings{
		Host: in.Host, Port: in.Port, StartTLS: in.Security == STARTTLS, Username: in.Username, Password: password, Folder: in.Folder,
	}, s.reach())
	if err != nil {
		return Found{}, err
	}
	defer box.Close()
	all, err := box.Since(0)
	return Found{len(all), box.Idles()}, err
}

func (s *Service) password(a accountRow) (string, error) {
	raw, err := s.keys.Unseal(a.Sealed, passwordPlace(a.ID))
	return string(raw), err
}

func (s *Service) settings(a accountRow) (imapbox.Settings, error) {
	password, err := s.password(a)
	return imapbox.Settings{
		Host: a.Host, Port: a.Port, StartTLS: a.Security == STARTTLS, Username: a.Username, Password: password, Folder: a.Folder,
	}, err
}

func (s *Service) reach() imapbox.Reach { return imapbox.Reach{Inside: s.hosts, Roots: s.roots} }

// BoxOf gives a mailbox's address, for who may read a mail of it.
func (s *Service) BoxOf(ctx context.Context, id int64) (string, error) {
	a, err := s.account(ctx, id)
	return a.Address, err
}
