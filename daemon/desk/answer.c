#include "daemon/desk/answer.h"

#include "base/text.h"
#include "daemon/desk/appointments.h"

#include <string.h>

/* What one letter is made of, while it is made. */
struct writing {
    const struct desk *desk;
    struct arena *arena;
    const struct letter_plan *plan;
    const struct letter *theirs; /* NULL: the letter answers no mail */
    const char *language;
    struct appointments appointments;
};

static json_t *offered(const struct writing *w, const struct section *section)
{
    const struct event **events = arena_alloc(w->arena, (section->offered.n + 1) * sizeof *events);
    size_t n = 0;
    for (size_t i = 0; i < section->offered.n; i++) {
        events[n] = programme_find(&w->desk->programme, section->offered.at[i]);
        n += events[n] != NULL;
    }
    return letter_events(w->arena, events, n, w->language);
}

static void put_ages(json_t *json, const struct writing *w, const struct section *section)
{
    const struct event *event = section->event;
    if (event->min_age >= 0 && !str_equal(section->kind, "too_old")) {
        json_object_set_new(json, "min_age", json_integer(event->min_age));
    }
    if (event->max_age >= 0 && !str_equal(section->kind, "too_young")) {
        json_object_set_new(json, "max_age", json_integer(event->max_age));
    }
    if (!str_equal(section->kind, "age_mixed")) {
        return;
    }
    struct {
        LIST(struct person) list;
    } fit = {0}, refused = {0};
    for (size_t i = 0; i < section->persons.n; i++) {
        const struct person *person = &section->persons.at[i];
        struct date born;
        int age = date_parse_iso(person->field[BIRTH_DATE].value, &born) ? date_age(born, event->day) : 0;
        bool fits =
            (event->min_age < 0 || age >= event->min_age) && (event->max_age < 0 || age <= event->max_age);
        *LIST_ADD(w->arena, fits ? &fit.list : &refused.list) = *person;
    }
    json_object_set_new(json, "persons", letter_persons(w->arena, fit.list.at, fit.list.n, 0));
    json_object_set_new(json, "refused", letter_persons(w->arena, refused.list.at, refused.list.n, 0));
}

/* What an acknowledgement may say besides: whom to call, where ideas belong. */
static void put_topic(json_t *json, const struct writing *w, const struct section *section)
{
    const struct topic_care *care = section->care;
    const char *url = w->desk->config->ideas_url;
    json_object_set_new(json, "appointment", json_boolean(section->topic == TOPIC_APPOINTMENT));
    if (section->topic == TOPIC_IDEA && url[0] != '\0') {
        json_object_set_new(json, "ideas_url", json_string(url));
    }
    if (care != NULL && care->name[0] != '\0' && care->phone[0] != '\0') {
        json_object_set_new(json, "charge", json_pack("{ss ss}", "name", care->name, "phone", care->phone));
    }
}

/* Who has no name here, because the event asks for none, is counted. */
static json_t *persons_or_number(const struct writing *w, const struct section *s)
{
    size_t nameless = 0;
    json_t *persons = letter_persons(w->arena, s->persons.at, s->persons.n, 0);
    for (size_t i = json_array_size(persons); i > 0; i--) {
        if (json_object_get(json_array_get(persons, i - 1), "name") == NULL) {
            json_array_remove(persons, i - 1);
            nameless++;
        }
    }
    bool english = str_equal(w->language, "en");
    const char *people = nameless == 1 ? (english ? "one person" : "eine Person")
                         : english     ? arena_printf(w->arena, "%zu people", nameless)
                                       : arena_printf(w->arena, "%zu Personen", nameless);
    if (nameless > 0) {
        json_array_append_new(persons, json_pack("{ss}", "name", people));
    }
    return persons;
}

static json_t *numbered(const struct writing *w, const struct section *section)
{
    json_t *persons = letter_persons(w->arena, section->persons.at, section->persons.n, 0);
    for (size_t i = 0; i < json_array_size(persons); i++) {
        json_object_set_new(json_array_get(persons, i), "number", json_integer((json_int_t)i + 1));
    }
    return persons;
}

enum { ALL_WAIVED = WAIVES_NAME | WAIVES_BIRTH_DATE | WAIVES_ADDRESS };

/* What a confirmation says besides: contact, a text of the event's own, and which data are kept. */
static void put_particulars(json_t *json, const struct event *event)
{
    if (event->contact != NULL && event->contact[0] != '\0') {
        json_object_set_new(json, "contact", json_string(event->contact));
    }
    if (event->extra != NULL && event->extra[0] != '\0') {
        json_object_set_new(json, "extra", json_string(event->extra));
    }
    json_object_set_new(json, "keeps",
                        json_pack("{sb sb sb sb}", "any", event->waived != ALL_WAIVED, "name",
                                  (event->waived & WAIVES_NAME) == 0, "birth_date",
                                  (event->waived & WAIVES_BIRTH_DATE) == 0, "address",
                                  (event->waived & WAIVES_ADDRESS) == 0));
}

static void put_newsletter(json_t *json, const struct section *s)
{
    bool goodbye = str_equal(s->kind, "newsletter_goodbye");
    if (str_equal(s->kind, "newsletter_confirm")) {
        json_object_set_new(json, "late", json_boolean(s->again));
    } else if (str_equal(s->kind, "newsletter_welcome")) {
        json_object_set_new(json, "back", json_boolean(s->again));
    } else if (goodbye) {
        json_object_set_new(json, "undo", json_boolean(s->again));
        json_object_set_new(json, "elsewhere", json_boolean(s->elsewhere));
    }
}

/* How they stand at the event, or stood; what of them changed; whether a calendar entry goes along. */
static void put_standing(json_t *json, const struct writing *w, const struct section *s)
{
    static const struct {
        const char *kind, *told;
    } rows[] = {{"already_registered", "waiting"},
                {"place_kept", "waiting rebooking"},
                {"cancelled", "waiting by_other rebooking calendar"},
                {"changed", "waiting birth_date address"},
                {"confirmed", "calendar"},
                {"reminder", "calendar"},
                {"event_moved", "calendar"},
                {"event_off", "calendar"}};
    const struct {
        const char *name;
        bool value;
    } facts[] = {{"waiting", s->waiting},
                 {"by_other", s->by_other},
                 {"rebooking", s->rebooking},
                 {"birth_date", (s->missing & MISSING_BIRTH_DATE) != 0},
                 {"address", (s->missing & MISSING_STREET) != 0},
                 {"calendar", appointments_has(&w->appointments, s)}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t f = 0; str_equal(s->kind, rows[i].kind) && f < sizeof facts / sizeof *facts; f++) {
            if (strstr(rows[i].told, facts[f].name) != NULL) {
                json_object_set_new(json, facts[f].name, json_boolean(facts[f].value));
            }
        }
    }
}

/* What a section of this kind holds: daemon/post/letter_kinds.c declares it. */
static json_t *section_json(const struct writing *w, const struct section *s)
{
    static const char *const with_names[] = {"confirmed",          "waiting",   "too_young",   "too_old",
                                             "already_registered", "cancelled", "event_moved", "event_off",
                                             "place_kept",         "reminder",  "changed"};
    json_t *json = json_pack("{ss}", "kind", s->kind);
    if (s->event != NULL) {
        json_object_set_new(json, "event", letter_event(w->arena, s->event, w->language));
    }
    for (size_t i = 0; i < sizeof with_names / sizeof *with_names; i++) {
        if (str_equal(s->kind, with_names[i])) {
            json_object_set_new(json, "persons", persons_or_number(w, s));
        }
    }
    if (str_equal(s->kind, "confirmed") || str_equal(s->kind, "waiting") || str_equal(s->kind, "reminder")) {
        put_particulars(json, s->event);
    }
    put_standing(json, w, s);
    if (str_equal(s->kind, "event_unknown")) {
        json_object_set_new(json, "persons",
                            letter_persons(w->arena, s->persons.at, s->persons.n, s->missing));
    } else if (str_equal(s->kind, "cancel_who")) {
        json_object_set_new(json, "persons", numbered(w, s));
    } else if (str_equal(s->kind, "waiting")) {
        json_object_set_new(json, "position", json_integer(s->place));
    } else if (str_equal(s->kind, "closed")) {
        json_object_set_new(json, "until",
                            json_string(date_in_words(w->arena, s->event->register_until, w->language)));
    } else if (str_equal(s->kind, "question")) {
        json_object_set_new(json, "persons",
                            letter_persons(w->arena, s->persons.at, s->persons.n, s->missing));
        json_object_set_new(json, "again", json_boolean(s->again));
    } else if (str_equal(s->kind, "too_young") || str_equal(s->kind, "too_old") ||
               str_equal(s->kind, "age_mixed")) {
        put_ages(json, w, s);
    }
    put_newsletter(json, s);
    if (str_equal(s->kind, "received")) {
        put_topic(json, w, s);
    }
    if (s->offered.n > 0) {
        json_object_set_new(json, "offered", offered(w, s));
    }
    if (s->facts != NULL) {
        json_object_update(json, (json_t *)s->facts);
    }
    return json;
}

/* "Re: " before their subject, once. */
const char *answer_subject(struct arena *arena, const char *subject)
{
    static const char *const prefixes[] = {"re:", "aw:", "antw:", "wg:", "fwd:", "fw:"};
    const char *rest = str_trim(arena, subject);
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (str_starts_nocase(rest, prefixes[i])) {
            rest = str_trim(arena, rest + strlen(prefixes[i]));
            i = (size_t)-1; /* "AW: Re: …": from the first prefix again */
        }
    }
    return rest[0] == '\0' ? NULL : arena_printf(arena, "Re: %s", rest);
}

static json_t *letter_json(const struct writing *w)
{
    json_t *sections = json_array();
    for (size_t i = 0; i < w->plan->sections.n; i++) {
        json_array_append_new(sections, section_json(w, &w->plan->sections.at[i]));
    }
    json_t *json =
        json_pack("{so so}", "sections", sections, "lab", letter_lab(w->desk->config, w->language));
    json_object_set_new(json, "staff", json_boolean(w->plan->to_staff));
    json_object_set_new(json, "unasked", json_boolean(w->theirs == NULL));
    const char *subject = w->theirs != NULL ? answer_subject(w->arena, w->theirs->subject) : NULL;
    if (subject != NULL) {
        json_object_set_new(json, "subject", json_string(subject));
    }
    const char *name = w->theirs != NULL ? w->theirs->from.name : w->plan->to_name;
    if (name != NULL) {
        json_object_set_new(json, "greeting_name", json_string(name));
    }
    return json;
}

void answer_references(struct arena *arena, const struct letter *letter, struct outgoing *mail)
{
    if (letter == NULL || letter->message_id == NULL) {
        return;
    }
    mail->in_reply_to = letter->message_id;
    /* RFC 5322 3.6.4: their references, else their single In-Reply-To, then their Message-ID. */
    for (size_t i = 0; i < letter->references.id.n; i++) {
        *LIST_ADD(arena, &mail->references) = letter->references.id.at[i];
    }
    if (letter->references.id.n == 0 && letter->in_reply_to.id.n == 1) {
        *LIST_ADD(arena, &mail->references) = letter->in_reply_to.id.at[0];
    }
    *LIST_ADD(arena, &mail->references) = letter->message_id;
}

const char *answer_message_id(const struct desk *desk, struct arena *arena, const char *seed,
                              struct error *err)
{
    int64_t key;
    if (!store_key(desk->store, &key, err)) {
        return NULL;
    }
    return compose_message_id(arena, arena_printf(arena, "%llx %s", (unsigned long long)key, seed),
                              strchr(desk->config->lab_address, '@') + 1);
}

static struct writing begin(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch)
{
    const struct letter *theirs = dispatch->plan->in_thread ? dispatch->answers : NULL;
    return (struct writing){.desk = desk,
                            .arena = arena,
                            .plan = dispatch->plan,
                            .theirs = theirs,
                            .language = dispatch->language};
}

static bool write_text(struct writing *w, struct rendered *ret, struct error *err)
{
    if (!appointments_find(w->desk->store, w->arena, w->plan, &w->appointments, err)) {
        return false;
    }
    json_t *json = letter_json(w);
    bool done = letter_render(w->arena, w->desk->templates, w->language, json, ret, err);
    json_decref(json);
    return done;
}

bool answer_text(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                 struct rendered *ret, struct error *err)
{
    struct writing w = begin(desk, arena, dispatch);
    return write_text(&w, ret, err);
}

bool answer_write(const struct desk *desk, struct arena *arena, const struct dispatch *dispatch,
                  const char *message_id, struct answer *ret, struct error *err)
{
    const struct letter_plan *plan = dispatch->plan;
    struct writing w = begin(desk, arena, dispatch);
    struct rendered rendered;
    if (!write_text(&w, &rendered, err)) {
        return false;
    }
    const char *lab = desk->config->lab_address;
    struct outgoing mail = {
        .from_address = lab,
        .from_name = desk->config->lab_name,
        .to_address = plan->to,
        .to_name = rendered.addressee,
        .subject = rendered.subject,
        .text = rendered.text,
        .language = w.language,
        .message_id = message_id,
        .auto_submitted = w.theirs != NULL ? AUTO_REPLIED : AUTO_GENERATED,
        .date = dispatch->now,
    };
    struct answer answer = {0};
    answer_references(arena, w.theirs, &mail);
    if (!appointments_attach(desk, arena, &w.appointments, &mail, err) ||
        !compose(arena, &mail, &answer.bytes, &answer.len, err)) {
        return false;
    }
    answer.envelope_from = rendered.acknowledgement || plan->acknowledgement ? "" : lab;
    *ret = answer;
    return true;
}
