-- +goose Up
/*pg: SET LOCAL statement_timeout = 0; */ -- a large site's customers take longer than an act may
-- What I-Siska knows beside the name: the customer's own number (NCLI) and segment (domain 2.1, 3.4), and what billing says
-- about isolir: told at, and blocked or not. Never told is 0.
ALTER TABLE customer ADD COLUMN ncli TEXT NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN segment TEXT NOT NULL DEFAULT 'DCS'
  CHECK (segment IN ('DCS','PL-TSEL','DES','DBS','DGS','DPS','DSS','RBS','REG','DWS'));
ALTER TABLE customer ADD COLUMN isolir_at BIGINT NOT NULL DEFAULT 0 CHECK (isolir_at >= 0);
ALTER TABLE customer ADD COLUMN isolir SMALLINT NOT NULL DEFAULT 0 CHECK (isolir = 0 OR (isolir = 1 AND isolir_at > 0));
CREATE UNIQUE INDEX customer_ncli ON customer(ncli) WHERE ncli <> '';

-- The numbers a customer can be reached at (CP), each with its validity: since when it is known to be dead, how, by whom it
-- was learned and in which ticket's attempt. Its key begins with the number: whose it is, is asked more often than what
-- numbers somebody has.
CREATE TABLE customer_contact(
  phone        TEXT   NOT NULL CHECK (phone <> ''),
  customer     BIGINT NOT NULL REFERENCES customer(id),
  id           BIGINT NOT NULL,                    -- names the contact where its number may not stand
  name         TEXT   NOT NULL DEFAULT '',
  relation     TEXT   NOT NULL DEFAULT '',
  place        BIGINT NOT NULL CHECK (place >= 0), -- which is offered first among those that live
  dead_at      BIGINT NOT NULL DEFAULT 0 CHECK (dead_at >= 0),
  dead_how     TEXT   NOT NULL DEFAULT '' CHECK (dead_how IN ('','unreachable','unregistered','wrong-number','told')),
  dead_by      BIGINT NOT NULL DEFAULT 0,          -- a person; 0: the house or a list
  dead_ticket  BIGINT NOT NULL DEFAULT 0,
  dead_attempt BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (phone, customer),
  CHECK ((dead_at > 0) = (dead_how <> '')),
  CHECK (dead_by = 0 OR dead_at > 0),
  CHECK (dead_ticket = 0 OR dead_at > 0),
  CHECK (dead_attempt = 0 OR dead_ticket > 0),
  CHECK (dead_how <> 'told' OR dead_attempt = 0)   -- what was told was not tried
) /*lite: WITHOUT ROWID*/;
CREATE INDEX customer_contact_of ON customer_contact(customer, place);
INSERT INTO customer_contact(phone, customer, id, place) SELECT phone, id, id, 0 FROM customer WHERE phone <> '';
DROP INDEX customer_phone; -- a number is looked for among all contacts now

-- Every word of a name, in lower case, for the search by name; byte by byte on both databases.
CREATE TABLE customer_word(
  word     TEXT /*pg: COLLATE "C"*/ NOT NULL,
  customer BIGINT NOT NULL REFERENCES customer(id),
  PRIMARY KEY (word, customer)
) /*lite: WITHOUT ROWID*/;
CREATE INDEX customer_word_of ON customer_word(customer);
/*pg:
INSERT INTO customer_word(word, customer)
SELECT DISTINCT w, id FROM (SELECT id, unnest(string_to_array(lower(name), ' ')) AS w FROM customer) x WHERE w <> '';
*/
/*lite:
INSERT INTO customer_word(word, customer)
WITH RECURSIVE cut(id, w, rest) AS (
  SELECT id, '', lower(name) || ' ' FROM customer
  UNION ALL
  SELECT id, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM cut WHERE rest <> ''
)
SELECT DISTINCT w, id FROM cut WHERE w <> '';
*/

-- A bill of one period (E-payment, domain 2.2), in rupiah. It is paid when nothing is left of it, and only then.
CREATE TABLE bill(
  id         BIGINT PRIMARY KEY,
  customer   BIGINT NOT NULL REFERENCES customer(id),
  service_no TEXT   NOT NULL,
  period     TEXT   NOT NULL CHECK (length(period) = 7), -- 2026-11
  amount     BIGINT NOT NULL CHECK (amount > 0),
  paid       BIGINT NOT NULL DEFAULT 0,
  due_at     BIGINT NOT NULL CHECK (due_at > 0),
  paid_at    BIGINT NOT NULL DEFAULT 0,
  CHECK (paid >= 0 AND paid <= amount),
  CHECK ((paid = amount) = (paid_at > 0))
);
CREATE UNIQUE INDEX bill_period ON bill(customer, service_no, period);

-- What was paid on a bill, in parts or at once: when, where, and the payment's own number.
CREATE TABLE payment(
  bill    BIGINT NOT NULL REFERENCES bill(id),
  ref     TEXT   NOT NULL CHECK (ref <> ''),
  amount  BIGINT NOT NULL CHECK (amount > 0),
  paid_at BIGINT NOT NULL CHECK (paid_at > 0),
  place   TEXT   NOT NULL DEFAULT '',
  PRIMARY KEY (bill, ref)
);

-- When an unpaid bill becomes a warning: one row, editable. Not of the SOP; ours until the site says otherwise.
CREATE TABLE isolir_rule(
  id         BIGINT PRIMARY KEY CHECK (id = 1),
  grace_days BIGINT NOT NULL CHECK (grace_days BETWEEN 0 AND 365),
  changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL
);
INSERT INTO isolir_rule(id, grace_days, changed_at, changed_by) VALUES (1, 3, 0, 0);

-- An order (Starclick, domain 2.3): new installation, change, move.
CREATE TABLE sales_order(
  no         TEXT   PRIMARY KEY CHECK (no LIKE 'SC%' AND length(no) BETWEEN 10 AND 11),
  customer   BIGINT NOT NULL REFERENCES customer(id),
  service_no TEXT   NOT NULL DEFAULT '', -- of a new installation it comes late
  kind       TEXT   NOT NULL CHECK (kind IN ('psb','mo','pda')),
  package    TEXT   NOT NULL DEFAULT '',
  state      TEXT   NOT NULL CHECK (state IN ('open','progress','done','cancelled')),
  ordered_at BIGINT NOT NULL CHECK (ordered_at > 0),
  ended_at   BIGINT NOT NULL DEFAULT 0,
  CHECK ((state IN ('done','cancelled')) = (ended_at > 0)),
  CHECK (ended_at = 0 OR ended_at >= ordered_at),
  CHECK (kind = 'psb' OR service_no <> '')
);
CREATE INDEX sales_order_customer ON sales_order(customer, ordered_at);

-- A ticket the customer opened in the app (Dashboard My Indihome, domain 2.13): one open one of a kind on a number.
CREATE TABLE self_care(
  no         TEXT   PRIMARY KEY CHECK (no LIKE 'MYINX-%' AND length(no) = 19),
  customer   BIGINT NOT NULL REFERENCES customer(id),
  service_no TEXT   NOT NULL CHECK (service_no <> ''),
  kind       TEXT   NOT NULL CHECK (kind IN ('admin','logic','fisik')),
  state      TEXT   NOT NULL CHECK (state IN ('pending','open','progress','reopen','close')),
  trouble_no TEXT   NOT NULL DEFAULT '',
  opened_at  BIGINT NOT NULL CHECK (opened_at > 0),
  closed_at  BIGINT NOT NULL DEFAULT 0,
  CHECK ((state = 'close') = (closed_at > 0)),
  CHECK (closed_at = 0 OR closed_at >= opened_at)
);
CREATE UNIQUE INDEX self_care_open ON self_care(service_no, kind) WHERE closed_at = 0;
CREATE INDEX self_care_customer ON self_care(customer, opened_at);

-- Who was shown what is masked, until when and why. The journal names this row; the words stand here only, so that they can
-- be erased with the customer.
CREATE TABLE reveal(
  id       BIGINT PRIMARY KEY,
  customer BIGINT NOT NULL REFERENCES customer(id),
  contact  BIGINT NOT NULL DEFAULT 0,
  field    TEXT   NOT NULL CHECK (field IN ('phone','name','address','ncli')),
  reason   TEXT   NOT NULL CHECK (reason IN ('verify','call','correct','complaint','other')),
  note     TEXT   NOT NULL DEFAULT '',
  by_id    BIGINT NOT NULL CHECK (by_id > 0),
  at       BIGINT NOT NULL,
  until    BIGINT NOT NULL,
  CHECK ((field = 'phone') = (contact > 0)),
  CHECK (reason <> 'other' OR note <> ''),
  CHECK (until > at)
);
CREATE INDEX reveal_customer ON reveal(customer, id);
CREATE INDEX reveal_by ON reveal(by_id, at);

-- +goose Down
DROP TABLE reveal;
DROP TABLE self_care;
DROP TABLE sales_order;
DROP TABLE isolir_rule;
DROP TABLE payment;
DROP TABLE bill;
DROP TABLE customer_word;
CREATE INDEX customer_phone ON customer(phone);
DROP TABLE customer_contact;
DROP INDEX customer_ncli;
ALTER TABLE customer DROP COLUMN isolir;
ALTER TABLE customer DROP COLUMN isolir_at;
ALTER TABLE customer DROP COLUMN segment;
ALTER TABLE customer DROP COLUMN ncli;
