// Package migrations embeds the schema, one folder a database; files of the same
// number do the same on both.
package migrations

import "embed"

// Files holds postgres/NNNN_name.sql and sqlite/NNNN_name.sql.
//
//go:embed postgres/*.sql sqlite/*.sql
var Files embed.FS
