// Package policies embeds what casbin asks: the model, who inherits from whom,
// and one file of permissions for each capability; and the procedure profiles
// with the calendars they count by.
package policies

import "embed"

// Files holds model.conf, roles.csv and <capability>.csv.
//
//go:embed model.conf *.csv
var Files embed.FS

// Procedures holds procedures/<profile>.yaml and procedures/<calendar>/<year>.json.
//
//go:embed procedures/*.yaml procedures/*/*.json
var Procedures embed.FS
