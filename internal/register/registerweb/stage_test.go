package registerweb_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/a-h/templ"

	"guangyi/internal/platform/database"
	"guangyi/internal/platform/database/databasetest"
	"guangyi/internal/platform/i18n"
	"guangyi/internal/platform/seal"
	"guangyi/internal/platform/visit"
	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/internal/register/registerweb"
	"guangyi/views"
	"guangyi/views/assets"
)

var (
	ctx  = context.Background()
	zone = time.FixedZone("Asia/Shanghai", 8*3600)
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stage is a register with its pages on a port.
type stage struct {
	t    *testing.T
	db   *database.DB
	s    *register.Service
	base string
	next int64
}

// each runs a test on both databases.
func each(t *testing.T, test func(*stage)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB) { test(newStage(t, db)) })
}

func newStage(t *testing.T, db *database.DB) *stage {
	t.Helper()
	folder := t.TempDir()
	keys, err := seal.Open(ctx, db, folder)
	must(t, err)
	st := &stage{t: t, db: db}
	st.s, err = register.New(ctx, db, register.Options{Folder: folder, Origin: "yijian.example/log"})
	must(t, err)
	bundle, err := i18n.Load(views.Locales, "locales", zone)
	must(t, err)
	set, err := assets.Open()
	must(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	st.base = "http://" + l.Addr().String()
	site := web.New(web.Options{Bundle: bundle, Language: "zh-CN", Zone: zone, Clock: db.Clock(), Keys: keys, BaseURL: st.base,
		Site: visit.Site{Assets: set}, Log: slog.New(slog.NewTextHandler(testLog{t}, nil)), ErrorPage: refusal})
	site.Get(assets.Prefix+":name", func(c *web.Ctx) error {
		f, ok := set.File(c.Params("name"))
		if !ok {
			return c.SendStatus(404)
		}
		c.Set("Content-Type", f.ContentType)
		return c.Send(f.Body)
	}, web.Download)
	registerweb.Mount(site, registerweb.Services{Register: st.s})
	site.Finish()
	go func() { _ = site.Serve(l) }()
	t.Cleanup(func() { _ = site.Shutdown(2 * time.Second) })
	return st
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", p)
	return len(p), nil
}

func refusal(_ *visit.Visit, f web.Failure) templ.Component {
	return templ.Raw("<p>" + f.Fault.Code + "</p>")
}

// grow puts n leaves into the log.
func (st *stage) grow(n int) {
	st.t.Helper()
	must(st.t, st.db.Upkeep(ctx, func(tx *database.Tx) error {
		for range n {
			st.next++
			if err := register.Add(tx, "submission", st.next, register.Canonical(map[string]int64{"ref": st.next})); err != nil {
				return err
			}
		}
		return nil
	}))
	_, err := st.s.Pass(ctx)
	must(st.t, err)
}

type answer struct {
	status int
	header http.Header
	body   string
}

// get asks below /api/v1/log/.
func (st *stage) get(path string, header ...string) answer {
	st.t.Helper()
	return st.fetch("/api/v1/log/"+path, header...)
}

func (st *stage) fetch(path string, header ...string) answer {
	st.t.Helper()
	r, err := http.NewRequest(http.MethodGet, st.base+path, nil)
	must(st.t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	got, err := http.DefaultClient.Do(r)
	must(st.t, err)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	must(st.t, err)
	return answer{got.StatusCode, got.Header, string(body)}
}
