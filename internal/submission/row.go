package submission

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/seal"
	"guangyi/internal/register"
)

// row is a submission ready to be stored. It shares nothing with a request.
type row struct {
	consultation int64
	organisation int64
	id           int64
	receipt      string // given by whoever stores it
	channel      string
	lang         string
	version      int64
	kind         string
	region       string
	publicName   string
	person       int64
	key          string
	bodyHash     []byte
	salt         []byte
	leaf         []byte
	leafHash     []byte
	entry        Entry
	late         bool
	held         string
	files        []File
	answers      []SurveyAnswer
	origin       Origin
	enteredBy    string
	receivedAt   time.Time
	public       bool
	waiting      bool // somebody has to decide whether it is shown
	by           actor.Actor
	comments     []commentRow

	sealed     []byte // nil: the sender left neither name nor contact
	emailIndex []byte
	phoneIndex []byte
	mail       bool // a confirmation is sent to the e-mail address
}

type commentRow struct {
	id       int64
	position int64
	Part
	masks                      string // of personal data, where it is shown before anybody has read it
	redacted, redactedProposed string
}

// personal is what is sealed of a sender.
type personal struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

func (p personal) empty() bool { return p == personal{} }

// place binds sealed personal data to its row.
func place(consultation, submission int64) string {
	return fmt.Sprintf("submitters/%d/%d", consultation, submission)
}

// ready finishes a checked submission for storing: identifiers, salt, leaf, seal.
// bodyHash is of what was sent, before anything was filled in.
func (s *Service) ready(who actor.Actor, c consultation.Consultation, in In, bodyHash []byte, nextID func() int64) (*row, error) {
	r := &row{
		consultation: c.ID, organisation: c.Organisation, id: nextID(), channel: strings.Clone(in.Channel),
		lang: strings.Clone(in.Language), version: in.Version, kind: strings.Clone(string(in.Submitter.Kind)),
		region: strings.Clone(strings.TrimSpace(in.Submitter.Region)), key: strings.Clone(in.Key), bodyHash: bodyHash,
		salt: newSalt(), receivedAt: in.ReceivedAt.UTC().Truncate(time.Microsecond), by: who,
		public: c.CommentsPublic == consultation.PublicAtOnce && in.Held == "",
		held:   strings.Clone(in.Held), files: in.Files, answers: in.Answers, origin: in.Origin,
		late: late(c, in), entry: entered(c, in, who, s.db.Now()),
		waiting: c.CommentsPublic == consultation.PublicModerated && in.Held == "",
	}
	if r.key == "" {
		// The unique column needs one; no request can send it, since a header holds no control character.
		r.key = fmt.Sprintf("\x01%d", r.id)
	}
	if in.Channel != Web && in.Channel != API && (r.entry != EntrySender || in.Channel != Survey) {
		r.enteredBy = who.Key()
	}
	parts := make([]Part, len(in.Comments))
	r.comments = make([]commentRow, len(in.Comments))
	for i, p := range in.Comments {
		parts[i] = Part{strings.Clone(p.Provision), strings.Clone(p.Text), strings.Clone(p.ProposedText)}
		r.comments[i] = commentRow{id: nextID(), position: int64(i), Part: parts[i]}
		if r.public {
			r.comments[i].cover()
		}
	}
	r.leaf, _ = Leaf(Stored{
		Consultation: c.Slug, Channel: r.channel, Language: r.lang, Version: r.version, Kind: Kind(r.kind), Region: r.region,
		ReceivedAt: r.receivedAt, Entry: r.entry, ImportedFrom: r.origin.File, Late: r.late, Salt: r.salt,
		Parts: parts, Files: r.files, Answers: r.answers,
	})
	r.leafHash = register.LeafHash(r.leaf)
	return r, s.sealSender(r, in.Submitter)
}

// cover masks the personal data in what is shown at once: a person can take the
// masks off, but nobody has read it before.
func (c *commentRow) cover() {
	one := Comment{Text: c.Text, ProposedText: c.ProposedText}
	one.mask(Detected(c.Text, c.ProposedText))
	c.masks, c.redacted, c.redactedProposed = one.Masks, one.Redacted, one.RedactedProposed
}

// late reports what came after the end. Paper counts by its postmark: what was
// posted in time came in time (as for periods by post, 民事诉讼法 art. 85).
func late(c consultation.Consultation, in In) bool {
	came := in.ReceivedAt
	if in.Origin.PostedOn != nil {
		came = *in.Origin.PostedOn
	}
	return c.ClosesAt != nil && !came.Before(*c.ClosesAt)
}

// entered works out who entered a submission.
func entered(c consultation.Consultation, in In, who actor.Actor, now time.Time) Entry {
	switch {
	case in.Entry != "":
		return in.Entry
	case in.Channel == Web || in.Channel == API || who.Kind == actor.Anonymous:
		return EntrySender
	case in.Origin.File != "":
		return EntryImport
	case c.ClosesAt != nil && !now.Before(*c.ClosesAt):
		return EntryAfter
	}
	return EntryClerk
}

func (r *row) state() State {
	if r.held != "" {
		return Held
	}
	return Accepted
}

func (s *Service) sealSender(r *row, who Submitter) error {
	p := personal{strings.TrimSpace(who.Name), strings.TrimSpace(who.Email), strings.TrimSpace(who.Phone)}
	r.person = r.id
	if p.empty() {
		return nil
	}
	if who.PublishName {
		r.publicName = PublicName(who.Kind, p.Name)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if r.sealed, err = s.keys.Seal(raw, place(r.consultation, r.id)); err != nil {
		return err
	}
	if p.Email != "" {
		r.emailIndex = s.blind("email", strings.ToLower(p.Email))
		r.mail = r.channel == Web || r.channel == API || r.channel == Survey && r.entry == EntrySender
	}
	if d := digitsOf(p.Phone); d != "" {
		r.phoneIndex = s.blind("phone", d)
	}
	for _, index := range [][]byte{r.emailIndex, r.phoneIndex} {
		if index != nil {
			r.person = int64(binary.BigEndian.Uint64(index) >> 1)
			break
		}
	}
	return nil
}

// blind is an index under which a contact is found without being stored.
func (s *Service) blind(kind, value string) []byte {
	return s.keys.MAC(seal.Blind, []byte(kind), []byte(value))
}

// PublicName is how a name is published when its owner asks for it: a person's is
// masked behind its first character (朱**), a body's stands in full.
func PublicName(k Kind, name string) string {
	name = strings.TrimSpace(name)
	if name == "" || !k.ofPerson() {
		return name
	}
	_, n := utf8.DecodeRuneInString(name)
	return name[:n] + "**"
}

// bodyHash tells whether the same key came with the same content: everything but
// the key and the time. It is keyed: a bare hash would let somebody try telephone
// numbers against it.
func (s *Service) bodyHash(in In) []byte {
	who := in.Submitter
	parts := make([][]byte, 0, 13+3*len(in.Comments))
	add := func(texts ...string) {
		for _, t := range texts {
			parts = append(parts, []byte(t))
		}
	}
	add("body", in.Consultation, in.Channel, strconv.FormatInt(in.Version, 10), in.Language, strconv.FormatBool(in.Consent),
		string(who.Kind), who.Name, who.Email, who.Phone, who.Region, strconv.FormatBool(who.PublishName))
	for _, p := range in.Comments {
		add(p.Provision, p.Text, p.ProposedText)
	}
	for _, f := range in.Files {
		add("file", f.Name, f.SHA256)
	}
	for _, a := range in.Answers {
		add("answer", a.Question, a.Answer)
	}
	if o := in.Origin; !o.empty() {
		add("origin", o.Number)
		if o.PostedOn != nil {
			add(o.PostedOn.UTC().Format(leafTime))
		}
	}
	return s.keys.MAC(seal.Receipts, parts...)
}

func (s *Service) receipt(r *row) Receipt {
	return Receipt{Number: r.receipt, Secret: s.secret(r.id), ReceivedAt: r.receivedAt, LeafHash: r.leafHash, Submission: r.id}
}
