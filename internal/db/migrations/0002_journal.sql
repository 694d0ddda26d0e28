-- +goose Up
-- Who did what when. Rows are written plain in the act itself and never changed, except that the sealer adds the chain a
-- few seconds later: each seal covers the row and the seal before it. Ids and digests only, no personal text.
CREATE TABLE journal(
  id     BIGINT PRIMARY KEY,
  at     BIGINT NOT NULL,
  by_id  BIGINT NOT NULL,
  via    TEXT   NOT NULL,
  act    TEXT   NOT NULL,
  kind   TEXT   NOT NULL,
  ref    BIGINT NOT NULL,
  ticket BIGINT NOT NULL,
  data   TEXT   NOT NULL,
  seq    BIGINT NOT NULL DEFAULT 0, -- place in the chain; 0: not sealed yet
  seal   TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX journal_ticket ON journal(ticket, id);
CREATE INDEX journal_by     ON journal(by_id, id);
CREATE INDEX journal_unsealed ON journal(id) WHERE seq = 0;
CREATE UNIQUE INDEX journal_seq ON journal(seq) WHERE seq > 0;

-- +goose Down
DROP TABLE journal;
