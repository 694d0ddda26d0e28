-- +goose Up
-- On which clause a line of the worklog rests, and under which revision it was written; 0: the one in force at its moment. A line that
-- a result wrote before this keeps '': its turn leads to its clause.
ALTER TABLE trouble_note ADD COLUMN clause   TEXT   NOT NULL DEFAULT '';
ALTER TABLE trouble_note ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

-- What stood beside a turn, by the rules of internal/trouble/data/moves.yaml at this time, which a test holds this against. A customer's
-- words to the report that was there (A-10) cannot be told from a new row by hand: they rest on its clause.
UPDATE trouble_note SET clause = CASE
    WHEN ref LIKE 'gamas-%' THEN '5.4.pre'
    WHEN ref <> '' THEN CASE type WHEN 'CLIENTNOTE' THEN '5.7' WHEN 'AGENTNOTE' THEN '5.3.4' ELSE '5.5.6' END
    ELSE COALESCE((
      SELECT CASE
          WHEN trouble_note.type = 'UPDATEINFO' AND trouble_note.summary = 'Change of Status by Gamas' AND m.move = 'resolve' THEN '5.4.pre'
          WHEN trouble_note.type <> 'AGENTNOTE' THEN NULL
          ELSE CASE m.move
            WHEN 'submit' THEN '5.2.10.t'
            WHEN 'analyse' THEN '5.3.4'
            WHEN 'hold' THEN '5.3.7.b.route'
            WHEN 'resume' THEN '5.3.7.b.route'
            WHEN 'visit' THEN '5.2.10.s.ok'
            WHEN 'dispatch' THEN '5.3.7.b.note'
            WHEN 'final-check' THEN '5.3.7.a.route'
            WHEN 'resolve' THEN '5.3.7.a.note'
            WHEN 'media-care' THEN '5.3.7.a.route'
            WHEN 'salam-sim' THEN '5.3.7.a.route'
            WHEN 'close' THEN '5.3.7.a.route'
            WHEN 'reopen' THEN '5.6.2.b.reopen'
          END
        END
        FROM trouble_move m
       WHERE m.trouble = trouble_note.trouble AND m.at = trouble_note.at AND m.by_id = trouble_note.by_id AND m.turn = 0 AND m.was <> ''
       ORDER BY m.seq
       LIMIT 1), '5.5.9')
  END
 WHERE turn = 0;

-- +goose Down
ALTER TABLE trouble_note DROP COLUMN revision;
ALTER TABLE trouble_note DROP COLUMN clause;
