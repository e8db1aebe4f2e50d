-- Version 2: what an event asks for and says.
ALTER TABLE event ADD COLUMN required TEXT NOT NULL DEFAULT 'name birth_date address';
ALTER TABLE event ADD COLUMN contact TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN extra TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN uid TEXT NOT NULL DEFAULT '';
CREATE INDEX mail_open ON mail (state) WHERE state <> 'done';

-- Who is looked for by name is found in an index, and so is a day's mail.
CREATE INDEX mail_received ON mail (received);
DROP INDEX mail_sender;
CREATE INDEX mail_sender ON mail (sender, sender_name);

-- Who was there; and no number is given a second time.
CREATE TABLE registration_2 (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    INTEGER NOT NULL REFERENCES event (id),
    mail_id     INTEGER REFERENCES mail (id) ON DELETE SET NULL,
    party       INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state = 'confirmed' OR state = 'waiting' OR state = 'cancelled'),
    address     TEXT    NOT NULL,
    language    TEXT    NOT NULL DEFAULT 'de',
    first_name  TEXT    NOT NULL,
    last_name   TEXT    NOT NULL,
    birth_date  TEXT    NOT NULL DEFAULT '',
    street      TEXT    NOT NULL DEFAULT '',
    postal_code TEXT    NOT NULL DEFAULT '',
    city        TEXT    NOT NULL DEFAULT '',
    person_key  TEXT    NOT NULL,
    evidence    TEXT    NOT NULL DEFAULT '',
    attended    INTEGER NOT NULL DEFAULT 0 CHECK (attended IN (0, 1)),
    instead_of  INTEGER NOT NULL DEFAULT 0,
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL
) STRICT;
INSERT INTO registration_2 (id, event_id, mail_id, party, state, address, language, first_name, last_name,
                            birth_date, street, postal_code, city, person_key, evidence, created, changed)
    SELECT id, event_id, mail_id, party, state, address, language, first_name, last_name, birth_date, street,
           postal_code, city, person_key, evidence, created, changed
    FROM registration;
DROP TABLE registration;
ALTER TABLE registration_2 RENAME TO registration;
CREATE INDEX registration_event ON registration (event_id, state, id, attended);
CREATE INDEX registration_address ON registration (address, last_name, first_name);
CREATE INDEX registration_mail ON registration (mail_id);
CREATE INDEX registration_by_staff ON registration (party) WHERE party < 0;
CREATE UNIQUE INDEX registration_once ON registration (event_id, person_key) WHERE state <> 'cancelled';
CREATE INDEX registration_gone ON registration (event_id, person_key) WHERE state = 'cancelled';
CREATE TABLE outbox_2 (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    mail_id       INTEGER REFERENCES mail (id) ON DELETE SET NULL,
    case_id       INTEGER REFERENCES conversation (id) ON DELETE SET NULL,
    kind          TEXT    NOT NULL,
    state         TEXT    NOT NULL DEFAULT 'queued'
                  CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR state = 'failed' OR
                         state = 'later' OR state = 'unclear'),
    message_id    TEXT    NOT NULL UNIQUE,
    envelope_from TEXT    NOT NULL,
    recipient     TEXT    NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0,
    not_before    INTEGER NOT NULL DEFAULT 0,
    reply         TEXT    NOT NULL DEFAULT '',
    created       INTEGER NOT NULL,
    changed       INTEGER NOT NULL,
    filed         TEXT    NOT NULL DEFAULT 'no'
                  CHECK (filed = 'no' OR filed = 'filing' OR filed = 'yes')
) STRICT;
INSERT INTO outbox_2 SELECT id, mail_id, case_id, kind, state, message_id, envelope_from, recipient, attempt,
                            not_before, reply, created, changed, filed FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_2 RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (state, not_before) WHERE state <> 'sent' AND state <> 'failed';
CREATE INDEX outbox_to_file ON outbox (id) WHERE state = 'sent' AND filed <> 'yes';
CREATE INDEX outbox_recipient ON outbox (recipient, created);
CREATE INDEX outbox_mail ON outbox (mail_id);

-- What staff do about an entry.
ALTER TABLE queue_entry ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN assigned TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN outcome TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN chosen TEXT NOT NULL DEFAULT '';
ALTER TABLE queue_entry ADD COLUMN move TEXT NOT NULL DEFAULT '' CHECK (move = '' OR move = 'done' OR move = 'automatic');
CREATE INDEX queue_move ON queue_entry (id) WHERE move <> '';

-- The waiting list moves by itself.
CREATE TABLE waiting_list (
    event_id   INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
    kept_for   INTEGER NOT NULL DEFAULT 0,        -- the party that free places are kept for; 0: none
    kept_since INTEGER NOT NULL DEFAULT 0,
    told       INTEGER NOT NULL DEFAULT 0,        -- free places that staff have been told of
    look_again INTEGER DEFAULT 0                  -- when the rule is asked next; 0: at once, NULL: never
) STRICT;
CREATE INDEX waiting_list_due ON waiting_list (look_again) WHERE look_again IS NOT NULL;

CREATE TRIGGER registration_comes AFTER INSERT ON registration WHEN NEW.state = 'waiting'
BEGIN
    INSERT INTO waiting_list (event_id) VALUES (NEW.event_id) ON CONFLICT (event_id) DO UPDATE SET look_again = 0;
END;
CREATE TRIGGER registration_changes AFTER UPDATE OF state, event_id ON registration
BEGIN
    UPDATE waiting_list SET look_again = 0 WHERE event_id IN (OLD.event_id, NEW.event_id);
    INSERT INTO waiting_list (event_id) SELECT NEW.event_id WHERE NEW.state = 'waiting' ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER registration_goes AFTER DELETE ON registration
BEGIN
    UPDATE waiting_list SET look_again = 0 WHERE event_id = OLD.event_id;
END;
CREATE TRIGGER event_changes AFTER UPDATE OF capacity, starts, cancelled ON event
BEGIN
    UPDATE waiting_list SET look_again = 0 WHERE event_id = NEW.id;
END;

CREATE TABLE event_mailing (
    event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL CHECK (kind IN ('reminder', 'thanks')),
    starts   INTEGER NOT NULL,                    -- the event's time then
    done     INTEGER NOT NULL,
    PRIMARY KEY (event_id, kind, starts)
) STRICT, WITHOUT ROWID;
INSERT INTO waiting_list (event_id) SELECT DISTINCT event_id FROM registration WHERE state = 'waiting';

-- A conversation may be about a place from the waiting list.
CREATE TABLE conversation_2 (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    address    TEXT    NOT NULL,
    kind       TEXT    NOT NULL
                  CHECK (kind = 'register' OR kind = 'cancel' OR kind = 'newsletter' OR kind = 'place' OR
                         kind = 'goodbye'),
    state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    round      INTEGER NOT NULL DEFAULT 1,
    expected   TEXT    NOT NULL,
    language   TEXT    NOT NULL DEFAULT 'de',
    opened     INTEGER NOT NULL,
    changed    INTEGER NOT NULL
) STRICT;
INSERT INTO conversation_2 SELECT id, address, kind, state, round, expected, language, opened, changed
    FROM conversation;
DROP TABLE conversation;
ALTER TABLE conversation_2 RENAME TO conversation;
CREATE INDEX conversation_open ON conversation (address, changed) WHERE state = 'open';

-- Subscribers: suspended when mail comes back, numbers that are never used twice, and the proof of consent.
CREATE TABLE subscriber_2 (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    address      TEXT    NOT NULL UNIQUE,
    state        TEXT    NOT NULL CHECK (state = 'asked' OR state = 'subscribed' OR state = 'unsubscribed'),
    language     TEXT    NOT NULL DEFAULT 'de',
    asked_at     INTEGER,
    asked_by     INTEGER REFERENCES mail (id) ON DELETE SET NULL,
    by_other     INTEGER NOT NULL DEFAULT 0 CHECK (by_other IN (0, 1)),
    confirmed_at INTEGER,
    confirmed_by INTEGER REFERENCES mail (id) ON DELETE SET NULL,
    left_at      INTEGER,
    suspended    TEXT    NOT NULL DEFAULT ''
                  CHECK (suspended = '' OR suspended = 'hard' OR suspended = 'soft'),
    suspended_at INTEGER,
    returned     TEXT    NOT NULL DEFAULT '',
    changed      INTEGER NOT NULL
) STRICT;
INSERT INTO subscriber_2 (id, address, state, language, asked_at, asked_by, confirmed_at, confirmed_by, left_at,
                          changed)
    SELECT id, address, state, language, asked_at, asked_by, confirmed_at, confirmed_by, left_at, changed
    FROM subscriber;
DROP TABLE subscriber;
ALTER TABLE subscriber_2 RENAME TO subscriber;
CREATE TABLE consent (
    id             INTEGER PRIMARY KEY,
    subscriber_id  INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    kind           TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    actor          TEXT    NOT NULL,
    sender         TEXT    NOT NULL DEFAULT '',
    message_id     TEXT    NOT NULL DEFAULT '',
    authentication TEXT    NOT NULL DEFAULT '',
    words          TEXT    NOT NULL DEFAULT '',
    head           TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX consent_subscriber ON consent (subscriber_id, id);
CREATE INDEX consent_sender ON consent (sender);
CREATE TABLE suppression (
    hash   TEXT    PRIMARY KEY,
    reason TEXT    NOT NULL
                  CHECK (reason = 'left' OR reason = 'erased' OR reason = 'complaint' OR
                         reason = 'asked'),
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE VIEW newsletter_reader AS
    SELECT id, address, language FROM subscriber WHERE state = 'subscribed' AND suspended = '';

-- The newsletter: issues, and the ledger of their copies.
CREATE TABLE newsletter_issue (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE,
    state      TEXT    NOT NULL
                  CHECK (state = 'scheduled' OR state = 'sending' OR state = 'paused' OR
                         state = 'stopped' OR state = 'sent'),
    subject    TEXT    NOT NULL,
    source     TEXT    NOT NULL,
    bytes      BLOB    NOT NULL,
    recipients INTEGER NOT NULL DEFAULT 0,
    send_at    INTEGER NOT NULL,
    began      INTEGER,
    ended      INTEGER,
    changed    INTEGER NOT NULL
) STRICT;
CREATE INDEX newsletter_issue_open ON newsletter_issue (state, id) WHERE state IN ('scheduled', 'sending');
CREATE TABLE newsletter_picture (
    issue_id INTEGER NOT NULL REFERENCES newsletter_issue (id) ON DELETE CASCADE,
    name     TEXT    NOT NULL,
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (issue_id, name)
) STRICT;
CREATE TABLE newsletter_copy (
    id            INTEGER PRIMARY KEY,
    issue_id      INTEGER NOT NULL REFERENCES newsletter_issue (id) ON DELETE CASCADE,
    subscriber_id INTEGER REFERENCES subscriber (id) ON DELETE SET NULL,
    state         TEXT    NOT NULL DEFAULT 'queued'
                  CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR state = 'later' OR
                         state = 'failed' OR state = 'unclear' OR state = 'bounced' OR
                         state = 'dropped'),
    attempt       INTEGER NOT NULL DEFAULT 0,
    first_try     INTEGER NOT NULL,
    not_before    INTEGER NOT NULL DEFAULT 0,
    reply         TEXT    NOT NULL DEFAULT '',
    changed       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX newsletter_copy_once ON newsletter_copy (subscriber_id, issue_id);
CREATE INDEX newsletter_copy_waits ON newsletter_copy (issue_id, state, not_before)
    WHERE state IN ('queued', 'later');
CREATE INDEX newsletter_copy_sending ON newsletter_copy (issue_id) WHERE state = 'sending';

-- The audit is purged by age alone.
CREATE TRIGGER audit_goes BEFORE DELETE ON audit
WHEN OLD.at >= coalesce((SELECT CAST(value AS INTEGER) FROM fact WHERE name = 'audit_since'), 0)
BEGIN
    SELECT RAISE(ABORT, 'the audit is append only');
END;
