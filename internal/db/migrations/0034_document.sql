-- A revision in the making: the files of the one it was begun from, changed until three people have signed what they say (footnote 5).
-- One a document at a time. Its number is above every one that was kept, recalled ones too.

-- +goose Up
CREATE TABLE draft(
  document     TEXT   PRIMARY KEY,
  revision     BIGINT NOT NULL CHECK (revision > 1),
  based_on     BIGINT NOT NULL CHECK (based_on > 0 AND based_on < revision),
  files        TEXT   NOT NULL,           -- JSON: name within the revision -> text; may hold mistakes, a draft is work
  version      BIGINT NOT NULL,           -- counts what was saved: a stale save is refused
  effective_at BIGINT NOT NULL DEFAULT 0, -- 0: not said yet
  begun_by     BIGINT NOT NULL,
  begun_at     BIGINT NOT NULL,
  changed_by   BIGINT NOT NULL,
  changed_at   BIGINT NOT NULL
);

-- +goose Down
DROP TABLE draft;
