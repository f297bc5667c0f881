// Package registerview shows the public register.
package registerview

import (
	"encoding/hex"
	"strings"
	"time"

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

	Waiting time.Duration // how long the oldest leaf has waited for its place
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

// key is one that signs or has signed.
type key struct{ ID, Title, Text, Signed, Since string }

func (v Log) keys(l *i18n.Locale) []key {
	out := make([]key, len(v.Keys))
	for i, k := range v.Keys {
		out[i] = key{
			ID: "key-" + k.Hash, Title: l.T("register.keys.current"), Text: strings.TrimSpace(k.Verifier + "\n" + k.Second),
			Signed: l.T("register.keys.from", "first", k.FirstCheckpoint), Since: l.T("register.keys.since", "at", l.DateTime(k.CreatedAt)),
		}
		if k.LastCheckpoint != nil {
			out[i].Title = l.T("register.keys.former")
			out[i].Signed = l.T("register.keys.until", "first", k.FirstCheckpoint, "last", *k.LastCheckpoint)
		}
	}
	return out
}

// promised is how soon a leaf has its place.
const promised = 10 * time.Second

func (v Log) late() bool { return v.Waiting > promised }
