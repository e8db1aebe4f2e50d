/* parsers/reading/reading_parts.h: what the parts of reading*.c share. Private to them. A part calls only
 * those that stand below it.
 *
 *     reading.c          robots aside, the mail's words ready, mails passed on
 *     reading_answer.c   answers to what we had asked
 *     reading_answer_news.c  … and told about the newsletter
 *     reading_merge.c    what they say of people
 *     reading_births.c   … and whose the birth dates are
 *     reading_verdict.c  act, ask or none, and why
 *     reading_cancel.c   who gives up a place, and whether all of it
 *     reading_share.c    … and who of several people wants which
 *     reading_wants.c    signs → what is wanted
 *     reading_statement.c  … and what only data and a plain sentence say
 *     reading_weighed.c  … and what all words together do
 *     reading_who.c      … and who is named there
 *     reading_number.c   … and how many
 *     reading_events.c   which events the wishes mean
 *     reading_doubt.c    … and which of these are too faintly named
 *     reading_places.c   … and which mentions of events are part of a wish
 *     reading_inline.c   … and those that only a quoted line above the wish names
 *     reading_newsletter.c  what is said of the newsletter → signs
 *     reading_news.c     … → who wants it, who no longer, at which address
 *     reading_holds.c    what holds wishes up, or is said beside them
 *     reading_account.c  words of weight that no finding explains
 *     reading_beside.c   … and sentences weighed by their words
 *     reading_corrects.c of which event another is put in the place
 *     reading_moves.c    … and which one is left for another
 *     reading_personal.c what is somebody's names no event, nor the other way round
 *     reading_json.c     the reading as one line of JSON; names
 *     reading_intents.c  what the parts put into the reading
 *     reading_mail.c     what the parts ask of the mail */
#ifndef STADTLABOR_PARSERS_READING_READING_PARTS_H
#define STADTLABOR_PARSERS_READING_READING_PARTS_H

#include "parsers/person/person.h"
#include "parsers/programme/event_match.h"
#include "parsers/reading/intent.h"
#include "parsers/reading/reading.h"

/* Own words beyond this (five pages; a class of sixty is four) are no letter a machine should answer: staff.
 */
enum { READING_TEXT_MAX = 16 * 1024 };

/* … nor one that names events so often, or has so many words for wishes: the programme names each event twice
 * at most, and what is said of each is held against all others. */
enum { MENTIONS_MAX = 200, SIGNS_MAX = 400 };

/* One mail while it is being read. */
struct mail {
    struct arena *arena;
    const struct reader *reader;
    const struct letter *letter; /* of a forwarded mail: the forwarded one's sender and subject */
    const struct own_words *own; /* of a forwarded mail: what stands in it */
    const char *subject, *text;
    struct sentences subject_sentences, sentences;
    struct dates subject_dates, dates;
    struct signs signs;
    struct event_mentions mentions;
    struct event_set given_up;             /* what a correction put another event in the place of */
    struct event_set moved_from, moved_to; /* one event each where a booking is moved, else none */
    struct persons persons;
    bool is_reply, passed_on;           /* "Re:"; a mail forwarded for registration */
    struct evidence asked_above;        /* what else is asked by who passes on a mail; `len` 0: nothing */
    bool subject_theirs;                /* of a mail that is passed on with other words */
    int weighs_register, weighs_cancel; /* wish_weigh */
};

/* A wish about the newsletter. */
struct news_wish {
    bool subscribe;
    const char *address; /* NULL: the sender's own */
    const struct sign *sign;
};

/* What the signs say, before events and persons. */
struct wants {
    const struct sign *registers, *cancels, *privacy, *question, *concern; /* NULL: not wanted */
    bool register_weak;        /* only by words that need an event beside them */
    bool data;                 /* everything a registration needs is there */
    bool by_data;              /* no wish, but everything a registration needs */
    bool replaced;             /* "für mich kommt meine Kollegin": her data are there */
    bool cancel_part;          /* perhaps only some of those registered */
    bool cancel_sure;          /* not only "kann nicht kommen" */
    bool blocked;              /* a condition, a hesitation: no registration by machine */
    const struct sign *blocks; /* the words that block */
    bool news_unclear;         /* more addresses than wishes */
    LIST(struct news_wish) news;
};

/* --- reading_mail.c --- */

/* Some bytes of the text. */
struct stretch {
    size_t at, end;
};
bool stretch_meets(struct stretch stretch, size_t at, size_t len);
struct stretch sentence_stretch(const struct mail *mail, size_t sentence);
/* The clause around a byte of a sentence: between commas, dashes, "und". */
struct stretch clause_around(const struct mail *mail, size_t sentence, size_t at);

/* A pattern, or one of a group, is found there; in nothing (`end` not behind `at`) nothing is. */
bool stretch_says(const struct mail *mail, const char *pattern, struct stretch words);
bool sentence_says(const struct mail *mail, const char *pattern, size_t sentence);
bool text_says(const struct mail *mail, const char *pattern, struct found *ret);

/* An event or a day of one is named: not only a month, nor a day without an event. */
bool sentence_names_event(const struct mail *mail, size_t sentence);
bool subject_names_event(const struct mail *mail);
/* A title, a word or a day of the programme, anywhere. */
bool names_event_of_ours(const struct mail *mail);
/* Behind "zum", "für den": the event is meant, where one word of its title stands for it. */
bool is_aimed_at(const struct mail *mail, const struct event_mention *mention);

bool subject_says(const struct mail *mail, enum sign_kind kind); /* whether it holds or not */
/* A sign that no pattern found: its words are some of the text. */
struct sign sign_made(const struct mail *mail, enum sign_kind kind, int weight, struct stretch words,
                      size_t sentence, const char *pattern, const char *where);

/* A name, a birth date, an address was found in those words. */
bool stretch_holds_data(const struct mail *mail, struct stretch words);
/* Somebody's first name, birth date and street. */
bool complete_data(const struct mail *mail);
/* Something that a registration needs is said in the text itself, not below the closing. */
bool said_data(const struct mail *mail);

/* --- reading_intents.c --- */

enum { POINTS_START = 20 }; /* of the confidence; the reasons add theirs (reading_verdict.c) */

void reading_reason(struct arena *arena, struct reading *reading, int points, const char *code,
                    const char *what);
void reading_for_staff(struct reading *ret, const char *why); /* the first reason stays */
struct evidence sign_evidence(const struct mail *mail, const struct sign *sign);
struct evidence answer_evidence(const struct found *found);
/* An intent by the words of a sign, of an answer; NULL: none that are its own. */
struct intent *reading_add(struct mail *mail, struct reading *ret, enum intent_kind kind,
                           const struct sign *sign);
struct intent *answer_add(struct mail *mail, struct reading *ret, enum intent_kind kind,
                          const struct found *found);

/* Events for registrations or for cancellations. */
struct wanted_events {
    LIST(const struct event *) event;
    struct event_choices choices;
    bool all_dates; /* a series was wanted with each of its dates */
    bool unclear;   /* more may be wanted than were found */
    struct evidence evidence;
};
/* For both: the reasons that the event gives, and its code and candidates. */
void reading_event_points(struct mail *mail, struct reading *ret, const struct wanted_events *events);
void reading_set_event(struct mail *mail, struct intent *intent, const struct wanted_events *events,
                       size_t i);

/* --- before the wishes --- */

/* reading_personal.c: mentions of events that are somebody's name or birth date; people that are titles. */
void personal_drop(struct mail *mail);
void titles_drop(struct mail *mail);

/* reading_moves.c: fills `moved_from` and `moved_to`, and adds the signs that say so. */
void moves_find(struct mail *mail);

/* reading_corrects.c: keeps those signs of a correction that are one, and fills `given_up`. */
void corrections_settle(struct mail *mail);

/* reading_account.c: words of weight left over in the writer's own sentences; `len` 0: none. `news_settled`:
 * what is wanted of the newsletter was found, so that speaking of it is explained. */
struct account {
    struct evidence request; /* something is asked for, or needed */
    struct evidence counter; /* something is refused, limited, taken back */
    struct evidence reserve; /* … by a whole sentence: beside a cancellation as well */
};
/* … `reading`: with its sentences weighed, those that are plain talk ask nothing by a faint word; NULL: none
 * is weighed. */
void account_find(struct mail *mail, bool news_settled, const struct reading *reading, struct account *ret);

/* reading_beside.c: fills `beside` with the sentences, weighed. */
void beside_weigh(struct mail *mail, const struct wants *wants, struct reading *ret);
/* … and what of them is left to a person, where the account found nothing. */
void beside_account(const struct reading *reading, struct account *account);
/* The words of a sentence that stands apart from all wishes and data speak plainly for talk. */
bool beside_is_talk(const struct beside *beside);
/* … the same of one that names a need, before the sentences are weighed */
bool need_is_talk(const struct mail *mail, size_t sentence);

/* reading_holds.c. What a person must answer, NULL: nothing; beside a wish, a question for a place is none.
 */
const struct sign *question_sign(const struct mail *mail, bool wish);
/* "Platz für mich? Ja, bitte.", "Wer merkt sich die alle? Ich nicht.": asked and answered by the writer; or
 * what will be learned where they come: "Was ist ein guter Prompt? Das will ich am 21. Januar lernen". */
bool answers_itself(const struct mail *mail, size_t sentence);
/* What only a person can settle before anybody is registered: a condition, a hesitation. NULL: nothing. */
const struct sign *block_sign(const struct mail *mail, const struct wants *wants);
/* A condition that nobody has met stands in the sentence; anywhere. */
bool sentence_waits(const struct mail *mail, size_t sentence);
bool waits_for_something(const struct mail *mail);
/* "Ich würde teilnehmen", and neither "gern" nor a plain wish anywhere, nor data without a condition: it
 * waits for something. */
bool only_would(const struct mail *mail);
/* What only a person can meet, though nobody asks; NULL: nothing. "Mein Rollator hat eine Klingel" is talk.
 */
const struct sign *concern_sign(const struct mail *mail);
/* What somebody needs who comes: it is said beside a wish. */
bool need_beside(const struct sign *concern);
/* "Unsere neue Anschrift lautet …" beside a wish is the address that a registration needs; `concern` may be
 * NULL. */
bool tells_address(const struct mail *mail, const struct sign *concern);

/* --- wishes --- */

/* What "bitte eintragen", "bitte streichen", a clause is about. */
enum object { OBJECT_NONE, OBJECT_NEWS, OBJECT_EVENT };

/* reading_newsletter.c: adds SIGN_SUBSCRIBE, SIGN_UNSUBSCRIBE, SIGN_NEWS_TOLD. */
void news_signs(struct mail *mail);
/* reading_news.c */
void news_take_others(struct mail *mail);
void news_find(struct mail *mail, struct wants *wants);

/* reading_inline.c: the events of the quoted lines below which the wishes stand. */
void events_answered(struct mail *mail, struct wanted_events *ret);
/* … and the one event of the letter below the writer's words. */
void event_of_answered_letter(struct mail *mail, struct wanted_events *ret);

/* reading_places.c: where an event is mentioned. */
enum place {
    PLACE_OUT,     /* told, refused, of another wish */
    PLACE_NEUTRAL, /* a sentence without a wish */
    PLACE_SUBJECT,
    PLACE_LINE, /* a short line, as in a list or a form */
    PLACE_WISH,
};
enum place mention_place(const struct mail *mail, const struct event_mention *mention, bool cancel,
                         bool both);
/* "im Januar, nicht im Dezember": a word right before it refuses it. */
bool is_refused(const struct mail *mail, const struct event_mention *mention);
/* "Am 8. Dezember bin ich beim Arzt", "im Januar sind wir verreist": the day of something else, in a clause
 * that neither wishes nor names an event. */
bool is_elsewhere(const struct mail *mail, const struct event_mention *mention);
/* Whether the words that a pattern's group holds name an event. */
bool group_names_event(const struct mail *mail, const struct sign *sign, const char *group);
bool sentence_tells(const struct mail *mail, size_t sentence); /* of the past */

/* reading_doubt.c: one faint choice, while another event is named plainly; whether more or others may be
 * meant than those that were found. */
bool choice_waits(const struct mail *mail, const enum place *place, const struct event_choices *choices);
bool events_doubtful(struct mail *mail, const enum place *place, bool both,
                     const struct wanted_events *wanted);
/* The mail says how many dates are meant: "beide Termine", "zwei Veranstaltungen". */
bool says_both(const struct mail *mail);
/* A pattern is found between two of the days that one sentence tells. */
bool says_between(const struct mail *mail, const struct event_set *days, const char *pattern);

/* reading_events.c */
void events_for_register(struct mail *mail, const struct wants *wants, struct wanted_events *ret);
void events_for_cancel(struct mail *mail, const struct wants *wants, struct wanted_events *ret);

/* reading_weighed.c: fills `weighs_register` and `weighs_cancel`. */
void wish_weigh(struct mail *mail);
/* … adds a sign of registration where the words of the mail speak for one, data and an event are there, and
 * no pattern tells a wish. */
void weighed_wish_find(struct mail *mail);
/* … a sign, added, of a place that is given up in words no pattern knows, where the mail wants nothing else;
 * NULL: none. `*ret_part`: by some of those who had one. */
const struct sign *weighed_cancel(struct mail *mail, const struct wants *wants, bool *ret_part);
/* … whether the words of the mail speak against the registration that a pattern or its data tell. */
bool register_is_unlikely(const struct mail *mail, const struct wants *wants);
/* … whether somebody who "kann nicht kommen" gives up a place: the words of the mail speak for it; `asks`: of
 * one who asks something as well, which who had no place does, too. */
bool cancel_is_likely(const struct mail *mail, bool asks);
/* … whether what a pattern took for a cancellation, "kann nicht" or a noun and no verb for it, stands among
 * words that others do not cancel with; sooner where the mail asks for something else ("zum 14. kann ich
 * leider nicht kommen, darum auf diesem Wege"). `wants` has one. */
bool cancel_is_doubtful(const struct mail *mail, const struct wants *wants, bool asks_else);

/* reading_statement.c: the mail speaks of something that was, or is for a person, whoever is named in it. */
bool other_matter(const struct mail *mail);
/* … adds a sign of registration for each clause that names an event and says, in whatever
 * words, that somebody comes whose data are there. */
void statements_find(struct mail *mail);
/* Each event that the text names is told of: somebody was there, or wants another part in it. */
bool events_only_told(const struct mail *mail);
/* Data that are given stand for a wish: what is said of events does not say otherwise. `faint`: a street
 * beside an event is enough. */
bool data_are_wish(const struct mail *mail, bool faint);

/* reading_wants.c */
void wants_find(struct mail *mail, struct wants *ret);
/* "Kreuzen Sie mich an", with whatever verb, is a wish only where an event and all data are there and
 * nothing else says one. */
void open_requests_settle(struct mail *mail);

/* --- the reading --- */

/* reading_who.c: a word that tells who. */
enum who_kind {
    WHO_NAMED,
    WHO_WRITER,
    WHO_TOGETHER, /* all of them */
    WHO_UNKNOWN,  /* "der andere", "er" */
    WHO_ROLE,     /* "unsere Tochter", "der Große"; each role has a number of its own from here on */
};
struct who {
    size_t at, end; /* bytes in the text */
    enum who_kind kind;
    uint64_t people; /* a bit for each of the mail's persons; 0: nobody's data tell who it is */
};
struct whos {
    LIST(struct who)
    list; /* in order of place */
};
void whos_find(const struct mail *mail, size_t sentence, struct whos *ret);
uint64_t everybody(const struct mail *mail);
/* The one person whose first name the sender or the closing bears; 0: nobody or several. */
uint64_t person_of_writer(const struct mail *mail);
/* Where the text tells the first of somebody's data; SIZE_MAX: nowhere. */
size_t person_at(const struct person *person);

/* reading_number.c: the mail says that more people come than are known. */
bool says_more_people(const struct mail *mail);

/* reading_share.c: fills goes[event] with the people who want it, a bit each. False: people and events are
 * named apart, but who wants which is not clear. */
bool events_share_out(const struct mail *mail, const struct wanted_events *events, uint64_t *goes);

/* reading_cancel.c: whether a place is given up, beside the other wishes; the intents and reasons of it. */
bool cancel_holds(const struct mail *mail, const struct wants *wants);
/* … of another event than those that the same mail registers for */
bool cancel_of_another(const struct mail *mail, const struct wants *wants, const struct reading *ret);
/* … of the day of one of these, by the writer */
bool cancel_of_same(const struct mail *mail, const struct wants *wants, const struct reading *ret);
void cancel_read(struct mail *mail, const struct wants *wants, struct reading *ret);

/* reading_verdict.c */
void wishes_read(struct mail *mail, const struct wants *wants, struct reading *ret);

/* --- answers --- */

/* reading_births.c: the people we had asked about, with what the answer says of them. */
struct answered_people {
    LIST(struct person) persons;
    int filled;    /* fields that the answer brought */
    int told;      /* … and those it only repeats */
    bool stranger; /* names somebody we had not asked about, with a birth date or an address */
    bool unclear;  /* a birth date whose owner is not certain */
};
void answer_fill(struct mail *mail, struct answered_people *people, size_t person, enum person_field field,
                 const char *value, size_t at, size_t len);
/* Each birth date of the answer to the one person it is said of, or to nobody. */
void answer_births(struct mail *mail, struct answered_people *people);

/* reading_merge.c */
void answer_merge(struct mail *mail, const struct expected *expected, struct answered_people *ret);

/* reading_answer_news.c: an answer about the newsletter alone; true when it was one. */
bool answer_news(struct mail *mail, const struct expected *expected, const struct wants *wants,
                 struct reading *ret);

/* reading_answer.c: a person's answer to what had been asked; true when the reading is complete. */
bool answer_read(struct mail *mail, const struct expected *expected, struct reading *ret);

#endif
