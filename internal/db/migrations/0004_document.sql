-- +goose Up
-- Revisions of controlled documents. A revision never changes: its hash is kept beside its files (fn.5, doc.revision).
CREATE TABLE revision(
  document     TEXT   NOT NULL,
  revision     BIGINT NOT NULL CHECK (revision > 0),
  hash         TEXT   NOT NULL,
  effective_at BIGINT NOT NULL,
  files        TEXT   NOT NULL, -- JSON: path -> text of the file
  kept_at      BIGINT NOT NULL,
  PRIMARY KEY (document, revision)
);
-- Required reading at shift start, and who has read it.
CREATE TABLE notice(
  id        BIGINT PRIMARY KEY,
  title     TEXT   NOT NULL,
  body      TEXT   NOT NULL,
  clause    TEXT   NOT NULL DEFAULT '',
  posted_by BIGINT NOT NULL,
  posted_at BIGINT NOT NULL,
  until     BIGINT NOT NULL
);
CREATE INDEX notice_until ON notice(until, id);
CREATE TABLE receipt(
  notice  BIGINT NOT NULL,
  person  BIGINT NOT NULL,
  read_at BIGINT NOT NULL,
  PRIMARY KEY (notice, person)
);

-- +goose Down
DROP TABLE receipt;
DROP TABLE notice;
DROP TABLE revision;
