package mailbox

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/seal"
)

type accountRow struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	Address        string
	Host           string
	Port           int
	Security       Security
	Username       string
	Sealed         []byte // the password
	Folder         string
	Active         bool
	UIDValidity    int64 `gorm:"column:uid_validity"`
	LastUID        int64 `gorm:"column:last_uid"`
	LeaseBy        string
	LeaseUntil     *time.Time
	FetchedAt      *time.Time
	Failure        string
	FailureDetail  string
	FailingSince   *time.Time
	Failures       int64
	NextAt         time.Time
	CreatedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
	Version        int64
}

func (accountRow) TableName() string { return "mail_accounts" }

func (r accountRow) account() Account {
	return Account{
		ID: r.ID, Organisation: r.OrganisationID, Address: r.Address, Host: r.Host, Port: r.Port, Security: r.Security,
		Username: r.Username, Folder: r.Folder, Active: r.Active, FetchedAt: r.FetchedAt, Failure: r.Failure,
		Detail: r.FailureDetail, FailingSince: r.FailingSince, NextAt: r.NextAt, Version: r.Version,
	}
}

type addressRow struct {
	Address        string `gorm:"primaryKey"`
	OrganisationID int64
	AccountID      int64
	ConsultationID int64
	CreatedAt      time.Time
}

func (addressRow) TableName() string { return "mail_addresses" }

type mailRow struct {
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	OrganisationID int64
	AccountID      int64
	ConsultationID int64
	UIDValidity    int64 `gorm:"column:uid_validity"`
	UID            int64 `gorm:"column:uid"`
	MessageKey     []byte
	ContentKey     []byte
	SenderKey      []byte
	ReceivedAt     time.Time
	FetchedAt      time.Time
	Size           int64
	State          State
	Reason         Reason
	SubmissionID   int64
	Sealed         []byte
	Flagged        bool
	DecidedBy      string
	DecidedAt      *time.Time
	Version        int64
}

func (mailRow) TableName() string { return "mails" }

func (r mailRow) mail() Mail {
	return Mail{
		ID: r.ID, Organisation: r.OrganisationID, Account: r.AccountID, Consultation: r.ConsultationID,
		ReceivedAt: r.ReceivedAt.UTC(), FetchedAt: r.FetchedAt.UTC(), Size: r.Size, State: r.State, Reason: r.Reason,
		Submission: r.SubmissionID, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt, Version: r.Version,
	}
}

type originalRow struct {
	MailID int64 `gorm:"primaryKey;autoIncrement:false"`
	Sealed []byte
}

func (originalRow) TableName() string { return "mail_originals" }

// The places bind what is sealed to its row.
func passwordPlace(account int64) string { return fmt.Sprintf("mail_accounts/%d", account) }
func contentPlace(mail int64) string     { return fmt.Sprintf("mails/%d", mail) }
func originalPlace(mail int64) string    { return fmt.Sprintf("mail_originals/%d", mail) }

func (s *Service) sealContent(id int64, c Content) ([]byte, error) {
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(raw, contentPlace(id))
}

func (s *Service) opened(r mailRow) (Mail, error) {
	m := r.mail()
	raw, err := s.keys.Unseal(r.Sealed, contentPlace(r.ID))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(raw, &m.Content)
}

// keepOriginal stores a mail byte for byte.
func (s *Service) keepOriginal(tx *database.Tx, id int64, raw []byte) error {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(raw) // a buffer takes all
	if err := z.Close(); err != nil {
		return err
	}
	sealed, err := s.keys.Seal(b.Bytes(), originalPlace(id))
	if err != nil {
		return err
	}
	return tx.Create(&originalRow{MailID: id, Sealed: sealed}).Error
}

func (s *Service) original(r originalRow) ([]byte, error) {
	packed, err := s.keys.Unseal(r.Sealed, originalPlace(r.MailID))
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// blind is a key under which something is found again without being stored.
func (s *Service) blind(kind string, parts ...string) []byte {
	all := make([][]byte, 0, 1+len(parts))
	all = append(all, []byte("mail-"+kind))
	for _, p := range parts {
		all = append(all, []byte(p))
	}
	return s.keys.MAC(seal.Blind, all...)
}

// squeezed is a text without white space: copies of a mail differ in how their
// lines are broken.
func squeezed(text string) string { return strings.Join(strings.Fields(text), "") }
