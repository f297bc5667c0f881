package main

import (
	"fmt"
	"os"

	"guangyi/internal/platform/actor"
	"guangyi/internal/platform/config"
	"guangyi/internal/platform/database"
	"guangyi/internal/register"
)

type registerCommand struct {
	Key    registerKey    `cmd:"" help:"Print the public keys, or make a new private one."`
	Rotate registerRotate `cmd:"" help:"Change the key; the old and the new one sign the handover."`
}

// Help shows an example.
func (registerCommand) Help() string { return "Example: guangyi register key" }

type registerKey struct {
	New bool `help:"Print a new private key instead, for GUANGYI_REGISTER_KEY or for rotate --to; nothing else changes."`
	SM2 bool `name:"sm2" help:"With --new: add an SM2 key, whose signature stands beside the Ed25519 one."`

	Origin string `placeholder:"NAME" help:"With --new: the log's name; otherwise that of the log in the database, and for a new one the host of --base-url followed by /log."`
}

// Help shows an example.
func (registerKey) Help() string {
	return `Example: guangyi register key
Prints the verifier keys of all that ever signed, the current one first: publish them where the site is not.

Example: (umask 077; guangyi register key --new --sm2 > register.key)`
}

// Run prints keys.
func (k *registerKey) Run(c *console) error {
	if (k.SM2 || k.Origin != "") && !k.New {
		return usageError{"--sm2 and --origin are for --new: the keys that have signed are printed whole"}
	}
	if k.New {
		return k.make(c)
	}
	return c.register(func(s *register.Service) error {
		rows, err := s.KeyRows(c.ctx)
		for _, r := range rows {
			fmt.Fprintln(c.Out, r.Verifier)
			if r.Second != "" {
				fmt.Fprintln(c.Out, r.Second)
			}
		}
		return err
	})
}

// make prints a private key.
func (k *registerKey) make(c *console) error {
	origin, err := k.origin(c)
	if err != nil {
		return err
	}
	key, err := register.NewKey(origin, k.SM2)
	if err != nil {
		return err
	}
	fmt.Fprint(c.Out, key.Text())
	fmt.Fprintf(c.Err, "Keep this key secret. It signs %s; its public part is %s\n", origin, key.Verifier())
	return nil
}

// origin is the name for a new key: as asked for, that of the log that is there,
// or the one that a new log would get.
func (k *registerKey) origin(c *console) (string, error) {
	if k.Origin != "" {
		return k.Origin, nil
	}
	fresh := register.OriginOf(c.settings.BaseURL)
	if _, err := os.Stat(c.settings.DatabaseTarget()); c.settings.Database == "" && err != nil {
		return fresh, nil // a new log's key may be made before everything else
	}
	named := ""
	err := c.schema(func(db *database.DB) (err error) {
		if err = current(c, db); err == nil {
			named, err = register.Origin(c.ctx, db)
		}
		return err
	})
	if named == "" {
		named = fresh
	}
	return named, err
}

type registerRotate struct {
	To  string `placeholder:"FILE" help:"File of the new private key, as register key --new prints it; without it a new key is made in the data folder."`
	SM2 bool   `name:"sm2" help:"Add an SM2 key to the new key that is made."`
}

// Help shows an example.
func (registerRotate) Help() string {
	return `Example: guangyi register rotate
A server over the same data folder goes on with the new key by itself; on other nodes put a copy of keys/register.key.

Example: guangyi register rotate --to register.key`
}

// Run changes the key and prints the handover, which both keys have signed.
func (r *registerRotate) Run(c *console) error {
	if r.To != "" && r.SM2 {
		return usageError{"--sm2 is for a key that is made; the file of --to holds all of its keys"}
	}
	var next *register.Key
	if r.To != "" {
		var err error
		if next, err = register.ReadKey(r.To); err != nil {
			return err
		}
	}
	return c.register(func(s *register.Service) error {
		handover, err := s.Rotate(c.ctx, actor.Console(), next, r.SM2)
		if err != nil {
			return err
		}
		fmt.Fprint(c.Out, handover.Note)
		if c.settings.RegisterKey != "" {
			fmt.Fprintf(c.Err, "Now set GUANGYI_REGISTER_KEY to %s on every node and restart; until then nothing is signed.\n", r.To)
		}
		return nil
	})
}

// register opens the log that the settings name.
func (c *console) register(work func(*register.Service) error) error {
	return c.schema(func(db *database.DB) error {
		if err := current(c, db); err != nil {
			return err
		}
		s, err := register.New(c.ctx, db, registerOptions(c.settings))
		if err != nil {
			return err
		}
		return work(s)
	})
}

// registerOptions are what the settings say of the log.
func registerOptions(s *config.Settings) register.Options {
	return register.Options{Folder: s.Data, Key: s.RegisterKey, Origin: register.OriginOf(s.BaseURL)}
}

// current brings the embedded schema up and refuses another that is older.
func current(c *console, db *database.DB) error {
	if db.Dialect() == database.SQLite {
		_, err := db.MigrateUp(c.ctx)
		return err
	}
	return db.Current(c.ctx)
}
