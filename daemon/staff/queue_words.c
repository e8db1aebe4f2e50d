/* daemon/staff/queue_words.c: what a proposal means, in words for staff and as JSON for programs. */
#include "daemon/staff/queue.h"

#include "base/text.h"

enum { WORDS_MAX = 64 * 1024 };

static const char *value_of(const struct person *person, enum person_field field)
{
    const char *value = person->field[field].value;
    return value == NULL ? "" : value;
}

static void add_person(struct text *out, struct arena *arena, const struct person *person)
{
    struct date born;
    text_printf(out, "    %s %s", value_of(person, FIRST_NAME), value_of(person, LAST_NAME));
    if (date_parse_iso(value_of(person, BIRTH_DATE), &born)) {
        text_printf(out, ", geboren am %d.%d.%d", born.day, born.month, born.year);
    }
    if (*value_of(person, STREET) != '\0') {
        text_printf(out, ", %s", value_of(person, STREET));
    }
    const char *place =
        str_trim(arena, arena_printf(arena, "%s %s", value_of(person, POSTAL_CODE), value_of(person, CITY)));
    text_printf(out, "%s%s\n", *place != '\0' ? ", " : "", place);
}

static void add_event(struct text *out, struct arena *arena, const struct proposal *p, const char *code)
{
    const struct event *event = programme_find(p->known.programme, code);
    if (event == NULL) {
        text_add(out, code);
        return;
    }
    text_printf(out, "„%s“ am %s (%s)", event->title, date_in_words(arena, event->day, "de"), code);
}

static void add_cancel(struct text *out, struct arena *arena, const struct proposal *p, int64_t id)
{
    for (size_t i = 0; i < p->known.registrations.n; i++) {
        const struct known_registration *r = &p->known.registrations.at[i];
        if (r->id == id) {
            text_printf(out, "  Abmelden: %s %s von ", r->first_name, r->last_name);
            add_event(out, arena, p, r->event);
            text_add(out, "\n");
        }
    }
}

static void add_effect(struct text *out, struct arena *arena, const struct proposal *p,
                       const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_REGISTER:
        text_add(out, effect->waiting ? "  Auf die Warteliste setzen: " : "  Anmelden: ");
        add_event(out, arena, p, effect->event);
        text_add(out, "\n");
        for (size_t i = 0; i < effect->persons.n; i++) {
            add_person(out, arena, &effect->persons.at[i]);
        }
        break;
    case EFFECT_CANCEL:
        add_cancel(out, arena, p, effect->id);
        break;
    case EFFECT_CHANGE:
        text_printf(out, "  Angaben ändern, Anmeldung %lld:\n", (long long)effect->id);
        add_person(out, arena, &effect->persons.at[0]);
        break;
    case EFFECT_ASK_NEWSLETTER:
        text_printf(out, "  Newsletter: bei %s nachfragen, ob er wirklich gewünscht ist\n", effect->address);
        break;
    case EFFECT_SUBSCRIBE:
        text_printf(out, "  Newsletter: %s eintragen\n", effect->address);
        break;
    case EFFECT_UNSUBSCRIBE:
        text_printf(out, "  Newsletter: %s austragen\n", effect->address);
        break;
    case EFFECT_QUEUE:
        text_printf(out, "  Bleibt danach für Sie: %s\n", effect->words);
        break;
    default:
        break;
    }
}

char *queue_proposal_words(struct arena *arena, const struct proposal *p)
{
    struct text out = text_new(arena, WORDS_MAX);
    for (size_t i = 0; (p->acts || p->asks) && i < p->decision.effects.n; i++) {
        add_effect(&out, arena, p, &p->decision.effects.at[i]);
    }
    return out.s;
}

static json_t *effect_json(const struct effect *effect)
{
    static const char *const kinds[] = {
        [EFFECT_REGISTER] = "register",     [EFFECT_CANCEL] = "cancel",
        [EFFECT_CHANGE] = "change",         [EFFECT_ASK_NEWSLETTER] = "ask_newsletter",
        [EFFECT_SUBSCRIBE] = "subscribe",   [EFFECT_UNSUBSCRIBE] = "unsubscribe",
        [EFFECT_CLOSE_CASE] = "close_case", [EFFECT_QUEUE] = "queue"};
    json_t *persons = json_array();
    for (size_t i = 0; i < effect->persons.n; i++) {
        json_t *person = json_object();
        for (int f = 0; f < PERSON_FIELDS; f++) {
            json_object_set_new(person, person_field_name(f),
                                json_string(value_of(&effect->persons.at[i], f)));
        }
        json_array_append_new(persons, person);
    }
    const char *kind = (size_t)effect->kind < sizeof kinds / sizeof *kinds ? kinds[effect->kind] : NULL;
    return json_pack("{ss? ss? ss? sI sb so}", "kind", kind, "event", effect->event, "reason", effect->reason,
                     "id", (json_int_t)effect->id, "waiting", effect->waiting, "persons", persons);
}

json_t *queue_proposal_json(struct arena *arena, const struct proposal *p)
{
    json_t *effects = json_array();
    (void)arena;
    for (size_t i = 0; i < p->decision.effects.n; i++) {
        json_array_append_new(effects, effect_json(&p->decision.effects.at[i]));
    }
    json_t *letters = json_array();
    for (size_t i = 0; i < p->decision.answer.sections.n; i++) {
        json_array_append_new(letters, json_string(p->decision.answer.sections.at[i].kind));
    }
    return json_pack("{sb sb ss? so so}", "acts", p->acts, "asks", p->asks, "why_not", p->why_not, "effects",
                     effects, "sections", letters);
}

json_t *queue_row_json(const struct queue_row *r)
{
    return json_pack("{sI sI ss ss ss ss ss ss ss ss ss sI sI}", "id", (json_int_t)r->id, "mail",
                     (json_int_t)r->mail_id, "reason", r->reason, "words", r->words, "state", r->state,
                     "topic", r->topic, "assigned", r->assigned, "outcome", r->outcome, "sender", r->sender,
                     "sender_name", r->sender_name, "subject", r->subject, "created", (json_int_t)r->created,
                     "closed", (json_int_t)r->closed);
}

const char *queue_outcome_words(const char *outcome)
{
    static const char *const words[][2] = {
        {"accepted", "wie vorgeschlagen erledigt"},
        {"asked", "nachgefragt"},
        {"replied", "beantwortet"},
        {"done", "erledigt"},
        {"spam", "unerwünschte Werbung"},
        {"retried", "noch einmal gelesen"},
        {"moved", "im Mailprogramm als erledigt abgelegt"},
        {"answered", "im Mailprogramm beantwortet"},
        {"reread", "im Mailprogramm zurückgelegt und neu gelesen"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_equal(outcome, words[i][0])) {
            return words[i][1];
        }
    }
    return outcome;
}
