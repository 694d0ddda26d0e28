-- +goose Up
-- A mass outage (gamas): declared in one act, recovered in one. What follows in turns - parking, then children and release -
-- is its phase. A draft is a list of services that is still being written: it holds nobody yet.
CREATE TABLE outage(
  id           BIGINT   PRIMARY KEY,
  asked        TEXT     NOT NULL UNIQUE, -- who asked with which key: asking again declares nothing anew
  state        TEXT     NOT NULL CHECK (state IN ('draft', 'declared', 'recovered')),
  phase        TEXT     NOT NULL CHECK (phase IN ('', 'parking', 'parked', 'releasing', 'released')),
  reason       TEXT     NOT NULL CHECK (reason <> ''),
  estimate_at  BIGINT   NOT NULL DEFAULT 0, -- 0: nobody knows yet
  services     BIGINT   NOT NULL CHECK (services >= 0),
  parent       BIGINT   REFERENCES trouble(id),
  verify       SMALLINT NOT NULL DEFAULT 0 CHECK (verify IN (0, 1)),
  declared_at  BIGINT   NOT NULL DEFAULT 0,
  declared_by  BIGINT   NOT NULL,
  recovered_at BIGINT   NOT NULL DEFAULT 0,
  recovered_by BIGINT   NOT NULL DEFAULT 0,
  released     BIGINT   NOT NULL DEFAULT 0 CHECK (released >= 0),
  completed    BIGINT   NOT NULL DEFAULT 0 CHECK (completed >= 0),
  verifying    BIGINT   NOT NULL DEFAULT 0 CHECK (verifying >= 0),
  CHECK ((state = 'draft') = (declared_at = 0)),
  CHECK ((state = 'draft') = (parent IS NULL)),
  CHECK ((state = 'recovered') = (recovered_at > 0)),
  CHECK ((state = 'draft' AND phase = '') OR (state = 'declared' AND phase IN ('parking', 'parked')) OR (state = 'recovered' AND phase IN ('releasing', 'released'))),
  CHECK (recovered_at = 0 OR recovered_at >= declared_at)
);
CREATE INDEX outage_live ON outage(id) WHERE state = 'declared';
CREATE INDEX outage_todo ON outage(id) WHERE phase = 'parking' OR phase = 'releasing';
CREATE UNIQUE INDEX outage_parent ON outage(parent) WHERE parent IS NOT NULL;

-- What it is declared over. The values of the kinds never look alike: MLG, ODC-BTU-FX, ODP-BTU-FX/08, GPON03-D5-SMP-2, digits.
CREATE TABLE outage_scope(
  value  TEXT   NOT NULL CHECK (value <> ''),
  kind   TEXT   NOT NULL CHECK (kind IN ('service', 'odp', 'odc', 'olt', 'sto')),
  outage BIGINT NOT NULL REFERENCES outage(id),
  PRIMARY KEY (value, kind, outage)
) /*lite: WITHOUT ROWID*/;
CREATE INDEX outage_scope_of ON outage_scope(outage, kind, value);

-- Which declared outage a service stands in, asked by service_no only: claim, open, finish and desk all ask here.
-- CROSS JOIN keeps SQLite to this order: the few declared ones, the one line, its place.
CREATE VIEW outage_of AS
  SELECT s.value AS service_no, s.outage AS outage
    FROM outage o CROSS JOIN outage_scope s
   WHERE o.state = 'declared' AND s.outage = o.id AND s.kind = 'service'
  UNION ALL
  SELECT l.service_no, s.outage
    FROM outage o CROSS JOIN line l CROSS JOIN outage_scope s
   WHERE o.state = 'declared' AND s.outage = o.id AND s.kind = 'sto' AND s.value = l.sto
  UNION ALL
  SELECT l.service_no, s.outage
    FROM outage o CROSS JOIN line l CROSS JOIN outage_scope s
   WHERE o.state = 'declared' AND s.outage = o.id AND s.kind = 'odc' AND s.value = l.odc
  UNION ALL
  SELECT l.service_no, s.outage
    FROM outage o CROSS JOIN line l CROSS JOIN outage_scope s
   WHERE o.state = 'declared' AND s.outage = o.id AND s.kind = 'odp' AND s.value = l.odp
  UNION ALL
  SELECT l.service_no, s.outage
    FROM outage o CROSS JOIN line l CROSS JOIN outage_scope s
   WHERE o.state = 'declared' AND s.outage = o.id AND s.kind = 'olt' AND s.value = l.olt;

-- Whether customers who reported are called once it is over, and after how long an outage: one row, editable.
CREATE TABLE outage_rule(
  id           BIGINT   PRIMARY KEY CHECK (id = 1),
  verify       SMALLINT NOT NULL CHECK (verify IN (0, 1)),
  after_minutes BIGINT  NOT NULL CHECK (after_minutes BETWEEN 0 AND 10080),
  changed_at   BIGINT   NOT NULL,
  changed_by   BIGINT   NOT NULL
);
INSERT INTO outage_rule(id, verify, after_minutes, changed_at, changed_by) VALUES (1, 1, 0, 0, 0);

-- +goose Down
DROP TABLE outage_rule;
DROP VIEW outage_of;
DROP TABLE outage_scope;
DROP TABLE outage;
