-- What people say about a draft, clause by clause, and what its files were before each change, so that the last one can be taken back.
-- Both hang on the draft's own beginning: a draft that was discarded and begun again has neither.

-- +goose Up
CREATE TABLE draft_comment(
  id         BIGINT PRIMARY KEY,
  document   TEXT   NOT NULL,
  draft_at   BIGINT NOT NULL,             -- when the draft was begun
  clause     TEXT   NOT NULL CHECK (clause <> ''),
  text       TEXT   NOT NULL CHECK (text <> ''),
  said_by    BIGINT NOT NULL,
  said_at    BIGINT NOT NULL,
  settled_by BIGINT NOT NULL DEFAULT 0,   -- 0: open
  settled_at BIGINT NOT NULL DEFAULT 0,
  CHECK ((settled_by = 0) = (settled_at = 0))
);
CREATE INDEX draft_comment_of ON draft_comment(document, draft_at, id);

CREATE TABLE draft_past(
  document TEXT   NOT NULL,
  draft_at BIGINT NOT NULL,
  n        BIGINT NOT NULL CHECK (n > 0), -- the higher, the later
  version  BIGINT NOT NULL,               -- that the draft had after the change; another one now: somebody saved since
  files    TEXT   NOT NULL,               -- JSON, as in draft: only the files that the change touched; null: it was not there
  PRIMARY KEY (document, draft_at, n)
);

-- +goose Down
DROP TABLE draft_past;
DROP TABLE draft_comment;
