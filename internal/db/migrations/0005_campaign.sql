-- +goose Up
-- What a site sets differently from the document for one campaign (A-38: defaults, configurable). Empty hours: as the document says.
CREATE TABLE campaign_setting(
  campaign   TEXT   PRIMARY KEY,
  hours      TEXT   NOT NULL DEFAULT '',
  changed_by BIGINT NOT NULL,
  changed_at BIGINT NOT NULL
);

-- +goose Down
DROP TABLE campaign_setting;
