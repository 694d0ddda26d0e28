-- +goose Up
-- One customer, one call: a turn that goes along with another turn's call. The attempts stay the leading turn's own rows -
-- one dialled number is one row, whatever is settled by it - and this turn's call is that one's. A row is there while the
-- turn is open or once it has an outcome; who puts the ticket back takes the row away.
CREATE TABLE along(
  turn    BIGINT   PRIMARY KEY REFERENCES turn(id),
  lead    BIGINT   NOT NULL REFERENCES turn(id),   -- the turn of the held ticket
  ticket  BIGINT   NOT NULL REFERENCES ticket(id),
  wake_at BIGINT   NOT NULL DEFAULT 0 CHECK (wake_at >= 0), -- what the ticket goes back to: its sleep,
  leader  SMALLINT NOT NULL DEFAULT 0 CHECK (leader IN (0, 1)), -- or that the leader decides
  CHECK (turn <> lead),
  CHECK (leader = 0 OR wake_at = 0)
);
CREATE UNIQUE INDEX along_lead ON along(lead, ticket); -- a ticket once a call
CREATE INDEX along_ticket ON along(ticket);

-- +goose Down
DROP TABLE along;
