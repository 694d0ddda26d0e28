-- +goose Up
-- Controlled copies and who holds them (doc.copy.*): one master at most; each holder says that a revision has arrived and was read.
CREATE TABLE controlled_copy(
  id       BIGINT PRIMARY KEY,
  document TEXT   NOT NULL,
  type     TEXT   NOT NULL CHECK (type IN ('MASTER', 'CONTROLLED')),
  holder   TEXT   NOT NULL CHECK (holder <> ''),
  made_at  BIGINT NOT NULL,
  made_by  BIGINT NOT NULL,
  ended_at BIGINT NOT NULL DEFAULT 0, -- taken back
  ended_by BIGINT NOT NULL DEFAULT 0,
  UNIQUE (id, document)
);
CREATE UNIQUE INDEX controlled_copy_master ON controlled_copy(document) WHERE type = 'MASTER' AND ended_at = 0;
CREATE UNIQUE INDEX controlled_copy_holder ON controlled_copy(document, type, holder) WHERE ended_at = 0;
CREATE TABLE acknowledgement(
  copy     BIGINT NOT NULL,
  document TEXT   NOT NULL,
  revision BIGINT NOT NULL,
  person   BIGINT NOT NULL CHECK (person > 0),
  name     TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (copy, revision),
  FOREIGN KEY (copy, document) REFERENCES controlled_copy(id, document),
  FOREIGN KEY (document, revision) REFERENCES revision(document, revision)
);
-- What a notice is about: its receipts are who has read that revision. 0: none.
ALTER TABLE notice ADD COLUMN document TEXT NOT NULL DEFAULT '';
ALTER TABLE notice ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE INDEX notice_revision ON notice(document, revision) WHERE revision > 0;

-- +goose Down
DROP INDEX notice_revision;
ALTER TABLE notice DROP COLUMN revision;
ALTER TABLE notice DROP COLUMN document;
DROP TABLE acknowledgement;
DROP TABLE controlled_copy;
