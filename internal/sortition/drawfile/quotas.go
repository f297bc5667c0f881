package drawfile

import (
	"fmt"
	"strconv"
	"strings"

	"guangyi/internal/platform/sheet"
	"guangyi/internal/sortition"
)

// quotaFile is a file of quotas with its columns found.
type quotaFile struct {
	*table
	category, feature, low, high int
	lines                        map[[2]string]int
}

func readQuotas(path string) ([]sortition.Quota, error) {
	t, err := open(path)
	if err != nil {
		return nil, err
	}
	q := &quotaFile{table: t, lines: make(map[[2]string]int)}
	if err := q.find(); err != nil {
		t.rows.Close()
		return nil, err
	}
	var quotas []sortition.Quota
	err = t.each(func(row sheet.Row) error {
		quota, err := q.quota(row)
		quotas = append(quotas, quota)
		return err
	})
	if err == nil && len(quotas) == 0 {
		err = &Fault{File: t.name, Reason: "there is no quota in it"}
	}
	return quotas, err
}

// find tells the two shapes apart: where there is a column category, feature is
// its value; else feature is the category.
func (q *quotaFile) find() (err error) {
	if q.category, err = q.column("category"); err != nil {
		return err
	}
	if q.category >= 0 {
		q.feature, err = q.column("feature", "value", "name")
	} else if q.category, err = q.column("feature"); err == nil {
		q.feature, err = q.column("value")
	}
	if err != nil {
		return err
	}
	if q.category < 0 || q.feature < 0 {
		return &Fault{File: q.name, Line: 1, Reason: fmt.Sprintf("the columns must be category, feature, min, max or feature, value, min, max; they are %s", strings.Join(q.rows.Columns(), ", "))}
	}
	if q.low, err = q.need("min"); err != nil {
		return err
	}
	q.high, err = q.need("max")
	return err
}

func (q *quotaFile) quota(row sheet.Row) (quota sortition.Quota, err error) {
	quota.Category, quota.Feature = strings.TrimSpace(row.Values[q.category]), strings.TrimSpace(row.Values[q.feature])
	if quota.Category == "" {
		return quota, q.fault(row, q.category, "the category is missing")
	}
	if quota.Feature == "" {
		return quota, q.fault(row, q.feature, "the feature is missing")
	}
	if quota.Min, err = q.people(row, q.low); err != nil {
		return quota, err
	}
	if quota.Max, err = q.people(row, q.high); err != nil {
		return quota, err
	}
	if quota.Max < quota.Min {
		return quota, q.fault(row, q.high, "the most, %d, is below the least, %d", quota.Max, quota.Min)
	}
	key := [2]string{quota.Category, quota.Feature}
	if line, twice := q.lines[key]; twice {
		return quota, q.fault(row, q.feature, "%s, %s has a quota in line %d already", quota.Category, quota.Feature, line)
	}
	q.lines[key] = row.Line
	return quota, nil
}

const mostPeople = 1_000_000

func (q *quotaFile) people(row sheet.Row, column int) (int, error) {
	text := strings.TrimSpace(row.Values[column])
	n, err := strconv.Atoi(text)
	if f, failed := strconv.ParseFloat(text, 64); err != nil && failed == nil && f == float64(int(f)) {
		n, err = int(f), nil // spreadsheets like to write 9 as 9.0
	}
	if err != nil || n < 0 || n > mostPeople {
		return 0, q.fault(row, column, "%q is not a number of people", row.Values[column])
	}
	return n, nil
}
