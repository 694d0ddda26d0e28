-- +goose Up
-- Who works here, what each may do, and how each shows who they are. Secrets are kept as hashes only: what stands here
-- opens no door.
CREATE TABLE team(
  id      BIGINT PRIMARY KEY,
  name    TEXT   NOT NULL UNIQUE,
  made_at BIGINT NOT NULL
);

CREATE TABLE person(
  id           BIGINT PRIMARY KEY,
  login        TEXT   NOT NULL UNIQUE,
  name         TEXT   NOT NULL,
  role         TEXT   NOT NULL CHECK (role IN ('tier1','agent','leader','quality','controller','checker','approver','admin','feed')),
  skill        TEXT   NOT NULL DEFAULT '',
  team         BIGINT NOT NULL DEFAULT 0,
  secret       TEXT   NOT NULL DEFAULT '',      -- argon2id; empty: no sign-in by password
  suspended_at BIGINT NOT NULL DEFAULT 0,
  made_at      BIGINT NOT NULL
);
CREATE INDEX person_team ON person(team);

-- That the one-time link for the first administrator was used. One row at most.
CREATE TABLE founder(
  only_one BIGINT PRIMARY KEY CHECK (only_one = 1),
  at       BIGINT NOT NULL
);

-- A sign-in at one browser. Idle and absolute limits are judged when it is used; seen_at moves when the person acts.
CREATE TABLE session(
  hash    TEXT   PRIMARY KEY,
  person  BIGINT NOT NULL,
  source  TEXT   NOT NULL,
  made_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  until   BIGINT NOT NULL
);
CREATE INDEX session_person ON session(person);

-- A machine acting as a person, never with more than that person's rights of the moment.
CREATE TABLE token(
  id      BIGINT PRIMARY KEY,
  hash    TEXT   NOT NULL UNIQUE,
  person  BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  until   BIGINT NOT NULL
);
CREATE INDEX token_person ON token(person);

-- Wrong passwords slow the next try down: per login and source, per login over all unknown sources (source '*'), and
-- per source over all logins (login '*'). Logins are digests, since people type passwords into the wrong box.
CREATE TABLE brake(
  login  TEXT   NOT NULL,
  source TEXT   NOT NULL,
  fails  BIGINT NOT NULL,
  at     BIGINT NOT NULL,
  until  BIGINT NOT NULL,
  PRIMARY KEY (login, source)
);
CREATE INDEX brake_at ON brake(at);

-- Where a person has signed in before: from there a right password works whatever strangers do elsewhere.
CREATE TABLE known_source(
  person BIGINT NOT NULL,
  source TEXT   NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (person, source)
);

-- The campaigns a leader gave an agent. No rows: every campaign whose desk is open.
CREATE TABLE mix(
  agent    BIGINT NOT NULL,
  campaign TEXT   NOT NULL,
  PRIMARY KEY (agent, campaign)
);

-- What a person on the floor is doing beside calls: ready, or away with a reason.
CREATE TABLE presence(
  person BIGINT PRIMARY KEY,
  state  TEXT   NOT NULL CHECK (state IN ('ready','break','prayer','meal','training','meeting')),
  since  BIGINT NOT NULL
);

-- +goose Down
DROP TABLE presence;
DROP TABLE mix;
DROP TABLE known_source;
DROP TABLE brake;
DROP TABLE token;
DROP TABLE session;
DROP TABLE founder;
DROP TABLE person;
DROP TABLE team;
