package moderation

import (
	"context"

	"guangyi/internal/access"
	"guangyi/internal/consultation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/submission"
)

// Allow finds the consultation for somebody who may do this with it; it asks before
// anything that was sent is looked at.
func (s *Service) Allow(ctx context.Context, who actor.Actor, slug string, may access.Permission) (consultation.Consultation, error) {
	return s.staff(ctx, who, slug, may)
}

// Occurring gives a mask for every place of a text at which one of the words stands.
func Occurring(text string, words []string) []submission.Mask {
	runes := []rune(text)
	var out []submission.Mask
	for _, w := range words {
		word := []rune(w)
		for i := 0; len(word) > 0 && i+len(word) <= len(runes); {
			if string(runes[i:i+len(word)]) == w {
				out = append(out, submission.Mask{Start: i, End: i + len(word), Kind: "words"})
				i += len(word)
			} else {
				i++
			}
		}
	}
	return out
}
