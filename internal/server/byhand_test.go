package server_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func sum(parts ...[]byte) []byte {
	h := sha256.Sum256(slices.Concat(parts...))
	return h[:]
}

// The program that the page shows finds an honest site in order and a tampered one
// not; without Python here, the same four steps are done in Go alone.
func TestTheRegisterIsCheckedByHand(t *testing.T) {
	eachPlace(t, func(p *place) {
		a := p.audit()
		byHand(a)
		python, err := exec.LookPath("python3")
		if err != nil {
			t.Log("no python3 here: checked in Go alone")
			return
		}
		script := filepath.Join(t.TempDir(), "check.py")
		must(t, os.WriteFile(script, a.ask("GET", "/log/check.py", "", nil).body, 0o600))
		run := func() (string, error) {
			out, err := exec.Command(python, script, a.base, a.receipts[0].Number, a.receipts[0].Secret).CombinedOutput()
			return string(out), err
		}
		out, err := run()
		for _, want := range []string{"signed: ", "complete: ", "accounted for: " + a.slug + " 4 submissions", "in the register, unchanged: ", "第三条写明听证"} {
			if err != nil || !strings.Contains(out, want) {
				t.Fatalf("%v, no %q in\n%s", err, want, out)
			}
		}
		a.photograph()
		for _, one := range []struct {
			do   func()
			says string
		}{
			{func() { a.exec("UPDATE comments SET text = '加倍' WHERE text = '摊位费减半'") }, "the words were changed"},
			{func() { a.exec("DELETE FROM submissions WHERE receipt = ?", a.receipts[2].Number) }, "the account was changed"},
			{func() { a.exec("UPDATE register_leaves SET leaf = ? WHERE idx = 1", a.leaves()[2]) }, "not the ones that were signed"},
			{func() {
				a.exec("UPDATE register_checkpoints SET note = replace(note, size || ?, (size + 1) || ?)", "\n", "\n")
			}, "openssl"},
		} {
			one.do()
			if out, err := run(); err == nil || !strings.Contains(out, one.says) {
				t.Errorf("%v, no %q in\n%s", err, one.says, out)
			}
			a.putBack()
		}
	})
}

// byHand does what the page says in four steps, with the standard library alone.
func byHand(a *audited) {
	t := a.t
	note := string(a.ask("GET", api+"/log/checkpoint", "", nil).body)
	text, signature, _ := strings.Cut(note, "\n\n")
	key := strings.Split(strings.Fields(string(a.ask("GET", api+"/log/key", "", nil).body))[0], "+")
	public, err := base64.StdEncoding.DecodeString(strings.Join(key[2:], "+"))
	must(t, err)
	signed, err := base64.StdEncoding.DecodeString(strings.Fields(signature)[2])
	must(t, err)
	if hex.EncodeToString(signed[:4]) != key[1] || !ed25519.Verify(public[1:], []byte(text+"\n"), signed[4:]) {
		t.Error("step 1: the signature does not hold")
	}
	lines := strings.Split(text, "\n")
	size, err := strconv.Atoi(lines[1])
	must(t, err)

	var page struct {
		Entries []struct {
			Leaf []byte `json:"leaf"`
		} `json:"entries"`
	}
	must(t, json.Unmarshal(a.ask("GET", fmt.Sprintf("%s/log/entries?start=0&end=%d", api, size), "", nil).body, &page))
	level := [][]byte{}
	for _, e := range page.Entries {
		level = append(level, sum([]byte{0}, e.Leaf))
	}
	if root := joined(level); base64.StdEncoding.EncodeToString(root) != lines[2] || len(page.Entries) != size {
		t.Errorf("step 2: the entries hash to %x", root)
	}

	account := a.ask("GET", "/consultations/"+a.slug+"/summary/account.txt", "", nil).body
	var x struct{ Account string }
	must(t, json.Unmarshal(page.Entries[size-1].Leaf, &x))
	if x.Account != sha256Hex(account) || strings.Count(string(account), "\n") != len(a.receipts) {
		t.Errorf("step 3: the account is\n%s", account)
	}

	r := a.receipts[0]
	var proof struct {
		Leaf    []byte `json:"leaf"`
		Opening struct {
			Salt    string
			Content []byte
		}
	}
	must(t, json.Unmarshal(a.call("GET", api+"/receipts/"+r.Number+"/proof", "", nil, "Receipt-Secret", r.Secret).body, &proof))
	salt, err := hex.DecodeString(proof.Opening.Salt)
	must(t, err)
	if !strings.Contains(string(proof.Leaf), sha256Hex(append(salt, proof.Opening.Content...))) || !strings.Contains(string(proof.Opening.Content), "第三条写明听证") {
		t.Error("step 4: the entry does not commit to the words")
	}
}

// joined hashes two by two; one that is left over goes up as it is.
func joined(level [][]byte) []byte {
	for len(level) > 1 {
		var up [][]byte
		for i := 0; i < len(level); i += 2 {
			if i+1 == len(level) {
				up = append(up, level[i])
				break
			}
			up = append(up, sum([]byte{1}, level[i], level[i+1]))
		}
		level = up
	}
	return level[0]
}
