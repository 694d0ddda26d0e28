-- +goose Up
-- A customer's device (ONT, gateway) as it is on record: what an ACS knows it by and what was last heard of it.
CREATE TABLE device(
  service_no  TEXT   PRIMARY KEY,
  acs_id      TEXT   NOT NULL DEFAULT '', -- the ACS's own name of it
  maker       TEXT   NOT NULL DEFAULT '',
  model       TEXT   NOT NULL DEFAULT '',
  serial      TEXT   NOT NULL DEFAULT '',
  ssid        TEXT   NOT NULL DEFAULT '',
  informed_at BIGINT NOT NULL DEFAULT 0,  -- 0: never heard of
  changed_at  BIGINT NOT NULL
);

-- What somebody asked of a device. No password is here: only that one was set. Queued is not done: done has a word of the
-- ACS (its task) or of the person who did it by hand.
CREATE TABLE device_action(
  id         BIGINT PRIMARY KEY,
  service_no TEXT   NOT NULL REFERENCES device(service_no),
  kind       TEXT   NOT NULL CHECK (kind IN ('reboot','wifi','factory-reset')),
  state      TEXT   NOT NULL CHECK (state IN ('asked','queued','done','failed','expired')),
  by_hand    BIGINT NOT NULL CHECK (by_hand IN (0, 1)), -- 1: a person does it in the ACS
  ssid       TEXT   NOT NULL DEFAULT '', -- the new name of the Wi-Fi
  secret     BIGINT NOT NULL DEFAULT 0 CHECK (secret IN (0, 1)), -- 1: a new password was set
  ticket     BIGINT NOT NULL DEFAULT 0,
  task       TEXT   NOT NULL DEFAULT '', -- the ACS's name of it
  why        TEXT   NOT NULL DEFAULT '', -- of failed and expired: a phrase key's end, or the ACS's own words
  asked_at   BIGINT NOT NULL,
  asked_by   BIGINT NOT NULL,
  looked_at  BIGINT NOT NULL DEFAULT 0,
  settled_at BIGINT NOT NULL DEFAULT 0,
  settled_by BIGINT NOT NULL DEFAULT 0,
  CHECK ((kind = 'wifi') = (ssid <> '' OR secret = 1)),
  CHECK ((state IN ('done','failed','expired')) = (settled_at > 0)),
  CHECK (state <> 'asked' OR task = ''),
  CHECK (state <> 'queued' OR (task <> '' AND by_hand = 0)),
  CHECK (state <> 'done' OR task <> '' OR (by_hand = 1 AND settled_by <> 0)),
  CHECK (by_hand = 0 OR task = '')
);
-- One at a time for a device; the same index is what a turn of the house looks through.
CREATE UNIQUE INDEX device_action_open ON device_action(service_no) WHERE state IN ('asked','queued');
CREATE INDEX device_action_of ON device_action(service_no, id);

-- +goose Down
DROP TABLE device_action;
DROP TABLE device;
