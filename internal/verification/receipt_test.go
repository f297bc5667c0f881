package verification_test

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/verification"
)

const content = `{"v":2,"consultation":"markets","channel":"web","language":"zh-CN","version":1,"submitter":{"kind":"individual","region":""},"comments":[{"provision":"art-3","text":"摊位费减半","proposed_text":""}]}`

// shownNow is the receipt of the submission that proved gives.
func shownNow(t *testing.T) (s verification.Shown) {
	t.Helper()
	err := json.Unmarshal([]byte(`{"receipt":"26-000001-9","consultation":"markets","channel":"web","received_at":"2026-12-02T08:00:00Z","comments":[{"provision":"art-3","text":"摊位费减半","proposed_text":"","disposition":"adopted"}]}`), &s)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// proved is a log whose entry 5 commits to content, with its proof.
func proved(t *testing.T) (verification.Keys, verification.Proof, *world) {
	t.Helper()
	w := newWorld(t)
	salt := strings.Repeat("5a", 16)
	raw, _ := hex.DecodeString(salt)
	w.leaves[5] = leafOf("v", 2, "kind", "submission", "consultation", "markets", "channel", "web", "received_at", "2026-12-02T08:00:00.000000Z",
		"entered", "sender", "parts", 1, "commitment", digest(string(raw), content))
	w.sign(t)
	keys, err := verification.ReadKeys(w.keys)
	if err != nil {
		t.Fatal(err)
	}
	stored := []tlog.Hash{}
	reader := tlog.HashReaderFunc(func(at []int64) (out []tlog.Hash, err error) {
		for _, i := range at {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i, leaf := range w.leaves {
		more, err := tlog.StoredHashes(int64(i), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
	}
	size := int64(len(w.leaves))
	path, err := tlog.ProveRecord(size, 5, reader)
	if err != nil {
		t.Fatal(err)
	}
	p := verification.Proof{Leaf: w.leaves[5], LeafHash: hashOf(w.leaves[5]), Index: 5, Size: size, Checkpoint: w.checkpoints[len(w.checkpoints)-1],
		Opening: &verification.Opening{Salt: salt, Content: []byte(content)}}
	for _, h := range path {
		p.Path = append(p.Path, hex.EncodeToString(h[:]))
	}
	return keys, p, w
}

func TestAProofIsChecked(t *testing.T) {
	keys, honest, w := proved(t)
	if f, found := verification.FirstBroken(verification.CheckProof(keys, honest, honest.LeafHash)); found {
		t.Fatal(f)
	}
	for name, tc := range map[string]struct {
		change func(*verification.Proof)
		fact   string
	}{
		"the entry changed":      {func(p *verification.Proof) { p.Leaf = append([]byte(" "), p.Leaf...) }, verification.FactReceiptLeaf},
		"another entry":          {func(p *verification.Proof) { p.Leaf, p.LeafHash = w.leaves[4], hashOf(w.leaves[4]) }, verification.FactReceiptLeaf},
		"another place":          {func(p *verification.Proof) { p.Index = 4 }, verification.FactInclusion},
		"a place beyond the end": {func(p *verification.Proof) { p.Index = p.Size }, verification.FactInclusion},
		"another size":           {func(p *verification.Proof) { p.Size-- }, verification.FactInclusion},
		"a step left out":        {func(p *verification.Proof) { p.Path = p.Path[1:] }, verification.FactInclusion},
		"a step that is no hash": {func(p *verification.Proof) { p.Path[0] = "x" }, verification.FactInclusion},
		"an earlier checkpoint":  {func(p *verification.Proof) { p.Checkpoint = w.checkpoints[1] }, verification.FactInclusion},
		"a forged checkpoint":    {func(p *verification.Proof) { p.Checkpoint = forge(p.Checkpoint) }, verification.FactLogSignature},
		"words changed": {func(p *verification.Proof) {
			p.Opening.Content = []byte(strings.Replace(content, "减半", "加倍", 1))
		}, verification.FactOpening},
		"another salt":             {func(p *verification.Proof) { p.Opening.Salt = strings.Repeat("5b", 16) }, verification.FactOpening},
		"a salt that is too short": {func(p *verification.Proof) { p.Opening.Salt = "5a" }, verification.FactOpening},
	} {
		_, p, _ := proved(t)
		p.Checkpoint, p.Path = honest.Checkpoint, append([]string{}, honest.Path...)
		tc.change(&p)
		if f, _ := verification.FirstBroken(verification.CheckProof(keys, p, honest.LeafHash)); f.Fact != tc.fact {
			t.Errorf("%s: found %v, want %s", name, f, tc.fact)
		}
	}
	// Entry and content that name different consultations.
	salt, _ := hex.DecodeString(honest.Opening.Salt)
	other := strings.Replace(content, "markets", "ebikes", 1)
	p := honest
	p.Leaf = []byte(strings.Replace(string(p.Leaf), digest(string(salt), content), digest(string(salt), other), 1))
	p.LeafHash, p.Opening = hashOf(p.Leaf), &verification.Opening{Salt: honest.Opening.Salt, Content: []byte(other)}
	found := verification.CheckProof(keys, p, "")
	if f := found[len(found)-1]; f.Fact != verification.FactOpening || f.State != verification.Broken {
		t.Errorf("another consultation: %v", f)
	}
}

func TestWhatAReceiptShowsIsComparedWithWhatWasSent(t *testing.T) {
	_, p, _ := proved(t)
	if f := verification.CheckShown(p, shownNow(t)); f.State != verification.Holds {
		t.Fatal(f)
	}
	for name, change := range map[string]func(*verification.Shown){
		"a text":                func(s *verification.Shown) { s.Comments[0].Text = "摊位费加倍" },
		"a provision":           func(s *verification.Shown) { s.Comments[0].Provision = "art-4" },
		"a point left out":      func(s *verification.Shown) { s.Comments = nil },
		"the channel":           func(s *verification.Shown) { s.Channel = "letter" },
		"the consultation":      func(s *verification.Shown) { s.Consultation = "ebikes" },
		"the moment of receipt": func(s *verification.Shown) { s.ReceivedAt = s.ReceivedAt.Add(time.Microsecond) },
	} {
		s := shownNow(t)
		change(&s)
		if f := verification.CheckShown(p, s); f.State != verification.Broken {
			t.Errorf("%s: %v", name, f)
		}
	}
	p.Opening = nil
	if f := verification.CheckShown(p, shownNow(t)); f.State != verification.Broken {
		t.Error("a site that does not open the entry passes")
	}
}

func TestAnEarlierCheckpointMustBeContinued(t *testing.T) {
	w := newWorld(t)
	keys, _ := verification.ReadKeys(w.keys)
	open := func(text string) verification.Checkpoint {
		c, err := keys.Open(text)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	earlier, later := open(w.checkpoints[2]), open(w.checkpoints[3])
	w.leaves[0], w.leaves[1] = w.leaves[1], w.leaves[0]
	w.sign(t)
	rewritten := open(w.checkpoints[2])
	for name, tc := range map[string]struct {
		a, b verification.Checkpoint
		want verification.State
	}{
		"the same":                    {earlier, earlier, verification.Holds},
		"from nothing":                {open(w.checkpoints[0]), later, verification.Holds},
		"the same size, another root": {earlier, rewritten, verification.Broken},
		"shorter than before":         {later, earlier, verification.Broken},
		"longer, without a proof":     {earlier, later, verification.Broken},
	} {
		if f := verification.CheckConsistency(tc.a, tc.b, nil); f.State != tc.want {
			t.Errorf("%s: %v", name, f)
		}
	}
}
