// Package views embeds what pages are made of besides their templates.
package views

import "embed"

// Locales holds the catalogues, locales/<tag>/<capability>.json.
//
//go:embed locales
var Locales embed.FS
