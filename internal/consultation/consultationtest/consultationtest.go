// Package consultationtest brings a consultation to where the tests of higher
// capabilities begin.
package consultationtest

import (
	"context"
	"testing"
	"time"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
)

// Notice is what a test wants of it; Title and Public may be left out.
type Notice struct {
	Organisation      int64
	Officer, Reviewer actor.Actor
	Law               string // text of the draft
	Title             string
	Public            string // how comments are shown
	Demands           []string
	Ends              time.Time
}

// Prepare makes a consultation whose notice is complete, not yet submitted.
func Prepare(t testing.TB, cons *consultation.Service, n Notice) consultation.Consultation {
	t.Helper()
	ctx, text := context.Background(), "为了赶集的人"
	c, err := cons.ImportDraft(ctx, n.Officer, n.Organisation, draft.Source{Name: "办法.txt", Text: n.Law})
	must(t, err)
	change := consultation.Changes{Background: &text, Explanation: &text, Contact: &text, ClosesAt: &n.Ends}
	if n.Title != "" {
		change.Title = &n.Title
	}
	if n.Public != "" {
		change.CommentsPublic = &n.Public
	}
	if len(n.Demands) > 0 {
		change.Demands, change.DemandReason = &n.Demands, &text
	}
	_, err = cons.Edit(ctx, n.Officer, c.Slug, change, 0)
	must(t, err)
	return c
}

// Open brings a consultation to the public.
func Open(t testing.TB, cons *consultation.Service, n Notice) consultation.Consultation {
	t.Helper()
	return Publish(t, cons, n, Prepare(t, cons, n).Slug)
}

// Publish brings what was prepared to the public.
func Publish(t testing.TB, cons *consultation.Service, n Notice, slug string) consultation.Consultation {
	t.Helper()
	_, err := cons.Apply(context.Background(), n.Officer, slug, consultation.Submit, consultation.Note{})
	must(t, err)
	c, err := cons.Apply(context.Background(), n.Reviewer, slug, consultation.Approve, consultation.Note{})
	must(t, err)
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
