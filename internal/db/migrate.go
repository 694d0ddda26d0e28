package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up. Migrations go forward only and never change once shipped.
func (d *DB) migrate(ctx context.Context) error {
	texts, err := rewritten(d.postgres)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.postgres {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, d.write, texts, goose.WithDisableGlobalRegistry(true))
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// rewritten gives the migrations as the database in use reads them.
func rewritten(postgres bool) (fs.FS, error) {
	out := fstest.MapFS{}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		out[name[len("migrations/"):]] = &fstest.MapFile{Data: []byte(Rewrite(string(text), postgres))}
	}
	return out, nil
}
