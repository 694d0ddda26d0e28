-- +goose Up
-- Every revision of an article, as it was written (SOP 5.2.9). One in force at most, one on its way at most; who puts a
-- revision in force is not who wrote it. 0 as author is the house: the set that comes with it is reviewed where sapa is made.
CREATE TABLE knowledge_revision(
  code        TEXT   NOT NULL CHECK (code <> ''),
  revision    BIGINT NOT NULL CHECK (revision > 0),
  state       TEXT   NOT NULL CHECK (state = 'draft' OR state = 'review' OR state = 'force' OR state = 'past'),
  text        TEXT   NOT NULL CHECK (text <> ''),
  hash        TEXT   NOT NULL,
  author      BIGINT NOT NULL,
  written_at  BIGINT NOT NULL,
  reviewer    BIGINT NOT NULL DEFAULT 0,
  reviewed_at BIGINT NOT NULL DEFAULT 0,
  reason      TEXT   NOT NULL DEFAULT '', -- why it was returned, or taken out of force
  PRIMARY KEY (code, revision),
  UNIQUE (code, revision, state),
  CHECK ((state = 'draft' OR state = 'review') = (reviewed_at = 0)),
  CHECK (reviewed_at = 0 OR author = 0 OR (reviewer > 0 AND reviewer <> author))
);
CREATE UNIQUE INDEX knowledge_in_force  ON knowledge_revision(code) WHERE state = 'force';
CREATE UNIQUE INDEX knowledge_on_its_way ON knowledge_revision(code) WHERE state = 'draft' OR state = 'review';

-- What stands on the shelf: the revisions in force, with what a list shows of them.
CREATE TABLE knowledge_article(
  code     TEXT   PRIMARY KEY,
  revision BIGINT NOT NULL,
  state    TEXT   NOT NULL DEFAULT 'force' CHECK (state = 'force'),
  title_id TEXT   NOT NULL,
  title_en TEXT   NOT NULL,
  about_id TEXT   NOT NULL,
  about_en TEXT   NOT NULL,
  services TEXT   NOT NULL, -- JSON
  symptoms TEXT   NOT NULL, -- JSON
  verdicts TEXT   NOT NULL, -- JSON
  FOREIGN KEY (code, revision, state) REFERENCES knowledge_revision(code, revision, state)
);

-- What a search looks in: the words of the articles in force, brought to their roots, and the marks symptom=, verdict=, service=.
CREATE TABLE knowledge_term(
  term   TEXT   NOT NULL,
  code   TEXT   NOT NULL REFERENCES knowledge_article(code),
  weight BIGINT NOT NULL CHECK (weight > 0),
  PRIMARY KEY (term, code)
) /*lite: WITHOUT ROWID*/;
CREATE INDEX knowledge_term_code ON knowledge_term(code);
-- Three letters of a word lead to the words that have them: for those typed wrongly.
CREATE TABLE knowledge_gram(
  gram TEXT NOT NULL,
  term TEXT NOT NULL,
  PRIMARY KEY (gram, term)
) /*lite: WITHOUT ROWID*/;

-- What was shown to whom during which turn, the steps that were done, and whether it worked.
CREATE TABLE knowledge_use(
  id         BIGINT   PRIMARY KEY,
  turn       BIGINT   NOT NULL,
  ticket     BIGINT   NOT NULL,
  person     BIGINT   NOT NULL,
  code       TEXT     NOT NULL,
  revision   BIGINT   NOT NULL,
  symptom    TEXT     NOT NULL,
  verdict    TEXT     NOT NULL,
  path       TEXT     NOT NULL, -- JSON: the steps that were done with their answers
  ended      TEXT     NOT NULL DEFAULT '',
  worked     SMALLINT CHECK (worked = 0 OR worked = 1),
  away       SMALLINT NOT NULL DEFAULT 0 CHECK (away = 0 OR away = 1), -- put away: no longer on the screen
  shown_at   BIGINT   NOT NULL,
  changed_at BIGINT   NOT NULL,
  UNIQUE (turn, code),
  FOREIGN KEY (code, revision) REFERENCES knowledge_revision(code, revision),
  CHECK ((ended = '') = (worked IS NULL))
);
CREATE INDEX knowledge_use_at ON knowledge_use(shown_at);
-- How often an article was shown, walked to an end, and worked. A row for each person, so that no two write one row.
CREATE TABLE knowledge_tally(
  code   TEXT   NOT NULL,
  person BIGINT NOT NULL,
  shown  BIGINT NOT NULL CHECK (shown >= 0),
  ended  BIGINT NOT NULL,
  worked BIGINT NOT NULL,
  PRIMARY KEY (code, person),
  CHECK (0 <= worked AND worked <= ended AND ended <= shown)
);

-- +goose Down
DROP TABLE knowledge_tally;
DROP TABLE knowledge_use;
DROP TABLE knowledge_gram;
DROP TABLE knowledge_term;
DROP TABLE knowledge_article;
DROP TABLE knowledge_revision;
