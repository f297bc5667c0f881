package submissionweb

import (
	"context"
	"encoding/hex"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/internal/submission"
	"guangyi/views/submissionview"
)

// Register is the public register, as far as a receipt shows it.
type Register interface {
	// Proof shows that the leaf of something is in the newest signed tree; NotFound
	// register.pending while it waits for its place.
	Proof(ctx context.Context, kind string, ref int64) (register.Inclusion, error)
}

// proofAnswer is the contract's proof. Bytes are base64, hashes and salt hexadecimal.
type proofAnswer struct {
	Leaf       []byte        `json:"leaf"`
	LeafHash   string        `json:"leaf_hash"`
	Index      int64         `json:"index"`
	Size       int64         `json:"size"`
	Path       []string      `json:"path"`
	Checkpoint string        `json:"checkpoint"`
	Opening    *proofOpening `json:"opening,omitempty"`
}

// proofOpening is what the leaf commits to, for the holder of the secret.
type proofOpening struct {
	Salt    string `json:"salt"`
	Content []byte `json:"content"`
}

// apiProof shows that a submission is in the register.
func (h handlers) apiProof(c *web.Ctx) error {
	c.NoStore()
	if err := c.LimitLookup("receipt"); err != nil {
		return err
	}
	ctx := c.UserContext()
	at, err := h.Submissions.Locate(ctx, c.Params("number"), c.Get("Receipt-Secret"))
	if err != nil {
		return err
	}
	if h.Register == nil {
		return fault.New(fault.NotFound, "register.pending")
	}
	p, err := h.Register.Proof(ctx, submission.LeafKind, at.Submission)
	if err != nil {
		return err
	}
	out := proofAnswer{Leaf: p.Leaf, LeafHash: hex.EncodeToString(p.LeafHash[:]), Index: p.Index, Size: p.Size,
		Path: make([]string, len(p.Path)), Checkpoint: p.Checkpoint.Note}
	for i, hash := range p.Path {
		out.Path[i] = hex.EncodeToString(hash[:])
	}
	if at.Opens {
		opening, err := h.Submissions.Opening(ctx, at.Consultation, at.Submission)
		if err != nil {
			return err
		}
		out.Opening = &proofOpening{Salt: hex.EncodeToString(opening.Salt), Content: opening.Content}
	}
	return c.Answer(200, out)
}

// inclusion is what a receipt's page says of the register. Whatever keeps the proof
// from being made, the page is shown: it is the sender's.
func (h handlers) inclusion(c *web.Ctx, submissionID int64) submissionview.Inclusion {
	if h.Register == nil {
		return submissionview.Inclusion{}
	}
	p, err := h.Register.Proof(c.UserContext(), submission.LeafKind, submissionID)
	if err != nil {
		return submissionview.Inclusion{Kept: true}
	}
	return submissionview.Inclusion{Kept: true, Place: p.Index + 1, Size: p.Size, SignedAt: p.Checkpoint.At, LeafHash: hex.EncodeToString(p.LeafHash[:])}
}
