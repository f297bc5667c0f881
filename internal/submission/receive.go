package submission

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"guangyi/internal/consultation"
	"guangyi/internal/draft"
	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/database"
	"guangyi/internal/platform/fault"
)

// Receive takes a submission from the public and returns when it is stored for
// good. Never call it inside a transaction: it waits for the collector.
//
// Faults: NotFound for a consultation that is not public; those of
// consultation.Open for the instant of receipt, unless the key was accepted
// before; Invalid with its fields; Conflict submission.key_reused for a key that
// came with another content; Unavailable with RetryAfter when too many wait.
func (s *Service) Receive(ctx context.Context, who actor.Actor, in In) (Receipt, error) {
	c, err := s.consultations.BySlug(ctx, in.Consultation)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.gate.Require(who, PermissionSend, c.Organisation); err != nil {
		return Receipt{}, err
	}
	if in.Channel == "" {
		in.Channel = Web
	}
	if in.Channel != Web && in.Channel != API {
		return Receipt{}, fault.Fields{{Name: "channel", Code: "submission.channel"}}.Err()
	}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = s.db.Now()
	}
	hash := s.bodyHash(in)
	in, err = s.admit(ctx, c, in)
	if err != nil {
		return s.repeated(ctx, c, in.Key, hash, err)
	}
	if len(in.Files) > 0 {
		return s.receiveFiles(ctx, who, c, in, hash)
	}
	ids, err := s.db.IDs(ctx)
	if err != nil {
		return Receipt{}, err
	}
	r, err := s.ready(who, c, in, hash, ids.Next)
	if err != nil {
		return Receipt{}, err
	}
	return s.store(ctx, r)
}

// receiveFiles stores a submission together with the claim on its files.
func (s *Service) receiveFiles(ctx context.Context, who actor.Actor, c consultation.Consultation, in In, hash []byte) (out Receipt, err error) {
	err = s.db.Write(context.WithoutCancel(ctx), who, func(tx *database.Tx) error {
		out, err = s.put(tx, c, who, in, hash)
		return err
	})
	return out, err
}

// ReceiveIn is Receive in the caller's transaction, for a capability that stores
// more along with the submission. The channel is the capability's to say.
func (s *Service) ReceiveIn(tx *database.Tx, who actor.Actor, in In) (Receipt, error) {
	c, err := s.held(tx, in.Consultation)
	if err != nil {
		return Receipt{}, database.Translate(err)
	}
	if err := s.gate.Require(who, PermissionSend, c.Organisation); err != nil {
		return Receipt{}, err
	}
	if !slices.Contains(consultation.Channels, in.Channel) {
		return Receipt{}, fault.Fields{{Name: "channel", Code: "submission.channel"}}.Err()
	}
	if in.ReceivedAt.IsZero() {
		in.ReceivedAt = tx.Now
	}
	if in.Entry == "" {
		in.Entry = EntrySender
	}
	hash := s.bodyHash(in)
	in, err = s.admit(tx.Context(), c, in)
	if err != nil {
		return s.repeated(tx.Context(), c, in.Key, hash, err)
	}
	return s.put(tx, c, who, in, hash)
}

// admit asks whether the consultation takes comments and whether this content is
// right, and fills in what the sender left open.
func (s *Service) admit(ctx context.Context, c consultation.Consultation, in In) (In, error) {
	if err := c.Takes(in.ReceivedAt); err != nil {
		return in, err
	}
	f := in.check()
	in.Submitter.demanded(c, &f)
	in, err := s.complete(ctx, c, in, f)
	if err == nil && in.Held == "" && s.judge != nil {
		in.Held = s.judge.Judge(c, in)
	}
	return in, err
}

// complete fills in version and language and checks what depends on the draft.
func (s *Service) complete(ctx context.Context, c consultation.Consultation, in In, f fault.Fields) (In, error) {
	if in.Version == 0 {
		in.Version = draft.First
	}
	if in.Language == "" {
		in.Language = c.Lang
	}
	tree, err := s.published(ctx, c, in.Version)
	if fault.Is(err, fault.NotFound) {
		f.Add("version", "submission.version")
		return in, f.Err()
	}
	if err != nil {
		return in, err
	}
	for i, p := range in.Comments {
		if i == MostComments || p.Provision == "" {
			continue
		}
		words, ok := tree.Get(p.Provision)
		switch {
		case !ok:
			f.Add(fmt.Sprintf("comments[%d].provision", i), "submission.provision")
		case in.Channel == Web && sameWords(p.ProposedText, words.Text, tree.Words(words.Key)):
			f.Add(fmt.Sprintf("comments[%d].proposed_text", i), "submission.proposed_same")
		}
	}
	return in, f.Err()
}

// published gives a version that was put out for comment; NotFound for any other.
func (s *Service) published(ctx context.Context, c consultation.Consultation, number int64) (*draft.Tree, error) {
	if number != draft.First { // the first is fixed by the approval
		v, err := s.drafts.Version(ctx, c.ID, number)
		if err != nil {
			return nil, err
		}
		if !v.Published() || v.Kind != draft.ForComment {
			return nil, fault.Missing()
		}
	}
	return s.drafts.Tree(ctx, c.ID, number)
}

// sameWords reports a proposal that changes nothing but white space.
func sameWords(proposed string, originals ...string) bool {
	squeeze := func(t string) string { return strings.Join(strings.Fields(t), "") }
	p := squeeze(proposed)
	for _, o := range originals {
		if p != "" && p == squeeze(o) {
			return true
		}
	}
	return false
}

// repeated answers a refused request by the receipt that its key had before, if
// any: what was accepted stays accepted, also after the closing instant.
func (s *Service) repeated(ctx context.Context, c consultation.Consultation, key string, hash []byte, refusal error) (Receipt, error) {
	f, ok := fault.As(refusal)
	if !ok || key == "" || len(key) > MostKey || !readable(key) || f.Kind != fault.Gone && f.Kind != fault.Conflict {
		return Receipt{}, refusal
	}
	got, err := s.byKey(s.db.Read(ctx), c.ID, key, hash)
	if errors.Is(err, errNoKey) {
		return got, refusal
	}
	return got, err
}

// errNoKey says that nothing was stored under a key.
var errNoKey = errors.New("submission: no such key")

// byKey gives the receipt that was stored under a key. Faults: Conflict
// submission.key_reused when it came with another content.
func (s *Service) byKey(g *gorm.DB, consultation int64, key string, bodyHash []byte) (Receipt, error) {
	var was struct {
		ID         int64
		Receipt    string
		BodyHash   []byte
		LeafHash   []byte
		ReceivedAt time.Time
	}
	err := g.Table("submissions").Select("id, receipt, body_hash, leaf_hash, received_at").
		Where("consultation_id = ? AND idempotency_key = ?", consultation, key).Take(&was).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Receipt{}, errNoKey
	}
	if err != nil {
		return Receipt{}, database.Translate(err)
	}
	if subtle.ConstantTimeCompare(was.BodyHash, bodyHash) != 1 {
		return Receipt{}, fault.New(fault.Conflict, "submission.key_reused")
	}
	return Receipt{
		Number: was.Receipt, Secret: s.secret(was.ID), ReceivedAt: was.ReceivedAt.UTC(), LeafHash: was.LeafHash,
		Submission: was.ID, Repeated: true,
	}, nil
}

// store hands the row to the collector and waits until it is durable.
func (s *Service) store(ctx context.Context, r *row) (Receipt, error) {
	s.start.Do(func() { go s.collector.run() })
	taken, err := s.collector.add(r)
	if err != nil {
		return Receipt{}, err
	}
	if taken {
		return s.receipt(r), nil
	}
	got, err := s.byKey(s.db.Read(context.WithoutCancel(ctx)), r.consultation, r.key, r.bodyHash)
	if errors.Is(err, errNoKey) {
		return got, fmt.Errorf("submission %d was neither stored nor a repetition", r.id)
	}
	if err == nil && got.Submission == r.id {
		got.Repeated = false // the connection broke after the commit; it is this very one
	}
	return got, err
}

// Check finds what is wrong with a submission without taking it in: for a form of
// several steps. The fields are those of Receive's Invalid fault.
func (s *Service) Check(ctx context.Context, c consultation.Consultation, in In) (fault.Fields, error) {
	f := in.check()
	in.Submitter.demanded(c, &f)
	_, err := s.complete(ctx, c, in, f)
	if p, ok := fault.As(err); ok && p.Kind == fault.Invalid {
		return p.Fields, nil
	}
	return nil, err
}
