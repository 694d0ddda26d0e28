-- +goose Up
-- What a search looks for has a table of its own, written in batches after the act: kept as columns and indexes of the
-- ticket it took half of an import's time and a part of every claim and result.
/*pg: SET LOCAL statement_timeout = 0; */ -- a large site's tickets take longer than an act may
CREATE TABLE ticket_search(
  kind   SMALLINT NOT NULL CHECK (kind BETWEEN 1 AND 4), -- 1 service, 2 contact, 3 its digits backwards, 4 name in lower case
  key    TEXT /*pg: COLLATE "C"*/ NOT NULL,              -- byte by byte on both databases
  ticket BIGINT   NOT NULL,
  PRIMARY KEY (kind, key, ticket)
) /*lite: WITHOUT ROWID*/;
INSERT INTO ticket_search SELECT 1, service_no, id FROM ticket WHERE service_no <> '' ORDER BY 2, 3;
INSERT INTO ticket_search SELECT 2, contact, id FROM ticket WHERE contact <> '' ORDER BY 2, 3;
INSERT INTO ticket_search SELECT 3, contact_rev, id FROM ticket WHERE contact_rev <> '' ORDER BY 2, 3;
INSERT INTO ticket_search SELECT 4, name_key, id FROM ticket WHERE name_key <> '' ORDER BY 2, 3;

-- The tickets that are still to be written there, each with the number it has had till now.
CREATE TABLE ticket_unsearched(
  id     /*lite: INTEGER*/ /*pg: BIGINT*/ PRIMARY KEY, -- of a new ticket: its own
  ticket BIGINT NOT NULL,
  was    TEXT   NOT NULL DEFAULT ''
);

-- The one server that is writing there has this row (PostgreSQL, fill.go).
CREATE TABLE ticket_filler(id BIGINT PRIMARY KEY CHECK (id = 1));
INSERT INTO ticket_filler(id) VALUES (1);

/*pg:
DROP INDEX ticket_service;
DROP INDEX ticket_contact;
DROP INDEX ticket_suffix;
DROP INDEX ticket_name;
DROP INDEX ticket_opener;
ALTER TABLE ticket DROP COLUMN name_key;
ALTER TABLE ticket DROP COLUMN contact_rev;
*/
-- SQLite writes the table anew to drop a column, so it may as well be the better one. An INTEGER key is the row's own
-- number: a BIGINT has an index of its own beside it. IN with three values and more builds a table in memory at every
-- INSERT and UPDATE that checks it: those were a fifth of an import. ticket_list is PostgreSQL's: no query of ours can use
-- it on SQLite, which plans without the values.
/*lite:
CREATE TABLE ticket_anew(
  id            INTEGER  PRIMARY KEY,
  campaign      TEXT     NOT NULL,
  ref           TEXT     NOT NULL,
  state         TEXT     NOT NULL CHECK (state = 'waiting' OR state = 'claimed' OR state = 'parked' OR state = 'closed' OR state = 'void'),
  subject       TEXT     NOT NULL,
  customer      BIGINT   NOT NULL DEFAULT 0,
  service_no    TEXT     NOT NULL DEFAULT '',
  contact_name  TEXT     NOT NULL DEFAULT '',
  contact       TEXT     NOT NULL DEFAULT '',
  contacts      TEXT     NOT NULL,
  note          TEXT     NOT NULL DEFAULT '',
  criterion     TEXT     NOT NULL DEFAULT '',
  zone          TEXT     NOT NULL,
  source        TEXT     NOT NULL,
  fields        TEXT     NOT NULL,
  opened_at     BIGINT   NOT NULL,
  opened_by     BIGINT   NOT NULL,
  pool          TEXT     NOT NULL,
  rank          SMALLINT NOT NULL CHECK (rank BETWEEN 0 AND 2),
  order_at      BIGINT   NOT NULL,
  awake         SMALLINT NOT NULL CHECK (awake BETWEEN 0 AND 1),
  wake_at       BIGINT   NOT NULL DEFAULT 0,
  due_at        BIGINT   NOT NULL DEFAULT 0,
  raised_until  BIGINT   NOT NULL DEFAULT 0,
  owner         BIGINT   NOT NULL DEFAULT 0,
  owner_until   BIGINT   NOT NULL DEFAULT 0,
  leader        SMALLINT NOT NULL DEFAULT 0 CHECK (leader BETWEEN 0 AND 1),
  attempts      BIGINT   NOT NULL DEFAULT 0,
  outcome       TEXT     NOT NULL DEFAULT '',
  closed_reason TEXT     NOT NULL DEFAULT '' CHECK (closed_reason = '' OR closed_reason = 'done' OR closed_reason = 'junk' OR closed_reason = 'ended-by-system'),
  closed_at     BIGINT   NOT NULL DEFAULT 0,
  version       BIGINT   NOT NULL DEFAULT 1,
  changed_at    BIGINT   NOT NULL,
  CHECK ((state = 'closed') = (closed_reason <> '')),
  CHECK (awake = 0 OR (state = 'waiting' AND wake_at = 0 AND leader = 0)),
  CHECK (wake_at = 0 OR (state = 'waiting' AND rank <> 1)),
  CHECK (leader = 0 OR state = 'waiting')
);
INSERT INTO ticket_anew(id, campaign, ref, state, subject, customer, service_no, contact_name, contact, contacts, note, criterion, zone, source,
  fields, opened_at, opened_by, pool, rank, order_at, awake, wake_at, due_at, raised_until, owner, owner_until, leader, attempts, outcome,
  closed_reason, closed_at, version, changed_at)
SELECT id, campaign, ref, state, subject, customer, service_no, contact_name, contact, contacts, note, criterion, zone, source,
  fields, opened_at, opened_by, pool, rank, order_at, awake, wake_at, due_at, raised_until, owner, owner_until, leader, attempts, outcome,
  closed_reason, closed_at, version, changed_at FROM ticket ORDER BY id;
DROP TABLE ticket;
ALTER TABLE ticket_anew RENAME TO ticket;
CREATE UNIQUE INDEX ticket_ref     ON ticket(campaign, ref);
CREATE INDEX        ticket_claim   ON ticket(pool, rank, order_at, id) WHERE awake = 1;
CREATE INDEX        ticket_sleep   ON ticket(rank, wake_at, id) WHERE wake_at > 0;
CREATE INDEX        ticket_subject ON ticket(subject, id);
CREATE INDEX        ticket_owner   ON ticket(owner, due_at) WHERE owner > 0;
CREATE INDEX        ticket_leader  ON ticket(id) WHERE leader = 1;
CREATE INDEX        ticket_raised  ON ticket(raised_until) WHERE raised_until > 0;
*/
-- Only what a person opened is asked for by its opener; an import has none.
CREATE INDEX ticket_opener ON ticket(opened_by, opened_at) WHERE opened_by > 0;

-- +goose Down
DROP INDEX ticket_opener;
CREATE INDEX ticket_opener ON ticket(opened_by, opened_at);
ALTER TABLE ticket ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN contact_rev TEXT NOT NULL DEFAULT '';
UPDATE ticket SET name_key = s.key FROM ticket_search s WHERE s.kind = 4 AND s.ticket = ticket.id;
UPDATE ticket SET contact_rev = s.key FROM ticket_search s WHERE s.kind = 3 AND s.ticket = ticket.id;
CREATE INDEX ticket_service ON ticket(service_no /*pg: text_pattern_ops*/, id);
CREATE INDEX ticket_contact ON ticket(contact /*pg: text_pattern_ops*/, id);
CREATE INDEX ticket_suffix  ON ticket(contact_rev /*pg: text_pattern_ops*/, id);
CREATE INDEX ticket_name    ON ticket(name_key /*pg: text_pattern_ops*/, id);
/*lite: CREATE INDEX ticket_list ON ticket(campaign, state, id); */
DROP TABLE ticket_filler;
DROP TABLE ticket_unsearched;
DROP TABLE ticket_search;
