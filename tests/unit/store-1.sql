-- A store of schema version 1 with a row in each table, as `.dump` writes it: newer programs must
-- open it and lose nothing. Never changed once a later version exists.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,                     -- 'stadtlabord', or a member of staff's login
    action  TEXT    NOT NULL,                     -- 'registered', 'cancelled', 'asked', 'queued', …
    mail_id INTEGER,
    subject TEXT    NOT NULL DEFAULT ''           -- 'registration 17', 'event 2026-12-03-ki-alltag'
) STRICT;
INSERT INTO "audit" VALUES(1,100,'stadtlabord','handled',1,'asked');
CREATE TABLE conversation (
    id         INTEGER PRIMARY KEY,
    address    TEXT    NOT NULL,                  -- whom we asked, lower case
    kind       TEXT    NOT NULL CHECK (kind IN ('register', 'cancel', 'newsletter')),
    state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    round      INTEGER NOT NULL DEFAULT 1,        -- questions asked; after three: staff
    expected   TEXT    NOT NULL,                  -- JSON of struct expected: missing, persons, offered, event
    language   TEXT    NOT NULL DEFAULT 'de',
    opened     INTEGER NOT NULL,
    changed    INTEGER NOT NULL
) STRICT;
INSERT INTO "conversation" VALUES(1,'petra@example.org','register','open',1,'{"missing":["birth_date"]}','de',100,100);
CREATE TABLE conversation_message (
    message_id TEXT    NOT NULL,
    case_id    INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, case_id)
) STRICT, WITHOUT ROWID;
INSERT INTO "conversation_message" VALUES('1@example.org',1);
CREATE TABLE event (
    id             INTEGER PRIMARY KEY,
    code           TEXT    NOT NULL UNIQUE,       -- '2026-12-03-ki-alltag'
    title          TEXT    NOT NULL,
    keywords       TEXT    NOT NULL DEFAULT '',   -- comma separated
    starts         INTEGER NOT NULL,
    ends           INTEGER NOT NULL CHECK (ends >= starts),
    place          TEXT    NOT NULL DEFAULT '',
    capacity       INTEGER NOT NULL DEFAULT 0 CHECK (capacity >= 0),   -- 0: no limit
    waiting_list   INTEGER NOT NULL DEFAULT 0 CHECK (waiting_list IN (0, 1)),
    register_until TEXT    NOT NULL DEFAULT '',   -- last day; '': until the start
    min_age        INTEGER NOT NULL DEFAULT -1,   -- on the day of the event; -1: none
    max_age        INTEGER NOT NULL DEFAULT -1,
    topic          TEXT    NOT NULL DEFAULT '',
    cancelled      INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
    sequence       INTEGER NOT NULL DEFAULT 0     -- iCalendar SEQUENCE, raised by every change
) STRICT;
INSERT INTO "event" VALUES(1,'2026-12-03-ki','KI im Alltag – „heute“','',1796313600,1796320800,'',20,0,'',-1,-1,'',0,0);
CREATE TABLE fact (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "fact" VALUES('programme_version','1');
CREATE TABLE intake (
    uidvalidity INTEGER NOT NULL,
    uid         INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    mail_id     INTEGER REFERENCES mail (id) ON DELETE SET NULL,  -- decided: no attempt counts any more
    PRIMARY KEY (uidvalidity, uid)
) STRICT, WITHOUT ROWID;
INSERT INTO "intake" VALUES(7,1,0,1);
CREATE TABLE mail (
    id          INTEGER PRIMARY KEY,
    identity    TEXT    NOT NULL UNIQUE,          -- letter_identity(): Message-ID plus content
    received    INTEGER NOT NULL,                 -- when we first saw it
    state       TEXT    NOT NULL CHECK (state IN ('done', 'asked', 'queued', 'ignored')),
    reason      TEXT    NOT NULL DEFAULT '',      -- of queued and ignored
    sender      TEXT    NOT NULL DEFAULT '',      -- address, lower case
    sender_name TEXT    NOT NULL DEFAULT '',
    subject     TEXT    NOT NULL DEFAULT '',
    message_id  TEXT    NOT NULL DEFAULT '',
    reading     TEXT    NOT NULL DEFAULT '',      -- reading_json(whole): every field with its evidence
    case_id     INTEGER REFERENCES conversation (id) ON DELETE SET NULL,  -- it opened or answered
    size        INTEGER NOT NULL DEFAULT 0        -- bytes on the server
) STRICT;
INSERT INTO "mail" VALUES(1,'abc',100,'asked','','petra@example.org','','Anmeldung','1@example.org','',1,300);
CREATE TABLE mail_raw (
    mail_id INTEGER PRIMARY KEY REFERENCES mail (id) ON DELETE CASCADE,
    bytes   BLOB NOT NULL
) STRICT;
INSERT INTO "mail_raw" VALUES(1,X'46726F6D3A207065747261406578616D706C652E6F7267');
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY,
    mail_id       INTEGER REFERENCES mail (id) ON DELETE SET NULL,      -- the mail it answers
    case_id       INTEGER REFERENCES conversation (id) ON DELETE SET NULL,
    kind          TEXT    NOT NULL,               -- the template's name: 'confirmed', 'question', …
    state         TEXT    NOT NULL DEFAULT 'queued'
                  CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'later', 'unclear')),
    message_id    TEXT    NOT NULL UNIQUE,
    envelope_from TEXT    NOT NULL,               -- '' for letters whose bounce nobody needs (RFC 3834 3.3)
    recipient     TEXT    NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0,
    not_before    INTEGER NOT NULL DEFAULT 0,
    reply         TEXT    NOT NULL DEFAULT '',    -- the relay's last words
    created       INTEGER NOT NULL,
    changed       INTEGER NOT NULL,
    filed         TEXT    NOT NULL DEFAULT 'no'   -- copy in the sent folder
                  CHECK (filed IN ('no', 'filing', 'yes'))
) STRICT;
INSERT INTO "outbox" VALUES(1,1,1,'question','sent','a1@iserlohn.de','stadtlabor@iserlohn.de','petra@example.org',0,0,'',100,101,'no');
CREATE TABLE outbox_bytes (
    outbox_id INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    bytes     BLOB NOT NULL
) STRICT;
INSERT INTO "outbox_bytes" VALUES(1,X'5375626A6563743A2052653A20416E6D656C64756E67');
CREATE TABLE queue_entry (
    id        INTEGER PRIMARY KEY,
    mail_id   INTEGER REFERENCES mail (id) ON DELETE SET NULL,
    outbox_id INTEGER REFERENCES outbox (id) ON DELETE SET NULL,   -- a letter that could not be delivered
    reason    TEXT    NOT NULL,                   -- stable name: 'question', 'unread', 'undeliverable', …
    words     TEXT    NOT NULL,                   -- German: why a person is needed, what to do next
    state     TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
    created   INTEGER NOT NULL,
    closed    INTEGER
) STRICT;
INSERT INTO "queue_entry" VALUES(1,1,NULL,'question','Bitte antworten','open',100,NULL);
CREATE TABLE registration (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL REFERENCES event (id),
    mail_id     INTEGER REFERENCES mail (id) ON DELETE SET NULL,  -- NULL: entered by staff
    party       INTEGER NOT NULL,                 -- people of one mail and event share a number
    state       TEXT    NOT NULL CHECK (state IN ('confirmed', 'waiting', 'cancelled')),
    address     TEXT    NOT NULL,                 -- mail address that registered, lower case
    language    TEXT    NOT NULL DEFAULT 'de',
    first_name  TEXT    NOT NULL,
    last_name   TEXT    NOT NULL,
    birth_date  TEXT    NOT NULL DEFAULT '',
    street      TEXT    NOT NULL DEFAULT '',
    postal_code TEXT    NOT NULL DEFAULT '',
    city        TEXT    NOT NULL DEFAULT '',
    person_key  TEXT    NOT NULL,                 -- folded name and birth date: the same person
    evidence    TEXT    NOT NULL DEFAULT '',      -- JSON: for each field its words, place and pattern
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL
) STRICT;
INSERT INTO "registration" VALUES(1,1,1,1,'confirmed','petra@example.org','de','Petra','Müller','1958-05-03','','','','petra|mueller|1958-05-03','',100,100);
CREATE TABLE subscriber (
    id           INTEGER PRIMARY KEY,
    address      TEXT    NOT NULL UNIQUE,         -- lower case
    state        TEXT    NOT NULL CHECK (state IN ('asked', 'subscribed', 'unsubscribed')),
    language     TEXT    NOT NULL DEFAULT 'de',
    asked_at     INTEGER,
    asked_by     INTEGER REFERENCES mail (id) ON DELETE SET NULL,       -- the sign-up
    confirmed_at INTEGER,
    confirmed_by INTEGER REFERENCES mail (id) ON DELETE SET NULL,       -- the confirming mail: proof of consent
    left_at      INTEGER,
    changed      INTEGER NOT NULL
) STRICT;
INSERT INTO "subscriber" VALUES(1,'petra@example.org','asked','de',100,1,NULL,NULL,NULL,100);
CREATE INDEX mail_message_id ON mail (message_id) WHERE message_id <> '';
CREATE INDEX mail_sender ON mail (sender);
CREATE INDEX event_starts ON event (starts);
CREATE INDEX registration_event ON registration (event_id, state, id);
CREATE INDEX registration_address ON registration (address);
CREATE UNIQUE INDEX registration_once ON registration (event_id, person_key) WHERE state <> 'cancelled';
CREATE INDEX conversation_open ON conversation (address, changed) WHERE state = 'open';
CREATE INDEX outbox_due ON outbox (state, not_before) WHERE state IN ('queued', 'later', 'sending', 'unclear');
CREATE INDEX outbox_to_file ON outbox (filed, id) WHERE state = 'sent' AND filed <> 'yes';
CREATE INDEX outbox_recipient ON outbox (recipient, created);
CREATE INDEX outbox_mail ON outbox (mail_id);
CREATE INDEX queue_open ON queue_entry (id) WHERE state = 'open';
CREATE INDEX queue_mail ON queue_entry (mail_id);
CREATE INDEX audit_mail ON audit (mail_id);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append only');
END;
COMMIT;
PRAGMA user_version = 1;
