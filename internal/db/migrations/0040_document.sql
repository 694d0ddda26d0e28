-- The records register of the work instruction (section 6): what is kept how long, by whom it is answered for. It starts empty, as the
-- signed table is. One rule a kind of thing of the house; 'other' are records that are kept elsewhere, as many as there are.
-- Legal holds keep things out of every purge. A purge is what a dry list found, asked for by one person and confirmed by another.

-- +goose Up
CREATE TABLE record_rule(
  id         BIGINT   PRIMARY KEY,
  kind       TEXT     NOT NULL CHECK (kind IN ('call-result', 'ticket', 'trouble', 'form', 'letter', 'contact', 'recording', 'journal', 'other')),
  name       TEXT     NOT NULL CHECK (name <> ''),
  basis      TEXT     NOT NULL CHECK (basis IN ('closed', 'service-ended', 'permanent')),
  amount     BIGINT   NOT NULL,
  unit       TEXT     NOT NULL CHECK (unit IN ('', 'days', 'months')),
  position   TEXT     NOT NULL CHECK (position <> ''),
  smm        SMALLINT NOT NULL CHECK (smm IN (0, 1)),
  clause     TEXT     NOT NULL CHECK (clause <> ''),
  invented   SMALLINT NOT NULL DEFAULT 0 CHECK (invented IN (0, 1)), -- of the practice floor
  version    BIGINT   NOT NULL CHECK (version >= 1),
  changed_by BIGINT   NOT NULL,
  changed_at BIGINT   NOT NULL,
  CHECK ((basis = 'permanent') = (unit = '')),
  CHECK ((unit = '' AND amount = 0) OR (unit = 'days' AND amount BETWEEN 30 AND 36500) OR (unit = 'months' AND amount BETWEEN 1 AND 1200)),
  CHECK (basis <> 'service-ended' OR kind IN ('call-result', 'ticket', 'trouble', 'other')),
  CHECK (kind <> 'journal' OR basis = 'permanent') -- a chain with a piece cut out proves nothing
);
CREATE UNIQUE INDEX record_rule_kind ON record_rule(kind) WHERE kind <> 'other';
CREATE UNIQUE INDEX record_rule_name ON record_rule(name);

CREATE TABLE record_rule_past(
  rule       BIGINT   NOT NULL,
  version    BIGINT   NOT NULL CHECK (version >= 1),
  kind       TEXT     NOT NULL,
  name       TEXT     NOT NULL,
  basis      TEXT     NOT NULL,
  amount     BIGINT   NOT NULL,
  unit       TEXT     NOT NULL,
  position   TEXT     NOT NULL,
  smm        SMALLINT NOT NULL,
  clause     TEXT     NOT NULL,
  changed_by BIGINT   NOT NULL,
  changed_at BIGINT   NOT NULL,
  PRIMARY KEY (rule, version)
);

-- version counts changes of the register: a dry list names the one it was drawn under. Whoever changes the register, places or lifts a
-- hold, or removes something, takes this row first, so that none of them comes between the other's look and deed.
CREATE TABLE record_gate(
  id      BIGINT PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL,
  passed  BIGINT NOT NULL
);
INSERT INTO record_gate(id, version, passed) VALUES (1, 0, 0);

CREATE TABLE legal_hold(
  id         BIGINT PRIMARY KEY,
  kind       TEXT   NOT NULL CHECK (kind IN ('customer', 'service', 'ticket', 'trouble')),
  ref        BIGINT NOT NULL DEFAULT 0,
  service_no TEXT   NOT NULL DEFAULT '',
  reason     TEXT   NOT NULL CHECK (reason <> ''),
  placed_by  BIGINT NOT NULL,
  placed_at  BIGINT NOT NULL CHECK (placed_at > 0),
  lifted_by  BIGINT NOT NULL DEFAULT 0,
  lifted_at  BIGINT NOT NULL DEFAULT 0,
  lifted_why TEXT   NOT NULL DEFAULT '',
  CHECK ((kind = 'service') = (service_no <> '')),
  CHECK ((kind = 'service') = (ref = 0)),
  CHECK ((lifted_at > 0) = (lifted_why <> '')),
  CHECK (lifted_by = 0 OR lifted_at > 0),
  CHECK (lifted_at = 0 OR lifted_at >= placed_at)
);
CREATE UNIQUE INDEX legal_hold_live ON legal_hold(kind, ref, service_no) WHERE lifted_at = 0;
CREATE INDEX        legal_hold_of   ON legal_hold(kind, ref, service_no);

CREATE TABLE purge(
  id           BIGINT PRIMARY KEY,
  state        TEXT   NOT NULL CHECK (state IN ('drawing', 'listed', 'asked', 'running', 'done', 'withdrawn', 'stopped')),
  register     BIGINT NOT NULL, -- version of the register it was drawn under
  made_by      BIGINT NOT NULL,
  made_at      BIGINT NOT NULL CHECK (made_at > 0), -- what became due, or free of a hold, later is not on it
  listed_at    BIGINT NOT NULL DEFAULT 0,
  digest       TEXT   NOT NULL DEFAULT '',
  asked_by     BIGINT NOT NULL DEFAULT 0,
  asked_at     BIGINT NOT NULL DEFAULT 0,
  confirmed_by BIGINT NOT NULL DEFAULT 0,
  confirmed_at BIGINT NOT NULL DEFAULT 0,
  ended_at     BIGINT NOT NULL DEFAULT 0,
  ended_by     BIGINT NOT NULL DEFAULT 0,
  CHECK ((listed_at > 0) = (digest <> '')),
  CHECK (state NOT IN ('listed', 'asked', 'running', 'done', 'stopped') OR listed_at > 0),
  CHECK ((asked_at > 0) = (asked_by > 0)),
  CHECK (state NOT IN ('asked', 'running', 'done', 'stopped') OR asked_at > 0),
  CHECK ((confirmed_at > 0) = (confirmed_by > 0)),
  CHECK ((confirmed_at > 0) = (state IN ('running', 'done', 'stopped'))),
  CHECK (confirmed_by = 0 OR (asked_by > 0 AND confirmed_by <> asked_by)), -- two people, never one
  CHECK ((ended_at > 0) = (state IN ('done', 'withdrawn', 'stopped')))
);
CREATE UNIQUE INDEX purge_one ON purge(state) WHERE state = 'running' OR state = 'drawing';

CREATE TABLE purge_step(
  purge         BIGINT   NOT NULL REFERENCES purge(id),
  place         BIGINT   NOT NULL, -- what leans on others goes first
  kind          TEXT     NOT NULL CHECK (kind IN ('letter', 'form', 'trouble', 'call-result', 'ticket', 'contact')),
  rule          BIGINT   NOT NULL DEFAULT 0, -- the register's row, 0: it has none
  rule_version  BIGINT   NOT NULL DEFAULT 0,
  cutoff        BIGINT   NOT NULL,           -- last touched before this; 0: nothing of the kind goes
  ended         SMALLINT NOT NULL CHECK (ended IN (0, 1)), -- 1: and its service has ended before it too
  due           BIGINT   NOT NULL DEFAULT 0, -- on the dry list
  kept          BIGINT   NOT NULL DEFAULT 0, -- old enough, and held back
  due_digest    TEXT     NOT NULL DEFAULT '',
  cursor        BIGINT   NOT NULL DEFAULT 0, -- looked at up to here
  over          SMALLINT NOT NULL DEFAULT 0 CHECK (over IN (0, 1)),
  removed       BIGINT   NOT NULL DEFAULT 0,
  gone_digest   TEXT     NOT NULL DEFAULT '',
  PRIMARY KEY (purge, kind),
  UNIQUE (purge, place),
  CHECK (removed >= 0 AND removed <= due),
  CHECK (cutoff >= 0),
  CHECK ((rule > 0) OR (cutoff = 0))
);

CREATE INDEX booking_of_ref ON booking(ref) WHERE ref <> ''; -- let go ones too: their second contact goes with the trouble ticket

-- +goose Down
DROP INDEX booking_of_ref;
DROP TABLE purge_step;
DROP TABLE purge;
DROP TABLE legal_hold;
DROP TABLE record_gate;
DROP TABLE record_rule_past;
DROP TABLE record_rule;
