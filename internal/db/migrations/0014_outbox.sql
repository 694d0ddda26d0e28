-- +goose Up
-- What a courier needs to bring a promise over by itself, and where a person's letters go.
ALTER TABLE promise ADD COLUMN to_address   TEXT   NOT NULL DEFAULT '';
ALTER TABLE promise ADD COLUMN payload      TEXT   NOT NULL DEFAULT '';   -- what the letter is made from, e.g. a form's id
ALTER TABLE promise ADD COLUMN lang         TEXT   NOT NULL DEFAULT '';   -- the receiver's; empty: Bahasa Indonesia
ALTER TABLE promise ADD COLUMN order_key    TEXT   NOT NULL DEFAULT '';   -- without a ticket: what leaves in order
ALTER TABLE promise ADD COLUMN leased_until BIGINT NOT NULL DEFAULT 0;    -- a courier has it; fenced by attempts
ALTER TABLE promise ADD COLUMN next_at      BIGINT NOT NULL DEFAULT 0;    -- not tried again before
ALTER TABLE promise ADD COLUMN tries_from   BIGINT NOT NULL DEFAULT 0;    -- attempts made before a leader let it be tried anew
CREATE INDEX promise_courier ON promise(app, state, next_at, id);
CREATE INDEX promise_lane    ON promise(app, ticket, order_key, id);

ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE person DROP COLUMN email;
DROP INDEX promise_lane;
DROP INDEX promise_courier;
ALTER TABLE promise DROP COLUMN tries_from;
ALTER TABLE promise DROP COLUMN next_at;
ALTER TABLE promise DROP COLUMN leased_until;
ALTER TABLE promise DROP COLUMN order_key;
ALTER TABLE promise DROP COLUMN lang;
ALTER TABLE promise DROP COLUMN payload;
ALTER TABLE promise DROP COLUMN to_address;
