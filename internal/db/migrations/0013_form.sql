-- +goose Up
-- Report forms (docs/decisions/0005): what a leader dealt out, the rows agents filed, the versions that were sent.

-- A list a leader brought in and deals out. The same file again is the same batch.
CREATE TABLE form_batch(
  id          BIGINT PRIMARY KEY,
  kind        TEXT   NOT NULL CHECK (kind = 'ideas'),
  name        TEXT   NOT NULL,
  digest      TEXT   NOT NULL CHECK (digest <> ''),
  leader      BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  due_at      BIGINT NOT NULL DEFAULT 0,
  tickets     BIGINT NOT NULL,
  UNIQUE (kind, digest)
);

-- Who got what and when (SOP 5.8.1.distribute). Dealing again ends the deal before it; nothing is forgotten.
CREATE TABLE form_deal(
  id       BIGINT PRIMARY KEY,
  batch    BIGINT NOT NULL REFERENCES form_batch(id),
  ticket   BIGINT NOT NULL,
  agent    BIGINT NOT NULL,
  no       TEXT   NOT NULL,
  at       BIGINT NOT NULL,
  by_id    BIGINT NOT NULL,
  moved_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX form_deal_one    ON form_deal(batch, ticket) WHERE moved_at = 0;
CREATE INDEX        form_deal_agent  ON form_deal(batch, agent);
CREATE INDEX        form_deal_ticket ON form_deal(ticket, id);

-- One version of one agent's form. Ideas forms belong to a batch; the Force Close form of an agent does not.
CREATE TABLE form(
  id          BIGINT PRIMARY KEY,
  kind        TEXT   NOT NULL CHECK (kind IN ('ideas','force-close')),
  batch       BIGINT NOT NULL,
  agent       BIGINT NOT NULL,
  version     BIGINT NOT NULL,
  state       TEXT   NOT NULL CHECK (state IN ('open','sent','received')),
  sent_at     BIGINT NOT NULL DEFAULT 0,
  received_at BIGINT NOT NULL DEFAULT 0,
  received_by BIGINT NOT NULL DEFAULT 0,
  message_id  TEXT   NOT NULL DEFAULT '',
  digest      TEXT   NOT NULL DEFAULT '',
  UNIQUE (kind, batch, agent, version),
  UNIQUE (id, kind, state),
  CHECK ((kind = 'ideas') = (batch <> 0)),
  CHECK ((state = 'open') = (sent_at = 0)),
  CHECK ((state = 'open') = (digest = '')),
  CHECK ((state = 'received') = (received_at <> 0))
);
CREATE UNIQUE INDEX form_one_open ON form(kind, batch, agent) WHERE state = 'open';
CREATE INDEX        form_state    ON form(state, id);

-- A row stands under its form's kind and state: a new row says 'open', so the store refuses it on a form that was sent, and
-- sending moves the state of all its rows with it. What may stand in a row is the SOP's (5.8.5, 5.6.2), here once more.
CREATE TABLE form_row(
  id          BIGINT PRIMARY KEY,
  form        BIGINT NOT NULL,
  kind        TEXT   NOT NULL,
  form_state  TEXT   NOT NULL,
  seq         BIGINT NOT NULL,
  ticket      BIGINT NOT NULL,
  turn        BIGINT NOT NULL,
  ref         TEXT   NOT NULL,
  service_no  TEXT   NOT NULL,
  ticket_no   TEXT   NOT NULL,
  status      TEXT   NOT NULL,
  reason      TEXT   NOT NULL,
  remarks     TEXT   NOT NULL,
  called_at   BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  by_id       BIGINT NOT NULL,
  replaced_by BIGINT NOT NULL DEFAULT 0,   -- the turn of the same ticket whose row stands instead
  UNIQUE (form, seq),
  UNIQUE (form, turn),
  FOREIGN KEY (form, kind, form_state) REFERENCES form(id, kind, state) ON UPDATE CASCADE,
  CHECK (kind <> 'ideas'
         OR (status = 'contacted'     AND reason = 'fcr'      AND ticket_no = '')
         OR (status = 'contacted'     AND reason = 'eskalasi' AND ticket_no <> '')
         OR (status = 'not-contacted' AND reason = 'rna'      AND ticket_no = '')),
  CHECK (kind <> 'ideas' OR remarks <> ''),
  CHECK (kind <> 'force-close' OR (status IN ('close','contacted-open','not-contacted') AND reason = '' AND ticket_no <> ''))
);
CREATE UNIQUE INDEX form_row_one    ON form_row(form, ticket) WHERE kind = 'ideas' AND replaced_by = 0;
CREATE INDEX        form_row_turn   ON form_row(turn);
CREATE INDEX        form_row_ticket ON form_row(ticket, id);
CREATE INDEX        form_row_kind   ON form_row(kind, at, id);

-- +goose Down
DROP TABLE form_row;
DROP TABLE form;
DROP TABLE form_deal;
DROP TABLE form_batch;
