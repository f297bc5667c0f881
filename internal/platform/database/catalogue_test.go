package database_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"guangyi/internal/platform/database"
)

// table is what a schema says of one table, in words that both databases share.
type table struct {
	Columns     map[string]column
	Primary     []string
	Unique      []string // column lists
	Foreign     []string // "columns -> table (columns) on delete"
	Constraints []string // the names of unique, foreign and check constraints
	Indexes     map[string]string
}

type column struct {
	Kind     string
	Required bool
	Default  string
}

// schema reads the catalogue of an open database; goose's own table is left out.
func schema(t *testing.T, db *database.DB) map[string]table {
	t.Helper()
	c := catalogue{t: t, db: db.Writer()}
	tables := map[string]table{}
	if db.Dialect() == database.SQLite {
		for _, row := range c.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'") {
			tables[row[0]] = c.sqlite(row[0], row[1])
		}
		return tables
	}
	for _, row := range c.rows("SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'goose_%'") {
		tables[row[0]] = c.postgres(row[0])
	}
	return tables
}

type catalogue struct {
	t  *testing.T
	db *sql.DB
}

// rows reads every column as text, NULL as empty.
func (c catalogue) rows(query string, arguments ...any) [][]string {
	c.t.Helper()
	result, err := c.db.QueryContext(context.Background(), query, arguments...)
	if err != nil {
		c.t.Fatalf("%s: %v", query, err)
	}
	defer result.Close()
	names, err := result.Columns()
	if err != nil {
		c.t.Fatal(err)
	}
	var all [][]string
	for result.Next() {
		cells := make([]sql.NullString, len(names))
		targets := make([]any, len(names))
		for i := range cells {
			targets[i] = &cells[i]
		}
		if err := result.Scan(targets...); err != nil {
			c.t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, cell := range cells {
			row[i] = cell.String
		}
		all = append(all, row)
	}
	if err := result.Err(); err != nil {
		c.t.Fatal(err)
	}
	return all
}

var kinds = map[string]string{
	"bigint": "integer", "integer": "integer", "text": "text", "boolean": "boolean", "bytea": "bytes", "blob": "bytes",
	"timestamp with time zone": "instant", "timestamp": "instant", "double precision": "real", "real": "real", "date": "date",
}

func (c catalogue) kind(table, name, declared string) string {
	c.t.Helper()
	kind, ok := kinds[strings.ToLower(declared)]
	if !ok {
		c.t.Errorf("%s.%s has the type %q, which has no equal on the other database", table, name, declared)
	}
	return kind
}

func (c catalogue) postgres(name string) table {
	result := table{Columns: map[string]column{}, Indexes: map[string]string{}}
	for _, row := range c.rows(`SELECT a.attname, format_type(a.atttypid, NULL), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
		FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`, name) {
		result.Columns[row[0]] = column{c.kind(name, row[0], row[1]), row[2] == "true", plain(row[3])}
	}
	for _, row := range c.rows(`SELECT contype, conname, confrelid::regclass::text, confdeltype,
		(SELECT string_agg(attname, ',' ORDER BY n) FROM unnest(conkey) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = conrelid AND attnum = num),
		(SELECT string_agg(attname, ',' ORDER BY n) FROM unnest(confkey) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = confrelid AND attnum = num)
		FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'f', 'c')`, name) {
		switch row[0] {
		case "p":
			result.Primary = strings.Split(row[4], ",")
			continue
		case "u":
			result.Unique = append(result.Unique, row[4])
		case "f":
			rule := map[string]string{"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}[row[3]]
			result.Foreign = append(result.Foreign, fmt.Sprintf("%s -> %s (%s) %s", row[4], row[2], row[5], rule))
		}
		result.Constraints = append(result.Constraints, row[1])
	}
	for _, row := range c.rows(`SELECT relname, indisunique, pg_get_expr(indpred, indrelid),
		(SELECT string_agg(attname || CASE WHEN indoption[n - 1] & 1 = 1 THEN ' DESC' ELSE '' END, ',' ORDER BY n)
		   FROM unnest(indkey) WITH ORDINALITY k(num, n) JOIN pg_attribute ON attrelid = indrelid AND attnum = num)
		FROM pg_index JOIN pg_class i ON i.oid = indexrelid
		WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`, name) {
		result.Indexes[row[0]] = index(row[1] == "true", row[3], row[2])
	}
	return result.sorted()
}

var (
	namedConstraint = regexp.MustCompile(`(?i)CONSTRAINT\s+(\w+)\s+(UNIQUE|REFERENCES|FOREIGN|CHECK)`)
	predicate       = regexp.MustCompile(`(?is)\sWHERE\s+(.*)$`)
)

func (c catalogue) sqlite(name, statement string) table {
	result := table{Columns: map[string]column{}, Indexes: map[string]string{}}
	primary := map[string]string{}
	for _, row := range c.rows(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)`, name) {
		result.Columns[row[0]] = column{c.kind(name, row[0], row[1]), row[2] == "1", plain(row[3])}
		if row[4] != "0" {
			primary[row[4]] = row[0]
		}
	}
	for i := range len(primary) {
		result.Primary = append(result.Primary, primary[fmt.Sprint(i+1)])
	}
	for _, row := range c.rows(`SELECT group_concat("from", ','), "table", group_concat("to", ','), on_delete
		FROM (SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq) GROUP BY id`, name) {
		result.Foreign = append(result.Foreign, fmt.Sprintf("%s -> %s (%s) %s", row[0], row[1], row[2], row[3]))
	}
	for _, match := range namedConstraint.FindAllStringSubmatch(statement, -1) {
		result.Constraints = append(result.Constraints, match[1])
	}
	for _, row := range c.rows(`SELECT l.name, l."unique", l.origin, (SELECT sql FROM sqlite_master WHERE name = l.name),
		(SELECT group_concat(name || CASE "desc" WHEN 1 THEN ' DESC' ELSE '' END, ',') FROM (SELECT * FROM pragma_index_xinfo(l.name) WHERE key = 1 ORDER BY seqno))
		FROM pragma_index_list(?) l`, name) {
		switch row[2] {
		case "u":
			result.Unique = append(result.Unique, row[4])
		case "c":
			where := ""
			if match := predicate.FindStringSubmatch(row[3]); match != nil {
				where = match[1]
			}
			result.Indexes[row[0]] = index(row[1] == "1", row[4], where)
		}
	}
	return result.sorted()
}

func index(unique bool, columns, where string) string {
	text := columns
	if unique {
		text = "UNIQUE " + text
	}
	if where != "" {
		text += " WHERE " + plain(where)
	}
	return text
}

var casts = regexp.MustCompile(`::[a-z ]+`)

// plain takes casts, brackets and white space off an expression, which
// PostgreSQL rewrites and SQLite keeps as written.
func plain(expression string) string {
	return strings.NewReplacer("(", "", ")", "", " ", "", "\n", "").Replace(casts.ReplaceAllString(expression, ""))
}

func (t table) sorted() table {
	for _, list := range [][]string{t.Unique, t.Foreign, t.Constraints} {
		slices.Sort(list)
	}
	return t
}
