package knowledge_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"sapa/internal/db"
	"sapa/internal/db/dbtest"
	"sapa/internal/knowledge"
)

// many is a shelf of so many articles: the starter set's texts under other codes and with a word of their own.
func many(b testing.TB, s *db.DB, n int) {
	b.Helper()
	names, err := fs.Glob(knowledge.Starter, "articles/*.yaml")
	if err != nil {
		b.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for i := range n {
		base := strings.TrimPrefix(names[i%len(names)], "articles/")
		code := strings.TrimSuffix(base, ".yaml")
		own := fmt.Sprintf("%s-%d", code, i)
		text := strings.Replace(file(b, base), "code: "+code+"\n", "code: "+own+"\n", 1)
		text = strings.Replace(text, "words:", fmt.Sprintf("words: # %d\n ", i), 1)
		text = strings.Replace(text, `id: "`, fmt.Sprintf(`id: "kata%s `, letters(i)), 1)
		fsys["articles/"+own+".yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, fmt.Sprintf("words: # %d\n ", i), "words:", 1))}
	}
	if err := knowledge.Seed(context.Background(), s, fsys, known()); err != nil {
		b.Fatal(err)
	}
}

func letters(i int) string {
	w := ""
	for i++; i > 0; i /= 26 {
		w += string(rune('a' + i%26))
	}
	return w + "oxu"
}

// BenchmarkSearch is a search over 5,000 articles, and over the starter set, beside one bare look-up by key in the same store.
func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{32, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { searches(b, n) })
	}
}

func searches(b *testing.B, n int) {
	s, _ := dbtest.SQLite(b)
	many(b, s, n)
	ctx := context.Background()
	var code string
	if err := s.Read(ctx, func(tx *db.Tx) error { return tx.Row(`SELECT MAX(code) FROM knowledge_article`).Scan(&code) }); err != nil {
		b.Fatal(err)
	}
	b.Run("bare look-up", func(b *testing.B) {
		for b.Loop() {
			if err := s.Read(ctx, func(tx *db.Tx) error {
				var title string
				return tx.Row(`SELECT title_id FROM knowledge_article WHERE code = $1`, code).Scan(&title)
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, q := range []struct {
		name  string
		query knowledge.Query
	}{
		{"one word", knowledge.Query{Text: "los"}},
		{"three words", knowledge.Query{Text: "lampu los merah", Symptom: "los", Verdict: "unspec", Service: "internet"}},
		{"a slip", knowledge.Query{Text: "tagihn kemahalan"}},
		{"a note", knowledge.Query{Text: "Pelanggan melaporkan internet putus putus sejak kemarin malam, lampu los tidak menyala, sudah restart modem", Verdict: "spec", Guess: true}},
		{"symptom alone", knowledge.Query{Symptom: "lmb", Verdict: "spec"}},
	} {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				if err := s.Read(ctx, func(tx *db.Tx) error {
					hits, err := knowledge.Search(tx, q.query)
					if err == nil && len(hits) == 0 {
						err = fmt.Errorf("%+v finds nothing", q.query)
					}
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
