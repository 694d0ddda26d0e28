-- +goose Up
-- Two people at once: who changes one of these rules names the version that was read (0 is the house's own), and what was in
-- force before stays, as with the rule of a line.
ALTER TABLE isolir_rule ADD COLUMN version BIGINT NOT NULL DEFAULT 0 CHECK (version >= 0);
CREATE TABLE isolir_rule_past( -- of customer
  version    BIGINT PRIMARY KEY CHECK (version >= 0),
  grace_days BIGINT NOT NULL CHECK (grace_days BETWEEN 0 AND 365),
  changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL,
  CHECK (version = 0 OR changed_by <> 0)
);
INSERT INTO isolir_rule_past(version, grace_days, changed_at, changed_by) SELECT version, grace_days, changed_at, changed_by FROM isolir_rule;

ALTER TABLE outage_rule ADD COLUMN version BIGINT NOT NULL DEFAULT 0 CHECK (version >= 0);
CREATE TABLE outage_rule_past(
  version       BIGINT   PRIMARY KEY CHECK (version >= 0),
  verify        SMALLINT NOT NULL CHECK (verify IN (0, 1)),
  after_minutes BIGINT   NOT NULL CHECK (after_minutes BETWEEN 0 AND 10080),
  changed_at    BIGINT   NOT NULL,
  changed_by    BIGINT   NOT NULL,
  CHECK (version = 0 OR changed_by <> 0)
);
INSERT INTO outage_rule_past(version, verify, after_minutes, changed_at, changed_by) SELECT version, verify, after_minutes, changed_at, changed_by FROM outage_rule;

-- Two people at once, again: who edits a package names the version that was read.
ALTER TABLE package ADD COLUMN version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1);

-- Requests to register are looked for by the telephone of whoever asked, over or not.
CREATE INDEX registration_phone ON registration(phone, id);

-- +goose Down
DROP INDEX registration_phone;
ALTER TABLE package DROP COLUMN version;
DROP TABLE outage_rule_past;
ALTER TABLE outage_rule DROP COLUMN version;
DROP TABLE isolir_rule_past;
ALTER TABLE isolir_rule DROP COLUMN version;
