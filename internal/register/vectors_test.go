package register_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"guangyi/internal/register"
)

var update = flag.Bool("update", false, "write testdata/vectors.json anew")

// vectors is the file that /log/vectors.json serves.
type vectors struct {
	About       string            `json:"about"`
	EmptyRoot   string            `json:"empty_root"`
	Leaves      []leafVector      `json:"leaves"`
	Roots       []rootVector      `json:"roots"`
	Inclusion   []pathVector      `json:"inclusion"`
	Consistency []pathVector      `json:"consistency"`
	Receipt     receiptVector     `json:"receipt"`
	Checkpoints checkpointVectors `json:"checkpoints"`
}

type leafVector struct {
	Index    int    `json:"index"`
	Leaf     []byte `json:"leaf"`
	LeafHash string `json:"leaf_hash"`
}

type rootVector struct {
	Size int    `json:"size"`
	Root string `json:"root"`
}

type pathVector struct {
	Index *int     `json:"index,omitempty"`
	Size  *int     `json:"size,omitempty"`
	From  *int     `json:"from,omitempty"`
	To    *int     `json:"to,omitempty"`
	Path  []string `json:"path"`
}

type receiptVector struct {
	Salt       string `json:"salt"`
	Content    []byte `json:"content"`
	Commitment string `json:"commitment"`
	Leaf       []byte `json:"leaf"`
	LeafHash   string `json:"leaf_hash"`
}

type checkpointVectors struct {
	Ed25519Seed string `json:"ed25519_seed"`
	SM2Scalar   string `json:"sm2_scalar"`
	OldKey      string `json:"old_key"`
	NewKey      string `json:"new_key"`
	NewSM2Key   string `json:"new_sm2_key"`
	First       string `json:"first"`
	Handover    string `json:"handover"`
}

// reference are the eight leaves of the reference implementation of RFC 6962
// (google/certificate-transparency, merkletree tests) with the roots that it gives.
var reference = []struct{ leaf, root string }{
	{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
	{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
	{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
	{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
	{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
	{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
	{"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
	{"606162636465666768696a6b6c6d6e6f", "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
}

func referenceHashes(t *testing.T) []register.Hash {
	t.Helper()
	var hashes []register.Hash
	for i, r := range reference {
		hashes = append(hashes, naiveLeaf(unhex(t, r.leaf)))
		if root := naiveRoot(hashes); hex.EncodeToString(root[:]) != r.root {
			t.Fatalf("the root of %d leaves is not the reference's", i+1)
		}
	}
	return hashes
}

// TestTheExampleOfTheRFC holds the checking tree to the proofs that RFC 9162 spells
// out for its tree of seven leaves (sections 2.1.3.1 and 2.1.4.1, figure in 2.1.5).
func TestTheExampleOfTheRFC(t *testing.T) {
	d := referenceHashes(t)[:7]
	a, b, c, dd, e, f, j := d[0], d[1], d[2], d[3], d[4], d[5], d[6]
	g, h, i := naiveNode(a, b), naiveNode(c, dd), naiveNode(e, f)
	k, l := naiveNode(g, h), naiveNode(i, j)
	for m, want := range map[int][]register.Hash{0: {b, h, l}, 3: {c, g, l}, 4: {f, j, k}, 6: {i, k}} {
		if !slices.Equal(naivePath(m, d), want) {
			t.Errorf("PATH(%d, D[7])", m)
		}
	}
	for m, want := range map[int][]register.Hash{3: {c, dd, g, l}, 4: {l}, 6: {i, j, k}} {
		if !slices.Equal(naiveProof(m, d, true), want) {
			t.Errorf("PROOF(%d, D[7])", m)
		}
	}
}

// made computes the vectors anew; signatures of SM2 hold a random number, so that
// the handover is taken from what is there.
func made(t *testing.T, handover string) vectors {
	t.Helper()
	d := referenceHashes(t)
	empty := naiveRoot(nil)
	v := vectors{
		About: "Examples of the register's format. Bytes are base64 (leaf, content) or hexadecimal (all others). " +
			"The leaves are those of the reference implementation of RFC 6962. The private keys are of this file only.",
		EmptyRoot: hex.EncodeToString(empty[:]),
	}
	for i, r := range reference {
		v.Leaves = append(v.Leaves, leafVector{i, unhex(t, r.leaf), hex.EncodeToString(d[i][:])})
		v.Roots = append(v.Roots, rootVector{i + 1, r.root})
	}
	for n := 1; n <= len(d); n++ {
		for m := range n {
			v.Inclusion = append(v.Inclusion, pathVector{Index: &m, Size: &n, Path: texts(naivePath(m, d[:n]))})
			v.Consistency = append(v.Consistency, pathVector{From: of(m + 1), To: &n, Path: texts(naiveProof(m+1, d[:n], true))})
		}
	}
	v.Receipt = receipt(t)
	v.Checkpoints = signed(t, d, handover)
	return v
}

func of(n int) *int { return &n }

func texts(hashes []register.Hash) []string {
	out := []string{}
	for _, h := range hashes {
		out = append(out, hex.EncodeToString(h[:]))
	}
	return out
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	must(t, err)
	return raw
}

// receipt is a submission's leaf with what opens it.
func receipt(t *testing.T) receiptVector {
	t.Helper()
	salt := "000102030405060708090a0b0c0d0e0f"
	content := []byte(`{"v":2,"consultation":"yunzhou-parking-2026","channel":"web","language":"zh-CN","version":1,` +
		`"submitter":{"kind":"individual","region":""},"comments":[{"provision":"art-7","text":"建议写明 “夜间” 是几点到几点 <22:00—6:00>","proposed_text":""}]}`)
	sum := sha256.Sum256(append(unhex(t, salt), content...))
	commitment := hex.EncodeToString(sum[:])
	leaf := []byte(`{"v":2,"kind":"submission","consultation":"yunzhou-parking-2026","channel":"web",` +
		`"received_at":"2026-11-24T01:30:00.123456Z","entered":"sender","parts":1,"commitment":"` + commitment + `"}`)
	hash := naiveLeaf(leaf)
	return receiptVector{salt, content, commitment, leaf, hex.EncodeToString(hash[:])}
}

// signed are checkpoints of the reference leaves under keys made from fixed numbers.
func signed(t *testing.T, d []register.Hash, handover string) checkpointVectors {
	t.Helper()
	oldSeed, newSeed := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	scalar := bytes.Repeat([]byte{3}, 32)
	old := keyOf(t, secretOf(origin, append([]byte{1}, oldSeed...), edKey(oldSeed)))
	next := keyOf(t, secretOf(origin, append([]byte{1}, newSeed...), edKey(newSeed)), register.SM2Secret(t, origin, scalar))
	v := checkpointVectors{
		Ed25519Seed: hex.EncodeToString(oldSeed), SM2Scalar: hex.EncodeToString(scalar),
		OldKey: old.Verifier(), NewKey: next.Verifier(), NewSM2Key: next.SecondVerifier(),
	}
	var err error
	v.First, err = register.Sign(int64(len(d)), naiveRoot(d), old)
	must(t, err)
	if v.Handover = handover; handover == "" {
		v.Handover, err = register.Sign(int64(len(d)), naiveRoot(d), old, next)
		must(t, err)
	}
	return v
}

func keyOf(t *testing.T, lines ...string) *register.Key {
	t.Helper()
	text := ""
	for _, l := range lines {
		text += l + "\n"
	}
	k, err := register.ParseKey(text)
	must(t, err)
	return k
}

// secretOf writes a private key line by signed notes' rule; public is what the
// key's hash is computed from.
func secretOf(name string, private, public []byte) string {
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	return "PRIVATE+KEY+" + name + "+" + hex.EncodeToString(sum[:4]) + "+" + base64.StdEncoding.EncodeToString(private)
}

func edKey(seed []byte) []byte {
	return append([]byte{1}, ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)...)
}

// TestTheVectorsHold compares the file with what is computed here and opens its
// signed notes.
func TestTheVectorsHold(t *testing.T) {
	var kept vectors
	if !*update {
		must(t, json.Unmarshal(register.Vectors, &kept))
	}
	want := made(t, kept.Checkpoints.Handover)
	raw, err := json.MarshalIndent(want, "", " ")
	must(t, err)
	raw = append(raw, '\n')
	if *update {
		must(t, os.WriteFile("testdata/vectors.json", raw, 0o644))
	} else if !bytes.Equal(raw, register.Vectors) {
		t.Error("testdata/vectors.json is not what the format says: go test ./internal/register -run Vectors -update")
	}
	c := want.Checkpoints
	first, err := note.NewVerifier(c.OldKey)
	must(t, err)
	second, err := note.NewVerifier(c.NewKey)
	must(t, err)
	third, err := register.NewSM2Verifier(c.NewSM2Key)
	must(t, err)
	n, err := note.Open([]byte(c.Handover), note.VerifierList(first, second, third))
	if err != nil || len(n.Sigs) != 3 {
		t.Errorf("the handover: %v %+v", err, n)
	}
	if n, err := note.Open([]byte(c.First), note.VerifierList(first)); err != nil || len(n.Sigs) != 1 {
		t.Errorf("the first checkpoint: %v", err)
	}
	opensslSM2(t, c.NewSM2Key, n.Text, signature(t, c.Handover, 2))
}
