/* daemon/desk/deciding.c: what the rules of decide_*.c add to a decision. */
#include "daemon/desk/deciding.h"

#include "base/text.h"
#include "base/utf8.h"

struct section *add_section(struct deciding *d, const char *kind, const struct event *event)
{
    struct letter_plan *answer = &d->decision->answer;
    answer->to = d->known->sender;
    answer->in_thread = true;
    struct section *section = LIST_ADD(d->arena, &answer->sections);
    section->kind = kind;
    section->event = event;
    return section;
}

struct effect *add_effect(struct deciding *d, enum effect_kind kind)
{
    struct effect *effect = LIST_ADD(d->arena, &d->decision->effects);
    effect->kind = kind;
    return effect;
}

void add_queue(struct deciding *d, const char *reason, const char *words)
{
    struct effect *effect = add_effect(d, EFFECT_QUEUE);
    effect->reason = reason;
    effect->words = words;
    if (d->decision->state != MAIL_QUEUED) {
        d->decision->state = MAIL_QUEUED;
        d->decision->reason = reason;
    }
}

void close_case(struct deciding *d, const struct known_case *open)
{
    if (open->id != 0) {
        add_effect(d, EFFECT_CLOSE_CASE)->id = open->id;
    }
}

bool wants_place(const struct deciding *d, const struct intent *intent)
{
    return intent->kind == INTENT_REGISTER ||
           (intent->kind == INTENT_ANSWER && d->known->open.kind != CASE_CANCEL);
}

const char *event_shut(const struct deciding *d, const struct event *event)
{
    if (event->cancelled) {
        return "event_cancelled";
    }
    if (event->start <= d->known->now) {
        return "over";
    }
    return event_deadline_over(event, d->known->today) ? "closed" : NULL;
}

char *name_key(struct arena *arena, const char *name)
{
    char *key = utf8_fold(arena, name == NULL ? "" : name), *end = key;
    for (const char *c = key; *c != '\0'; c++) {
        if (*c != ' ' && *c != '-' && *c != '.') {
            *end++ = *c;
        }
    }
    *end = '\0';
    return key;
}

char *person_key(struct arena *arena, const struct person *person)
{
    if (person->key != NULL) {
        return arena_strdup(arena, person->key);
    }
    const char *born = person->field[BIRTH_DATE].value;
    return arena_printf(arena, "%s|%s|%s", name_key(arena, person->field[FIRST_NAME].value),
                        name_key(arena, person->field[LAST_NAME].value), born == NULL ? "" : born);
}

const char *mail_state_name(enum mail_state state)
{
    static const char *const names[] = {"done", "asked", "queued", "ignored"};
    return names[state];
}
