package server

import (
	"time"

	"guangyi/internal/challenge"
)

// intakes are the routes by which the public's comments come.
var intakes = map[string]bool{
	"/consultations/:slug/comment":                 true,
	"/api/v1/consultations/:slug/submissions":      true,
	"/consultations/:slug/survey":                  true,
	"/api/v1/consultations/:slug/survey/responses": true,
}

// observer tells the metrics of every request, and the record of outages of what
// people sent: that it was taken (201 to a program, 303 to a form), or that the
// program failed. A step of the form that takes nothing in says neither.
func (s *Services) observer(m *metrics) func(method, route string, status int, took time.Duration) {
	return func(method, route string, status int, took time.Duration) {
		m.observe(method, route, status, took)
		if method == "POST" && intakes[route] && (status == 201 || status == 303 || status >= 500) {
			s.Availability.Sent(status)
		}
	}
}

// limited counts a request that came too fast.
func (s *Services) limited(string) { s.Challenges.Note(challenge.KindLimited) }
