-- The store of stadtlabor: one SQLite file, WAL, synchronous=FULL, foreign keys on.
--
-- Read it from top to bottom: a mail comes in, is read, leads to registrations or to a
-- subscriber, is answered from the outbox, or waits in the queue. Every row that a mail
-- caused names that mail. Times are seconds since 1970 (UTC); days are 'YYYY-MM-DD' in
-- Berlin. Where rows may be removed, AUTOINCREMENT sees to it that no number is given a second
-- time: the audit, or a token in an old mail, may name it. What a column may hold is said with OR: for a longer
-- IN SQLite makes a table for a moment with every row that is written. This file is the schema as it is now,
-- of which a new store is made; migration-N.sql takes a store of version N-1 to version N
-- (PRAGMA user_version), and both ways end alike.

-- A message in the INBOX that is being taken in. Written before the mail is parsed, with the number
-- of the attempt, so that a mail that kills the program cannot do so more than twice; kept until the
-- mail is moved, so that a crash between decision and move decides nothing anew. Rows of another
-- UIDVALIDITY mean nothing any more and are removed.
CREATE TABLE intake (
    uidvalidity INTEGER NOT NULL,
    uid         INTEGER NOT NULL,
    attempt     INTEGER NOT NULL,
    mail_id     INTEGER REFERENCES mail (id) ON DELETE SET NULL,  -- decided: no attempt counts any more
    PRIMARY KEY (uidvalidity, uid)
) STRICT, WITHOUT ROWID;

-- A mail that was decided, in the same transaction as all that it caused.
--   state: done     decided, nothing open
--          asked    we wrote back and wait for the answer
--          queued   a person is needed (queue_entry says why)
--          ignored  a robot's (reason says which)
CREATE TABLE mail (
    id          INTEGER PRIMARY KEY,
    identity    TEXT    NOT NULL UNIQUE,          -- letter_identity(): Message-ID plus content
    received    INTEGER NOT NULL,                 -- when we first saw it
    state       TEXT    NOT NULL
                  CHECK (state = 'done' OR state = 'asked' OR state = 'queued' OR state = 'ignored'),
    reason      TEXT    NOT NULL DEFAULT '',      -- of queued and ignored
    sender      TEXT    NOT NULL DEFAULT '',      -- address, lower case
    sender_name TEXT    NOT NULL DEFAULT '',
    subject     TEXT    NOT NULL DEFAULT '',
    message_id  TEXT    NOT NULL DEFAULT '',
    reading     TEXT    NOT NULL DEFAULT '',      -- reading_json(whole): every field with its evidence
    case_id     INTEGER REFERENCES conversation (id) ON DELETE SET NULL,  -- it opened or answered
    size        INTEGER NOT NULL DEFAULT 0        -- bytes on the server
) STRICT;
CREATE INDEX mail_message_id ON mail (message_id) WHERE message_id <> '';
CREATE INDEX mail_sender ON mail (sender, sender_name);
CREATE INDEX mail_received ON mail (received);
CREATE INDEX mail_open ON mail (state) WHERE state <> 'done';

-- The mail as it came (its first part when it was too large). Apart, so that lists stay fast.
CREATE TABLE mail_raw (
    mail_id INTEGER PRIMARY KEY REFERENCES mail (id) ON DELETE CASCADE,
    bytes   BLOB NOT NULL
) STRICT;

-- An event of the programme, as imported.
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
    required       TEXT    NOT NULL DEFAULT 'name birth_date address',  -- asked for and kept of a person
    contact        TEXT    NOT NULL DEFAULT '',   -- who answers questions, for the confirmation
    extra          TEXT    NOT NULL DEFAULT '',   -- a sentence of its own for the confirmation
    cancelled      INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
    sequence       INTEGER NOT NULL DEFAULT 0,    -- iCalendar SEQUENCE: raised when what calendars show changes
    uid            TEXT    NOT NULL DEFAULT ''    -- of the calendar file's entry it came from
) STRICT;
CREATE INDEX event_starts ON event (starts);

-- One person's place at one event.
--   state: confirmed  has a place
--          waiting    on the waiting list, in the order of id
--          cancelled  gave the place up
CREATE TABLE registration (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id    INTEGER NOT NULL REFERENCES event (id),
    mail_id     INTEGER REFERENCES mail (id) ON DELETE SET NULL,  -- NULL: entered by staff
    party       INTEGER NOT NULL,                 -- people of one mail and event share a number
    state       TEXT    NOT NULL CHECK (state = 'confirmed' OR state = 'waiting' OR state = 'cancelled'),
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
    attended    INTEGER NOT NULL DEFAULT 0 CHECK (attended IN (0, 1)),  -- ticked by staff: was there
    instead_of  INTEGER NOT NULL DEFAULT 0,       -- waits: the registration that is given up with a place here
    created     INTEGER NOT NULL,
    changed     INTEGER NOT NULL
) STRICT;
CREATE INDEX registration_event ON registration (event_id, state, id, attended);
CREATE INDEX registration_address ON registration (address, last_name, first_name);
CREATE INDEX registration_mail ON registration (mail_id);
CREATE INDEX registration_by_staff ON registration (party) WHERE party < 0;
CREATE UNIQUE INDEX registration_once ON registration (event_id, person_key) WHERE state <> 'cancelled';
CREATE INDEX registration_gone ON registration (event_id, person_key) WHERE state = 'cancelled';

-- What the rule of the waiting list remembers of an event where somebody waits or waited (its reasons:
-- daemon/desk/waiting.h). Whatever may free a place or change the list makes it due at once, by the triggers
-- below: so no way of cancelling, erasing or moving can leave somebody waiting beside a free place.
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

-- Letters to everybody of an event that are sent once: 'reminder', 'thanks'. Of an event that is moved to
-- another time they are due anew.
CREATE TABLE event_mailing (
    event_id INTEGER NOT NULL REFERENCES event (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL CHECK (kind IN ('reminder', 'thanks')),
    starts   INTEGER NOT NULL,                    -- the event's time then
    done     INTEGER NOT NULL,
    PRIMARY KEY (event_id, kind, starts)
) STRICT, WITHOUT ROWID;

-- An open question to a citizen, and what is known so far.
CREATE TABLE conversation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    address    TEXT    NOT NULL,                  -- whom we asked, lower case
    kind       TEXT    NOT NULL                   -- 'place': one was given from the waiting list; no is an answer
                                                  -- 'goodbye': the newsletter was left; yes takes that back
                  CHECK (kind = 'register' OR kind = 'cancel' OR kind = 'newsletter' OR kind = 'place' OR
                         kind = 'goodbye'),
    state      TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closed')),
    round      INTEGER NOT NULL DEFAULT 1,        -- questions asked; after three: staff
    expected   TEXT    NOT NULL,                  -- JSON of struct expected: missing, persons, offered, event
    language   TEXT    NOT NULL DEFAULT 'de',
    opened     INTEGER NOT NULL,
    changed    INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_open ON conversation (address, changed) WHERE state = 'open';

-- Message-IDs of a conversation, theirs and ours: how an answer finds it.
CREATE TABLE conversation_message (
    message_id TEXT    NOT NULL,
    case_id    INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    PRIMARY KEY (message_id, case_id)
) STRICT, WITHOUT ROWID;

-- The newsletter's subscribers.
--   state: asked         we asked whether the address really wants it (double opt-in)
--          subscribed    confirmed from its own mailbox, or put in by staff who stated the consent
--          unsubscribed  left; nothing is sent
--   suspended: ''        nothing speaks against sending
--              hard      the address does not exist: one report is enough
--              soft      so many issues in a row came back that it is tried again only after a pause
CREATE TABLE subscriber (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    address      TEXT    NOT NULL UNIQUE,         -- lower case
    state        TEXT    NOT NULL CHECK (state = 'asked' OR state = 'subscribed' OR state = 'unsubscribed'),
    language     TEXT    NOT NULL DEFAULT 'de',
    asked_at     INTEGER,
    asked_by     INTEGER REFERENCES mail (id) ON DELETE SET NULL,       -- the sign-up
    by_other     INTEGER NOT NULL DEFAULT 0 CHECK (by_other IN (0, 1)), -- … came from another address
    confirmed_at INTEGER,
    confirmed_by INTEGER REFERENCES mail (id) ON DELETE SET NULL,       -- the confirming mail: proof of consent
    left_at      INTEGER,
    suspended    TEXT    NOT NULL DEFAULT ''
                  CHECK (suspended = '' OR suspended = 'hard' OR suspended = 'soft'),
    suspended_at INTEGER,
    returned     TEXT    NOT NULL DEFAULT '',     -- what the last report said
    changed      INTEGER NOT NULL
) STRICT;

-- The proof of consent: every step of a subscriber, as it happened. Kept apart from the mails, whose bytes
-- go earlier.
--   kind: request       the sign-up; words: what it said
--         question      our letter; words: its text
--         confirmation  the mail that said yes; words: what it said
--         imported, entered   by staff; words: where the consent comes from
--         left, back    unsubscribed, and taken back; words: how
--         complaint, suspended, resumed
CREATE TABLE consent (
    id             INTEGER PRIMARY KEY,
    subscriber_id  INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    kind           TEXT    NOT NULL,
    at             INTEGER NOT NULL,
    actor          TEXT    NOT NULL,              -- 'stadtlabord', or a member of staff's login
    sender         TEXT    NOT NULL DEFAULT '',   -- of the mail
    message_id     TEXT    NOT NULL DEFAULT '',   -- of the mail, or of our letter
    authentication TEXT    NOT NULL DEFAULT '',   -- what the lab's own server found (RFC 8601)
    words          TEXT    NOT NULL DEFAULT '',
    head           TEXT    NOT NULL DEFAULT ''    -- the mail's header fields as they came
) STRICT;
CREATE INDEX consent_subscriber ON consent (subscriber_id, id);
CREATE INDEX consent_sender ON consent (sender);

-- Addresses that are not to be written to unasked, as keyed hashes: this outlives the subscriber and its
-- erasure. Signing up from the address itself is what takes it out.
--   reason: left, erased, complaint, asked (somebody else put it in: one letter went there)
CREATE TABLE suppression (
    hash   TEXT    PRIMARY KEY,
    reason TEXT    NOT NULL
                  CHECK (reason = 'left' OR reason = 'erased' OR reason = 'complaint' OR
                         reason = 'asked'),
    since  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who gets the newsletter: the one place that says to whom an issue is sent, and whether an address is still to
-- be written to when its copy's turn comes.
CREATE VIEW newsletter_reader AS
    SELECT id, address, language FROM subscriber WHERE state = 'subscribed' AND suspended = '';

-- An issue of the newsletter.
--   state: scheduled  waits for `send_at`; its words are made of `source` when it begins
--          sending    begun: its recipients stand in newsletter_copy, `bytes` is what they get
--          paused     begun, and held back until staff resume it
--          stopped    begun, and ended by staff before all had it; can be resumed
--          sent       no copy waits any more
CREATE TABLE newsletter_issue (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE,           -- its file's name without folder and ending: '2026-12'
    state      TEXT    NOT NULL
                  CHECK (state = 'scheduled' OR state = 'sending' OR state = 'paused' OR
                         state = 'stopped' OR state = 'sent'),
    subject    TEXT    NOT NULL,
    source     TEXT    NOT NULL,                  -- the Markdown file as it was
    bytes      BLOB    NOT NULL,                  -- the mail with holes for what differs: newsletter/copy.h
    recipients INTEGER NOT NULL DEFAULT 0,        -- when it began
    send_at    INTEGER NOT NULL,
    began      INTEGER,
    ended      INTEGER,
    changed    INTEGER NOT NULL
) STRICT;
CREATE INDEX newsletter_issue_open ON newsletter_issue (state, id) WHERE state IN ('scheduled', 'sending');

-- A picture of an issue that waits for its day.
CREATE TABLE newsletter_picture (
    issue_id INTEGER NOT NULL REFERENCES newsletter_issue (id) ON DELETE CASCADE,
    name     TEXT    NOT NULL,                    -- as the Markdown names it
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (issue_id, name)
) STRICT;

-- The ledger: one row a recipient, made in the transaction that begins the issue. Nobody is written to who is
-- not here, and each row once. No personal data: `reply` has no addresses, and who is erased leaves NULL.
--   state: queued   waits
--          sending  handed to the relay; committed before the first SMTP command
--          sent     the relay said 250 after the dot
--          later    refused for now, tried again from `not_before` on
--          failed   refused for good, or given up after two days
--          unclear  nobody knows whether it arrived; never sent again unless staff say so
--          bounced  sent, and came back
--          dropped  not a reader any more when its turn came
CREATE TABLE newsletter_copy (
    id            INTEGER PRIMARY KEY,
    issue_id      INTEGER NOT NULL REFERENCES newsletter_issue (id) ON DELETE CASCADE,
    subscriber_id INTEGER REFERENCES subscriber (id) ON DELETE SET NULL,
    state         TEXT    NOT NULL DEFAULT 'queued'
                  CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR state = 'later' OR
                         state = 'failed' OR state = 'unclear' OR state = 'bounced' OR
                         state = 'dropped'),
    attempt       INTEGER NOT NULL DEFAULT 0,
    first_try     INTEGER NOT NULL,               -- when it was tried first; until then: when it was put here
    not_before    INTEGER NOT NULL DEFAULT 0,
    reply         TEXT    NOT NULL DEFAULT '',    -- the relay's last words, or the bounce's, unless it was well
    changed       INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX newsletter_copy_once ON newsletter_copy (subscriber_id, issue_id);
CREATE INDEX newsletter_copy_waits ON newsletter_copy (issue_id, state, not_before)
    WHERE state IN ('queued', 'later');
CREATE INDEX newsletter_copy_sending ON newsletter_copy (issue_id) WHERE state = 'sending';

-- A letter that waits to be sent, or was.
--   state: queued   waits (from `not_before` on)
--          sending  handed to the relay; committed before the first SMTP command
--          sent     the relay said 250 after the dot
--          failed   refused for good, or given up after two days: reply says why
--          later    refused for now, tried again from `not_before` on
--          unclear  the program ended while it was `sending`
--   A reply that is unclear is sent again with the same Message-ID.
CREATE TABLE outbox (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    mail_id       INTEGER REFERENCES mail (id) ON DELETE SET NULL,      -- the mail it answers
    case_id       INTEGER REFERENCES conversation (id) ON DELETE SET NULL,
    kind          TEXT    NOT NULL,               -- the template's name: 'confirmed', 'question', …
    state         TEXT    NOT NULL DEFAULT 'queued'
                  CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR state = 'failed' OR
                         state = 'later' OR state = 'unclear'),
    message_id    TEXT    NOT NULL UNIQUE,
    envelope_from TEXT    NOT NULL,               -- '' for letters whose bounce nobody needs (RFC 3834 3.3)
    recipient     TEXT    NOT NULL,
    attempt       INTEGER NOT NULL DEFAULT 0,
    not_before    INTEGER NOT NULL DEFAULT 0,
    reply         TEXT    NOT NULL DEFAULT '',    -- the relay's last words
    created       INTEGER NOT NULL,
    changed       INTEGER NOT NULL,
    filed         TEXT    NOT NULL DEFAULT 'no'   -- copy in the sent folder
                  CHECK (filed = 'no' OR filed = 'filing' OR filed = 'yes')
) STRICT;
CREATE INDEX outbox_due ON outbox (state, not_before) WHERE state <> 'sent' AND state <> 'failed';
CREATE INDEX outbox_to_file ON outbox (id) WHERE state = 'sent' AND filed <> 'yes';
CREATE INDEX outbox_recipient ON outbox (recipient, created);
CREATE INDEX outbox_mail ON outbox (mail_id);

-- The letter as it goes out, CRLF lines. Apart, because its state changes three times and an
-- UPDATE writes its row whole.
CREATE TABLE outbox_bytes (
    outbox_id INTEGER PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    bytes     BLOB NOT NULL
) STRICT;

-- What waits for a person.
--   outcome, once closed: accepted (what was proposed, or as corrected), asked, replied, done, spam, retried;
--   erased: personal data was removed;
--   from the mail program: moved (to the done folder), answered (in the sent folder), reread (back to the INBOX)
CREATE TABLE queue_entry (
    id        INTEGER PRIMARY KEY,
    mail_id   INTEGER REFERENCES mail (id) ON DELETE SET NULL,
    outbox_id INTEGER REFERENCES outbox (id) ON DELETE SET NULL,   -- a letter that could not be delivered
    reason    TEXT    NOT NULL,                   -- stable name: 'question', 'unread', 'undeliverable', …
    words     TEXT    NOT NULL,                   -- German: why a person is needed, what to do next
    state     TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
    topic     TEXT    NOT NULL DEFAULT '',        -- 'appointment', 'idea', …: parsers/topic.h
    assigned  TEXT    NOT NULL DEFAULT '',        -- who takes care of it
    outcome   TEXT    NOT NULL DEFAULT '',
    chosen    TEXT    NOT NULL DEFAULT '',        -- the reading as a person accepted it, as mail.reading: names, dates
    move      TEXT    NOT NULL DEFAULT ''         -- where its mail still has to be moved to from the review folder
              CHECK (move = '' OR move = 'done' OR move = 'automatic'),
    created   INTEGER NOT NULL,
    closed    INTEGER
) STRICT;
CREATE INDEX queue_open ON queue_entry (id) WHERE state = 'open';
CREATE INDEX queue_mail ON queue_entry (mail_id);
CREATE INDEX queue_move ON queue_entry (id) WHERE move <> '';

-- Who or what did what, when: ids and stable names only, no personal data; append only. What is older than the
-- fact 'audit_since' says may be purged.
CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT    NOT NULL,                     -- 'stadtlabord', or a member of staff's login
    action  TEXT    NOT NULL,                     -- 'registered', 'cancelled', 'asked', 'queued', …
    mail_id INTEGER,
    subject TEXT    NOT NULL DEFAULT ''           -- 'registration 17', 'event 2026-12-03-ki-alltag'
) STRICT;
CREATE INDEX audit_mail ON audit (mail_id);
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append only');
END;
CREATE TRIGGER audit_goes BEFORE DELETE ON audit
WHEN OLD.at >= coalesce((SELECT CAST(value AS INTEGER) FROM fact WHERE name = 'audit_since'), 0)
BEGIN
    SELECT RAISE(ABORT, 'the audit is append only');
END;

-- Small facts that outlive a restart: 'uidvalidity', 'heartbeat', …; 'pages_clean': no page holds what is gone
-- (page_file.h). Who writes in this file with another program deletes that one: it is then written anew once.
CREATE TABLE fact (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
