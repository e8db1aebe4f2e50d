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
    bool kept_place; /* a registration in this mail did not lead to a place */
};

/* Adds a section to the letter to the sender. */
struct section *add_section(struct deciding *d, const char *kind, const struct event *event);
struct effect *add_effect(struct deciding *d, enum effect_kind kind);
/* Hands the matter to staff; the first reason names the mail's state. */
void add_queue(struct deciding *d, const char *reason, const char *words);
void close_case(struct deciding *d, const struct known_case *open);

void decide_register(struct deciding *d, const struct intent *intent);
void decide_answer(struct deciding *d, const struct intent *intent);
void decide_cancel(struct deciding *d, const struct intent *intent);
void decide_newsletter(struct deciding *d, const struct intent *intent);
void decide_decline(struct deciding *d);
void decline_place(struct deciding *d);
void decide_bounce(struct deciding *d, const struct intent *intent);

#endif
