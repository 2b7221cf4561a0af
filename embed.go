// Package kompas carries the look of the site inside the program: a folder or commit
// that holds content/ alone is enough to build from.
package kompas

import "embed"

// Look holds layouts/, assets/ and config.toml as they were when the program was built.
//
//go:embed all:layouts all:assets config.toml
var Look embed.FS
