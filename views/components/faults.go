package components

import (
	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/i18n"
)

// WordFaults words the faults of a form: the first of each field, and all in
// order for the error summary.
func WordFaults(l *i18n.Locale, fields []fault.Field) (by map[string]string, all []FieldError) {
	by = map[string]string{}
	for _, f := range fields {
		m := l.T("error."+f.Code, f.Args...)
		if by[f.Name] == "" {
			by[f.Name] = m
		}
		all = append(all, FieldError{ID: f.Name, Message: m})
	}
	return by, all
}
