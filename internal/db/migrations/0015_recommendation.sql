-- +goose Up
-- SOP 5.2.1.f: what the leader said with the decision; the one who asked reads it. Who refuses must say why.
ALTER TABLE recommendation ADD COLUMN why TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE recommendation DROP COLUMN why;
