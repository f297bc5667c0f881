package server_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/platform/database"
	"guangyi/internal/verification"
	"guangyi/internal/verification/published"
)

// audited is a site with a published consultation that anybody may check.
type audited struct {
	*place
	slug     string
	receipts []published.Receipt
}

// audit publishes a consultation with every kind of thing that the register knows.
func (p *place) audit() *audited {
	p.t.Helper()
	a := &audited{place: p, slug: p.open("own", nil)}
	for i, texts := range [][]string{{"摊位费减半", "第三条写明听证"}, {"摊位费减半"}, {"夜市也要管"}, {"一人一摊"}} {
		r := p.call("POST", api+"/consultations/"+a.slug+"/submissions", "", letter(texts...), "Idempotency-Key", fmt.Sprint(i))
		a.receipts = append(a.receipts, published.Receipt{Number: r.text(p.t, "receipt"), Secret: r.text(p.t, "secret"), LeafHash: r.text(p.t, "leaf_hash")})
		a.pass()
	}
	ids := p.commentIDs("own", a.slug)
	p.clock.Add(period + time.Second)
	p.settle("own", p.gather("own", a.slug, "摊位费\u2028减半", ids[:3]...), disposition{Code: "adopted", Provisions: []string{"art-3"}})
	p.settle("own", p.gather("own", a.slug, "扩大到夜市", ids[3:]...), disposition{Code: "not_adopted", Reason: "另行制定"})
	p.finish("own", a.slug)
	a.pass()
	return a
}

func (a *audited) pass() {
	a.t.Helper()
	_, err := a.services.Register.Pass(context.Background())
	must(a.t, err)
}

// check recomputes the site as a stranger does.
func (a *audited) check(path string, o published.Options) []verification.Finding {
	a.t.Helper()
	o.Now = func() time.Time { return a.clock.Now().Add(time.Hour) }
	site, err := published.At(a.base+path, o)
	must(a.t, err)
	var out []verification.Finding
	must(a.t, site.Check(context.Background(), func(_ string, f verification.Finding) { out = append(out, f) }))
	return out
}

// holds wants every fact to hold.
func (a *audited) holds(path string, o published.Options, facts ...string) {
	a.t.Helper()
	got := a.check(path, o)
	if f, found := verification.FirstBroken(got); found {
		a.t.Errorf("an honest site: %v", f)
	}
	for _, fact := range facts {
		seen := false
		for _, f := range got {
			seen = seen || f.Fact == fact && f.State == verification.Holds
		}
		if !seen {
			a.t.Errorf("%s was not found to hold", fact)
		}
	}
}

func (a *audited) exec(sql string, args ...any) {
	a.t.Helper()
	must(a.t, a.db().Upkeep(context.Background(), func(tx *database.Tx) error { return tx.Exec(sql, args...).Error }))
}

// whole lists the facts of a site, a consultation and its receipts.
var whole = []string{
	verification.FactLogKeys, verification.FactLogSignature, verification.FactLogCheckpoints, verification.FactLogEntries, verification.FactLogDuplicate,
	verification.FactLogRoot, verification.FactLogForm, verification.FactSummary, verification.FactSigned, verification.FactCounts, verification.FactTexts,
	verification.FactDispositions, verification.FactAccount, verification.FactCovered, verification.FactFigures, verification.FactReceipt,
	verification.FactReceiptLeaf, verification.FactInclusion, verification.FactOpening, verification.FactShown,
}

func TestAnHonestSiteIsFoundToHold(t *testing.T) {
	eachPlace(t, func(p *place) {
		a := p.audit()
		a.holds("", published.Options{Receipts: a.receipts}, whole...)
		a.holds("/consultations/"+a.slug, published.Options{}, verification.FactFigures)
		a.holds("/receipts/"+a.receipts[0].Number, published.Options{Secret: a.receipts[0].Secret}, verification.FactOpening, verification.FactShown)
		a.holds("/receipts/"+a.receipts[0].Number, published.Options{}, verification.FactInclusion)
		copied := published.Options{Keep: t.TempDir()}
		a.holds("", copied, published.FactKept)
		other := a.open("own", nil)
		a.send(other, "one more", letter("后来的"))
		a.pass()
		for range 2 {
			a.holds("", copied, published.FactKept)
		}
		for _, address := range []string{"/log/bundle.zip", "/log/bundle.zip?consultation=" + a.slug} {
			got := a.bundle(address)
			if f, found := verification.FirstBroken(got); found || len(got) < 15 {
				t.Errorf("%s: %v of %v", address, f, got)
			}
		}
	})
}

// bundle downloads a bundle and checks it off line.
func (a *audited) bundle(address string) (out []verification.Finding) {
	a.t.Helper()
	file := filepath.Join(a.t.TempDir(), "bundle.zip")
	must(a.t, os.WriteFile(file, a.ask("GET", address, "", nil).body, 0o600))
	must(a.t, published.CheckBundle(context.Background(), file, func(_ string, f verification.Finding) { out = append(out, f) }))
	return out
}

// evidence are the tables that are tampered with, and can be put back.
var evidence = []string{"submissions", "comments", "summaries", "register_leaves", "register_checkpoints", "suggestions", "suggestion_provisions"}

func (a *audited) photograph() {
	for _, table := range evidence {
		a.exec("CREATE TABLE before_" + table + " AS SELECT * FROM " + table)
	}
}

func (a *audited) putBack() {
	for _, table := range evidence {
		if table != "suggestions" { // others refer to its rows
			a.exec("DELETE FROM " + table)
			a.exec("INSERT INTO " + table + " SELECT * FROM before_" + table)
		}
	}
	for _, column := range []string{"text", "reason", "disposition", "comments"} {
		a.exec("UPDATE suggestions SET " + column + " = (SELECT b." + column + " FROM before_suggestions b WHERE b.id = suggestions.id)")
	}
}

// leaves are all leaves of the register, to be rewritten.
func (a *audited) leaves() (out [][]byte) {
	a.t.Helper()
	must(a.t, a.db().Read(context.Background()).Raw("SELECT leaf FROM register_leaves ORDER BY idx").Scan(&out).Error)
	return out
}

// rewrite makes another history of the leaves and signs all of it anew, with the
// log's own key: what only the keeper of the register can do.
func (a *audited) rewrite(leaves [][]byte) {
	a.t.Helper()
	secret, err := os.ReadFile(filepath.Join(a.settings.Data, "keys", "register.key"))
	must(a.t, err)
	signer, err := note.NewSigner(strings.Fields(string(secret))[0])
	must(a.t, err)
	a.exec("DELETE FROM register_leaves WHERE idx >= ?", len(leaves))
	a.exec("UPDATE register_checkpoints SET size = ? WHERE size > ?", len(leaves), len(leaves))
	for i, leaf := range leaves {
		a.exec("UPDATE register_leaves SET leaf = ? WHERE idx = ?", leaf, i)
	}
	var tree verification.Tree
	a.sign(signer, 0, &tree)
	for i, leaf := range leaves {
		tree.Add(tlog.RecordHash(leaf))
		a.sign(signer, i+1, &tree)
	}
}

func (a *audited) sign(signer note.Signer, size int, tree *verification.Tree) {
	a.t.Helper()
	root := tree.Root()
	text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), size, base64.StdEncoding.EncodeToString(root[:]))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	must(a.t, err)
	a.exec("UPDATE register_checkpoints SET root = ?, note = ? WHERE size = ?", root[:], string(signed), size)
}
