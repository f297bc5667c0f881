package main

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// shot is one kind of request: it fills the request for the n-th time.
type shot func(n int64, r *fasthttp.Request)

// fire sends requests over a number of kept connections for a while. ok is the
// status that counts as done.
func fire(ctx context.Context, o options, by server, ok int, make shot) window {
	client := &fasthttp.Client{MaxConnsPerHost: o.connections, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	var n atomic.Int64
	parts := collect(o.connections)
	before, began := measure(by), time.Now()
	end := began.Add(o.seconds)
	var wg sync.WaitGroup
	for i := range parts {
		wg.Add(1)
		go func() {
			defer wg.Done()
			shoot(ctx, client, end, ok, make, &n, &parts[i])
		}()
	}
	wg.Wait()
	w := merge(parts)
	w.took = time.Since(began)
	w.account(before, measure(by), runtime.NumCPU())
	return w
}

type part struct {
	took     []time.Duration
	failed   int
	largest  int
	problems map[int]int
}

func collect(n int) []part {
	parts := make([]part, n)
	for i := range parts {
		parts[i].problems = map[int]int{}
	}
	return parts
}

func shoot(ctx context.Context, client *fasthttp.Client, end time.Time, ok int, make shot, n *atomic.Int64, p *part) {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	for time.Now().Before(end) && ctx.Err() == nil {
		make(n.Add(1), req)
		began := time.Now()
		err := client.Do(req, resp)
		took := time.Since(began)
		if err != nil || resp.StatusCode() != ok {
			p.failed++
			p.problems[resp.StatusCode()]++
			continue
		}
		p.took = append(p.took, took)
		p.largest = max(p.largest, len(resp.Body()))
	}
}

func merge(parts []part) window {
	w := window{problems: map[int]int{}}
	var all []time.Duration
	for _, p := range parts {
		all = append(all, p.took...)
		w.failed += p.failed
		w.largest = max(w.largest, p.largest)
		for status, n := range p.problems {
			w.problems[status] += n
		}
	}
	w.done = len(all)
	w.p99 = p99(all)
	return w
}

// p99 sorts; it is 0 when there is nothing to tell.
func p99(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return all[len(all)*99/100]
}
