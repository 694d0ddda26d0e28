-- +goose Up
-- The answer kept with each act that came with a key (Idempotency-Key), so that asking again does not act again.
CREATE TABLE answered(
  actor  BIGINT NOT NULL,
  key    TEXT   NOT NULL,
  digest /*pg:BYTEA*//*lite:BLOB*/ NOT NULL,
  status BIGINT NOT NULL,
  body   /*pg:BYTEA*//*lite:BLOB*/ NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (actor, key)
);
CREATE INDEX answered_at ON answered(at);
-- One row written to find out whether anything can be written.
CREATE TABLE pulse(id BIGINT PRIMARY KEY, at BIGINT NOT NULL);

-- +goose Down
DROP TABLE pulse;
DROP TABLE answered;
