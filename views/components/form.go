package components

import "strconv"

// Field is what every form control shares. ID defaults to Name; the error
// summary links to ID.
type Field struct {
	ID           string
	Name         string
	Label        string
	Heading      bool // the label (or legend) is set larger, as the page's question
	Hint         string
	Error        string // empty when the field is right
	Value        string
	Optional     bool // writes （可不填） after the label
	Autocomplete string
	Type         string // input type, "text" when empty
	InputMode    string
	Width        string // "5", "10", "20" characters or "" for the full measure
	Spellcheck   bool
	Lang         string // language of the value, when it differs from the page's
	Autofocus    bool
	Disabled     bool
}

// Area is a textarea. Limit is counted in characters (code points); text beyond
// it is never cut, only counted.
type Area struct {
	Field
	Rows  int // 5 when zero
	Limit int // no count when zero
}

// Option is one choice of a select, of radios or of checkboxes.
type Option struct {
	Value   string
	Text    string
	Hint    string
	Chosen  bool
	Group   string // select only: consecutive options of one group are wrapped
	Reveals string // radios and checkboxes: id of a part that a script hides until chosen
}

// Choices is a select, a set of radios or a set of checkboxes.
type Choices struct {
	Field
	Options []Option
	Inline  bool
	Empty   string // select only: text of a first option without value
}

// FieldError is one line of the error summary: ID is the field that it leads to.
type FieldError struct {
	ID, Message string
}

func (f Field) id() string {
	if f.ID != "" {
		return f.ID
	}
	return f.Name
}

// optionID is the id of the n-th option; the first carries the field's own, so
// that the error summary leads to it.
func (f Field) optionID(n int) string {
	if n == 0 {
		return f.id()
	}
	return f.id() + "-" + strconv.Itoa(n+1)
}

func (f Field) group() string {
	if f.Error != "" {
		return "govuk-form-group govuk-form-group--error"
	}
	return "govuk-form-group"
}

func (f Field) class(base string) string {
	class := base
	if f.Width != "" {
		class += " " + base + "--width-" + f.Width
	}
	if f.Error != "" {
		class += " " + base + "--error"
	}
	return class
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// describedBy lists the ids of hint and error that exist.
func (f Field) describedBy(extra string) string {
	ids := ""
	if f.Hint != "" {
		ids = f.id() + "-hint"
	}
	if f.Error != "" {
		ids = join(ids, f.id()+"-error")
	}
	return join(ids, extra)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

func (a Area) rows() string {
	if a.Rows == 0 {
		return "5"
	}
	return strconv.Itoa(a.Rows)
}

func (a Area) infoID() string {
	if a.Limit == 0 {
		return ""
	}
	return a.id() + "-info"
}

// opens and closes tell where a select's option group begins and ends.
func (c Choices) opens(i int) bool {
	return c.Options[i].Group != "" && (i == 0 || c.Options[i-1].Group != c.Options[i].Group)
}
