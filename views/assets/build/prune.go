package main

import (
	"regexp"
	"strings"
)

// unused names the variants of govuk-frontend's components that no page of ours
// has. Their rules would be a tenth of the style sheet.
var unused = regexp.MustCompile(`\.govuk-(?:tag|label-wrapper|label--|summary-card|frontend-supported|visually-hidden-focusable|fieldset__(?:heading|legend--)|input__(?:prefix|suffix|wrapper)|input--(?:extra|width-(?:2|3|4|30)\b)|error-summary__body|summary-list__actions-list|[a-z-]+--(?:inverse|small|collapse-on-mobile|no-border)|[a-z-]+__(?:conditional|divider)|summary-list__row--no-border)`)

var negation = regexp.MustCompile(`:not\([^()]*\)`)

// prune drops the rules of unused variants from a style sheet as Sass writes it.
func prune(css string) string {
	var out strings.Builder
	for css != "" {
		open := strings.IndexByte(css, '{')
		if open < 0 {
			out.WriteString(css)
			break
		}
		// What stands before the selector (comments, @charset, @import) is kept.
		start := strings.LastIndexAny(css[:open], ";/") + 1
		out.WriteString(css[:start])
		end := open + closing(css[open:])
		out.WriteString(pruneRule(css[start:open], css[open+1:end]))
		css = css[end+1:]
	}
	return out.String()
}

func pruneRule(selector, body string) string {
	if strings.HasPrefix(strings.TrimSpace(selector), "@") {
		if !strings.Contains(body, "{") {
			return selector + "{" + body + "}"
		}
		if body = prune(body); strings.TrimSpace(body) == "" {
			return ""
		}
		return selector + "{" + body + "}"
	}
	var kept []string
	for _, one := range strings.Split(selector, ",") {
		if !unused.MatchString(negation.ReplaceAllString(one, "")) {
			kept = append(kept, one)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return strings.Join(kept, ",") + "{" + body + "}"
}

// closing is the place of the brace that closes the one at the beginning.
func closing(css string) int {
	depth := 0
	for i, c := range css {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(css) - 1
}
