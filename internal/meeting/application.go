package meeting

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"guangyi/internal/platform/seal"
)

// Application is one person's wish to come, without name and contact: these are
// sealed in Person.
type Application struct {
	Meeting        int64 `gorm:"column:meeting_id;primaryKey;autoIncrement:false"`
	ID             int64 `gorm:"primaryKey;autoIncrement:false"`
	Reference      string
	Number         int    // in the meeting, by arrival, from 1
	Label          string // 市民03: what public pages call the person
	Category       string
	Side           string // for, against, neutral
	Sex            string
	AgeBand        string
	District       string
	Answers        map[string]string `gorm:"serializer:json"` // to the call's questions
	Household      []byte            // who shares an address shares this
	Unit           []byte            // who shares an employer or body shares this
	Conflict       bool
	PublishName    bool // the name may be published once the seat is taken
	State          ApplicationState
	Rank           int    // among reserves, from 1
	Reason         string // of a refusal or a nomination
	Nominated      bool
	VettedBy       string
	Account        int64
	Representative int64
	Session        int64
	Party          int     // persons, itself included
	Items          []int64 `gorm:"serializer:json"` // agenda items it is for; none: all
	CarriedFrom    int64   // the application in the meeting from which its item came
	CarriedTo      int64
	Channel        string // web, api, phone, letter, visit
	EnteredBy      string // key of the staff who entered it
	Lang           string
	IdempotencyKey string
	BodyHash       []byte
	AppliedAt      time.Time
	UpdatedAt      time.Time `gorm:"autoUpdateTime:false"`
	Erased         bool      // name and contact are gone
	Version        int64
}

// TableName names the table for gorm.
func (Application) TableName() string { return "applications" }

// Feature is the application's feature of a category of quotas; empty when it
// has none that counts, such as an undisclosed sex.
func (a Application) Feature(category string) string {
	switch category {
	case "sex":
		if a.Sex == "undisclosed" {
			return ""
		}
		return a.Sex
	case "age":
		return a.AgeBand
	case "district":
		return a.District
	case "category":
		return a.Category
	case "side":
		return a.Side
	}
	return a.Answers[category]
}

// Person is what is sealed of an applicant.
type Person struct {
	Name       string `json:"name,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Email      string `json:"email,omitempty"`
	IDType     string `json:"id_type,omitempty"`
	IDNumber   string `json:"id_number,omitempty"`
	Unit       string `json:"unit,omitempty"`
	Post       string `json:"post,omitempty"`
	Profession string `json:"profession,omitempty"`
	Address    string `json:"address,omitempty"`
	BirthYear  int    `json:"birth_year,omitempty"`
	Reason     string `json:"reason,omitempty"`  // why they want to come
	Opinion    string `json:"opinion,omitempty"` // what they want to say
	Conflict   string `json:"conflict,omitempty"`
	Needs      string `json:"needs,omitempty"`
}

// applicant is the sealed row beside an application.
type applicant struct {
	MeetingID     int64 `gorm:"primaryKey;autoIncrement:false"`
	ApplicationID int64 `gorm:"primaryKey;autoIncrement:false"`
	Sealed        []byte
	PersonIndex   []byte
	IDIndex       []byte `gorm:"column:id_index"`
}

// TableName names the table for gorm.
func (applicant) TableName() string { return "applicants" }

// place binds sealed personal data to its row.
func place(meeting, application int64) string {
	return fmt.Sprintf("applicants/%d/%d", meeting, application)
}

func (s *Service) sealPerson(meeting, application int64, p Person) (applicant, error) {
	raw, err := json.Marshal(p)
	if err != nil {
		return applicant{}, err
	}
	sealed, err := s.keys.Seal(raw, place(meeting, application))
	return applicant{
		MeetingID: meeting, ApplicationID: application, Sealed: sealed,
		PersonIndex: s.PersonIndex(p), IDIndex: s.blind("id", strings.ToUpper(strings.Join(strings.Fields(p.IDNumber), ""))),
	}, err
}

func (s *Service) unseal(row applicant) (Person, error) {
	var p Person
	raw, err := s.keys.Unseal(row.Sealed, place(row.MeetingID, row.ApplicationID))
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(raw, &p)
}

// PersonIndex is by what a person is known again without being stored: the
// telephone number, else the e-mail address; nil when there is neither.
func (s *Service) PersonIndex(p Person) []byte {
	if d := digitsOf(p.Phone); d != "" {
		return s.blind("phone", d)
	}
	return s.blind("email", strings.ToLower(strings.TrimSpace(p.Email)))
}

// blind is an index under which a value is found without being stored; nil of nothing.
func (s *Service) blind(kind, value string) []byte {
	if value == "" {
		return nil
	}
	return s.keys.MAC(seal.Blind, []byte(kind), []byte(value))
}

// household is equal for who writes the same address, whatever the spaces and
// marks between its parts; scoped to the meeting, so that it links nothing else.
func (s *Service) group(meeting int64, kind, text string) []byte {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if strings.ContainsRune(" \t\r\n\u3000,.;:、，。；：-_—()（）#·'\"", r) {
			continue
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		return nil
	}
	return s.blind(fmt.Sprintf("%s/%d", kind, meeting), b.String())
}

// digitsOf keeps the digits of a number, without the country code 86 of a mobile one.
func digitsOf(phone string) string {
	var b strings.Builder
	for _, r := range phone {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		}
	}
	d := b.String()
	if len(d) == 13 && strings.HasPrefix(d, "861") {
		d = d[2:]
	}
	return strings.TrimPrefix(d, "00")
}

// ageBand of somebody born in a year; empty for a year that cannot be.
func ageBand(born, now int) string {
	switch age := now - born; {
	case born < 1900 || age < 0:
		return ""
	case age < 16:
		return "under-16"
	case age < 30:
		return "16-29"
	case age < 45:
		return "30-44"
	case age < 60:
		return "45-59"
	case age < 75:
		return "60-74"
	}
	return "75+"
}
