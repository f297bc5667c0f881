package verification

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"guangyi/internal/sortition"
)

// redacted checks the public form of a record in which rare rows are merged.
func (l *list) redacted(r sortition.Record) {
	if !l.check(FactPool, rows(r), "%d people are shown, %d merged; no combination of features that is shown has fewer than %d people", len(r.People), r.Redaction.People, r.Redaction.Threshold) {
		return
	}
	l.check(FactTotals, sums(r), "the totals of the merged and their chances add up")
	if l.check(FactPanels, partialPanels(r), "of the people shown, none is on a panel with their household, and no maximum is passed") {
		l.open(FactPanels, "minimums and sizes of the panels concern the merged too: recompute them with the full record")
		l.frequencies(r)
	}
	l.open(FactChances, "the fairest chances depend on everybody: recompute them with the full record, whose digest is %s", r.Redaction.Digest)
}

func rows(r sortition.Record) error {
	if r.Redaction.Threshold < sortition.RedactionThreshold {
		return fmt.Errorf("the threshold is %d; %d are the least", r.Redaction.Threshold, sortition.RedactionThreshold)
	}
	if err := r.Pool().CheckForm(); err != nil {
		return err
	}
	held := make(map[string]int)
	for _, person := range r.People {
		held[strings.Join(person.Features, "\x00")]++
	}
	for features, n := range held {
		if n < r.Redaction.Threshold {
			return fmt.Errorf("%d people with %s are shown one by one", n, strings.ReplaceAll(features, "\x00", ", "))
		}
	}
	if raw, err := hex.DecodeString(r.Redaction.Digest); err != nil || len(raw) != 32 {
		return errors.New("the digest of the full record is missing")
	}
	if r.Panel < 1 || r.Panel > len(r.People)+r.Redaction.People {
		return fmt.Errorf("a panel of %d cannot be drawn from %d people", r.Panel, len(r.People)+r.Redaction.People)
	}
	return nil
}

// sums: per category the totals are all merged people, or fewer where some are
// not given; and all chances sum to the seats.
func sums(r sortition.Record) error {
	given, secret := make(map[string]int), make(map[string]bool)
	for _, total := range r.Redaction.Totals {
		if total.People == nil {
			secret[total.Category] = true
			continue
		}
		given[total.Category] += *total.People
	}
	for _, category := range r.Categories {
		n := given[category]
		if n > r.Redaction.People || n < r.Redaction.People && !secret[category] {
			return fmt.Errorf("%s: the totals are %d people, %d are merged", category, n, r.Redaction.People)
		}
	}
	rest := float64(r.Panel)
	for _, person := range r.People {
		rest -= person.Chance
	}
	merged := float64(r.Redaction.People)
	slack := tolerance * (merged + float64(len(r.People)))
	if !(rest >= r.Redaction.Lowest*merged-slack && rest <= r.Redaction.Highest*merged+slack) {
		return fmt.Errorf("%.3f of %d seats are left for %d merged people, whose chances are stated as %.4f to %.4f", rest, r.Panel, r.Redaction.People, r.Redaction.Lowest, r.Redaction.Highest)
	}
	if r.Result != nil && len(r.Result.Selected)+r.Redaction.Selected != r.Panel {
		return fmt.Errorf("%d selected are shown, %d merged, where %d sit", len(r.Result.Selected), r.Redaction.Selected, r.Panel)
	}
	return nil
}

// partialPanels looks at the people shown of every panel.
func partialPanels(r sortition.Record) error {
	if len(r.Panels) == 0 {
		return errors.New("there is no panel")
	}
	p := r.Pool()
	p.Quotas = slices.Clone(p.Quotas)
	for i := range p.Quotas {
		p.Quotas[i].Min = 0
	}
	for i, panel := range r.Panels {
		if len(panel) > r.Panel || len(panel) < r.Panel-r.Redaction.People {
			return fmt.Errorf("panel %d shows %d people of %d", i, len(panel), r.Panel)
		}
		p.Panel = len(panel)
		if err := p.CheckPanel(panel); err != nil {
			return fmt.Errorf("panel %d: %w", i, err)
		}
	}
	return nil
}

func (l *list) frequencies(r sortition.Record) {
	stated := make([]float64, len(r.People))
	for i, person := range r.People {
		stated[i] = person.Chance
	}
	mean, worst := sortition.Lottery{Panels: r.Panels}.Deviation(r.Pool(), stated)
	if worst > mostWorst {
		l.broken(FactFrequencies, "a person shown occurs %.2f panels more or less often than stated; %d are allowed", worst, mostWorst)
		return
	}
	l.holds(FactFrequencies, "people shown occur as stated up to %.2f panels of %d on average, %.2f at worst", mean, len(r.Panels), worst)
}

// CheckFull checks a full record and that it is the one whose public form is
// given.
func CheckFull(ctx context.Context, public, full sortition.Record) []Finding {
	var l list
	l.check(FactDigest, tied(public, full), "the full record is the one that was published without rare rows")
	return append(l, CheckRecord(ctx, full)...)
}

func tied(public, full sortition.Record) error {
	if full.Redaction != nil {
		return errors.New("the record is not the full one")
	}
	digest, err := full.Digest()
	if err != nil {
		return err
	}
	if public.Redaction == nil {
		own, err := public.Digest()
		if err == nil && own != digest {
			err = errors.New("the two records differ")
		}
		return err
	}
	if digest != public.Redaction.Digest {
		return fmt.Errorf("the digest of the full record is %s, the public form names %s", digest, public.Redaction.Digest)
	}
	again, err := sortition.Redact(full, public.Redaction.Threshold)
	if err != nil {
		return err
	}
	if !sameJSON(again, public) {
		return errors.New("the public form is not what merging the rare rows of the full record gives")
	}
	return nil
}

// sameJSON compares what two records say, whatever is nil or empty in them.
func sameJSON(a, b sortition.Record) bool {
	return reflect.DeepEqual(plain(a), plain(b))
}
