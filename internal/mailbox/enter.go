package mailbox

import (
	"time"

	"guangyi/internal/attachment"
	"guangyi/internal/consultation"
	"guangyi/internal/mailbox/reader"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
	"guangyi/internal/submission"
)

// entering says how a mail becomes a submission.
type entering struct {
	key      string
	received time.Time
	held     string
	judged   bool // ask the rules of moderation
	fresh    bool // only what was not quoted
}

// entered is what came of it.
type entered struct {
	submission.Receipt
	held   string
	unkept []Unkept
}

// enter makes a submission of a mail in the caller's transaction. By sending a mail
// to the address in the notice a person agrees to what the notice says of names and
// contacts; the form's tick has no other meaning.
func (s *Service) enter(tx *database.Tx, c consultation.Consultation, m reader.Mail, e entering) (done entered, err error) {
	in := submission.In{
		Consultation: c.Slug, Key: e.key, Channel: "email", Submitter: sender(m), Comments: wordsOf(m, c.Title, e.fresh),
		Consent: true, Held: e.held, Entry: submission.EntrySender, ReceivedAt: e.received,
	}
	if in.Files, done.unkept, err = s.keepFiles(tx, c, m); err != nil {
		return done, err
	}
	in.Language = submission.LanguageOf(in.Comments[0].Text)
	if e.judged && s.judge != nil {
		in.Held = s.judge.Judge(c, in)
	}
	done.held = in.Held
	done.Receipt, err = s.submissions.EnterConfirmed(tx, actor.Timer(), in)
	if f, ok := fault.As(err); ok && f.Kind != fault.Unavailable {
		code := f.Code
		if len(f.Fields) > 0 {
			code = f.Fields[0].Code
		}
		return done, refusal{c.ID, code}
	}
	return done, err
}

// sender is who wrote. An address to which nothing can be sent is left out; it
// stays in the mail.
func sender(m reader.Mail) submission.Submitter {
	out := submission.Submitter{Kind: "individual", Name: m.From.Name}
	if r := []rune(out.Name); len(r) > submission.MostName {
		out.Name = string(r[:submission.MostName])
	}
	if writable(m.From.Address) {
		out.Email = m.From.Address
	}
	return out
}

// keepFiles stores what was attached. A file that cannot be kept with the
// submission is named; its bytes stay in the mail as it came.
func (s *Service) keepFiles(tx *database.Tx, c consultation.Consultation, m reader.Mail) (files []submission.File, unkept []Unkept, err error) {
	for _, f := range m.Files {
		if len(files) == submission.MostFiles {
			unkept = append(unkept, Unkept{f.Name, "mailbox.files_many"})
			continue
		}
		up, err := s.files.UploadIn(tx, attachment.Upload{Organisation: c.Organisation, Consultation: c.ID, Name: f.Name, Data: f.Data, Any: true})
		if refused, ok := fault.AsInvalid(err); ok {
			unkept = append(unkept, Unkept{f.Name, refused.Fields[0].Code})
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		files = append(files, submission.File{ID: up.ID, Name: up.Name, Size: up.Size, SHA256: up.SHA256})
	}
	return files, unkept, nil
}
