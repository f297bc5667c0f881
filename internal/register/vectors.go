package register

import _ "embed" // the vectors

// Vectors are examples of all that the log's format holds, as JSON: leaves with
// their hashes and roots, proofs, signed checkpoints. A checker that agrees with
// them reads the log rightly.
//
//go:embed testdata/vectors.json
var Vectors []byte
