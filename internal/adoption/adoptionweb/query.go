package adoptionweb

import (
	"net/url"
	"strings"
)

// withQuery sets one value in the query of an address.
func withQuery(address, key, value string) string {
	path, query, _ := strings.Cut(address, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		values = url.Values{}
	}
	values.Set(key, value)
	return path + "?" + values.Encode()
}
