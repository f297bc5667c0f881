package submission

import (
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"guangyi/internal/consultation"
	"guangyi/internal/platform/fault"
)

// check finds what is wrong with a submission in itself. Field names are paths of
// the API's body.
func (in In) check() fault.Fields {
	var f fault.Fields
	switch {
	case len(in.Comments) == 0 && len(in.Answers) == 0:
		f.Add("comments", "submission.comments_none")
	case len(in.Comments) > MostComments:
		f.Add("comments", "submission.comments_many", "most", MostComments)
	}
	for i, p := range in.Comments {
		if i == MostComments {
			break
		}
		p.check(fmt.Sprintf("comments[%d].", i), len(in.Files) > 0 && len(in.Comments) == 1, &f)
	}
	if len(in.Files) > MostFiles {
		f.Add("files", "submission.files_many", "most", MostFiles)
	}
	if !readable(in.Origin.Number) || utf8.RuneCountInString(in.Origin.Number) > MostOrigin {
		f.Add("number", "submission.line_long", "most", MostOrigin)
	}
	in.Submitter.check(&f)
	if in.Language != "" && !slices.Contains(Languages, in.Language) {
		f.Add("language", "submission.language")
	}
	if !in.Consent {
		f.Add("consent", "submission.consent")
	}
	if len(in.Key) > MostKey || !readable(in.Key) {
		f.Add("idempotency_key", "submission.key", "most", MostKey)
	}
	return f
}

// check finds what is wrong with a part. One that is only a file may say nothing.
func (p Part) check(at string, mayBeBlank bool, f *fault.Fields) {
	switch n := utf8.RuneCountInString(p.Text); {
	case !readable(p.Text):
		f.Add(at+"text", "unreadable_text")
	case Blank(p.Text) && !mayBeBlank:
		f.Add(at+"text", "submission.text_empty")
	case n > MostText:
		f.Add(at+"text", "submission.text_long", "most", MostText, "count", n-MostText)
	}
	switch n := utf8.RuneCountInString(p.ProposedText); {
	case !readable(p.ProposedText):
		f.Add(at+"proposed_text", "unreadable_text")
	case n > MostProposed:
		f.Add(at+"proposed_text", "submission.text_long", "most", MostProposed, "count", n-MostProposed)
	}
	if !readable(p.Provision) {
		f.Add(at+"provision", "submission.provision")
	}
}

func (s Submitter) check(f *fault.Fields) {
	if !slices.Contains(Kinds, s.Kind) {
		f.Add("submitter.kind", "submission.kind")
	}
	line := func(name, text string, most int) {
		switch n := utf8.RuneCountInString(text); {
		case !readable(text):
			f.Add("submitter."+name, "unreadable_text")
		case n > most:
			f.Add("submitter."+name, "submission.line_long", "most", most)
		}
	}
	line("name", s.Name, MostName)
	line("email", s.Email, MostEmail)
	line("phone", s.Phone, MostPhone)
	line("region", s.Region, MostRegion)
	if e := strings.TrimSpace(s.Email); e != "" && len(e) <= MostEmail && readable(e) && !isAddress(e) {
		f.Add("submitter.email", "submission.email")
	}
}

// demanded adds what this consultation's notice asks of senders. Its reason
// stands beside the field on the page.
func (s Submitter) demanded(c consultation.Consultation, f *fault.Fields) {
	if c.Demanded("name") && Blank(s.Name) {
		f.Add("submitter.name", "submission.name_demanded")
	}
	if c.Demanded("contact") && Blank(s.Email) && Blank(s.Phone) {
		f.Add("submitter.email", "submission.contact_demanded")
	}
	if c.Demanded("region") && Blank(s.Region) {
		f.Add("submitter.region", "submission.region_demanded")
	}
}

// isAddress reports whether mail could be sent there: one bare address with a
// dotted domain, as people write them.
func isAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return false
	}
	_, domain, _ := strings.Cut(s, "@")
	return strings.Contains(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.ContainsAny(domain, " []")
}

// Blank reports a text without a single visible sign: only spaces of any script,
// controls, and characters of no width.
func Blank(s string) bool {
	for _, r := range s {
		if !unseen(r) {
			return false
		}
	}
	return true
}

func unseen(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800', '\u034f', '\u17b4', '\u17b5': // fillers
		return true
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r)
}

// readable is what both databases take: Go calls U+0000 valid, PostgreSQL does not.
func readable(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

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
	return b.String()
}

// LanguageOf tells the language of a text by its letters: any Chinese character
// makes it zh-CN, other letters en; "" when there are none.
func LanguageOf(text string) string {
	out := ""
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			return "zh-CN"
		}
		if unicode.IsLetter(r) {
			out = "en"
		}
	}
	return out
}
