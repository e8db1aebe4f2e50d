/* daemon/desk/deciding.h: shared by the decide_*.c files alone. */
#ifndef STADTLABOR_DESK_DECIDING_H
#define STADTLABOR_DESK_DECIDING_H

#include "daemon/desk/decide.h"

struct deciding {
    struct arena *arena;
    const struct decide_limits *limits;
    const struct reading *reading;
    const struct known *known;
    struct decision *decision;
    bool kept_place;    /* a registration in this mail did not lead to a place */
    bool left_by_token; /* the mail came with a subscriber's token, which was enough */
};

/* Adds a section to the letter to the sender. */
struct section *add_section(struct deciding *d, const char *kind, const struct event *event);
struct effect *add_effect(struct deciding *d, enum effect_kind kind);
/* Hands the matter to staff; the first reason names the mail's state. */
void add_queue(struct deciding *d, const char *reason, const char *words);
void close_case(struct deciding *d, const struct known_case *open);

/* A wish for a place: a registration, or the answer that completes one. */
bool wants_place(const struct deciding *d, const struct intent *intent);

/* The letter that says why nobody can register any more; NULL: one can. */
const char *event_shut(const struct deciding *d, const struct event *event);

/* Registrations, in the order of the store. */
struct chosen {
    LIST(const struct known_registration *) of;
};

/* Those of one address at an event; NULL: at any. */
struct chosen registrations_by(const struct deciding *d, const char *address, const char *event);
/* The names are the person's: one without a last name by the first alone. */
bool is_person(struct arena *arena, const struct known_registration *r, const struct person *person);
/* Those of the group who bear the person's name: of several the one of that birth date; who bears it alone
 * may have mistyped the date, but is not a generation older or younger. More than one: which is not said. */
struct chosen who_is(const struct deciding *d, const struct chosen *group, const struct person *person);
/* The event keeps no names: who came together goes together. */
bool is_nameless(const struct chosen *group);
/* Several of one name, of whom it is not said which is meant: a person asks. */
void ask_staff_which(struct deciding *d, const struct chosen *namesakes);

/* The intent with what its people gave us with another registration of theirs: from their own mailbox, under
 * the same name. */
struct intent complete_from_known(const struct deciding *d, const struct intent *intent);
/* True when the person, one of the intent's, has a registration there from the same mailbox and now writes
 * other data: it is changed, and that is told; or staff see whether these are two people of one name. */
bool changes_data(struct deciding *d, const struct event *event, const struct intent *intent,
                  const struct person *person);

/* Asks for what is missing, which event is meant first of all; continues the case when it answers one. */
void ask_registration(struct deciding *d, const struct intent *intent, bool is_answer);
/* To the last section, which refuses this event: further dates of it, others of its topic. The number alone
 * answers, as the people are known. */
void offer_others(struct deciding *d, const struct event *event, const struct person *persons, size_t n);
/* Some of a group are too young or too old: the others come when they say so. */
void ask_for_the_rest(struct deciding *d, const struct event *event, const struct effect *fit);

void decide_register(struct deciding *d, const struct intent *intent);
void decide_answer(struct deciding *d, const struct intent *intent);
void decide_cancel(struct deciding *d, const struct intent *intent);
/* A place given up for another one, which they asked for in this mail. */
bool is_rebooking(const struct deciding *d);
/* … and this event is where. */
bool registers_for(const struct deciding *d, const char *event);
/* … but which they do not have: the old places stay, and that is said. */
void keep_old(struct deciding *d, const struct chosen *theirs);
void decide_newsletter(struct deciding *d, const struct intent *intent);
/* True: that was all the mail was for. */
bool decide_token(struct deciding *d);
void decline_newsletter(struct deciding *d);
/* True: the report was on an issue, or on a letter about the newsletter. */
bool returned_newsletter(struct deciding *d, const struct intent *intent);
void decide_decline(struct deciding *d);
void decline_place(struct deciding *d);
void decide_bounce(struct deciding *d, const struct intent *intent);

#endif
