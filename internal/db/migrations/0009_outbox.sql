-- +goose Up
-- What a finished turn promised to the outside, in order per ticket. A row is written in the act that promises it.
CREATE TABLE promise(
  id         BIGINT PRIMARY KEY,
  ticket     BIGINT NOT NULL,
  turn       BIGINT NOT NULL,
  seq        BIGINT NOT NULL,
  app        TEXT   NOT NULL,
  kind       TEXT   NOT NULL,
  text       TEXT   NOT NULL,
  clause     TEXT   NOT NULL,
  state      TEXT   NOT NULL CHECK (state IN ('open','done','failed','waived','withdrawn')),
  made_by    BIGINT NOT NULL,
  made_at    BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  attempts   BIGINT NOT NULL DEFAULT 0,
  last_error TEXT   NOT NULL DEFAULT '',
  reference  TEXT   NOT NULL DEFAULT '',
  settled_by BIGINT NOT NULL DEFAULT 0,
  settled_at BIGINT NOT NULL DEFAULT 0,
  UNIQUE (turn, seq),
  -- waived needs its reason, and only what is settled has been settled by somebody
  CHECK (state <> 'waived' OR last_error <> ''),
  CHECK ((state IN ('open','failed')) = (settled_at = 0))
);
CREATE INDEX promise_open   ON promise(state, not_before, id);
CREATE INDEX promise_ticket ON promise(ticket, id);
CREATE INDEX promise_maker  ON promise(made_by, state, id);

-- +goose Down
DROP TABLE promise;
