package submissionweb_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"testing"
)

// proof is the contract's answer, read as a stranger reads it.
type proof struct {
	Leaf       []byte
	LeafHash   string `json:"leaf_hash"`
	Index      int64
	Size       int64
	Path       []string
	Checkpoint string
	Opening    *struct {
		Salt    string
		Content []byte
	}
}

func (d *desk) proof(number string, headers ...string) (proof, page) {
	d.t.Helper()
	var out proof
	p := d.visitor().JSON("GET", "/receipts/"+number+"/proof", "", headers...)
	if p.Status == 200 {
		must(d.t, json.Unmarshal([]byte(p.Body), &out))
	}
	return out, p
}

const secretWords = "这句话只有本人看得到"

func TestAReceiptProvesThatItsSubmissionIsInTheRegister(t *testing.T) {
	each(t, func(d *desk) {
		body := `{"consent":true,"submitter":{"kind":"individual","email":"zhu@example.org"},"comments":[{"provision":"art-2","text":"` + secretWords + `"}]}`
		sent := d.visitor().JSON("POST", "/consultations/"+d.slug+"/submissions", body).Decode(t)
		number, secret := sent["receipt"].(string), sent["secret"].(string)
		if _, p := d.proof(number, "Receipt-Secret", secret); p.Status != 404 || !strings.Contains(p.Body, "/problems/pending") {
			t.Errorf("while it waits: %d %s", p.Status, p.Body)
		}
		_, err := d.log.Pass(ctx)
		must(t, err)

		bare, p := d.proof(number)
		if p.Status != 200 || bare.Opening != nil || strings.Contains(p.Body, secretWords) || p.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("without the secret: %d %v %s", p.Status, p.Header, p.Body)
		}
		leaf := sha256.Sum256(append([]byte{0}, bare.Leaf...))
		if hash := hex.EncodeToString(leaf[:]); hash != bare.LeafHash || hash != sent["leaf_hash"] {
			t.Errorf("the leaf hashes to %s; proof %s, receipt %s", hash, bare.LeafHash, sent["leaf_hash"])
		}
		lines := strings.Split(bare.Checkpoint, "\n")
		if bare.Index != 0 || bare.Size != 1 || len(bare.Path) != 0 || lines[1] != "1" || lines[2] != base64.StdEncoding.EncodeToString(leaf[:]) {
			t.Errorf("one leaf is its own tree: %+v", bare)
		}
		if strings.Contains(string(bare.Leaf), secretWords) || strings.Contains(string(bare.Leaf), "zhu") {
			t.Errorf("the leaf says who or what: %s", bare.Leaf)
		}

		open, _ := d.proof(number, "Receipt-Secret", secret)
		salt, err := hex.DecodeString(open.Opening.Salt)
		must(t, err)
		commitment := sha256.Sum256(append(salt, open.Opening.Content...))
		if len(salt) < 16 || !strings.Contains(string(open.Leaf), hex.EncodeToString(commitment[:])) || !strings.Contains(string(open.Opening.Content), secretWords) {
			t.Errorf("the opening does not open: %+v", open)
		}
		for _, wrong := range []string{"x", secret + "x", strings.Repeat("0", 400)} {
			if _, p := d.proof(number, "Receipt-Secret", wrong); p.Status != 404 || strings.Contains(p.Body, "leaf") {
				t.Errorf("a wrong secret: %d %s", p.Status, p.Body)
			}
		}
		if _, p := d.proof("000000000000"); p.Status != 404 {
			t.Errorf("a number of nobody: %d", p.Status)
		}
	})
}

func TestAReceiptSaysWhereItStandsInTheRegister(t *testing.T) {
	each(t, func(d *desk) {
		sent := d.visitor().JSON("POST", "/consultations/"+d.slug+"/submissions", `{"consent":true,"submitter":{"kind":"individual"},"comments":[{"provision":"","text":"好"}]}`).Decode(t)
		number := sent["receipt"].(string)
		b := d.visitor()
		form := b.Get("/receipts").Hidden()
		form.Set("number", number)
		form.Set("secret", sent["secret"].(string))
		if p := b.Post("/receipts", form); p.Status != 303 {
			t.Fatalf("%d %s", p.Status, p.Body)
		}
		if p := b.Get("/receipts/" + number); !strings.Contains(p.Body, "正在记入公开登记簿") || strings.Contains(p.Body, "检查点已于") {
			t.Errorf("while it waits: %s", p.Body)
		}
		_, err := d.log.Pass(ctx)
		must(t, err)
		p := b.Get("/receipts/" + number)
		for _, want := range []string{"登记簿第1条", "检查点已于", `href="/log#check"`} {
			if !strings.Contains(p.Body, want) {
				t.Errorf("%q is not on the page", want)
			}
		}
		if p.Element("leaf-hash") != sent["leaf_hash"] {
			t.Errorf("the page shows the fingerprint %q, the receipt %v", p.Element("leaf-hash"), sent["leaf_hash"])
		}
	})
}
