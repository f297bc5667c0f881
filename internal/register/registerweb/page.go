package registerweb

import (
	_ "embed" // the follower

	"guangyi/internal/platform/web"
	"guangyi/internal/register"
	"guangyi/views/layouts"
	"guangyi/views/registerview"
)

// log is the page in plain words: where the log stands, and how to check it.
func (h handlers) log(c *web.Ctx) error {
	v, err := h.view(c)
	if err != nil {
		return err
	}
	return c.Render(200, registerview.Page(layouts.From(c.Visit, c.T("register.title")), v))
}

// format is the description from which a checker can be written.
func (h handlers) format(c *web.Ctx) error {
	v, err := h.view(c)
	if err != nil {
		return err
	}
	return c.Render(200, registerview.Format(layouts.From(c.Visit, c.T("register.format.title")), v))
}

func (h handlers) view(c *web.Ctx) (registerview.Log, error) {
	newest, err := h.Register.Checkpoint(c.UserContext())
	if err != nil {
		return registerview.Log{}, err
	}
	keys, err := h.Register.KeyRows(c.UserContext())
	if err != nil {
		return registerview.Log{}, err
	}
	waiting, err := h.Register.Waiting(c.UserContext())
	return registerview.Log{Base: c.Visit.Base, Newest: newest, Keys: keys, Waiting: waiting}, err
}

// vectors are the examples with which a checker is tried.
func (h handlers) vectors(c *web.Ctx) error {
	c.Set("Content-Type", "application/json; charset=utf-8")
	return c.Send(register.Vectors)
}

//go:embed follow.py
var follower string

// follower is a program that keeps a copy of the log and compares.
func (h handlers) follower(c *web.Ctx) error { return text(c, moving, follower) }
