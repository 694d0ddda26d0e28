-- +goose Up
-- One row per attempt to reach a number: what the line said and for how long. Facts only; what was agreed is an outcome.
CREATE TABLE attempt(
  id          BIGINT PRIMARY KEY,
  turn        BIGINT NOT NULL,
  ticket      BIGINT NOT NULL,
  agent       BIGINT NOT NULL,
  number      TEXT   NOT NULL,
  dialler     TEXT   NOT NULL,
  line        TEXT   NOT NULL DEFAULT '' CHECK (line IN ('','answered','no-answer','rejected','busy','machine','silence','bad-number','unregistered','failed','unknown')),
  dialled_at  BIGINT NOT NULL,
  answered_at BIGINT NOT NULL DEFAULT 0,
  ended_at    BIGINT NOT NULL DEFAULT 0,
  ring_s      BIGINT NOT NULL DEFAULT 0 CHECK (ring_s >= 0),
  talk_s      BIGINT NOT NULL DEFAULT 0 CHECK (talk_s >= 0),
  -- an attempt that is over has a line, and nobody talks on a line that nobody and nothing picked up
  CHECK (ended_at = 0 OR line <> ''),
  CHECK (talk_s = 0 OR line IN ('answered','machine','silence'))
);
CREATE INDEX attempt_turn   ON attempt(turn, dialled_at);
CREATE INDEX attempt_ticket ON attempt(ticket, dialled_at);
CREATE INDEX attempt_agent  ON attempt(agent, dialled_at);
-- one live call an agent (SOP 5.2.5: the agent calls one customer)
CREATE UNIQUE INDEX attempt_live ON attempt(agent) WHERE ended_at = 0;

-- +goose Down
DROP TABLE attempt;
