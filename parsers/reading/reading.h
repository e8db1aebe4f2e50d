/* parsers/reading/reading.h: what one mail means. Pure: letter, programme, today's date and what had been
 * asked before go in; a reading goes out, every field with its evidence.
 *
 * The rules of a reading (kinds, act/ask/none, missing) are those of tests/corpus/README.md. */
#ifndef STADTLABOR_PARSERS_READING_READING_H
#define STADTLABOR_PARSERS_READING_READING_H

#include "parsers/mail/letter.h"
#include "parsers/mail/own_words.h"
#include "parsers/pattern/weight_list.h"
#include "parsers/person/fact.h"
#include "parsers/programme/reader.h"

enum { READING_INTENTS_MAX = 20 }; /* beyond: staff */

enum intent_kind {
    INTENT_REGISTER,
    INTENT_CANCEL,
    INTENT_SUBSCRIBE,
    INTENT_UNSUBSCRIBE,
    INTENT_QUESTION,
    INTENT_PRIVACY,
    INTENT_BOUNCE,
    INTENT_AUTO_REPLY,
    INTENT_BULK,
    INTENT_CONFIRM, /* only with `expected`: yes to what we asked (newsletter) */
    INTENT_ANSWER,  /* only with `expected`: fills in what we asked for. Here `persons` are the people of
                       `expected` in their order with what the answer adds or corrects (evidence source
                       "known" for what was not said now), `event` is the one agreed on or now chosen,
                       and `missing` is what still lacks of all that: the desk need not merge again */
    INTENT_DECLINE, /* only with `expected`: no longer wanted */
    INTENT_KINDS
};

/* Bits of `missing`; postal code and city count as one: MISSING_CITY = neither is there. */
enum missing {
    MISSING_FIRST_NAME = 1 << 0,
    MISSING_LAST_NAME = 1 << 1,
    MISSING_BIRTH_DATE = 1 << 2,
    MISSING_STREET = 1 << 3,
    MISSING_CITY = 1 << 4,
    MISSING_EVENT = 1 << 5,
};

enum severity { SEVERITY_NONE, SEVERITY_HARD, SEVERITY_SOFT };

/* What lacks of a person, as bits of `enum missing`. */
unsigned person_missing(const struct person *person);

struct intent {
    enum intent_kind kind;
    struct evidence evidence;      /* the words that say so */
    const char *event;             /* code; NULL: none, or several could be meant */
    LIST(const char *) candidates; /* codes of the events that could be meant, best first */
    struct evidence event_evidence;
    LIST(struct person) persons; /* register, answer; cancel: whom, in answer to that question */
    bool all_events, all_people; /* cancel: it is said that all dates, that everybody is meant */
    unsigned missing;            /* enum missing, or-ed */
    const char *address;         /* subscribe, unsubscribe: only where not the sender's own */
    /* bounce */
    const char *recipient; /* whose mailbox failed */
    enum severity severity;
    const char *status;              /* "5.1.1", NULL: none */
    const char *diagnostic;          /* the server's words, NULL: none */
    const char *returned_message_id; /* our letter that came back, NULL: not in the report */
    bool delayed;                    /* "delayed" is never a failure */
    bool complaint;                  /* ARF, RFC 5965 */
};

enum reading_auto { READING_ACT, READING_ASK, READING_NONE };

/* Words, or what else was counted, and what they weigh. */
struct features {
    LIST(struct feature {
        const char *what;
        struct weight weight;
    }) list;
};

/* A sentence of the writer's and what its words weigh: for a person who must see it, and for one who must see
 * it before anything is done. */
struct beside {
    struct evidence evidence;
    LIST(const char *) signs; /* names of what was found in it, as beside.weights has them */
    int person, stop;         /* hundredths of log-odds */
    bool for_person, stops;   /* they are above the line */
    struct features counted;  /* of one that is */
};

struct reading {
    enum reading_auto automatic;
    bool staff; /* a person must (also) look at it */
    LIST(struct intent) intents;
    const char *language; /* "de", "en", "tr", "pl", "uk", "ar", … of the own words; "" unknown */
    int confidence;       /* 0 to 100; below `caution` the mail goes to staff */
    LIST(struct reason) reasons;
    const char *why_staff; /* German sentence, NULL unless staff */
    LIST(struct beside) beside;
    const char *subject; /* as it was read; NULL: nobody wrote it */
    int weighs_register,
        weighs_cancel; /* hundredths of log-odds that somebody comes; that a place is given up */
    struct own_words own;
};

/* What an open conversation is waiting for; all zero: nothing. */
struct expected {
    unsigned missing;            /* fields we asked for */
    LIST(struct person) persons; /* what is known so far of the people concerned, in our order */
    LIST(const char *) offered;  /* event codes in the order we listed them: "2" chooses the second */
    const char *event;           /* the event already agreed on, NULL: none */
    bool confirm_newsletter;     /* we asked whether this address really wants the newsletter */
    bool keep_newsletter;        /* we told that it was cancelled, which may be taken back */
    bool only_newsletter;      /* of ours the writer can mean the newsletter alone: the mail answers an issue,
                                or nothing else of ours is open for them */
    bool confirm_which_cancel; /* we asked which registration is to be cancelled (offered); with `persons`:
                                  which of them, at `event` */
    bool confirm_persons;      /* we asked whether `persons` are to be registered for `event` */
    bool place_given;          /* we told that `persons` have places at `event`, which they may decline */
};

/* Default line of caution; `make corpus` prints exact/safe/harm for several. */
enum { READING_CAUTION = 50 };

/* A letter is always read; what cannot be understood becomes a question for staff. `expected` may be NULL. */
void read_letter(struct arena *arena, const struct reader *reader, const struct letter *letter,
                 const struct expected *expected, struct reading *ret);

/* "register", "cancel", … as in the corpus; "first_name", …; "act", "ask", "none". */
const char *intent_name(enum intent_kind kind);
const char *reading_auto_name(enum reading_auto automatic);
const char *missing_name(enum missing one_bit); /* "birth_date" */

/* The reading as one line of JSON, as in tests/corpus/README.md; with evidence, reasons, language
 * and confidence when `whole` is true. `file` may be NULL. */
char *reading_json(struct arena *arena, const struct reading *reading, const char *file, bool whole);

#endif
