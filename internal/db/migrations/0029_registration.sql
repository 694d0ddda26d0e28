-- +goose Up
-- What a customer can register for. A site keeps its own list; money is whole rupiah.
CREATE TABLE package(
  code    TEXT     PRIMARY KEY CHECK (code <> ''),
  name    TEXT     NOT NULL CHECK (name <> ''),
  price   BIGINT   NOT NULL CHECK (price >= 0), -- a month
  offered SMALLINT NOT NULL CHECK (offered IN (0, 1)),
  changed_at BIGINT NOT NULL
);

-- Ports of a distribution point: in use, or kept for an order that is not installed yet. Never more than there are.
CREATE TABLE odp(
  name       TEXT   PRIMARY KEY,
  sto        TEXT   NOT NULL,
  ports      BIGINT NOT NULL CHECK (ports BETWEEN 1 AND 512),
  used       BIGINT NOT NULL CHECK (used >= 0),
  kept       BIGINT NOT NULL DEFAULT 0 CHECK (kept >= 0),
  changed_at BIGINT NOT NULL,
  CHECK (used + kept <= ports)
);
CREATE INDEX odp_sto ON odp(sto, name);

-- A request to register for a product (SOP 2.c, A-05). Whoever asks need not be a customer yet.
CREATE TABLE registration(
  id         BIGINT PRIMARY KEY,
  no         TEXT   NOT NULL UNIQUE CHECK (no LIKE 'SC%'),
  state      TEXT   NOT NULL CHECK (state IN ('waiting', 'ordered', 'installed', 'cancelled')),
  customer   BIGINT REFERENCES customer(id), -- NULL: a prospect
  ticket     BIGINT REFERENCES ticket(id),   -- during whose call it was asked; NULL: none
  name       TEXT   NOT NULL CHECK (name <> ''),
  phone      TEXT   NOT NULL CHECK (phone <> ''),
  email      TEXT   NOT NULL DEFAULT '',
  address    TEXT   NOT NULL CHECK (address <> ''),
  city       TEXT   NOT NULL DEFAULT '',
  package    TEXT   NOT NULL REFERENCES package(code),
  price      BIGINT NOT NULL, -- as it was told to the customer
  sto        TEXT   NOT NULL,
  odp        TEXT   REFERENCES odp(name), -- whose port is kept or in use
  note       TEXT   NOT NULL DEFAULT '',
  made_at    BIGINT NOT NULL,
  made_by    BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  version    BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1),
  CHECK ((odp IS NOT NULL) = (state IN ('ordered', 'installed')))
);
-- One request for one package at one address of one telephone at a time.
CREATE UNIQUE INDEX registration_open  ON registration(phone, package, address) WHERE state IN ('waiting', 'ordered');
CREATE INDEX        registration_state ON registration(state, id);
CREATE INDEX        registration_customer ON registration(customer, id) WHERE customer IS NOT NULL;
CREATE INDEX        registration_ticket ON registration(ticket) WHERE ticket IS NOT NULL;

-- What may become of one; a move that is not here cannot be kept.
CREATE TABLE registration_step(
  was    TEXT NOT NULL,
  move   TEXT NOT NULL,
  became TEXT NOT NULL,
  PRIMARY KEY (was, move, became)
);
INSERT INTO registration_step(was, move, became) VALUES
  ('',        'request', 'ordered'),
  ('',        'request', 'waiting'),
  ('waiting', 'order',   'ordered'),
  ('ordered', 'install', 'installed'),
  ('ordered', 'cancel',  'cancelled'),
  ('waiting', 'cancel',  'cancelled');
CREATE TABLE registration_move(
  registration BIGINT NOT NULL REFERENCES registration(id),
  seq          BIGINT NOT NULL CHECK (seq >= 1),
  was          TEXT   NOT NULL,
  move         TEXT   NOT NULL,
  became       TEXT   NOT NULL,
  note         TEXT   NOT NULL DEFAULT '',
  by_id        BIGINT NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (registration, seq),
  FOREIGN KEY (was, move, became) REFERENCES registration_step(was, move, became)
);

CREATE TABLE registration_number(id BIGINT PRIMARY KEY CHECK (id = 1), n BIGINT NOT NULL);
INSERT INTO registration_number(id, n) VALUES (1, 100000000);

-- +goose Down
DROP TABLE registration_number;
DROP TABLE registration_move;
DROP TABLE registration_step;
DROP TABLE registration;
DROP TABLE odp;
DROP TABLE package;
