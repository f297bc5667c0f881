package published

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"guangyi/internal/verification"
)

// entryWithin is how long a submission may wait for its entry before that is a
// fault: ten seconds are promised.
const entryWithin = time.Minute

// receipt looks a receipt up and checks that the log holds it and that its words
// are the ones that were sent.
func (s *Site) receipt(ctx context.Context, log *checked, r Receipt, report Report) error {
	about := "receipt " + r.Number
	say := func(fact string, state verification.State, detail string, args ...any) {
		report(about, verification.Finding{Fact: fact, State: state, Detail: fmt.Sprintf(detail, args...)})
	}
	var headers []string
	if r.Secret != "" {
		headers = []string{"Receipt-Secret", r.Secret}
	}
	var shown *verification.Shown
	if r.Secret != "" {
		shown = &verification.Shown{}
		status, err := s.get(ctx, s.api("receipts", r.Number), shown, headers...)
		if err != nil {
			return err
		}
		if status != http.StatusOK {
			say(verification.FactReceipt, verification.Broken, "the site does not know it under this secret (it answered %d)", status)
			return nil
		}
		say(verification.FactReceipt, verification.Holds, "received on %s, %s", shown.ReceivedAt.UTC().Format(time.DateTime+" UTC"), shown.Channel)
	}
	var p verification.Proof
	at := s.api("receipts", r.Number, "proof")
	status, err := s.get(ctx, at, &p, headers...)
	switch {
	case err != nil:
		return err
	case status == http.StatusNotFound && shown == nil:
		say(verification.FactReceipt, verification.Broken, "the site does not know it, or it is not in the register; with its secret the check says which")
		return nil
	case status == http.StatusNotFound && s.o.Now().Sub(shown.ReceivedAt) < entryWithin:
		say(verification.FactInclusion, verification.Unchecked, "it was received a moment ago and is being entered into the register; check again in a minute")
		return nil
	case status == http.StatusNotFound:
		say(verification.FactInclusion, verification.Broken, "it was received on %s and is not in the register; ten seconds are promised", shown.ReceivedAt.UTC().Format(time.DateTime+" UTC"))
		return nil
	case status >= http.StatusInternalServerError:
		say(verification.FactInclusion, verification.Broken, "the site can give no proof that it is in the register (it answered %d)", status)
		return nil
	case status != http.StatusOK:
		return fmt.Errorf("%s answered %d", at, status)
	}
	return s.proof(ctx, log, p, r, shown, report)
}

// proof checks a proof and that its checkpoint is of the log that was checked.
func (s *Site) proof(ctx context.Context, log *checked, p verification.Proof, r Receipt, shown *verification.Shown, report Report) error {
	about := "receipt " + r.Number
	if log == nil {
		report(about, verification.Finding{Fact: verification.FactInclusion, State: verification.Unchecked, Detail: "the log cannot be read"})
		return nil
	}
	for _, f := range verification.CheckProof(log.keys, p, r.LeafHash) {
		report(about, f)
	}
	if shown != nil {
		report(about, verification.CheckShown(p, *shown))
	} else {
		report(about, verification.Finding{Fact: verification.FactOpening, State: verification.Unchecked, Detail: "that the words are unchanged is checked with the secret: --secret"})
	}
	if c, err := log.keys.Open(p.Checkpoint); err == nil && c.Note != log.newest.Note {
		return s.continues(ctx, log, c, about, report)
	}
	return nil
}

// ReadReceipts reads acknowledgements, one JSON object behind the other.
func ReadReceipts(from io.Reader) (out []Receipt, err error) {
	d := json.NewDecoder(from)
	for {
		var r Receipt
		switch err := d.Decode(&r); {
		case errors.Is(err, io.EOF):
			return out, nil
		case err != nil:
			return nil, fmt.Errorf("acknowledgement %d cannot be read: %w", len(out)+1, err)
		case r.Number == "":
			return nil, fmt.Errorf("acknowledgement %d has no receipt", len(out)+1)
		}
		out = append(out, r)
	}
}
