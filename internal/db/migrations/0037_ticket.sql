-- A turn that was moved from its revision to a later one on purpose: what its pin and its answers were, who moved it and when.
-- A turn is moved once from each revision, and only forward.

-- +goose Up
CREATE TABLE turn_move(
  id            BIGINT PRIMARY KEY,
  turn          BIGINT NOT NULL REFERENCES turn(id),
  from_revision BIGINT NOT NULL,
  from_hash     TEXT   NOT NULL,
  to_revision   BIGINT NOT NULL,
  to_hash       TEXT   NOT NULL,
  answers       TEXT   NOT NULL, -- JSON: as they were under the revision it came from
  by_id         BIGINT NOT NULL, -- 0: the house
  at            BIGINT NOT NULL,
  UNIQUE (turn, from_revision),
  CHECK (to_revision > from_revision),
  CHECK (from_hash <> to_hash)
);

-- +goose Down
DROP TABLE turn_move;
