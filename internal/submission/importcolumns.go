package submission

import "slices"

// ImportFields are what a column of a table may hold, in the order in which a
// person thinks of them. Only text is needed.
var ImportFields = []string{"text", "proposed_text", "provision", "name", "kind", "region", "email", "phone", "received_at", "language",
	"origin_number", "id"}

// ProposeColumns says by their names which columns of a table hold which fields.
func ProposeColumns(header []string) Columns {
	r := reading{}
	r.find(header)
	return r.columns
}

// ImportChannels are the channels on which a table's rows can have come: not those
// by which people send here themselves.
func ImportChannels(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(c string) bool { return c == Web || c == API || c == "meeting" })
}
