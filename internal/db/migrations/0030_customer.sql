-- +goose Up
-- A service that its outside says has ended stays on record; 0: in use, as far as is known.
ALTER TABLE service ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0 CHECK (ended_at >= 0);

-- When an outside system was last asked about somebody, when it last answered, and how it went: the age of what is shown, and
-- whether it is asked again. Subject is c and the customer's id, or s and the service number of whom nobody here knows.
CREATE TABLE reading(
  subject     TEXT   NOT NULL CHECK (subject LIKE 'c%' OR subject LIKE 's%'),
  source      TEXT   NOT NULL CHECK (source <> ''),      -- the connector
  application TEXT   NOT NULL CHECK (application <> ''), -- of 5.1
  asked_at    BIGINT NOT NULL CHECK (asked_at > 0),
  read_at     BIGINT NOT NULL DEFAULT 0,                 -- 0: it has never answered
  outcome     TEXT   NOT NULL CHECK (outcome <> ''),     -- read, nobody, other, or what went wrong
  doubts      BIGINT NOT NULL DEFAULT 0 CHECK (doubts >= 0), -- things it said that were not kept
  PRIMARY KEY (subject, source),
  CHECK (read_at BETWEEN 0 AND asked_at),
  CHECK (outcome NOT IN ('read', 'nobody', 'other') OR read_at = asked_at)
) /*lite: WITHOUT ROWID*/;

-- A trouble ticket of the other side, as it was last told there (SOP 5.2.10.check). It is nobody's to move here.
CREATE TABLE outside_report(
  source      TEXT     NOT NULL CHECK (source <> ''),
  no          TEXT     NOT NULL CHECK (no <> ''),
  application TEXT     NOT NULL CHECK (application <> ''),
  service_no  TEXT     NOT NULL CHECK (service_no <> ''),
  state       TEXT     NOT NULL, -- in the other side's word
  open        SMALLINT NOT NULL CHECK (open IN (0, 1)),
  subject     TEXT     NOT NULL DEFAULT '',
  own_no      TEXT     NOT NULL DEFAULT '', -- the number here of a ticket that was opened there from here
  opened_at   BIGINT   NOT NULL DEFAULT 0,
  seen_at     BIGINT   NOT NULL CHECK (seen_at > 0),
  PRIMARY KEY (source, no)
) /*lite: WITHOUT ROWID*/;
CREATE INDEX outside_report_service ON outside_report(service_no, open);

-- The number of the order that an outside order system gave to a request (SOP 2.c).
ALTER TABLE registration ADD COLUMN outside_no TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE registration DROP COLUMN outside_no;
DROP TABLE outside_report;
DROP TABLE reading;
ALTER TABLE service DROP COLUMN ended_at;
