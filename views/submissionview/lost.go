package submissionview

// Lost is the form of who has lost the secret of a receipt.
type Lost struct {
	Contact string
	Fault   string
	Sent    bool // a letter goes out, if there is anything to open
}
