package moderation

import (
	"context"
	"crypto/sha256"
	"strings"
	"sync"
	"time"
	"unicode"

	"guangyi/internal/consultation"
	"guangyi/internal/submission"
)

// Why a submission is held, in the order in which it is asked.
const (
	HeldHoneypot = "honeypot" // the field that no person sees was filled; set by who reads the form
	HeldAll      = "all"
	HeldWords    = "words"
	HeldLinks    = "links"
	HeldFlood    = "flood"
	HeldFirst    = "first"
	HeldUnjudged = "unjudged" // the rules could not be read
)

// HeldReasons lists them.
var HeldReasons = []string{HeldHoneypot, HeldAll, HeldWords, HeldLinks, HeldFlood, HeldFirst, HeldUnjudged}

// Judge says why a submission waits, "" when it does not. A held one is stored,
// counted, gets its receipt and its leaf. It implements submission.Judge.
func (s *Service) Judge(c consultation.Consultation, in submission.In) string {
	r, err := s.rulesFor(c)
	switch {
	case err != nil:
		return HeldUnjudged
	case r.Everything:
		return HeldAll
	case len(r.Words) > 0 && hasWord(in, r.Words):
		return HeldWords
	case r.Links > 0 && links(in) >= r.Links:
		return HeldLinks
	case r.Repeats > 0 && s.floods.note(in, in.ReceivedAt) >= r.Repeats:
		return HeldFlood
	case r.First && !s.known(c, in):
		return HeldFirst
	}
	return ""
}

// known reports that something of this contact was taken in before in the same
// organisation. Where it cannot be asked, nobody is known.
func (s *Service) known(c consultation.Consultation, in submission.In) bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	ok, err := s.Submissions.KnownContact(ctx, c.Organisation, in.Submitter.Email, in.Submitter.Phone)
	return err == nil && ok
}

func hasWord(in submission.In, words []string) bool {
	for _, p := range in.Comments {
		t := folded(p.Text + "\n" + p.ProposedText)
		for _, w := range words {
			if strings.Contains(t, folded(w)) {
				return true
			}
		}
	}
	return false
}

// folded is a text as words are looked for in it: lower case, without the signs
// and spaces that are put between letters to hide a word.
func folded(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r = r - '！' + '!'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

func links(in submission.In) int {
	n := 0
	for _, p := range in.Comments {
		for _, t := range []string{p.Text, p.ProposedText} {
			t = strings.ToLower(t)
			n += strings.Count(t, "http://") + strings.Count(t, "https://") + strings.Count(t, "www.") -
				strings.Count(t, "://www.")
		}
	}
	return n
}

// floods counts how often one contact sent the same words within a day. The same
// words from many people are a campaign, which is everybody's right; without a
// contact nothing is counted. Each node counts for itself.
type floods struct {
	mu   sync.Mutex
	seen map[[32]byte]sent
}

type sent struct {
	times int
	first time.Time
}

// mostFloods bounds the memory: 48 bytes each.
const mostFloods = 200_000

func newFloods() floods { return floods{seen: map[[32]byte]sent{}} }

// note counts this one and gives how many there are with it.
func (f *floods) note(in submission.In, at time.Time) int {
	contact := strings.ToLower(strings.TrimSpace(in.Submitter.Email)) + "\x00" + digits(in.Submitter.Phone)
	if contact == "\x00" {
		return 0
	}
	h := sha256.New()
	h.Write([]byte(contact))
	for _, p := range in.Comments {
		h.Write([]byte("\x00" + folded(p.Text) + "\x00" + folded(p.ProposedText)))
	}
	key := [32]byte(h.Sum(nil))
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.seen) >= mostFloods {
		clear(f.seen)
	}
	s := f.seen[key]
	if s.times == 0 || at.Sub(s.first) > 24*time.Hour {
		s = sent{first: at}
	}
	s.times++
	f.seen[key] = s
	return s.times
}

func digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, phone)
}
