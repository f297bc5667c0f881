package registerweb_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"guangyi/internal/platform/actor"
	"guangyi/internal/register"
)

// TestAStrangerChecksTheWholeLogOverHTTP: with the public answers alone, signature,
// entries, root and consistency of every size hold.
func TestAStrangerChecksTheWholeLogOverHTTP(t *testing.T) {
	each(t, func(st *stage) {
		st.grow(5)
		st.grow(2020)
		v, err := note.NewVerifier(strings.TrimSpace(st.get("key").body))
		must(t, err)
		n, err := note.Open([]byte(st.get("checkpoint").body), note.VerifierList(v))
		must(t, err)
		var size int64
		var root string
		if _, err := fmt.Sscanf(n.Text, "yijian.example/log\n%d\n%s\n", &size, &root); err != nil || size != 2025 {
			t.Fatalf("%q: %v", n.Text, err)
		}
		var hashes []tlog.Hash
		for int64(len(hashes)) < size {
			hashes = append(hashes, st.entries(int64(len(hashes)), size)...)
		}
		reader := kept(hashes)
		got, err := tlog.TreeHash(size, reader)
		must(t, err)
		if got.String() != root {
			t.Fatal("the entries do not give the signed root")
		}
		for _, from := range []int64{1, 2, 255, 256, 1000, 2024, 2025} {
			old, err := tlog.TreeHash(from, reader)
			must(t, err)
			if from < size {
				must(t, tlog.CheckTree(st.consistency(from, size), size, got, from, old))
			} else if len(st.consistency(from, size)) != 0 {
				t.Error("a proof of nothing")
			}
		}
	})
}

func (st *stage) entries(start, end int64) (hashes []tlog.Hash) {
	st.t.Helper()
	var page struct {
		Entries []struct {
			Index    int64
			Leaf     []byte
			LeafHash string `json:"leaf_hash"`
		}
	}
	must(st.t, json.Unmarshal([]byte(st.get(fmt.Sprintf("entries?start=%d&end=%d", start, end)).body), &page))
	for i, e := range page.Entries {
		h := tlog.RecordHash(e.Leaf)
		if e.Index != start+int64(i) || e.LeafHash != hex.EncodeToString(h[:]) {
			st.t.Fatalf("entry %d: %+v", start, e)
		}
		hashes = append(hashes, h)
	}
	if len(hashes) == 0 {
		st.t.Fatalf("no entries from %d on", start)
	}
	return hashes
}

func (st *stage) consistency(from, to int64) (path tlog.TreeProof) {
	st.t.Helper()
	var got struct {
		From, To int64
		Path     []string
	}
	must(st.t, json.Unmarshal([]byte(st.get(fmt.Sprintf("consistency?from=%d&to=%d", from, to)).body), &got))
	for _, text := range got.Path {
		raw, err := hex.DecodeString(text)
		must(st.t, err)
		path = append(path, tlog.Hash(raw))
	}
	if got.From != from || got.To != to || got.Path == nil {
		st.t.Fatalf("%+v", got)
	}
	return path
}

// kept gives the hashes of subtrees over leaf hashes.
func kept(leaves []tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			out[i] = over(leaves[n<<level : (n+1)<<level])
		}
		return out, nil
	})
}

func over(d []tlog.Hash) tlog.Hash {
	if len(d) == 1 {
		return d[0]
	}
	return tlog.NodeHash(over(d[:len(d)/2]), over(d[len(d)/2:]))
}

func TestWrongNumbersAreRefusedAndNeverAFaultOfOurs(t *testing.T) {
	each(t, func(st *stage) {
		st.grow(3)
		wrong := []string{"-1", "a", "1.5", "+1", "0x1", "1e3", "99999999999999999999", "9223372036854775808", " 1", "١", "", "'", "\x00", "4"}
		for _, name := range []string{"entries?start", "entries?end", "consistency?from", "consistency?to"} {
			for _, value := range wrong {
				got := st.get(name + "=" + url.QueryEscape(value))
				allowed := got.status == 422 || got.status == 400
				if value == "" || (value == "4" && name == "entries?end") {
					allowed = got.status == 200 // absent, or cut at the end of the log
				}
				if !allowed {
					t.Errorf("%s=%q: %d %s", name, value, got.status, got.body)
				}
				if got.status >= 400 && !strings.Contains(got.header.Get("Content-Type"), "application/problem+json") {
					t.Errorf("%s=%q: %s", name, value, got.header.Get("Content-Type"))
				}
			}
		}
		for _, path := range []string{"entries?start=-1&end=5", "entries?start=a&end=b", "entries?start=5&end=2", "entries?start=2&end=1",
			"entries?start=99999999999999999999&end=999999999999999999999", "consistency?from=5&to=2", "consistency?from=2&to=1", "consistency?from=0&to=99"} {
			if got := st.get(path); got.status != 422 || !strings.Contains(got.body, `"errors":[{`) {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
		for _, path := range []string{"entries?start=%ff", "consistency?from=%00", "checkpoints?cursor=%27x&limit=-4", "checkpoints?limit=99999999999999999999"} {
			if got := st.get(path); got.status >= 500 {
				t.Errorf("%s: %d", path, got.status)
			}
		}
		if got := st.get("entries?start=3&end=9"); got.status != 200 || strings.TrimSpace(got.body) != `{"entries":[]}` {
			t.Errorf("who asks for what comes next: %d %s", got.status, got.body)
		}
	})
}

func TestAnswersSayHowLongTheyMayBeKept(t *testing.T) {
	each(t, func(st *stage) {
		st.grow(4)
		for path, want := range map[string]string{
			"entries?start=0&end=4": "max-age=86400", "entries?start=0&end=9": "no-cache", "entries?start=4&end=9": "no-cache",
			"consistency?from=1&to=3": "max-age=86400", "consistency?from=1": "no-cache", "checkpoint": "no-cache", "key": "no-cache",
		} {
			if got := st.get(path); got.status != 200 || !strings.Contains(got.header.Get("Cache-Control"), want) || got.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: %d %v", path, got.status, got.header)
			}
		}
		mark := st.get("checkpoint").header.Get("ETag")
		if got := st.get("checkpoint", "If-None-Match", mark); got.status != 304 || got.body != "" {
			t.Errorf("nothing is new, and the answer is %d %q", got.status, got.body)
		}
		st.grow(1)
		if got := st.get("checkpoint", "If-None-Match", mark); got.status != 200 {
			t.Errorf("something is new, and the answer is %d", got.status)
		}
	})
}

func TestAllCheckpointsAndKeysArePublished(t *testing.T) {
	each(t, func(st *stage) {
		for range 5 {
			st.grow(1)
		}
		_, err := st.s.Rotate(ctx, actor.Console(), nil, true)
		must(t, err)
		var numbers []int64
		for path := "checkpoints?limit=3"; path != ""; {
			var page struct {
				Items []struct {
					Number, Size int64
					Root         string
					Checkpoint   string
				}
				Next string
			}
			must(t, json.Unmarshal([]byte(st.get(path).body), &page))
			for _, c := range page.Items {
				numbers = append(numbers, c.Number)
				if !strings.HasPrefix(c.Checkpoint, fmt.Sprintf("yijian.example/log\n%d\n", c.Size)) || len(c.Root) != 64 {
					t.Errorf("%+v", c)
				}
			}
			_, path, _ = strings.Cut(page.Next, "/api/v1/log/")
		}
		if fmt.Sprint(numbers) != "[0 1 2 3 4 5 6]" {
			t.Errorf("the checkpoints %v", numbers)
		}
		keys := strings.Split(strings.TrimSpace(st.get("key").body), "\n")
		if len(keys) != 2 {
			t.Fatalf("keys %v", keys)
		}
		for _, k := range keys { // readers of signed notes take every line
			if _, err := note.NewVerifier(k); err != nil {
				t.Errorf("%s: %v", k, err)
			}
		}
		var all struct {
			Items []struct {
				Ed25519, SM2    string
				FirstCheckpoint int64  `json:"first_checkpoint"`
				LastCheckpoint  *int64 `json:"last_checkpoint"`
			}
		}
		must(t, json.Unmarshal([]byte(st.get("keys").body), &all))
		if len(all.Items) != 2 || all.Items[0].Ed25519 != keys[0] || all.Items[0].FirstCheckpoint != 6 || all.Items[0].LastCheckpoint != nil ||
			all.Items[1].LastCheckpoint == nil || *all.Items[1].LastCheckpoint != 6 {
			t.Fatalf("%+v", all.Items)
		}
		if _, err := register.NewSM2Verifier(all.Items[0].SM2); err != nil {
			t.Error(err)
		}
	})
}
