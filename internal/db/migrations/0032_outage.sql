-- A mass outage is parked by walking what waits, in the queues' own order, and by knowing the services of its places.

-- +goose Up
-- The walk reads the service number from the index: the ticket's row lies elsewhere, and was most of what a walk cost.
DROP INDEX ticket_claim;
CREATE INDEX ticket_claim ON ticket(pool, rank, order_at, id, service_no) WHERE awake = 1;
-- The services of a place of the network, whichever it is.
CREATE INDEX line_odc ON line(odc, service_no) WHERE odc <> '';
CREATE INDEX line_odp ON line(odp, service_no) WHERE odp <> '';
CREATE INDEX line_olt ON line(olt, service_no) WHERE olt <> '';

-- +goose Down
DROP INDEX line_olt;
DROP INDEX line_odp;
DROP INDEX line_odc;
DROP INDEX ticket_claim;
CREATE INDEX ticket_claim ON ticket(pool, rank, order_at, id) WHERE awake = 1;
