-- +goose Up
CREATE TABLE customer(
  id      BIGINT PRIMARY KEY,
  name    TEXT   NOT NULL,
  class   TEXT   NOT NULL CHECK (class IN ('HVC_VVIP','HVC_DIAMOND','HVC_PLATINUM','HVC_GOLD','HVC_SILVER','REGULER')),
  address TEXT   NOT NULL DEFAULT '',
  city    TEXT   NOT NULL DEFAULT '',
  zone    TEXT   NOT NULL,
  phone   TEXT   NOT NULL DEFAULT '',
  invented SMALLINT NOT NULL DEFAULT 0 -- of the practice floor
);
CREATE INDEX customer_phone ON customer(phone);
CREATE TABLE service(
  no       TEXT   NOT NULL,
  kind     TEXT   NOT NULL CHECK (kind IN ('internet','iptv','voice')),
  customer BIGINT NOT NULL REFERENCES customer(id),
  package  TEXT   NOT NULL DEFAULT '',
  PRIMARY KEY (no, kind)
);
CREATE INDEX service_customer ON service(customer);

-- +goose Down
DROP TABLE service;
DROP TABLE customer;
