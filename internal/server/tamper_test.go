package server_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

// harm is one way to tamper with a site, and what must be found of it.
type harm struct {
	name string
	do   func(*audited)
	fact string
	says string // in the finding
}

// harms are done to the database behind the site's back. In all of them the public
// data, and the receipts that people hold, are all that is looked at.
var harms = []harm{
	{"the text of a comment changed", func(a *audited) {
		a.exec("UPDATE comments SET text = '摊位费加倍' WHERE text = '摊位费减半'")
	},
		verification.FactOpening, "the words that the site keeps are not those"},
	{"a proposed wording added", func(a *audited) { a.exec("UPDATE comments SET proposed_text = '删去' WHERE text = '一人一摊'") },
		verification.FactOpening, "they were changed"},
	{"the moment of receipt changed", func(a *audited) {
		a.exec("UPDATE submissions SET received_at = (SELECT closes_at FROM consultations c WHERE c.id = consultation_id AND c.slug = ?)", a.slug)
	}, verification.FactShown, "as the moment of receipt"},
	{"a suggestion's text changed", func(a *audited) { a.exec("UPDATE suggestions SET text = '不扩大到夜市' WHERE number = 2") }, verification.FactTexts, "suggestion 2"},
	{"a reason changed", func(a *audited) { a.exec("UPDATE suggestions SET reason = '已有规定' WHERE number = 2") }, verification.FactTexts, "suggestion 2"},
	{"a changed provision taken out", func(a *audited) { a.exec("DELETE FROM suggestion_provisions") }, verification.FactTexts, "suggestion 1"},
	{"dispositions swapped", func(a *audited) {
		a.exec("UPDATE suggestions SET disposition = CASE number WHEN 1 THEN 'not_adopted' ELSE 'adopted' END")
	}, verification.FactDispositions, "suggestion 1 is published as not_adopted, the log says adopted"},
	{"a count altered", func(a *audited) {
		a.exec(`UPDATE summaries SET counts = replace(counts, '"submissions":4', '"submissions":40')`)
	}, verification.FactCounts, "submissions is published as 40, the log says 4"},
	{"a count by channel altered", func(a *audited) { a.exec(`UPDATE summaries SET counts = replace(counts, '"api":4', '"web":4')`) }, verification.FactCounts, "by_channel"},
	{"a submission removed", func(a *audited) {
		a.exec("DELETE FROM comments WHERE submission_id = (SELECT id FROM submissions WHERE receipt = ?)", a.receipts[2].Number)
		a.exec("DELETE FROM submissions WHERE receipt = ?", a.receipts[2].Number)
	}, verification.FactAccount, "the account was changed"},
	{"a comment removed", func(a *audited) { a.exec("DELETE FROM comments WHERE text = '第三条写明听证'") }, verification.FactAccount, "was changed"},
	{"a comment put under another suggestion", func(a *audited) {
		a.exec("UPDATE comments SET suggestion_id = (SELECT id FROM suggestions WHERE number = 1)")
	}, verification.FactAccount, "was changed"},
	{"the summary withdrawn in silence", func(a *audited) { a.exec("DELETE FROM summaries") }, verification.FactSummary, "the site shows none"},
	{"a leaf changed", func(a *audited) {
		a.exec("UPDATE register_leaves SET leaf = ? WHERE idx = 1", bytes.Replace(a.leaves()[1], []byte("api"), []byte("web"), 1))
	}, verification.FactLogRoot, "the first 2 entries"},
	{"leaves in another order", func(a *audited) {
		a.exec("UPDATE register_leaves SET idx = 1000 WHERE idx = 1")
		a.exec("UPDATE register_leaves SET idx = 1 WHERE idx = 2")
		a.exec("UPDATE register_leaves SET idx = 2 WHERE idx = 1000")
	}, verification.FactLogRoot, "the first 2 entries"},
	{"a leaf removed", func(a *audited) { a.exec("DELETE FROM register_leaves WHERE idx = 2") }, verification.FactLogEntries, "entry 3 stands where entry 2 should"},
	{"the last leaf removed", func(a *audited) { a.exec("DELETE FROM register_leaves WHERE idx = ?", len(a.leaves())-1) }, verification.FactLogEntries, "were given"},
	{"a leaf twice", func(a *audited) { a.exec("UPDATE register_leaves SET leaf = ? WHERE idx = 2", a.leaves()[1]) }, verification.FactLogDuplicate, "entries 1 and 2"},
	{"a signature forged", func(a *audited) {
		a.exec("UPDATE register_checkpoints SET note = replace(note, size || ?, (size + 1) || ?) WHERE number = (SELECT MAX(number) FROM before_register_checkpoints)", "\n", "\n")
	}, verification.FactLogSignature, "is wrong"},
	{"an older checkpoint forged", func(a *audited) {
		a.exec("UPDATE register_checkpoints SET note = (SELECT note FROM before_register_checkpoints WHERE number = 2) WHERE number = 1")
		a.exec("UPDATE register_checkpoints SET note = replace(note, '— ', '— x') WHERE number = 1")
	}, verification.FactLogSignature, "none of the log's keys"},
	{"a submission dropped from the register, all signed anew", func(a *audited) { a.rewrite(slices.Delete(a.leaves(), 2, 3)) },
		verification.FactCovered, "which is not in the log"},
	{"a submission dropped everywhere, all signed anew", (*audited).dropEverywhere, verification.FactReceipt, "does not know it"},
}

// dropEverywhere is the most that the keeper of site and key can do: rows, account,
// figures and register agree with each other again. Only who holds the receipt, or
// a copy of the register, finds it.
func (a *audited) dropEverywhere() {
	gone := a.receipts[2]
	a.exec("DELETE FROM comments WHERE submission_id = (SELECT id FROM submissions WHERE receipt = ?)", gone.Number)
	a.exec("DELETE FROM submissions WHERE receipt = ?", gone.Number)
	a.exec("UPDATE suggestions SET comments = comments - 1 WHERE number = 1")
	var counts string
	must(a.t, a.db().Read(a.t.Context()).Raw("SELECT counts FROM summaries").Scan(&counts).Error)
	swap := strings.NewReplacer(`"submissions":4`, `"submissions":3`, `"comments":5`, `"comments":4`, `"adopted":3`, `"adopted":2`, `"api":4`, `"api":3`,
		`"sender":4`, `"sender":3`, `"art-3":5`, `"art-3":4`, `"people":4`, `"people":3`)
	a.exec("UPDATE summaries SET counts = ?", swap.Replace(counts))
	account := a.ask("GET", "/consultations/"+a.slug+"/summary/account.txt", "", nil).body
	leaves := slices.Delete(a.leaves(), 2, 3)
	for i, leaf := range leaves {
		var x struct{ Kind, Account string }
		must(a.t, json.Unmarshal(leaf, &x))
		switch x.Kind {
		case "summary":
			leaves[i] = []byte(strings.Replace(swap.Replace(string(leaf)), x.Account, sha256Hex(account), 1))
		case "disposition":
			leaves[i] = bytes.Replace(leaf, []byte(`"comments":3`), []byte(`"comments":2`), 1)
		}
	}
	a.rewrite(leaves)
}

// Whatever is changed in the database of a real published consultation, the public
// data and the receipts give it away, and the finding says what it is.
func TestATamperedDatabaseIsFound(t *testing.T) {
	eachPlace(t, func(p *place) {
		a := p.audit()
		a.photograph()
		for _, one := range harms {
			one.do(a)
			f, found := verification.FirstBroken(a.check("", published.Options{Receipts: a.receipts}))
			if !found || f.Fact != one.fact || !strings.Contains(f.Detail, one.says) {
				t.Errorf("%s: found %v, want %s … %s", one.name, f, one.fact, one.says)
			}
			a.putBack()
		}
		a.holds("", published.Options{Receipts: a.receipts}, whole...)
	})
}

// A history that was rewritten and signed anew in all its parts agrees with itself.
// A copy kept elsewhere, or one old proof, gives it away.
func TestARewrittenHistoryIsFoundByACopyAndByAnOldProof(t *testing.T) {
	eachPlace(t, func(p *place) {
		a := p.audit()
		folder := t.TempDir()
		a.holds("", published.Options{Keep: folder}, published.FactKept)
		old, err := published.ReadProof(a.call("GET", api+"/receipts/"+a.receipts[1].Number+"/proof", "", nil).body)
		must(t, err)
		a.send(a.open("own", nil), "later", letter("后来的"))
		a.pass()
		a.holds("", published.Options{Proofs: []verification.Proof{old}}, verification.FactSameLog)
		a.photograph()
		kept := filesIn(t, folder)
		for name, rewrite := range map[string]func([][]byte) [][]byte{
			"moved":   func(l [][]byte) [][]byte { l[1], l[2] = l[2], l[1]; return l },
			"changed": func(l [][]byte) [][]byte { l[1] = bytes.Replace(l[1], []byte("T01:"), []byte("T02:"), 1); return l },
		} {
			a.rewrite(rewrite(a.leaves()))
			if name == "moved" {
				a.holds("", published.Options{})
			}
			f, _ := verification.FirstBroken(a.check("", published.Options{Keep: folder}))
			if f.Fact != published.FactKept || !strings.Contains(f.Detail, "history was rewritten: entry 1,") {
				t.Errorf("%s: the copy finds %v", name, f)
			}
			f, _ = verification.FirstBroken(a.check("/receipts/"+a.receipts[0].Number, published.Options{Proofs: []verification.Proof{old}}))
			if f.Fact != verification.FactSameLog || !strings.Contains(f.Detail, "history was rewritten") {
				t.Errorf("%s: the old proof finds %v", name, f)
			}
			a.putBack()
		}
		a.rewrite(a.leaves()[:3])
		f, _ := verification.FirstBroken(a.check("", published.Options{Keep: folder}))
		if f.Fact != published.FactKept || !strings.Contains(f.Detail, "the site only 3") {
			t.Errorf("cut off: the copy finds %v", f)
		}
		if now := filesIn(t, folder); now != kept {
			t.Error("the copy, which is the evidence, was written to")
		}
		a.putBack()
		a.holds("", published.Options{Keep: folder}, published.FactKept)
	})
}

func filesIn(t *testing.T, folder string) (all string) {
	t.Helper()
	for _, name := range []string{published.FileKeys, published.FileCheckpoints, published.FileEntries} {
		raw, err := os.ReadFile(folder + "/" + name)
		must(t, err)
		all += string(raw)
	}
	return all
}

// A submission that never gets its leaf is found by its receipt.
func TestASubmissionWithoutALeafIsFound(t *testing.T) {
	eachPlace(t, func(p *place) {
		a := p.audit()
		r := a.send(a.open("own", nil), "unlucky", letter("没有记入"))
		a.exec("DELETE FROM register_pending")
		a.pass()
		f, _ := verification.FirstBroken(a.check("", published.Options{Receipts: []published.Receipt{{Number: r.Number, Secret: r.Secret}}}))
		if f.Fact != verification.FactInclusion || !strings.Contains(f.Detail, "is not in the register") {
			t.Errorf("found %v", f)
		}
	})
}

// The command prints each fact and ends with status 1 and the first broken one.
func TestTheCommandNamesWhatIsBroken(t *testing.T) {
	eachPlace(t, func(p *place) {
		a := p.audit()
		acknowledged := filepath.Join(t.TempDir(), "receipts.jsonl")
		file, err := os.Create(acknowledged)
		must(t, err)
		for _, r := range a.receipts {
			must(t, json.NewEncoder(file).Encode(r))
		}
		must(t, file.Close())
		verify := func(args ...string) outcome {
			return command(t, environment(p.settings, time.Time{}), "", append([]string{"verify", "--url"}, args...)...)
		}
		if o := verify(p.base, "--receipts", acknowledged, "--keep", t.TempDir()); o.code != 0 || strings.Count(o.out, "receipt.opening") != len(a.receipts) || o.errs != "" {
			t.Errorf("an honest site: %s", o)
		}
		if o := verify(p.base+"/receipts/"+a.receipts[0].Number, "--secret", a.receipts[0].Secret); o.code != 0 || !strings.Contains(o.out, "receipt.text") {
			t.Errorf("a receipt: %s", o)
		}
		bundle := filepath.Join(t.TempDir(), "register.zip")
		must(t, os.WriteFile(bundle, a.ask("GET", "/log/bundle.zip", "", nil).body, 0o600))
		if o := command(t, environment(p.settings, time.Time{}), "", "verify", bundle); o.code != 0 || !strings.Contains(o.out, "summary.figures") {
			t.Errorf("a bundle: %s", o)
		}
		a.exec(`UPDATE summaries SET counts = replace(counts, '"people":4', '"people":400')`)
		want := "guangyi: broken: consultation " + a.slug + ": summary.counts: people is published as 400, the log says 4\n"
		if o := verify(p.base); o.code != 1 || o.errs != want {
			t.Errorf("an altered count: %s, want %s", o, want)
		}
		if o := verify(p.base + "/consultations/" + a.slug); o.code != 1 || o.errs != want {
			t.Errorf("of one consultation: %s, want %s", o, want)
		}
	})
}
