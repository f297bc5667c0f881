package verification

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// The facts of a receipt.
const (
	FactReceipt     = "receipt"             // the site knows it
	FactReceiptLeaf = "receipt.leaf"        // its entry is the one that was acknowledged
	FactInclusion   = "receipt.inclusion"   // its entry lies in the log that was signed
	FactOpening     = "receipt.opening"     // the entry commits to what the site keeps
	FactShown       = "receipt.text"        // what the receipt shows is what it commits to
	FactSameLog     = "receipt.consistency" // the log of today continues the one that was proved
)

// Proof shows that a submission lies in the log, as the site's API gives it.
type Proof struct {
	Leaf       []byte   `json:"leaf"` // base64
	LeafHash   string   `json:"leaf_hash"`
	Index      int64    `json:"index"`
	Size       int64    `json:"size"`
	Path       []string `json:"path"`
	Checkpoint string   `json:"checkpoint"`
	Opening    *Opening `json:"opening,omitempty"`
}

// Opening is what a submission's entry commits to, given with the secret only.
type Opening struct {
	Salt    string `json:"salt"`    // hexadecimal
	Content []byte `json:"content"` // base64
}

// Shown is a receipt as its holder sees it.
type Shown struct {
	Receipt      string    `json:"receipt"`
	Consultation string    `json:"consultation"`
	Channel      string    `json:"channel"`
	ReceivedAt   time.Time `json:"received_at"`
	LeafHash     string    `json:"leaf_hash"` // of an acknowledgement that was kept
	Comments     []struct {
		Provision    string `json:"provision"`
		Text         string `json:"text"`
		ProposedText string `json:"proposed_text"`
	} `json:"comments"`
}

// CheckProof checks a proof by itself: the signature, the way from the entry to
// the root, and the opening where it is there. kept is the hash that was
// acknowledged, "" when it is not at hand.
func CheckProof(keys Keys, p Proof, kept string) []Finding {
	var l list
	hash := tlog.RecordHash(p.Leaf)
	switch {
	case p.LeafHash != hexHash(hash):
		l.broken(FactReceiptLeaf, "the entry was changed: its bytes hash to %s, its hash is given as %s", hexHash(hash), p.LeafHash)
	case kept != "" && kept != p.LeafHash:
		l.broken(FactReceiptLeaf, "the entry is %s, the receipt that was given names %s", p.LeafHash, kept)
	case kept != "":
		l.holds(FactReceiptLeaf, "it is the entry that the receipt named")
	}
	c, err := keys.Open(p.Checkpoint)
	if !l.check(FactLogSignature, err, "the checkpoint of %d entries is signed by a key of the log", c.Size) {
		return l
	}
	l.check(FactInclusion, included(p, c, hash), "it is entry %d of %d", p.Index, c.Size)
	if p.Opening != nil {
		l.check(FactOpening, opens(p), "the entry commits to the words as they were sent")
	}
	return l
}

func included(p Proof, c Checkpoint, hash tlog.Hash) error {
	if p.Size != c.Size {
		return fmt.Errorf("the proof is for a log of %d entries, the checkpoint has %d", p.Size, c.Size)
	}
	if p.Index < 0 || p.Index >= c.Size {
		return fmt.Errorf("there is no entry %d among %d", p.Index, c.Size)
	}
	path := make(tlog.RecordProof, len(p.Path))
	for i, text := range p.Path {
		var err error
		if path[i], err = readHash(text); err != nil {
			return err
		}
	}
	if err := tlog.CheckRecord(path, c.Size, c.Root, p.Index, hash); err != nil {
		return errors.New("the entry does not lead to the root that was signed: it is not in the log, or stands elsewhere")
	}
	return nil
}

// opens: SHA-256(salt ‖ content) is what the entry holds, and both speak of the
// same consultation and channel.
func opens(p Proof) error {
	salt, err := hex.DecodeString(p.Opening.Salt)
	if err != nil || len(salt) < 16 {
		return fmt.Errorf("%q is no salt of 16 bytes or more", p.Opening.Salt)
	}
	var x leaf
	if err := json.Unmarshal(p.Leaf, &x); err != nil {
		return errors.New("the entry is not the JSON that entries are")
	}
	sum := sha256.Sum256(append(salt, p.Opening.Content...))
	if hex.EncodeToString(sum[:]) != x.Commitment {
		return errors.New("the words that the site keeps are not those that the entry commits to: they were changed")
	}
	var content struct{ Consultation, Channel string }
	if err := json.Unmarshal(p.Opening.Content, &content); err != nil {
		return errors.New("the content is not the JSON that contents are")
	}
	if content.Consultation != x.Consultation || content.Channel != x.Channel {
		return errors.New("entry and content name another consultation or channel")
	}
	return nil
}

// CheckShown compares what a receipt shows with what its entry commits to.
func CheckShown(p Proof, s Shown) Finding {
	var l list
	l.check(FactShown, shown(p, s), "the receipt shows the words as they were sent")
	return l[0]
}

func shown(p Proof, s Shown) error {
	if p.Opening == nil {
		return errors.New("the site does not open the entry to who has the secret")
	}
	var content Shown
	if err := json.Unmarshal(p.Opening.Content, &content); err != nil {
		return errors.New("the content is not the JSON that contents are")
	}
	if len(content.Comments) != len(s.Comments) {
		return fmt.Errorf("it shows %d points, %d were sent", len(s.Comments), len(content.Comments))
	}
	for i := range s.Comments {
		if !reflect.DeepEqual(s.Comments[i], content.Comments[i]) {
			return fmt.Errorf("point %d is shown otherwise than it was sent", i+1)
		}
	}
	if content.Consultation != s.Consultation || content.Channel != s.Channel {
		return errors.New("it shows another consultation or channel")
	}
	var x leaf
	if err := json.Unmarshal(p.Leaf, &x); err != nil {
		return errors.New("the entry is not the JSON that entries are")
	}
	if at, err := time.Parse(time.RFC3339Nano, x.ReceivedAt); err != nil || !at.Equal(s.ReceivedAt) {
		return fmt.Errorf("it shows %s as the moment of receipt, the entry says %s", s.ReceivedAt.UTC().Format(time.RFC3339Nano), x.ReceivedAt)
	}
	return nil
}

// CheckConsistency checks that a later checkpoint continues an earlier one, by the
// path that the log gives (RFC 9162, section 2.1.4).
func CheckConsistency(earlier, later Checkpoint, path []string) Finding {
	var l list
	l.check(FactSameLog, consistent(earlier, later, path), "the log of %d entries continues the one of %d", later.Size, earlier.Size)
	return l[0]
}

func consistent(earlier, later Checkpoint, path []string) error {
	switch {
	case earlier.Origin != later.Origin:
		return fmt.Errorf("one is of the log %q, the other of %q", earlier.Origin, later.Origin)
	case earlier.Size > later.Size:
		return fmt.Errorf("a checkpoint of %d entries was signed before, the newest has %d: entries were taken away", earlier.Size, later.Size)
	case earlier.Size == 0:
		return nil
	case earlier.Size == later.Size:
		if earlier.Root != later.Root {
			return fmt.Errorf("two checkpoints of %d entries have different roots: history was rewritten", later.Size)
		}
		return nil
	}
	proof := make(tlog.TreeProof, len(path))
	for i, text := range path {
		var err error
		if proof[i], err = readHash(text); err != nil {
			return err
		}
	}
	if err := tlog.CheckTree(proof, later.Size, later.Root, earlier.Size, earlier.Root); err != nil {
		return fmt.Errorf("the log of %d entries does not continue the one of %d that was signed before: history was rewritten", later.Size, earlier.Size)
	}
	return nil
}
