// Package tmf holds the TM Forum specifications that the connectors are written against, as TM Forum publishes them (Apache-2.0, the
// licence beside them), so that tests hold both sides against the same text. Nothing here is sapa's own.
package tmf

import "embed"

// Files are the specifications, NAME-vN.swagger.json.
//
//go:embed *.swagger.json
var Files embed.FS
