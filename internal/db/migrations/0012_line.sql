-- +goose Up
-- A line: where the service number ends in the network (domain 3.3).
CREATE TABLE line(
  service_no TEXT PRIMARY KEY,
  sto        TEXT NOT NULL,
  odc        TEXT NOT NULL DEFAULT '',
  odp        TEXT NOT NULL DEFAULT '',
  olt        TEXT NOT NULL DEFAULT '',
  realm      TEXT NOT NULL DEFAULT '',
  technology TEXT NOT NULL CHECK (technology IN ('fibre','copper'))
);
CREATE INDEX line_sto ON line(sto, service_no);

-- What the recorded table answers when a line is measured (the native source, without a network behind it).
CREATE TABLE line_answer(
  service_no TEXT   PRIMARY KEY,
  reading    TEXT   NOT NULL, -- JSON
  changed_at BIGINT NOT NULL
);

-- When a line is in spec: one row, editable (domain 2.4: -24 to -13 dBm unless the site says otherwise).
CREATE TABLE line_rule(
  id         BIGINT           PRIMARY KEY CHECK (id = 1),
  rx_min     DOUBLE PRECISION NOT NULL,
  rx_max     DOUBLE PRECISION NOT NULL,
  changed_at BIGINT           NOT NULL,
  changed_by BIGINT           NOT NULL,
  CHECK (-70 <= rx_min AND rx_min < rx_max AND rx_max <= 20)
);
INSERT INTO line_rule(id, rx_min, rx_max, changed_at, changed_by) VALUES (1, -24, -13, 0, 0);

-- Every measurement, also one that failed, with the rule it was judged by (SOP 5.2.10.j). Rows are never changed.
CREATE TABLE measurement(
  id          BIGINT           PRIMARY KEY,
  service_no  TEXT             NOT NULL,
  verdict     TEXT             NOT NULL CHECK (verdict IN ('SPEC','UNSPEC','FAILED')),
  class       TEXT             NOT NULL CHECK (class IN ('','logic','fisik','admin')),
  failure     TEXT             NOT NULL DEFAULT '',
  onu_rx_pwr  DOUBLE PRECISION,
  reading     TEXT             NOT NULL, -- JSON: the whole answer
  doubt       TEXT             NOT NULL DEFAULT '', -- fields whose values nothing can have
  rx_min      DOUBLE PRECISION NOT NULL,
  rx_max      DOUBLE PRECISION NOT NULL,
  measured_at BIGINT           NOT NULL,
  measured_by BIGINT           NOT NULL,
  source      TEXT             NOT NULL,
  CHECK ((verdict = 'FAILED') = (failure <> '')),
  CHECK (verdict <> 'FAILED' OR onu_rx_pwr IS NULL),
  CHECK (verdict <> 'SPEC' OR (onu_rx_pwr IS NOT NULL AND rx_min <= onu_rx_pwr AND onu_rx_pwr <= rx_max))
);
CREATE INDEX measurement_line ON measurement(service_no, id);

-- +goose Down
DROP TABLE measurement;
DROP TABLE line_rule;
DROP TABLE line_answer;
DROP TABLE line;
