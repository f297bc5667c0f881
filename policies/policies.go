// Package policies embeds what casbin asks: the model, who inherits from whom,
// and one file of permissions for each capability.
package policies

import "embed"

// Files holds model.conf, roles.csv and <capability>.csv.
//
//go:embed model.conf *.csv
var Files embed.FS
