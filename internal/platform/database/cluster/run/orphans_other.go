//go:build !linux

package main

// adoptOrphans has no counterpart outside Linux.
func adoptOrphans() {}

// leftovers are not looked for outside Linux.
func leftovers() error { return nil }
