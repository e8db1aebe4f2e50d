-- Version 2: what an event asks for and says, and who was there.
ALTER TABLE event ADD COLUMN required TEXT NOT NULL DEFAULT 'birth_date address';
ALTER TABLE event ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN extra TEXT NOT NULL DEFAULT '';
ALTER TABLE registration ADD COLUMN attended INTEGER NOT NULL DEFAULT 0 CHECK (attended IN (0, 1));

-- What staff do about an entry.
ALTER TABLE queue_entry ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN assigned TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN chosen TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN move TEXT NOT NULL DEFAULT '' CHECK (move IN ('', 'done', 'automatic'));
CREATE INDEX queue_move ON queue_entry (id) WHERE move <> '';
