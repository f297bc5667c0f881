package registerview

import _ "embed" // the script

// Script checks a register with Python and OpenSSL; it is shown and served.
//
//go:embed check.py
var Script string
