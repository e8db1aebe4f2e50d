/* daemon/desk/decide.h: what is done about a mail: a pure function of the reading and of what the
 * store knows. No I/O, no clock: `known` holds the time. daemon/desk/apply.h carries it out.
 *
 * The order of the rules is that of the promises: a robot is never answered; what nobody can
 * decide but a person goes to the queue; what is incomplete is asked for; the rest is done. */
#ifndef STADTLABOR_DESK_DECIDE_H
#define STADTLABOR_DESK_DECIDE_H

#include "daemon/desk/waiting.h"
#include "parsers/reading/expected.h"
#include "parsers/reading/topic.h"

#include <stdint.h>

/* An open conversation, as stored. */
enum case_kind {
    CASE_REGISTER,
    CASE_CANCEL,
    CASE_NEWSLETTER,
    CASE_PLACE,   /* they moved up from the waiting list; no gives the place on */
    CASE_GOODBYE, /* the newsletter was left, perhaps by somebody else; yes takes that back */
};

struct known_case {
    int64_t id; /* 0: none */
    enum case_kind kind;
    int round;           /* questions asked so far */
    const char *address; /* whom we asked */
    const char *language;
    struct expected expected;
};

struct known_registration {
    int64_t id;
    const char *event;   /* code */
    const char *address; /* that registered */
    const char *first_name, *last_name, *person_key;
    struct person person;
    bool waiting;
};

struct known_event {
    const char *event; /* code */
    struct waiting_list list;
    int waiting; /* people */
};

enum subscriber_state { SUBSCRIBER_NONE, SUBSCRIBER_ASKED, SUBSCRIBER_SUBSCRIBED, SUBSCRIBER_UNSUBSCRIBED };

/* What keeps us from writing to an address unasked. */
enum suppression { SUPPRESSION_NONE, SUPPRESSION_ASKED, SUPPRESSION_LEFT };

struct known_subscriber {
    const char *address; /* lower case */
    enum subscriber_state state;
    int64_t id; /* 0: none */
    int64_t asked_at, left_at;
    bool suspended;               /* mail came back from it */
    enum suppression suppression; /* also of an address that we know no more of */
    int64_t suppressed_at;
};

/* Whose newsletter a mail speaks of without words: a token in the address or subject it was sent with, an
 * issue that it answers, a report on one. */
struct known_reader {
    struct known_subscriber is; /* id 0: nobody */
    bool by_token;              /* in an address or the subject: that alone is a wish to leave */
    int64_t copy_id;            /* of the issue; 0: not known */
    int64_t returns;            /* issues in a row that came back before this one */
};

/* A letter of ours that a delivery report speaks of. */
struct known_letter {
    int64_t id; /* 0: none */
    const char *recipient, *kind;
    int64_t at;       /* when it was written */
    const char *ways; /* German: whom it concerns, and how else to reach them */
};

struct known {
    int64_t now;
    struct date today; /* of `now`, in Berlin */
    const struct programme *programme;
    const char *sender;              /* lower case, "" if none */
    const char *thread_address;      /* recipient of the letter of ours that this mail answers; NULL: none */
    LIST(struct known_event) events; /* of those the reading names */
    /* Not cancelled, event not over: of the sender, of the thread's address, and of the people named at the
     * events named. */
    LIST(struct known_registration) registrations;
    /* Of a cancellation: at the event that it names, under whatever address, and named in the mail. */
    LIST(struct known_registration) namesakes;
    struct known_case open;                    /* the conversation this mail answers */
    struct known_case newsletter;              /* the newsletter question that is open for this sender */
    bool newsletter_in_thread;                 /* … found by the Message-ID of our question, which only the
                                                  mailbox that was asked has seen */
    bool only_newsletter;                      /* of ours the mail can mean the newsletter alone */
    LIST(struct known_subscriber) subscribers; /* of the sender and of those the newsletter intents name */
    struct known_reader reader;
    int64_t replies_today; /* automatic letters to the sender since midnight */
    struct known_letter returned;
    enum topic topic; /* of the mail */
};

/* Who takes care of a topic, as configured; "": nobody, or not known. */
struct topic_care {
    const char *name, *address, *phone;
    bool acknowledge; /* one short letter for this topic */
};

struct decide_limits {
    int replies_per_day;
    int rounds_most;
    struct waiting_rule waiting;
    int newsletter_confirm_days;   /* a yes counts so long after the question */
    int newsletter_pause_days;     /* before somebody else may put an address in again */
    int newsletter_returns_most;   /* issues in a row that come back before an address is suspended */
    bool acknowledge;              /* one short letter when a person will answer */
    const struct topic_care *care; /* TOPICS of them; NULL: nothing is configured */
    const char *own_address;
};

enum effect_kind {
    EFFECT_REGISTER,        /* persons at event, confirmed or waiting */
    EFFECT_CANCEL,          /* one registration */
    EFFECT_CHANGE,          /* one registration: the first person's data in place of those stored */
    EFFECT_ASK_NEWSLETTER,  /* subscriber → asked */
    EFFECT_SUBSCRIBE,       /* subscriber → subscribed: the address confirmed */
    EFFECT_UNSUBSCRIBE,     /* reason: how: "own_words", "token", "issue", "declined" */
    EFFECT_SUBSCRIBE_AGAIN, /* … is taken back */
    EFFECT_COMPLAINT,       /* unsubscribed, because it was reported as spam */
    EFFECT_RETURNED,        /* a letter to a subscriber came back: `reason` is "hard", "soft", or "" */
    EFFECT_RESUME,          /* nothing any more speaks against sending */
    EFFECT_CLOSE_CASE,
    EFFECT_QUEUE,
};

struct effect {
    enum effect_kind kind;
    const char *event;
    LIST(struct person) persons;
    bool waiting;
    LIST(int64_t)
    instead;             /* register: for each person the registration given up with the new place; 0: none */
    int64_t id;          /* registration or case */
    const char *address; /* newsletter */
    bool by_other;       /* … and somebody else put it in */
    int64_t copy_id;     /* … of an issue; 0: none */
    const char *reason;  /* queue: stable name … */
    const char *words;   /* … and German words for staff; of a report: what it says */
};

/* One matter of a letter; the template has one partial a kind. */
struct section {
    const char *kind;          /* "confirmed", "question", "newsletter_confirm", … */
    const struct event *event; /* NULL: none */
    LIST(struct person) persons;
    LIST(const char *) offered; /* event codes, numbered from 1 in the letter */
    unsigned missing;           /* question: fields; changed: which */
    bool by_other;              /* cancelled: by somebody else, from another address */
    bool again;       /* a question asked before, whose answer did not hold all; of the newsletter's letters:
                         the yes came late, or back again, or the leaving may be taken back */
    bool rebooking;   /* cancelled: for another date, as asked for; place_kept: until they move up there */
    bool elsewhere;   /* newsletter_goodbye: another address is put in for this one */
    bool waiting;     /* they stand (or stood) on the waiting list, without a place */
    int place;        /* on the waiting list */
    enum topic topic; /* of an acknowledgement */
    const struct topic_care *care; /* … and who takes care; NULL: nobody */
    const struct json_t *facts;    /* further facts that letter_kinds.c declares for this kind; NULL: none */
};

/* A letter to one address; a question opens or continues a case, which the answer finds. */
struct letter_plan {
    const char *to;
    const char *to_name; /* to greet with, of a letter that answers no mail; NULL: not known */
    bool in_thread;      /* answers the mail: subject "Re:", In-Reply-To */
    LIST(struct section) sections;
    bool opens_case;
    struct known_case asks; /* with opens_case: what to store; id 0: a new one */
    bool to_staff;          /* no words for citizens around it */
    bool acknowledgement;   /* nobody needs its bounce: null envelope sender */
};

enum mail_state { MAIL_DONE, MAIL_ASKED, MAIL_QUEUED, MAIL_IGNORED };

struct decision {
    enum mail_state state;
    const char *reason; /* of queued and ignored: stable name; else "" */
    LIST(struct effect) effects;
    struct letter_plan answer; /* to the sender; no sections: none */
    LIST(struct letter_plan)
    questions;            /* letters each alone, to whatever address: whether it really wants the newsletter,
                             that it was cancelled there, and what somebody else cancelled */
    const char *language; /* "de" or "en" */
};

void decide(struct arena *arena, const struct decide_limits *limits, const struct letter *letter,
            const struct reading *reading, const struct known *known, struct decision *ret);

/* What makes two registrations the same person: folded names without blanks and hyphens, and the
 * birth date; or `person->key`. */
char *person_key(struct arena *arena, const struct person *person);
/* One name of it, or any words in the same way. */
char *name_key(struct arena *arena, const char *name);

const char *mail_state_name(enum mail_state state);

#endif
