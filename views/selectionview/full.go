package selectionview

import (
	"fmt"

	"guangyi/views/components"
)

// FullAccess is the page that asks for a reference and a secret, or a witness's
// token.
type FullAccess struct {
	Slug      string
	Reference string
	Message   string // one for every fault: it tells nothing of what exists
	Errors    []components.FieldError
}

// derivation is what anybody can type into a shell to follow the hash.
func (v Draw) derivation() string {
	return fmt.Sprintf("printf 'guangyi-draw-1 index\\n%d\\n0\\n%s' | sha256sum", v.Selection.Panels, v.Selection.Seed)
}
