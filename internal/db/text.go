package db

import (
	"strings"
	"sync"
)

// text gives a query as the database in use reads it: SQLite gets ?n for $n (its $n is a name there and may be swapped
// silently), and fragments /*pg: ... */ and /*lite: ... */ are kept for one and dropped for the other.
func (d *DB) text(query string) string {
	if known, ok := d.texts().Load(query); ok {
		return known.(string)
	}
	out := Rewrite(query, d.postgres)
	d.texts().Store(query, out)
	return out
}

var liteTexts, postgresTexts sync.Map // query -> rewritten: a handful of constants, so it does not grow

func (d *DB) texts() *sync.Map {
	if d.postgres {
		return &postgresTexts
	}
	return &liteTexts
}

// Rewrite is the rewriting itself: for migrations and tests too.
func Rewrite(query string, postgres bool) string {
	var b strings.Builder
	for i := 0; i < len(query); {
		rest := query[i:]
		switch {
		case strings.HasPrefix(rest, "/*pg:"), strings.HasPrefix(rest, "/*lite:"):
			end := strings.Index(rest, "*/")
			if end < 0 {
				b.WriteString(rest)
				return b.String()
			}
			colon := strings.IndexByte(rest, ':')
			if (rest[2:colon] == "pg") == postgres {
				b.WriteString(rest[colon+1 : end])
			}
			i += end + 2
		case strings.HasPrefix(rest, "--"): // an apostrophe in a remark begins no text
			end := strings.IndexByte(rest, '\n')
			if end < 0 {
				b.WriteString(rest)
				return b.String()
			}
			b.WriteString(rest[:end])
			i += end
		case rest[0] == '\'':
			end := strings.IndexByte(rest[1:], '\'')
			if end < 0 {
				b.WriteString(rest)
				return b.String()
			}
			b.WriteString(rest[:end+2])
			i += end + 2
		case rest[0] == '$' && !postgres && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
			b.WriteByte('?')
			i++
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	return b.String()
}
