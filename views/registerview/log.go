// Package registerview shows the public register.
package registerview

import (
	"encoding/hex"
	"strings"

	"guangyi/internal/platform/i18n"
	"guangyi/internal/register"
	"guangyi/views/components"
)

// API is where programs read the log, below the site's address.
const API = "/api/v1/log/"

// Log is what the pages show of the register.
type Log struct {
	Base   string // address of the site, without a slash at the end
	Newest register.Signed
	Keys   []register.KeyRow // the current one first
}

func (v Log) root() string { return hex.EncodeToString(v.Newest.Root[:]) }

func (v Log) facts(l *i18n.Locale) []components.SummaryRow {
	return []components.SummaryRow{
		{Key: l.T("register.size"), Text: l.T("register.leaves", "count", v.Newest.Size)},
		{Key: l.T("register.newest"), Text: l.DateTime(v.Newest.At)},
		{Key: l.T("register.origin"), Text: v.origin()},
	}
}

func (v Log) origin() string {
	name, _, _ := strings.Cut(v.Newest.Note, "\n")
	return name
}

// sm2 reports whether any key has a second, SM2 line.
func (v Log) sm2() bool {
	for _, k := range v.Keys {
		if k.Second != "" {
			return true
		}
	}
	return false
}

func (v Log) keys(l *i18n.Locale) components.Table {
	t := components.Table{
		Caption: l.T("register.keys"), Stacked: true,
		Columns: []components.Column{
			{Text: l.T("register.keys.key"), Bare: true}, {Text: l.T("register.keys.since")}, {Text: l.T("register.keys.signed")},
		},
	}
	for _, k := range v.Keys {
		signed := l.T("register.keys.from", "first", k.FirstCheckpoint)
		if k.LastCheckpoint != nil {
			signed = l.T("register.keys.until", "first", k.FirstCheckpoint, "last", *k.LastCheckpoint)
		}
		t.Rows = append(t.Rows, components.TableRow{ID: "key-" + k.Hash, Values: []components.Value{
			{Text: strings.TrimSpace(k.Verifier + "\n" + k.Second), Lang: "en"}, {Text: l.DateTime(k.CreatedAt)}, {Text: signed},
		}})
	}
	return t
}
