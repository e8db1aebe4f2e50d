-- Version 2: what an event asks for and says, and who was there.
ALTER TABLE event ADD COLUMN required TEXT NOT NULL DEFAULT 'birth_date address';
ALTER TABLE event ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN extra TEXT NOT NULL DEFAULT '';
ALTER TABLE registration ADD COLUMN attended INTEGER NOT NULL DEFAULT 0 CHECK (attended IN (0, 1));
