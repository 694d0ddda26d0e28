-- +goose Up
-- One round of signatures over one content: prepared, reviewed, approved, in this order, by three different people, each in the
-- role that may. A round that ends without approval stays as what it was; one that was approved never ends (footnote 5).
CREATE TABLE signoff(
  id            BIGINT PRIMARY KEY,
  document      TEXT   NOT NULL,
  revision      BIGINT NOT NULL CHECK (revision > 1),
  hash          TEXT   NOT NULL CHECK (hash <> ''),    -- of the book
  content       TEXT   NOT NULL CHECK (content <> ''), -- digest of hash, document, revision and effective moment: what each signs
  version       BIGINT NOT NULL CHECK (version > 0),   -- of the draft
  effective_at  BIGINT NOT NULL CHECK (effective_at >= 0), -- 0: as soon as approved
  prepared_by   BIGINT NOT NULL CHECK (prepared_by > 0),
  prepared_name TEXT   NOT NULL,
  prepared_role TEXT   NOT NULL CHECK (prepared_role = 'controller'),
  prepared_at   BIGINT NOT NULL CHECK (prepared_at > 0),
  reviewed_by   BIGINT NOT NULL DEFAULT 0,
  reviewed_name TEXT   NOT NULL DEFAULT '',
  reviewed_role TEXT   NOT NULL DEFAULT '',
  reviewed_at   BIGINT NOT NULL DEFAULT 0,
  approved_by   BIGINT NOT NULL DEFAULT 0,
  approved_name TEXT   NOT NULL DEFAULT '',
  approved_role TEXT   NOT NULL DEFAULT '',
  approved_at   BIGINT NOT NULL DEFAULT 0,
  ended_at      BIGINT NOT NULL DEFAULT 0, -- its signatures count for nothing since
  ended_by      BIGINT NOT NULL DEFAULT 0,
  ended_how     TEXT   NOT NULL DEFAULT '' CHECK (ended_how IN ('', 'changed', 'withdrawn', 'returned', 'discarded')),
  reason        TEXT   NOT NULL DEFAULT '',
  CHECK ((reviewed_by = 0 AND reviewed_at = 0 AND reviewed_role = '')
      OR (reviewed_by > 0 AND reviewed_by <> prepared_by AND reviewed_at >= prepared_at AND reviewed_role = 'checker')),
  CHECK ((approved_by = 0 AND approved_at = 0 AND approved_role = '')
      OR (approved_by > 0 AND reviewed_by > 0 AND approved_by <> prepared_by AND approved_by <> reviewed_by
          AND approved_at >= reviewed_at AND approved_role = 'approver')),
  CHECK ((ended_at = 0) = (ended_how = '')),
  CHECK (ended_at = 0 OR (approved_at = 0 AND ended_at >= prepared_at)),
  CHECK (ended_how NOT IN ('withdrawn', 'returned') OR reason <> ''),
  UNIQUE (id, document, revision, hash, approved_at)
);
CREATE UNIQUE INDEX signoff_open     ON signoff(document) WHERE ended_at = 0 AND approved_at = 0;
CREATE UNIQUE INDEX signoff_approved ON signoff(document, revision) WHERE approved_at > 0;
CREATE INDEX        signoff_of       ON signoff(document, revision, id);

-- A revision is of paper, shipped with the binary as it was signed there, or it has its approved round over its own hash. It is in
-- force from a moment that is not before the approval, until a later one is or it is recalled; its number is never used again.
ALTER TABLE revision RENAME TO revision_paper;
CREATE TABLE revision(
  document      TEXT   NOT NULL,
  revision      BIGINT NOT NULL CHECK (revision > 0),
  hash          TEXT   NOT NULL,
  effective_at  BIGINT NOT NULL,
  kept_at       BIGINT NOT NULL,
  origin        TEXT   NOT NULL CHECK (origin IN ('paper', 'signed')),
  signoff       BIGINT,
  approved_at   BIGINT,
  recalled_at   BIGINT NOT NULL DEFAULT 0,
  recalled_by   BIGINT NOT NULL DEFAULT 0,
  recalled_name TEXT   NOT NULL DEFAULT '',
  recall_reason TEXT   NOT NULL DEFAULT '',
  files         TEXT   NOT NULL, -- JSON: path -> text of the file; last, for SQLite reads through it to whatever follows
  PRIMARY KEY (document, revision),
  FOREIGN KEY (signoff, document, revision, hash, approved_at) REFERENCES signoff(id, document, revision, hash, approved_at),
  CHECK ((origin = 'paper' AND signoff IS NULL AND approved_at IS NULL)
      OR (origin = 'signed' AND signoff IS NOT NULL AND approved_at IS NOT NULL AND approved_at > 0 AND effective_at >= approved_at)),
  CHECK ((recalled_at = 0 AND recalled_by = 0 AND recall_reason = '') OR (recalled_at >= kept_at AND recalled_by > 0 AND recall_reason <> ''))
);
INSERT INTO revision(document, revision, hash, effective_at, files, kept_at, origin)
SELECT document, revision, hash, effective_at, files, kept_at, 'paper' FROM revision_paper;
DROP TABLE revision_paper;
-- Every claim reads these and nothing else of a revision.
CREATE INDEX revision_state ON revision(document, revision, hash, origin, approved_at, effective_at, recalled_at);

-- +goose Down
DELETE FROM revision WHERE origin = 'signed';
ALTER TABLE revision RENAME TO revision_signed;
CREATE TABLE revision(
  document     TEXT   NOT NULL,
  revision     BIGINT NOT NULL CHECK (revision > 0),
  hash         TEXT   NOT NULL,
  effective_at BIGINT NOT NULL,
  files        TEXT   NOT NULL,
  kept_at      BIGINT NOT NULL,
  PRIMARY KEY (document, revision)
);
INSERT INTO revision SELECT document, revision, hash, effective_at, files, kept_at FROM revision_signed;
DROP TABLE revision_signed;
DROP TABLE signoff;
