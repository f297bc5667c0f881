package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"guangyi/internal/account"
	"guangyi/internal/organisation"
	"guangyi/internal/platform/actor"
	"guangyi/internal/server"
)

type orgCommand struct {
	Add orgAdd `cmd:"" help:"Make an organisation."`
}

// Help shows an example.
func (orgCommand) Help() string { return orgAdd{}.Help() }

type orgAdd struct {
	Slug string `required:"" help:"Short name in addresses: a-z, 0-9 and -."`
	Name string `required:"" help:"Full name."`
	Lang string `name:"name-lang" default:"zh-CN" enum:"zh-CN,en" help:"Language of the name."`
}

// Help shows an example.
func (orgAdd) Help() string {
	return "Example: guangyi org add --slug yunzhou-amr --name 云州市市场监督管理局"
}

// Run makes the organisation and prints its slug.
func (o *orgAdd) Run(c *console) error {
	return c.services(func(s *server.Services) error {
		made, err := s.Organisations.Add(c.ctx, actor.Console(), organisation.Details{Slug: o.Slug, Name: o.Name, Lang: o.Lang})
		if err != nil {
			return err
		}
		fmt.Fprintln(c.Out, made.Slug)
		return nil
	})
}

type userCommand struct {
	Add userAdd `cmd:"" help:"Make an account, or give an existing one another role."`
}

// Help shows an example.
func (userCommand) Help() string { return userAdd{}.Help() }

type userAdd struct {
	Email         string `required:"" help:"E-mail address, used to sign in."`
	Role          string `required:"" help:"administrator, officer, reviewer, signer, legal, secretary, auditor, representative, member or operator."`
	Org           string `help:"Slug of the organisation (not for operator)."`
	Name          string `help:"Name; the part before @ when left out."`
	PasswordStdin bool   `help:"Read the password from standard input; otherwise one is made and printed as the last word."`
}

// Help shows an example.
func (userAdd) Help() string {
	return "Example: guangyi user add --email lin@yunzhou.example --role officer --org yunzhou-amr"
}

// Run makes the account.
func (u *userAdd) Run(c *console) error {
	return c.services(func(s *server.Services) error {
		return u.add(c, s)
	})
}

func (u *userAdd) add(c *console, s *server.Services) error {
	var org int64
	switch {
	case !slices.Contains(actor.Roles, actor.Role(u.Role)):
		return usageError{fmt.Sprintf("--role %q is none: see guangyi user add --help", u.Role)}
	case u.Role == string(actor.Operator) && u.Org != "":
		return usageError{"an operator belongs to no organisation: leave --org out"}
	case u.Role != string(actor.Operator) && u.Org == "":
		return usageError{"--org is missing: every role but operator belongs to an organisation"}
	case u.Org != "":
		o, err := s.Organisations.BySlug(c.ctx, u.Org)
		if err != nil {
			return fmt.Errorf("there is no organisation %q; make it with guangyi org add", u.Org)
		}
		org = o.ID
	}
	password, err := u.password(c)
	if err != nil {
		return err
	}
	made, err := s.Accounts.Add(c.ctx, actor.Console(), account.Details{
		Email: u.Email, Name: u.Name, Role: actor.Role(u.Role), Organisation: org, Password: password,
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(c.Out, strings.TrimSpace(made.Email+" "+made.Generated))
	return nil
}

func (u *userAdd) password(c *console) (string, error) {
	if !u.PasswordStdin {
		return "", nil
	}
	line, err := bufio.NewReader(c.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", usageError{"no password came on standard input"}
	}
	return line, nil
}

type tokenCommand struct {
	Add tokenAdd `cmd:"" help:"Make an API token; it is printed once."`
}

// Help shows an example.
func (tokenCommand) Help() string { return tokenAdd{}.Help() }

type tokenAdd struct {
	Name  string   `required:"" help:"What it is for."`
	Scope []string `required:"" enum:"read,write,review,publish" help:"read, write, review or publish; repeatable."`
	Org   string   `required:"" help:"Slug of the organisation."`
	User  string   `help:"E-mail of the account for which it acts."`
}

// Help shows an example.
func (tokenAdd) Help() string {
	return "Example: guangyi token add --name import --scope read --scope write --org yunzhou-amr --user lin@yunzhou.example"
}

// Run makes the token and prints it as the last word.
func (t *tokenAdd) Run(c *console) error {
	return c.services(func(s *server.Services) error {
		o, err := s.Organisations.BySlug(c.ctx, t.Org)
		if err != nil {
			return fmt.Errorf("there is no organisation %q; make it with guangyi org add", t.Org)
		}
		scopes := make([]actor.Scope, 0, len(t.Scope))
		for _, v := range t.Scope {
			scopes = append(scopes, actor.Scope(v))
		}
		plain, err := s.Accounts.AddToken(c.ctx, actor.Console(), account.NewToken{
			Name: t.Name, Scopes: scopes, Organisation: o.ID, User: t.User,
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(c.Out, plain)
		return nil
	})
}

// services opens the whole domain for one command; on SQLite it migrates first.
func (c *console) services(work func(*server.Services) error) error {
	s, err := server.Open(c.ctx, *c.settings, server.LoggingTo(c.Err))
	if err != nil {
		return err
	}
	return errors.Join(work(s), s.Close())
}
