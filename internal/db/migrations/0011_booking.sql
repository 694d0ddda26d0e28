-- +goose Up
-- A window of one exchange (STO) in which so many technicians can come. taken counts the bookings that are held or
-- confirmed; it changes by guarded updates only, in the act that changes the booking (SOP 5.2.10.s.schedule).
CREATE TABLE slot(
  id       BIGINT PRIMARY KEY,
  sto      TEXT   NOT NULL,
  from_at  BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  zone     TEXT   NOT NULL,
  capacity BIGINT NOT NULL,
  taken    BIGINT NOT NULL DEFAULT 0,
  UNIQUE (sto, from_at, until_at),
  CHECK (until_at > from_at),
  CHECK (0 <= taken AND taken <= capacity)
) /*pg: WITH (fillfactor = 70)*/;

-- A place in a slot: held while the customer decides, then confirmed for a trouble number, or let go, or lapsed.
CREATE TABLE booking(
  id             BIGINT PRIMARY KEY,
  slot           BIGINT NOT NULL REFERENCES slot(id),
  ref            TEXT   NOT NULL DEFAULT '',
  made_by        BIGINT NOT NULL,
  made_at        BIGINT NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('held','confirmed','released','lapsed')),
  until          BIGINT NOT NULL,           -- of the hold
  moves          BIGINT NOT NULL DEFAULT 0 CHECK (moves BETWEEN 0 AND 2),
  crew           TEXT   NOT NULL DEFAULT '',
  second_contact TEXT   NOT NULL DEFAULT '',
  reason         TEXT   NOT NULL DEFAULT '', -- why it was let go
  changed_at     BIGINT NOT NULL,
  CHECK (state <> 'confirmed' OR ref <> ''),
  CHECK (state = 'confirmed' OR state = 'released' OR ref = ''),
  CHECK (moves = 0 OR ref <> '')
);
CREATE UNIQUE INDEX booking_ref  ON booking(ref) WHERE state = 'confirmed';
CREATE UNIQUE INDEX booking_held ON booking(made_by) WHERE state = 'held';
CREATE INDEX        booking_slot ON booking(slot, state, until);
CREATE INDEX        booking_lapse ON booking(until) WHERE state = 'held';

-- +goose Down
DROP TABLE booking;
DROP TABLE slot;
