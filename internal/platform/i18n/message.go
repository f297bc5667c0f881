package i18n

import (
	"regexp"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// message is a text in the form for the count 1 and in the form for every other,
// which are the forms that the program's languages have for whole numbers.
type message struct{ one, other form }

// form alternates literal text and the names of variables, beginning with a text.
type form []string

// compiler lets go-i18n choose and fill each form once, when the catalogues are
// read, with marks in the place of the values: its templates would cost more than
// the page around them.
type compiler struct {
	tag       language.Tag
	bundle    *goi18n.Bundle
	localizer *goi18n.Localizer
}

func newCompiler(tag string) *compiler {
	t := language.Make(tag)
	b := goi18n.NewBundle(t)
	return &compiler{t, b, goi18n.NewLocalizer(b, tag)}
}

// mark stands around a variable's name; no catalogue holds it.
const mark = "\x00"

var variable = regexp.MustCompile(`\{\{-?\s*\.(\w+)`)

// compile reads a message; without a form of its own, 1 is said as any other count.
func (c *compiler) compile(key, one, other string) (message, error) {
	if one == "" {
		one = other
	}
	if err := c.bundle.AddMessages(c.tag, &goi18n.Message{ID: key, One: one, Other: other}); err != nil {
		return message{}, err
	}
	marks := map[string]string{}
	for _, m := range variable.FindAllStringSubmatch(one+other, -1) {
		marks[m[1]] = mark + m[1] + mark
	}
	filled := func(count int) (form, error) {
		text, err := c.localizer.Localize(&goi18n.LocalizeConfig{
			MessageID: key, PluralCount: count, TemplateData: marks,
		})
		return strings.Split(text, mark), err
	}
	var m message
	var err error
	if m.one, err = filled(1); err == nil {
		m.other, err = filled(2)
	}
	return m, err
}

// write fills a form with the values of name, value pairs.
func (m message) write(l *Locale, args []any) string {
	f := m.other
	if n, ok := value(args, "count"); ok && (n == 1 || n == int64(1)) {
		f = m.one
	}
	if len(f) == 1 {
		return f[0]
	}
	var b strings.Builder
	for i, part := range f {
		if i%2 == 0 {
			b.WriteString(part)
		} else if v, ok := value(args, part); ok {
			b.WriteString(l.show(v))
		} else {
			b.WriteString("<no value>")
		}
	}
	return b.String()
}

func value(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}
