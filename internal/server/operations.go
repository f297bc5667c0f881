package server

import (
	"context"
	"math"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"

	"guangyi/internal/platform/fault"
	"guangyi/internal/platform/web"
)

// metrics are what an operator watches: how many requests, how long they took.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "guangyi_http_requests_total", Help: "Requests answered, by method, route and status.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "guangyi_http_request_seconds", Help: "Time to the answer, by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watchRegister adds how long the oldest leaf waits to be entered in the public
// register, asked when the metrics are; a database that does not answer is NaN.
func (m *metrics) watchRegister(waiting func(context.Context) (time.Duration, error)) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "guangyi_register_waiting_seconds", Help: "How long the oldest leaf has waited for the public register; over 5 is late.",
	}, func() float64 {
		ctx, done := context.WithTimeout(context.Background(), metricsPatience)
		defer done()
		wait, err := waiting(ctx)
		if err != nil {
			return math.NaN()
		}
		return wait.Seconds()
	}))
}

// metricsPatience bounds what a page of metrics waits for the database.
const metricsPatience = 2 * time.Second

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(route).Observe(took.Seconds())
}

// readiness asks the database, and now and then whether the schema is current.
type readiness struct {
	s       *Services
	mu      sync.Mutex
	checked time.Time
	err     error
}

// schemaEvery is how often a probe looks at the schema's version.
const schemaEvery = 10 * time.Second

func (r *readiness) check(ctx context.Context) error {
	if err := r.s.DB.Ping(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.checked.IsZero() || time.Since(r.checked) > schemaEvery {
		r.err, r.checked = r.s.DB.Current(ctx), time.Now()
	}
	return r.err
}

func (s *Services) mountOperations(site *web.Site, m *metrics) {
	ready := &readiness{s: s}
	m.watchRegister(s.Register.Waiting)
	site.Get("/healthz", func(c *web.Ctx) error { return c.SendString("ok\n") }, web.Download)
	site.Get("/readyz", func(c *web.Ctx) error {
		if err := ready.check(c.UserContext()); err != nil {
			s.Log.Warn("not ready", "error", err)
			return c.Status(503).SendString("not ready\n")
		}
		return c.SendString("ready\n")
	}, web.Download)
	export := fasthttpadaptor.NewFastHTTPHandler(promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	site.Get("/metrics", func(c *web.Ctx) error {
		if peer, err := netip.ParseAddr(c.IP()); err != nil || !peer.IsLoopback() || c.Get("X-Forwarded-For") != "" {
			return fault.Missing()
		}
		export(c.Context())
		return nil
	}, web.Download)
	site.Get("/robots.txt", func(c *web.Ctx) error {
		c.Set("Content-Type", "text/plain; charset=utf-8")
		return c.SendString("User-agent: *\nDisallow: /staff\nDisallow: /my\nDisallow: /receipts/\nDisallow: /i/\nDisallow: /api\nSitemap: " +
			s.Settings.BaseURL + "/sitemap.xml\n")
	}, web.Download)
}
