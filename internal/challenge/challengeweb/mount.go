// Package challengeweb gives tasks to whoever wants to write without an account.
package challengeweb

import (
	"guangyi/internal/challenge"
	"guangyi/internal/platform/web"
)

// tasksPerMinute is how many tasks one address may ask for: more than that no
// office needs, and a program solves none of them faster for having many.
const tasksPerMinute = 600

type handlers struct{ challenges *challenge.Service }

// Mount adds the routes.
func Mount(s *web.Site, challenges *challenge.Service) {
	h := handlers{challenges}
	s.Get(web.APIPrefix+"/challenge", h.task)
}

func (h handlers) task(c *web.Ctx) error {
	if err := c.Limit("task", tasksPerMinute); err != nil {
		return err
	}
	c.NoStore()
	return c.Answer(200, h.challenges.Issue(c.Network()))
}
