// Package procedures carries the controlled documents that seed a new store: data, not code (SOP fn.5).
package procedures

import "embed"

// FS holds one folder a document and revision: CODE/rev-NN.
//
//go:embed IN.OCC.TELK.W-18
var FS embed.FS

// Tests says which tests speak of which clause, collected by `sapa procedure index`.
//
//go:embed tests.json
var Tests []byte
