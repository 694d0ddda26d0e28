-- +goose Up
-- Two administrators at once: who changes a setting names the version that was read (1 is a site's first of its own).
ALTER TABLE trouble_setting ADD COLUMN version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1);

-- Every text a setting ever had here, the house's own as 0 since the first change. The journal names the versions and their
-- digests; here is what they said.
CREATE TABLE trouble_setting_text(
  name    TEXT   NOT NULL CHECK (name IN ('ladder', 'settings')),
  version BIGINT NOT NULL CHECK (version >= 0),
  text    TEXT   NOT NULL,
  by_id   BIGINT NOT NULL, -- 0: the house
  at      BIGINT NOT NULL,
  PRIMARY KEY (name, version)
);
INSERT INTO trouble_setting_text(name, version, text, by_id, at) SELECT name, version, text, changed_by, changed_at FROM trouble_setting;

-- +goose Down
DROP TABLE trouble_setting_text;
ALTER TABLE trouble_setting DROP COLUMN version;
