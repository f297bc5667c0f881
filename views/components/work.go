package components

// Proof is what the field for the answer to a task needs: the answer so far, and
// the address of the script that looks for one.
type Proof struct {
	Answer string
	Worker string
	Last   bool // this form is the last step: it may wait for the answer
}

// TrapName is the trap field's. It says nothing that a browser could fill in.
const TrapName = "note_extra"
