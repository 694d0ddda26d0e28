-- +goose Up
-- Every step a trouble ticket can take: the same as internal/trouble/data/moves.yaml, which a test holds equal. A later change
-- of that file comes with a migration of its own.
CREATE TABLE trouble_step(
  was    TEXT NOT NULL, -- '': before it is there
  move   TEXT NOT NULL,
  became TEXT NOT NULL,
  PRIMARY KEY (was, move, became)
);
INSERT INTO trouble_step(was, move, became) VALUES
  ('','open','NEW'), ('','arrive','NEW'), ('','arrive','DRAFT'), ('','arrive','QUEUED'), ('','arrive','ANALYSIS'),
  ('','arrive','PENDING'), ('','arrive','SLAHOLD'), ('','arrive','BACKEND'), ('','arrive','FINALCHECK'), ('','arrive','RESOLVED'),
  ('','arrive','MEDIACARE'), ('','arrive','SALAMSIM'), ('','arrive','CLOSED'), ('NEW','follow','NEW'), ('NEW','follow','DRAFT'),
  ('NEW','follow','QUEUED'), ('NEW','follow','ANALYSIS'), ('NEW','follow','PENDING'), ('NEW','follow','SLAHOLD'),
  ('NEW','follow','BACKEND'), ('NEW','follow','FINALCHECK'), ('NEW','follow','RESOLVED'), ('NEW','follow','MEDIACARE'),
  ('NEW','follow','SALAMSIM'), ('NEW','follow','CLOSED'), ('DRAFT','follow','NEW'), ('DRAFT','follow','DRAFT'),
  ('DRAFT','follow','QUEUED'), ('DRAFT','follow','ANALYSIS'), ('DRAFT','follow','PENDING'), ('DRAFT','follow','SLAHOLD'),
  ('DRAFT','follow','BACKEND'), ('DRAFT','follow','FINALCHECK'), ('DRAFT','follow','RESOLVED'), ('DRAFT','follow','MEDIACARE'),
  ('DRAFT','follow','SALAMSIM'), ('DRAFT','follow','CLOSED'), ('QUEUED','follow','NEW'), ('QUEUED','follow','DRAFT'),
  ('QUEUED','follow','QUEUED'), ('QUEUED','follow','ANALYSIS'), ('QUEUED','follow','PENDING'), ('QUEUED','follow','SLAHOLD'),
  ('QUEUED','follow','BACKEND'), ('QUEUED','follow','FINALCHECK'), ('QUEUED','follow','RESOLVED'), ('QUEUED','follow','MEDIACARE'),
  ('QUEUED','follow','SALAMSIM'), ('QUEUED','follow','CLOSED'), ('ANALYSIS','follow','NEW'), ('ANALYSIS','follow','DRAFT'),
  ('ANALYSIS','follow','QUEUED'), ('ANALYSIS','follow','ANALYSIS'), ('ANALYSIS','follow','PENDING'), ('ANALYSIS','follow','SLAHOLD'),
  ('ANALYSIS','follow','BACKEND'), ('ANALYSIS','follow','FINALCHECK'), ('ANALYSIS','follow','RESOLVED'),
  ('ANALYSIS','follow','MEDIACARE'), ('ANALYSIS','follow','SALAMSIM'), ('ANALYSIS','follow','CLOSED'), ('PENDING','follow','NEW'),
  ('PENDING','follow','DRAFT'), ('PENDING','follow','QUEUED'), ('PENDING','follow','ANALYSIS'), ('PENDING','follow','PENDING'),
  ('PENDING','follow','SLAHOLD'), ('PENDING','follow','BACKEND'), ('PENDING','follow','FINALCHECK'), ('PENDING','follow','RESOLVED'),
  ('PENDING','follow','MEDIACARE'), ('PENDING','follow','SALAMSIM'), ('PENDING','follow','CLOSED'), ('SLAHOLD','follow','NEW'),
  ('SLAHOLD','follow','DRAFT'), ('SLAHOLD','follow','QUEUED'), ('SLAHOLD','follow','ANALYSIS'), ('SLAHOLD','follow','PENDING'),
  ('SLAHOLD','follow','SLAHOLD'), ('SLAHOLD','follow','BACKEND'), ('SLAHOLD','follow','FINALCHECK'), ('SLAHOLD','follow','RESOLVED'),
  ('SLAHOLD','follow','MEDIACARE'), ('SLAHOLD','follow','SALAMSIM'), ('SLAHOLD','follow','CLOSED'), ('BACKEND','follow','NEW'),
  ('BACKEND','follow','DRAFT'), ('BACKEND','follow','QUEUED'), ('BACKEND','follow','ANALYSIS'), ('BACKEND','follow','PENDING'),
  ('BACKEND','follow','SLAHOLD'), ('BACKEND','follow','BACKEND'), ('BACKEND','follow','FINALCHECK'), ('BACKEND','follow','RESOLVED'),
  ('BACKEND','follow','MEDIACARE'), ('BACKEND','follow','SALAMSIM'), ('BACKEND','follow','CLOSED'), ('FINALCHECK','follow','NEW'),
  ('FINALCHECK','follow','DRAFT'), ('FINALCHECK','follow','QUEUED'), ('FINALCHECK','follow','ANALYSIS'),
  ('FINALCHECK','follow','PENDING'), ('FINALCHECK','follow','SLAHOLD'), ('FINALCHECK','follow','BACKEND'),
  ('FINALCHECK','follow','FINALCHECK'), ('FINALCHECK','follow','RESOLVED'), ('FINALCHECK','follow','MEDIACARE'),
  ('FINALCHECK','follow','SALAMSIM'), ('FINALCHECK','follow','CLOSED'), ('RESOLVED','follow','NEW'), ('RESOLVED','follow','DRAFT'),
  ('RESOLVED','follow','QUEUED'), ('RESOLVED','follow','ANALYSIS'), ('RESOLVED','follow','PENDING'), ('RESOLVED','follow','SLAHOLD'),
  ('RESOLVED','follow','BACKEND'), ('RESOLVED','follow','FINALCHECK'), ('RESOLVED','follow','RESOLVED'),
  ('RESOLVED','follow','MEDIACARE'), ('RESOLVED','follow','SALAMSIM'), ('RESOLVED','follow','CLOSED'), ('MEDIACARE','follow','NEW'),
  ('MEDIACARE','follow','DRAFT'), ('MEDIACARE','follow','QUEUED'), ('MEDIACARE','follow','ANALYSIS'), ('MEDIACARE','follow','PENDING'),
  ('MEDIACARE','follow','SLAHOLD'), ('MEDIACARE','follow','BACKEND'), ('MEDIACARE','follow','FINALCHECK'),
  ('MEDIACARE','follow','RESOLVED'), ('MEDIACARE','follow','MEDIACARE'), ('MEDIACARE','follow','SALAMSIM'),
  ('MEDIACARE','follow','CLOSED'), ('SALAMSIM','follow','NEW'), ('SALAMSIM','follow','DRAFT'), ('SALAMSIM','follow','QUEUED'),
  ('SALAMSIM','follow','ANALYSIS'), ('SALAMSIM','follow','PENDING'), ('SALAMSIM','follow','SLAHOLD'), ('SALAMSIM','follow','BACKEND'),
  ('SALAMSIM','follow','FINALCHECK'), ('SALAMSIM','follow','RESOLVED'), ('SALAMSIM','follow','MEDIACARE'),
  ('SALAMSIM','follow','SALAMSIM'), ('SALAMSIM','follow','CLOSED'), ('CLOSED','follow','NEW'), ('CLOSED','follow','DRAFT'),
  ('CLOSED','follow','QUEUED'), ('CLOSED','follow','ANALYSIS'), ('CLOSED','follow','PENDING'), ('CLOSED','follow','SLAHOLD'),
  ('CLOSED','follow','BACKEND'), ('CLOSED','follow','FINALCHECK'), ('CLOSED','follow','RESOLVED'), ('CLOSED','follow','MEDIACARE'),
  ('CLOSED','follow','SALAMSIM'), ('CLOSED','follow','CLOSED'), ('NEW','submit','ANALYSIS'), ('DRAFT','submit','ANALYSIS'),
  ('QUEUED','analyse','ANALYSIS'), ('BACKEND','analyse','ANALYSIS'), ('FINALCHECK','analyse','ANALYSIS'), ('QUEUED','hold','PENDING'),
  ('ANALYSIS','hold','PENDING'), ('BACKEND','hold','PENDING'), ('PENDING','resume','ANALYSIS'), ('SLAHOLD','resume','ANALYSIS'),
  ('ANALYSIS','visit','BACKEND'), ('NEW','dispatch','BACKEND'), ('DRAFT','dispatch','BACKEND'), ('QUEUED','dispatch','BACKEND'),
  ('ANALYSIS','dispatch','BACKEND'), ('PENDING','dispatch','BACKEND'), ('SLAHOLD','dispatch','BACKEND'), ('BACKEND','dispatch','BACKEND'),
  ('FINALCHECK','dispatch','BACKEND'), ('ANALYSIS','final-check','FINALCHECK'), ('BACKEND','final-check','FINALCHECK'),
  ('NEW','resolve','RESOLVED'), ('DRAFT','resolve','RESOLVED'), ('QUEUED','resolve','RESOLVED'), ('ANALYSIS','resolve','RESOLVED'),
  ('PENDING','resolve','RESOLVED'), ('SLAHOLD','resolve','RESOLVED'), ('BACKEND','resolve','RESOLVED'),
  ('FINALCHECK','resolve','RESOLVED'), ('RESOLVED','media-care','MEDIACARE'), ('RESOLVED','salam-sim','SALAMSIM'),
  ('MEDIACARE','salam-sim','SALAMSIM'), ('RESOLVED','close','CLOSED'), ('MEDIACARE','close','CLOSED'), ('SALAMSIM','close','CLOSED'),
  ('RESOLVED','reopen','ANALYSIS'), ('MEDIACARE','reopen','ANALYSIS'), ('SALAMSIM','reopen','ANALYSIS'), ('CLOSED','reopen','ANALYSIS'),
  ('RESOLVED','undo','NEW'), ('RESOLVED','undo','DRAFT'), ('RESOLVED','undo','QUEUED'), ('RESOLVED','undo','ANALYSIS'),
  ('RESOLVED','undo','PENDING'), ('RESOLVED','undo','SLAHOLD'), ('RESOLVED','undo','BACKEND'), ('RESOLVED','undo','FINALCHECK'),
  ('BACKEND','undo','NEW'), ('BACKEND','undo','DRAFT'), ('BACKEND','undo','QUEUED'), ('BACKEND','undo','ANALYSIS'),
  ('BACKEND','undo','PENDING'), ('BACKEND','undo','SLAHOLD'), ('BACKEND','undo','BACKEND'), ('BACKEND','undo','FINALCHECK'),
  ('ANALYSIS','undo','RESOLVED'), ('ANALYSIS','undo','MEDIACARE'), ('ANALYSIS','undo','SALAMSIM'), ('ANALYSIS','undo','CLOSED');

-- The history of a ticket: a chain of steps, each of the table's, each from where the one before it led. A ticket's row names
-- the step it stands on, so a state that no history leads to is refused by the store itself. (The row of a new ticket is
-- written after its history: no constraint waits for the end of an act, where it would harm the acts that share a commit.)
CREATE TABLE trouble_move(
  trouble        BIGINT NOT NULL,
  seq            BIGINT NOT NULL CHECK (seq >= 1),
  prev           BIGINT,
  was            TEXT   NOT NULL,
  move           TEXT   NOT NULL,
  became         TEXT   NOT NULL,
  old_group      TEXT   NOT NULL,
  new_group      TEXT   NOT NULL,
  classification TEXT   NOT NULL,
  reason         TEXT   NOT NULL,
  by_id          BIGINT NOT NULL,
  turn           BIGINT NOT NULL,
  at             BIGINT NOT NULL,
  before         TEXT   NOT NULL, -- JSON: the clocks before a turn's step, for the undo
  PRIMARY KEY (trouble, seq),
  UNIQUE (trouble, seq, became),
  FOREIGN KEY (was, move, became) REFERENCES trouble_step(was, move, became),
  FOREIGN KEY (trouble, prev, was) REFERENCES trouble_move(trouble, seq, became),
  CHECK ((seq = 1) = (prev IS NULL)),
  CHECK ((seq = 1) = (was = '')),
  CHECK (prev IS NULL OR prev = seq - 1)
);
CREATE INDEX trouble_move_turn ON trouble_move(turn) WHERE turn > 0;
CREATE INDEX trouble_move_at   ON trouble_move(at);

-- One fault: My CX complaint and Nossa incident.
CREATE TABLE trouble(
  id             BIGINT   PRIMARY KEY,
  no             TEXT     NOT NULL UNIQUE,
  service_no     TEXT     NOT NULL,
  service        TEXT     NOT NULL CHECK (service IN ('', 'iptv', 'internet', 'voice')),
  customer       BIGINT   NOT NULL,
  customer_name  TEXT     NOT NULL,
  customer_class TEXT     NOT NULL,
  state          TEXT     NOT NULL,
  open           SMALLINT NOT NULL,
  beside         SMALLINT NOT NULL CHECK (beside IN (0, 1)), -- a list brought it while the service had an open one
  steps          BIGINT   NOT NULL,
  subject        TEXT     NOT NULL,
  symptom        TEXT     NOT NULL,
  classification TEXT     NOT NULL,
  owner_group    TEXT     NOT NULL,
  owner          BIGINT   NOT NULL,
  contact_name   TEXT     NOT NULL,
  contact_email  TEXT     NOT NULL,
  contact_mobile TEXT     NOT NULL,
  hard_complaint TEXT     NOT NULL,
  urgency        TEXT     NOT NULL,
  fcr            SMALLINT NOT NULL CHECK (fcr IN (0, 1)),
  description    TEXT     NOT NULL,
  booking_status TEXT     NOT NULL CHECK (booking_status IN ('', 'BOK', 'BNOK', 'BPN')),
  booking        BIGINT   NOT NULL,
  measurement    BIGINT   NOT NULL,
  source_ticket  BIGINT   NOT NULL,
  source         TEXT     NOT NULL CHECK (source IN ('my-cx', 'nossa', 'gamas', 'feed')),
  parent         BIGINT   NOT NULL,
  parent_no      TEXT     NOT NULL,
  sto            TEXT     NOT NULL,
  witel          TEXT     NOT NULL,
  closing_reason TEXT     NOT NULL,
  lapul          BIGINT   NOT NULL CHECK (lapul >= 0),
  gaul           BIGINT   NOT NULL CHECK (gaul >= 0),
  reopens        BIGINT   NOT NULL CHECK (reopens >= 0),
  priority       TEXT     NOT NULL,
  marks          TEXT     NOT NULL,
  opened_at      BIGINT   NOT NULL,
  opened_by      BIGINT   NOT NULL,
  resolved_at    BIGINT   NOT NULL,
  resolved_by    BIGINT   NOT NULL,
  closed_at      BIGINT   NOT NULL,
  state_at       BIGINT   NOT NULL,
  noted_at       BIGINT   NOT NULL,
  noted          SMALLINT NOT NULL CHECK (noted IN (0, 1)),
  ttr_s          BIGINT   NOT NULL CHECK (ttr_s >= 0),
  ttr_since      BIGINT   NOT NULL,
  fed_state      TEXT     NOT NULL,
  fed_group      TEXT     NOT NULL,
  fed_at         BIGINT   NOT NULL,
  version        BIGINT   NOT NULL DEFAULT 1,
  FOREIGN KEY (id, steps, state) REFERENCES trouble_move(trouble, seq, became),
  CHECK (open = CASE WHEN state IN ('RESOLVED', 'MEDIACARE', 'SALAMSIM', 'CLOSED') THEN 0 ELSE 1 END),
  CHECK ((open = 1) = (ttr_since > 0)),
  CHECK ((open = 1) = (resolved_at = 0)),
  CHECK ((state = 'CLOSED') = (closed_at > 0)),
  CHECK ((booking_status = 'BOK') = (booking > 0)),
  CHECK (fcr = 0 OR booking = 0)
) /*pg: WITH (fillfactor = 80)*/;
-- SOP 5.2.10.check: one open report of a service; what the other side's list brings beside it is kept apart.
CREATE UNIQUE INDEX trouble_open    ON trouble(service_no) WHERE open = 1 AND beside = 0 AND service_no <> '';
CREATE INDEX        trouble_service ON trouble(service_no, id);
CREATE INDEX        trouble_group   ON trouble(owner_group, open, id);
CREATE INDEX        trouble_state   ON trouble(state, id);
CREATE INDEX        trouble_parent  ON trouble(parent, id) WHERE parent > 0;
CREATE INDEX        trouble_waits   ON trouble(parent_no) WHERE parent = 0 AND parent_no <> '';
CREATE INDEX        trouble_reason  ON trouble(lower(closing_reason), id) WHERE closing_reason <> '';
CREATE INDEX        trouble_source  ON trouble(source_ticket) WHERE source_ticket > 0;

-- The worklog. A row is never changed; one that a finish wrote and its undo took back is struck and counts no more.
CREATE TABLE trouble_note(
  id          BIGINT PRIMARY KEY,
  trouble     BIGINT NOT NULL,
  type        TEXT   NOT NULL CHECK (type IN ('CLIENTNOTE', 'AGENTNOTE', 'UPDATEINFO')),
  summary     TEXT   NOT NULL CHECK (summary <> ''),
  detail      TEXT   NOT NULL,
  owner_group TEXT   NOT NULL,
  ref         TEXT   NOT NULL, -- the other side's key
  turn        BIGINT NOT NULL,
  by_id       BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  struck_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX        trouble_note_of   ON trouble_note(trouble, at, id);
CREATE UNIQUE INDEX trouble_note_ref  ON trouble_note(trouble, ref) WHERE ref <> '';
CREATE INDEX        trouble_note_turn ON trouble_note(turn) WHERE turn > 0;

-- What a call found out about a ticket, once for each turn: reports count these rows (SOP 5.7.8.c).
CREATE TABLE trouble_mark(
  trouble BIGINT NOT NULL REFERENCES trouble(id),
  mark    TEXT   NOT NULL CHECK (mark IN ('slg', 'expedite', 'disputed', 'hard-complaint')),
  turn    BIGINT NOT NULL,
  by_id   BIGINT NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (trouble, mark, turn)
);
CREATE INDEX trouble_mark_at   ON trouble_mark(mark, at);
CREATE INDEX trouble_mark_turn ON trouble_mark(turn) WHERE turn > 0;

-- Who belongs to which owner group: My Group's Incidents (SOP 5.3.3).
CREATE TABLE trouble_member(
  person      BIGINT NOT NULL,
  owner_group TEXT   NOT NULL,
  by_id       BIGINT NOT NULL,
  at          BIGINT NOT NULL,
  PRIMARY KEY (person, owner_group)
);
CREATE INDEX trouble_member_group ON trouble_member(owner_group, person);

-- What a site changed of the ladder and the settings; without a row the house's own text holds.
CREATE TABLE trouble_setting(
  name       TEXT   PRIMARY KEY CHECK (name IN ('ladder', 'settings')),
  text       TEXT   NOT NULL,
  changed_by BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- The last number issued: IN and 8 digits.
CREATE TABLE trouble_number(id BIGINT PRIMARY KEY CHECK (id = 1), n BIGINT NOT NULL);
INSERT INTO trouble_number(id, n) VALUES (1, 10000000);

-- +goose Down
DROP TABLE trouble_number;
DROP TABLE trouble_setting;
DROP TABLE trouble_member;
DROP TABLE trouble_mark;
DROP TABLE trouble_note;
DROP TABLE trouble;
DROP TABLE trouble_move;
DROP TABLE trouble_step;
