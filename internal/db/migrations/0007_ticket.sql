-- +goose Up
-- A care ticket: one row of one campaign. What it promises (due_at), when it sleeps (wake_at), who owns the promise.
-- The store itself refuses: a closed ticket without a reason, a sleeping or finished one in the claim index, a leader's
-- ticket in anybody's queue. That a claimed ticket has exactly one hold is kept by claim, release, settle and lapse,
-- each of which changes both in one transaction.
CREATE TABLE ticket(
  id            BIGINT   PRIMARY KEY,
  campaign      TEXT     NOT NULL,
  ref           TEXT     NOT NULL,
  state         TEXT     NOT NULL CHECK (state IN ('waiting','claimed','parked','closed','void')),
  subject       TEXT     NOT NULL, -- customer:ID | service:NO | phone:NO: one hold covers all its tickets
  customer      BIGINT   NOT NULL DEFAULT 0,
  service_no    TEXT     NOT NULL DEFAULT '',
  contact_name  TEXT     NOT NULL DEFAULT '',
  name_key      TEXT     NOT NULL DEFAULT '', -- lower case, for search
  contact       TEXT     NOT NULL DEFAULT '', -- the number to call first
  contact_rev   TEXT     NOT NULL DEFAULT '', -- its digits backwards: search by the last ones
  contacts      TEXT     NOT NULL,            -- JSON: all numbers, which are dead
  note          TEXT     NOT NULL DEFAULT '',
  criterion     TEXT     NOT NULL DEFAULT '',
  zone          TEXT     NOT NULL,
  source        TEXT     NOT NULL,
  fields        TEXT     NOT NULL,            -- JSON: what the campaign's source brought beside
  opened_at     BIGINT   NOT NULL,
  opened_by     BIGINT   NOT NULL,
  pool          TEXT     NOT NULL,            -- campaign@zone
  rank          SMALLINT NOT NULL CHECK (rank IN (0, 1, 2)), -- promise, raised, the rest (SOP 5.2.4, A-07)
  order_at      BIGINT   NOT NULL,
  awake         SMALLINT NOT NULL CHECK (awake IN (0, 1)),
  wake_at       BIGINT   NOT NULL DEFAULT 0,
  due_at        BIGINT   NOT NULL DEFAULT 0,
  raised_until  BIGINT   NOT NULL DEFAULT 0,
  owner         BIGINT   NOT NULL DEFAULT 0,
  owner_until   BIGINT   NOT NULL DEFAULT 0,
  leader        SMALLINT NOT NULL DEFAULT 0 CHECK (leader IN (0, 1)), -- tries used up: the leader decides (A-38)
  attempts      BIGINT   NOT NULL DEFAULT 0,
  outcome       TEXT     NOT NULL DEFAULT '',
  closed_reason TEXT     NOT NULL DEFAULT '' CHECK (closed_reason IN ('','done','junk','ended-by-system')),
  closed_at     BIGINT   NOT NULL DEFAULT 0,
  version       BIGINT   NOT NULL DEFAULT 1,
  changed_at    BIGINT   NOT NULL,
  CHECK ((state = 'closed') = (closed_reason <> '')),
  CHECK (awake = 0 OR (state = 'waiting' AND wake_at = 0 AND leader = 0)),
  CHECK (wake_at = 0 OR (state = 'waiting' AND rank <> 1)),
  CHECK (leader = 0 OR state = 'waiting')
);
CREATE UNIQUE INDEX ticket_ref     ON ticket(campaign, ref);
CREATE INDEX        ticket_claim   ON ticket(pool, rank, order_at, id) WHERE awake = 1;
CREATE INDEX        ticket_sleep   ON ticket(rank, wake_at, id) WHERE wake_at > 0;
CREATE INDEX        ticket_subject ON ticket(subject, id);
CREATE INDEX        ticket_service ON ticket(service_no /*pg: text_pattern_ops*/, id);
CREATE INDEX        ticket_contact ON ticket(contact /*pg: text_pattern_ops*/, id);
CREATE INDEX        ticket_suffix  ON ticket(contact_rev /*pg: text_pattern_ops*/, id);
CREATE INDEX        ticket_name    ON ticket(name_key /*pg: text_pattern_ops*/, id);
CREATE INDEX        ticket_list    ON ticket(campaign, state, id);
CREATE INDEX        ticket_owner   ON ticket(owner, due_at) WHERE owner > 0;
CREATE INDEX        ticket_opener  ON ticket(opened_by, opened_at);
CREATE INDEX        ticket_leader  ON ticket(id) WHERE leader = 1;
CREATE INDEX        ticket_raised  ON ticket(raised_until) WHERE raised_until > 0;

-- Which pools there are, so that a claim asks only for zones whose calling hours are open.
CREATE TABLE pool(pool TEXT PRIMARY KEY, campaign TEXT NOT NULL, zone TEXT NOT NULL);

-- The last number given out for refs made here: CB-20261123-00001.
CREATE TABLE ref_count(prefix TEXT PRIMARY KEY, n BIGINT NOT NULL);

-- Who holds what: one hold a subject, one an agent. Never truncate it (store.md, plan trap 3).
CREATE TABLE hold(
  subject TEXT   PRIMARY KEY,
  ticket  BIGINT NOT NULL UNIQUE,
  agent   BIGINT NOT NULL UNIQUE,
  token   TEXT   NOT NULL,
  until   BIGINT NOT NULL
) /*lite: WITHOUT ROWID*/ /*pg: WITH (fillfactor = 70, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0)*/;
CREATE INDEX hold_until ON hold(until);

-- The claim that is waking sleepers has this row; the others wait for it (PostgreSQL, wake.go).
CREATE TABLE waker(id BIGINT PRIMARY KEY CHECK (id = 1), at BIGINT NOT NULL);
INSERT INTO waker(id, at) VALUES (1, 0);

-- A turn is claim to finish; it owns attempts, answers and outcome, and is pinned to one revision.
CREATE TABLE turn(
  id          BIGINT PRIMARY KEY,
  ticket      BIGINT NOT NULL,
  subject     TEXT   NOT NULL,
  ref         TEXT   NOT NULL,
  agent       BIGINT NOT NULL,
  code        TEXT   NOT NULL,
  revision    BIGINT NOT NULL,
  hash        TEXT   NOT NULL,
  claimed_at  BIGINT NOT NULL,
  read_at     BIGINT NOT NULL DEFAULT 0,
  finished_at BIGINT NOT NULL DEFAULT 0, -- with an outcome
  ended_at    BIGINT NOT NULL DEFAULT 0, -- or given back without one
  answers     TEXT   NOT NULL,           -- JSON: the draft, then what was saved
  draft       BIGINT NOT NULL DEFAULT 1,
  carried     SMALLINT NOT NULL DEFAULT 0 CHECK (carried IN (0, 1)), -- draft and pin came from the turn before
  CHECK (finished_at = 0 OR ended_at = 0)
);
CREATE INDEX turn_ticket  ON turn(ticket, id);
CREATE INDEX turn_subject ON turn(subject, finished_at);
CREATE INDEX turn_agent   ON turn(agent, finished_at);

-- What a turn agreed, and what follows from it: closed, called again, or the leader decides - exactly one.
CREATE TABLE outcome(
  id            BIGINT PRIMARY KEY,
  turn          BIGINT NOT NULL,
  ticket        BIGINT NOT NULL,
  agent         BIGINT NOT NULL,
  campaign      TEXT   NOT NULL,
  code          TEXT   NOT NULL,
  means         TEXT   NOT NULL,
  at            BIGINT NOT NULL,
  follow        TEXT   NOT NULL CHECK (follow IN ('closed','again','leader')),
  closed_reason TEXT   NOT NULL DEFAULT '',
  again_at      BIGINT NOT NULL DEFAULT 0,
  before        TEXT   NOT NULL, -- JSON: the ticket before, for the undo
  version       BIGINT NOT NULL, -- the ticket's version after
  undone_at     BIGINT NOT NULL DEFAULT 0,
  CHECK ((follow = 'closed') = (closed_reason <> '')),
  CHECK ((follow = 'again') = (again_at > 0))
);
CREATE UNIQUE INDEX outcome_turn ON outcome(turn) WHERE undone_at = 0;
CREATE INDEX outcome_agent  ON outcome(agent, at);
CREATE INDEX outcome_ticket ON outcome(ticket, at);
CREATE INDEX outcome_at     ON outcome(at);

-- SOP 5.2.1.f: a leader's recommendation is there before the ticket is.
CREATE TABLE recommendation(
  id         BIGINT PRIMARY KEY,
  asked_by   BIGINT NOT NULL,
  asked_at   BIGINT NOT NULL,
  leader     BIGINT NOT NULL DEFAULT 0,
  state      TEXT   NOT NULL CHECK (state IN ('asked','granted','refused','used')),
  service_no TEXT   NOT NULL DEFAULT '',
  call_s     BIGINT NOT NULL CHECK (call_s >= 0),
  reason     TEXT   NOT NULL DEFAULT '',
  decided_at BIGINT NOT NULL DEFAULT 0,
  ticket     BIGINT NOT NULL DEFAULT 0,
  CHECK ((state = 'asked') = (leader = 0)),
  CHECK ((state = 'used') = (ticket > 0))
);
CREATE INDEX recommendation_state ON recommendation(state, id);
CREATE INDEX recommendation_asker ON recommendation(asked_by, id);
CREATE UNIQUE INDEX recommendation_ticket ON recommendation(ticket) WHERE ticket > 0;

-- +goose Down
DROP TABLE recommendation;
DROP TABLE outcome;
DROP TABLE turn;
DROP TABLE waker;
DROP TABLE hold;
DROP TABLE ref_count;
DROP TABLE pool;
DROP TABLE ticket;
