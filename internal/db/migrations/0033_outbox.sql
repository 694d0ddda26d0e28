-- What this house is called in the marks it leaves outside: its first name, for ever. A house renamed later must know its own marks.

-- +goose Up
CREATE TABLE mark_name(
  id   BIGINT PRIMARY KEY CHECK (id = 1),
  name TEXT   NOT NULL CHECK (name <> '')
);

-- +goose Down
DROP TABLE mark_name;
