-- +goose Up
-- The draft of an act of its own during a turn (5.2.10: the trouble ticket), one a turn and act.
CREATE TABLE act_draft(
  turn    BIGINT NOT NULL,
  act     TEXT   NOT NULL,
  answers TEXT   NOT NULL, -- JSON
  version BIGINT NOT NULL,
  PRIMARY KEY (turn, act)
);

-- +goose Down
DROP TABLE act_draft;
