/* Random mails, decided and applied in a real store: whoever writes what, in whatever order, nothing is lost,
 * nothing happens behind anybody's back, and no place is given up for one that is not had. */
#include "daemon/desk/apply.h"
#include "daemon/desk/known.h"
#include "daemon/desk/needs.h"
#include "daemon/desk/waiting_list.h"
#include "daemon/store/outbox_store.h"
#include "daemon/store/query.h"
#include "daemon/store/store_check.h"
#include "tests/unit/store_rows.h"

enum { HOUR = 3600, HISTORIES = 60, MAILS = 25, EVENTS = 4 };

static struct arena *arena, *scratch;
static struct config config;
static struct store *store;
static struct desk desk;
static struct error err;
static int64_t now = 1795345200, n_mails, letters_before; /* this history */
static unsigned seed;
static char codes[EVENTS][20];

static unsigned dice(unsigned sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

static const char *one_of(const char *const *list, unsigned n)
{
    return list[dice(n)];
}

static void add_events(int history)
{
    for (int i = 0; i < EVENTS; i++) {
        snprintf(codes[i], sizeof codes[i], "h%d-%c", history, 'a' + i);
        struct event event = rows_event(codes[i], now + (300 + i) * HOUR);
        event.capacity = i == 0 ? 0 : (int)dice(4) + 1;
        event.waiting_list = i != 1;
        event.waived = i == 3 ? WAIVES_BIRTH_DATE | WAIVES_ADDRESS : 0;
        rows_put_event(store, &event);
    }
}

/* A father and a son of one name among them; data are left out, or differ from those of last time. */
static struct person somebody(void)
{
    static const char *const people[][3] = {{"Petra", "Müller", "1958-05-03"},
                                            {"Hans", "Müller", "1955-01-02"},
                                            {"Hans", "Müller", "1988-02-01"},
                                            {"Lena", "Schmidt", "2001-07-09"}};
    const char *const *who = people[dice(4)];
    struct person p = {0};
    p.field[FIRST_NAME].value = who[0];
    p.field[LAST_NAME].value = who[1];
    p.field[BIRTH_DATE].value = dice(5) == 0 ? NULL : who[2];
    p.field[STREET].value = dice(5) == 0 ? NULL : dice(5) == 0 ? "Nordengraben 12" : "Baarstraße 7";
    p.field[POSTAL_CODE].value = "58636";
    p.field[CITY].value = "Iserlohn";
    return p;
}

static void wishes_a_place(struct intent *intent)
{
    intent->event = dice(8) == 0 ? NULL : codes[dice(EVENTS)];
    intent->missing = intent->event == NULL ? MISSING_EVENT : 0;
    for (unsigned n = dice(3) + 1; n > 0; n--) {
        struct person p = somebody();
        intent->missing |= p.field[BIRTH_DATE].value == NULL ? MISSING_BIRTH_DATE : 0;
        intent->missing |= p.field[STREET].value == NULL ? MISSING_STREET : 0;
        *LIST_ADD(scratch, &intent->persons) = p;
    }
}

/* As the reading makes it: the people we asked about, with what the answer adds. */
static void answers(struct intent *intent, const struct expected *expected)
{
    bool offered = expected->event == NULL && expected->offered.n > 0;
    intent->event = offered ? expected->offered.at[dice((unsigned)expected->offered.n)] : expected->event;
    intent->missing = intent->event == NULL ? MISSING_EVENT : 0;
    for (size_t i = 0; i < expected->persons.n; i++) {
        struct person p = expected->persons.at[i], other = somebody();
        for (int f = 0; f < PERSON_FIELDS; f++) {
            p.field[f] = p.field[f].value == NULL ? other.field[f] : p.field[f];
        }
        intent->missing |= p.field[BIRTH_DATE].value == NULL ? MISSING_BIRTH_DATE : 0;
        intent->missing |= p.field[STREET].value == NULL ? MISSING_STREET : 0;
        *LIST_ADD(scratch, &intent->persons) = p;
    }
}

static void wishes(struct intent *intent, const struct known *known)
{
    static const enum intent_kind kinds[] = {INTENT_REGISTER, INTENT_REGISTER, INTENT_CANCEL, INTENT_CANCEL,
                                             INTENT_DECLINE};
    bool open = known->open.id != 0;
    *intent = (struct intent){.kind = open && dice(2) == 0 ? INTENT_ANSWER : kinds[dice(open ? 5 : 4)]};
    if (intent->kind == INTENT_REGISTER) {
        wishes_a_place(intent);
    } else if (intent->kind == INTENT_ANSWER) {
        answers(intent, &known->open.expected);
    } else if (intent->kind == INTENT_CANCEL) {
        intent->event = dice(3) == 0 ? NULL : codes[dice(EVENTS)];
        intent->all_events = dice(6) == 0;
        intent->all_people = dice(4) == 0;
    }
}

/* The reading takes nothing twice. */
static bool said_before(const struct reading *reading)
{
    const struct intent *last = &reading->intents.at[reading->intents.n - 1];
    bool found = false;
    for (size_t i = 0; i + 1 < reading->intents.n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        found |= intent->kind == last->kind && str_equal(intent->event, last->event);
    }
    return found;
}

static int64_t number(const char *sql, int64_t id)
{
    sqlite3_stmt *q = store_query(store, sql);
    bind_int(q, 1, id);
    int64_t value = -1;
    CHECK_ROW(store_number(store, q, &value, &err), "%s: %s", sql, err.what);
    return value;
}

/* A mail of somebody's, perhaps in answer to a letter that they or others had from us. */
static void write_mail(int history, struct letter *letter)
{
    static const char *const senders[] = {"petra", "hans", "lena"};
    *letter = (struct letter){.to = "", .subject = "Mail", .text = ""};
    letter->from.address = arena_printf(scratch, "%s-%d@example.org", one_of(senders, 3), history);
    letter->message_id = arena_printf(scratch, "mail-%lld@example.org", (long long)++n_mails);
    int64_t letters = number("SELECT count(*) FROM outbox WHERE id > ?1", letters_before);
    if (letters > 0 && dice(2) == 0) {
        struct outbox_row row;
        CHECK(outbox_get(store, scratch, letters_before + 1 + dice((unsigned)letters), &row, &err));
        *LIST_ADD(scratch, &letter->in_reply_to.id) = row.message_id;
    }
}

/* What happened with one mail. */
struct step {
    struct letter letter;
    struct reading reading;
    struct known known;
    struct decision decision;
    struct registration_rows before, after;
};

static void take_rows(struct registration_rows *ret)
{
    for (int i = 0; i < EVENTS; i++) {
        CHECK_ROW(registrations_of_event(store, scratch, codes[i], ret, &err), "%s", err.what);
    }
}

static const struct registration_row *row_of(const struct registration_rows *rows, int64_t id)
{
    for (size_t i = 0; i < rows->row.n; i++) {
        if (rows->row.at[i].id == id) {
            return &rows->row.at[i];
        }
    }
    return NULL;
}

static bool happen(struct step *s)
{
    static const char *const words[] = {"", "Hans kommt nicht.", "Lena Schmidt kommt nicht.",
                                        "Petra und Hans"};
    struct decide_limits limits = {.replies_per_day = 1000,
                                   .rounds_most = 3,
                                   .waiting = waiting_rule_of(&config),
                                   .own_address = "lab@example.org"};
    struct mail_row row = {.identity = arena_printf(scratch, "mail %lld", (long long)n_mails),
                           .received = now};
    struct handled handled = {.row = &row,
                              .letter = &s->letter,
                              .reading = &s->reading,
                              .kept = "{}",
                              .known = &s->known,
                              .decision = &s->decision,
                              .bytes = "",
                              .len = 0};
    s->known.programme = &desk.programme;
    if (!known_conversation(store, scratch, &s->letter, now, now - 400 * HOUR, &s->known, &err)) {
        return false;
    }
    s->reading = (struct reading){.automatic = READING_ACT, .language = "de", .confidence = 90};
    s->reading.own.text = one_of(words, 4);
    s->reading.own.closing = "";
    for (unsigned n = dice(3) + 1; n > 0; n--) {
        wishes(LIST_ADD(scratch, &s->reading.intents), &s->known);
        s->reading.intents.n -= said_before(&s->reading);
    }
    needs_reading(scratch, &s->known, &s->reading);
    if (!known_facts(store, scratch, &s->letter, &s->reading, &s->known, &err)) {
        return false;
    }
    decide(scratch, &limits, &s->letter, &s->reading, &s->known, &s->decision);
    return apply_decision(&desk, scratch, &handled, &err);
}

/* For the reasons of a failure: the mail in one line. */
static const char *told(const struct step *s)
{
    struct text out = text_new(scratch, 4000);
    text_printf(&out, "%s", s->letter.from.address);
    for (size_t i = 0; i < s->reading.intents.n; i++) {
        const struct intent *intent = &s->reading.intents.at[i];
        text_printf(&out, ", %s %s", intent_name(intent->kind), intent->event == NULL ? "?" : intent->event);
        for (size_t p = 0; p < intent->persons.n; p++) {
            text_printf(&out, " [%s]", person_key(scratch, &intent->persons.at[p]));
        }
    }
    text_add(&out, " →");
    for (size_t i = 0; i < s->decision.answer.sections.n; i++) {
        const struct section *section = &s->decision.answer.sections.at[i];
        text_printf(&out, " %s(%s)", section->kind, section->event == NULL ? "" : section->event->code);
    }
    text_printf(&out, " %s", s->decision.reason);
    return out.s;
}

static bool wants_cancelled(const struct step *s)
{
    bool found = false;
    for (size_t i = 0; i < s->reading.intents.n; i++) {
        found |= s->reading.intents.at[i].kind != INTENT_REGISTER;
    }
    return found;
}

/* Every wish has an answer, or a person has it. */
static void check_nothing_is_lost(const struct step *s)
{
    const struct letter_plan *answer = &s->decision.answer;
    bool place = s->known.open.id != 0 && s->known.open.kind == CASE_PLACE;
    for (size_t i = 0; i < s->reading.intents.n && s->decision.state != MAIL_QUEUED; i++) {
        const struct intent *intent = &s->reading.intents.at[i];
        bool told_of = intent->kind == INTENT_ANSWER && place; /* they take what they have */
        for (size_t k = 0; k < answer->sections.n; k++) {
            const struct event *event = answer->sections.at[k].event;
            told_of |= intent->event == NULL || event == NULL || str_equal(event->code, intent->event);
        }
        CHECK_ROW(told_of, "nothing is said of wish %zu: %s", i + 1, told(s));
    }
}

/* Whether all whom this mail wants to register have a place there now. */
static bool all_have_places(const struct step *s)
{
    bool all = true;
    for (size_t i = 0; i < s->reading.intents.n; i++) {
        const struct intent *intent = &s->reading.intents.at[i];
        bool wish = intent->kind == INTENT_REGISTER ||
                    (intent->kind == INTENT_ANSWER && s->known.open.kind == CASE_REGISTER);
        for (size_t p = 0; wish && p < intent->persons.n; p++) {
            bool has = false;
            for (size_t k = 0; k < s->after.row.n; k++) {
                const struct registration_row *r = &s->after.row.at[k];
                has |= str_equal(r->event, intent->event) && str_equal(r->state, "confirmed") &&
                       str_equal(r->first_name, intent->persons.at[p].field[FIRST_NAME].value);
            }
            all &= has;
        }
    }
    return all;
}

static bool gave_up_for_another(const struct step *s, int64_t id)
{
    bool found = false;
    for (size_t i = 0; i < s->after.row.n; i++) {
        const struct registration_row *r = &s->after.row.at[i];
        const struct registration_row *was = row_of(&s->before, r->id);
        found |= r->instead_of == id && str_equal(r->state, "confirmed") &&
                 (was == NULL || str_equal(was->state, "waiting"));
    }
    return found;
}

/* Who lost a place wanted it so, or moved up elsewhere as they had wished; and hears of it. */
static void check_cancelled(const struct step *s, const struct registration_row *was)
{
    bool own = str_equal(was->address, s->known.sender);
    if (gave_up_for_another(s, was->id)) {
        return;
    }
    CHECK_ROW(own || str_equal(was->address, s->known.thread_address), "%lld is not theirs: %s",
              (long long)was->id, told(s));
    CHECK_ROW(wants_cancelled(s), "%lld was not cancelled by anybody: %s", (long long)was->id, told(s));
    CHECK_ROW(all_have_places(s) || str_equal(was->state, "waiting") || s->known.open.kind == CASE_PLACE,
              "%lld is lost for a place that is not had: %s", (long long)was->id, told(s));
    bool copy = own;
    for (size_t i = 0; i < s->decision.questions.n; i++) {
        copy |= str_equal(s->decision.questions.at[i].to, was->address);
    }
    CHECK_ROW(copy, "%s is not told: %s", was->address, told(s));
    for (size_t i = 0; i < s->after.row.n; i++) { /* the other of that name has kept the place there */
        const struct registration_row *r = &s->after.row.at[i];
        bool named = false;
        for (size_t k = 0; k < s->reading.intents.n; k++) {
            const struct intent *intent = &s->reading.intents.at[k];
            for (size_t p = 0; p < intent->persons.n; p++) {
                named |= str_equal(intent->persons.at[p].field[BIRTH_DATE].value, was->birth_date);
            }
        }
        bool same = !str_equal(r->state, "cancelled") && str_equal(r->event, was->event) &&
                    str_equal(r->address, was->address) && str_equal(r->first_name, was->first_name) &&
                    row_of(&s->before, r->id) != NULL;
        CHECK_ROW(named || !same, "%lld or %lld, who was meant? %s", (long long)was->id, (long long)r->id,
                  told(s));
    }
}

static void check_step(const struct step *s)
{
    check_nothing_is_lost(s);
    for (size_t i = 0; i < s->before.row.n; i++) {
        const struct registration_row *was = &s->before.row.at[i];
        if (!str_equal(was->state, "cancelled") &&
            str_equal(row_of(&s->after, was->id)->state, "cancelled")) {
            check_cancelled(s, was);
        }
    }
    CHECK_INT(
        number("SELECT count(*) FROM (SELECT 1 FROM event e JOIN registration r ON r.event_id = e.id AND "
               "r.state = 'confirmed' AND capacity > ?1 GROUP BY e.id HAVING count(*) > capacity)",
               0),
        0);
    CHECK_INT(number("SELECT count(*) FROM waiting_list WHERE look_again <= ?1", 0), 0);
}

TEST(random_mails_are_decided_and_applied)
{
    int cancelled = 0, queued = 0;
    for (int h = 1; h <= HISTORIES && check_failures == 0; h++) {
        seed = (unsigned)h * 7919;
        now += 400 * HOUR; /* the last history's events are over */
        add_events(h);
        letters_before = number("SELECT ifnull(max(id), 0) + 0 * ?1 FROM outbox", 0);
        for (int i = 0; i < MAILS && check_failures == 0; i++) {
            struct step *s = ARENA_NEW(scratch, struct step);
            now += dice(3) * HOUR;
            take_rows(&s->before);
            bool done = store_begin(store, &err) && desk_programme(&desk, &err);
            write_mail(h, &s->letter);
            done = store_end(store, done && happen(s), &err);
            CHECK_ROW(done, "history %d, mail %d: %s: %s", h, i, err.what, told(s));
            take_rows(&s->after);
            check_step(s);
            queued += s->decision.state == MAIL_QUEUED;
            for (size_t k = 0; k < s->decision.effects.n; k++) {
                cancelled += s->decision.effects.at[k].kind == EFFECT_CANCEL;
            }
            arena_reset(scratch);
        }
    }
    printf("# %lld mails: %lld registered, %d cancelled, %lld moved up, %d to staff\n", (long long)n_mails,
           (long long)number("SELECT count(*) FROM registration WHERE id > ?1", 0), cancelled,
           (long long)number("SELECT count(*) FROM audit WHERE action = 'moved_up' AND id > ?1", 0), queued);
    CHECK(cancelled > 100 && queued > 10);
    CHECK_ROW(store_check_quick(store, &err), "%s", err.what);
}

int main(void)
{
    char *folder;
    arena = arena_new();
    scratch = arena_new();
    store = room_store(arena, &folder);
    room_desk(arena, folder, store, &config, &desk);
    RUN(random_mails_are_decided_and_applied);
    desk_end(&desk);
    arena_free(scratch);
    room_end(arena, store, folder);
    return check_done();
}
