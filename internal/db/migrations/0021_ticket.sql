-- +goose Up
-- A parked ticket names the outage that parked it, and keeps what it goes back to: its sleep, or that the leader decides.
ALTER TABLE ticket ADD COLUMN parked_wake BIGINT NOT NULL DEFAULT 0 CHECK (parked_wake = 0 OR state = 'parked');
ALTER TABLE ticket ADD COLUMN parked_leader SMALLINT NOT NULL DEFAULT 0 CHECK (parked_leader = 0 OR (parked_leader = 1 AND state = 'parked' AND parked_wake = 0));
ALTER TABLE ticket ADD COLUMN outage BIGINT REFERENCES outage(id) CHECK ((state = 'parked') = (outage IS NOT NULL));
-- They are released by it, oldest first.
CREATE INDEX ticket_parked ON ticket(outage, opened_at, id) WHERE outage IS NOT NULL;

-- +goose Down
DROP INDEX ticket_parked;
ALTER TABLE ticket DROP COLUMN outage;
ALTER TABLE ticket DROP COLUMN parked_leader;
ALTER TABLE ticket DROP COLUMN parked_wake;
