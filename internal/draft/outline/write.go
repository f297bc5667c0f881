package outline

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the outline as an indented tree, for people.
func WriteText(w io.Writer, o Outline) error {
	if o.Title != "" {
		if _, err := fmt.Fprintf(w, "%s\n\n", o.Title); err != nil {
			return err
		}
	}
	depth := map[string]int{}
	for _, p := range o.Provisions {
		n := 0
		if p.Parent != "" {
			n = depth[p.Parent] + 1
		}
		depth[p.Key] = n
		words := strings.Join(strings.Fields(strings.Join([]string{p.Number, p.Heading, p.Text}, " ")), " ")
		if _, err := fmt.Fprintf(w, "%s[%s] %s  %s\n", strings.Repeat("  ", n), p.Key, p.Kind, words); err != nil {
			return err
		}
	}
	for _, l := range o.LeftOut {
		if _, err := fmt.Fprintf(w, "- %d (%s) %s\n", l.Line, l.Why, l.Text); err != nil {
			return err
		}
	}
	return nil
}
