-- +goose Up
-- Two administrators at once: who changes the rule names the version that was read (0 is the house's own).
ALTER TABLE line_rule ADD COLUMN version BIGINT NOT NULL DEFAULT 0 CHECK (version >= 0);

-- Every rule that was ever in force here; a version is given once. Measurements carry their rule with them.
CREATE TABLE line_rule_past(
  version    BIGINT           PRIMARY KEY CHECK (version >= 0),
  rx_min     DOUBLE PRECISION NOT NULL,
  rx_max     DOUBLE PRECISION NOT NULL,
  changed_at BIGINT           NOT NULL,
  changed_by BIGINT           NOT NULL,
  CHECK (-70 <= rx_min AND rx_min < rx_max AND rx_max <= 20),
  CHECK (version = 0 OR changed_by <> 0)
);
INSERT INTO line_rule_past(version, rx_min, rx_max, changed_at, changed_by) SELECT version, rx_min, rx_max, changed_at, changed_by FROM line_rule;

-- +goose Down
DROP TABLE line_rule_past;
ALTER TABLE line_rule DROP COLUMN version;
