package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/valyala/fasthttp"

	"guangyi/internal/platform/database/cluster"
)

// words is a comment of about 600 bytes.
var words = strings.Repeat("平台经营者不得强制平台内经营者按照其定价规则销售商品，建议写明变相强制也算。", 6)[:600]

// databases of the bench on the lent cluster.
type lent struct {
	address, site string
	server        int // its first process
}

func lend(ctx context.Context) (lent, error) {
	address := os.Getenv(cluster.Variable)
	if address == "" {
		return lent{}, fmt.Errorf("%s is not set: start the bench with make bench", cluster.Variable)
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return lent{}, err
	}
	defer conn.Close(ctx)
	for _, name := range []string{"bench_site", "bench_plain"} {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name); err != nil {
			return lent{}, err
		}
		if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
			return lent{}, err
		}
	}
	first, err := postmaster(ctx, conn)
	if err != nil {
		return lent{}, err
	}
	site, err := withDatabase(address, "bench_site")
	return lent{address, site, first}, err
}

func withDatabase(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

func measurePostgres(ctx context.Context, o options, want func(string) bool, out *report) error {
	db, err := lend(ctx)
	if err != nil {
		return err
	}
	p, err := newProgram(o, db.site)
	if err != nil {
		return err
	}
	defer p.remove()
	p.database = db.server
	if err := p.start(ctx, "off"); err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	if err := p.prepare(); err != nil {
		return err
	}
	if err := p.open(); err != nil {
		return err
	}
	return p.rows(ctx, o, db, want, out)
}

func (p *program) rows(ctx context.Context, o options, db lent, want func(string) bool, out *report) error {
	if want("1") {
		if err := rowOne(ctx, o, p, db, out); err != nil {
			return err
		}
	}
	few := map[string][]window{}
	start := 0
	if want("2") || want("3") {
		var err error
		if start, err = fill(ctx, db, p.slug, 1000); err != nil {
			return err
		}
	}
	if want("3") {
		if err := rowThree(ctx, o, p, out); err != nil {
			return err
		}
	}
	if want("4") {
		if err := rowFour(ctx, o, p, out); err != nil {
			return err
		}
	}
	if !want("2") {
		return nil
	}
	for range o.rounds {
		few["submission"] = append(few["submission"], fire(ctx, o, p.serving(), 201, p.submit("few")))
		few["page"] = append(few["page"], fire(ctx, o, p.serving(), 200, p.page("/comments")))
	}
	return rowTwo(ctx, o, p, db, start, few, out)
}

// rowOne: submissions against single-row inserts with commit by pgbench.
func rowOne(ctx context.Context, o options, p *program, db lent, out *report) error {
	plain, err := withDatabase(db.address, "bench_plain")
	if err != nil {
		return err
	}
	var ours, theirs []window
	for round := range o.rounds {
		ours = append(ours, fire(ctx, o, p.serving(), 201, p.submit("one-"+strconv.Itoa(round))))
		w, err := pgbench(ctx, o, plain, db.server)
		if err != nil {
			return err
		}
		theirs = append(theirs, w)
	}
	out.add("1", "submission, PostgreSQL, fsync, to pgbench single-row insert", ours, theirs, "≥ 0.8, p99 ≤ 10 ms, CPU ≤ 1")
	return nil
}

func rowTwo(ctx context.Context, o options, p *program, db lent, start int, few map[string][]window, out *report) error {
	large, err := fill(ctx, db, p.slug, o.large)
	if err != nil {
		return err
	}
	many := map[string][]window{}
	for range o.rounds {
		many["submission"] = append(many["submission"], fire(ctx, o, p.serving(), 201, p.submit("many")))
		many["page"] = append(many["page"], fire(ctx, o, p.serving(), 200, p.page("/comments")))
	}
	label := fmt.Sprintf(" from %d comments on, to from %d on", large, start)
	out.add("2", "submission"+label, many["submission"], few["submission"], "≥ 0.9")
	out.add("2", "comments page"+label, many["page"], few["page"], "≥ 0.9")
	return nil
}

func (p *program) submit(mark string) shot {
	url := "http://" + p.address + "/api/v1/consultations/" + p.slug + "/submissions"
	body := []byte(`{"submitter":{"kind":"individual"},"comments":[{"provision":"art-2","text":"` + words + `","proposed_text":""}],"language":"zh-CN","consent":true}`)
	run := strconv.FormatInt(time.Now().UnixNano(), 36)
	return func(n int64, r *fasthttp.Request) {
		r.Reset()
		r.SetRequestURI(url)
		r.Header.SetMethod("POST")
		r.Header.SetContentType("application/json")
		r.Header.Set("Idempotency-Key", mark+run+strconv.FormatInt(n, 36))
		r.SetBodyRaw(body)
	}
}

func (p *program) page(path string) shot {
	url := "http://" + p.address + "/consultations/" + p.slug + path
	return func(_ int64, r *fasthttp.Request) {
		r.Reset()
		r.SetRequestURI(url)
	}
}
