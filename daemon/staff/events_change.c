/* daemon/staff/events_change.c: events import, add, edit, cancel: what would change is shown, then done. */
#include "daemon/staff/events.h"

#include "base/text.h"
#include "daemon/post/calendar_file.h"
#include "daemon/store/doorbell.h"
#include "daemon/store/programme_store.h"

#include <stdio.h>

enum { PROGRAMME_FILE_MAX = 4 * 1024 * 1024 };

static const char *people_words(struct command *c, const struct event_edit *edit)
{
    static const char *const news[] = {[NEWS_NONE] = "",
                                       [NEWS_MOVED] = "verlegt",
                                       [NEWS_CALLED_OFF] = "abgesagt",
                                       [NEWS_ON_AGAIN] = "findet doch statt"};
    return arena_printf(c->arena, "%s; betroffen: %d %s, %d %s", news[edit->news], edit->people,
                        edit->people == 1 ? "Person" : "Personen", edit->letters,
                        edit->letters == 1 ? "Brief" : "Briefe");
}

static void print_edit(struct command *c, const struct event_edit *edit)
{
    const struct event *before = &edit->before, *after = &edit->after;
    bool fresh = before->code == NULL;
    printf("%s  %s  %s", fresh ? "neu" : "geändert", after->code, command_safe(c->arena, after->title));
    printf(fresh ? ", %s\n" : "\n", event_cell_words(c->arena, after, COLUMN_START));
    for (int i = 0; i < EVENT_COLUMNS && !fresh; i++) {
        if (edit->columns & EVENT_COLUMN_BIT(i)) {
            enum event_column column = (enum event_column)i;
            printf("    %s: %s → %s\n", event_column_german(column),
                   command_safe(c->arena, event_cell_words(c->arena, before, column)),
                   command_safe(c->arena, event_cell_words(c->arena, after, column)));
        }
    }
    if (edit->news != NEWS_NONE) {
        printf("    %s\n", people_words(c, edit));
    }
    if (edit->forgotten > 0) {
        printf("    Achtung: bei %d %s gelöscht, was danach nicht mehr gebraucht wird\n", edit->forgotten,
               edit->forgotten == 1 ? "Anmeldung wird" : "Anmeldungen wird");
    }
    if (after->capacity > 0 && edit->confirmed > after->capacity && !after->cancelled) {
        printf("    Achtung: %d Personen haben schon einen Platz, mehr als es dann Plätze gibt\n",
               edit->confirmed);
    }
}

static bool compare(struct command *c, const struct programme *wanted, struct programme_change *ret)
{
    const char *problems = "";
    if (programme_compare(c->store, c->arena, wanted, clock_now(), ret, &problems, &c->err)) {
        return true;
    }
    fputs(problems, stderr);
    return false;
}

static const char *question(struct command *c, const struct programme_change *change, bool silent)
{
    return change->people == 0 && change->forgotten > 0
               ? arena_printf(c->arena, "Angaben in %d %s werden gelöscht. Ändern?", change->forgotten,
                              change->forgotten == 1 ? "Anmeldung" : "Anmeldungen")
           : change->people == 0 ? "Niemand bekommt einen Brief. Ändern?"
           : silent ? arena_printf(c->arena, "%d %s betroffen und bekommen KEINEN Brief. Ändern?",
                                   change->people, change->people == 1 ? "Person ist" : "Personen sind")
                    : arena_printf(c->arena, "%d %s betroffen, %d %s verschickt. Ändern?", change->people,
                                   change->people == 1 ? "Person ist" : "Personen sind", change->letters,
                                   change->letters == 1 ? "Brief wird" : "Briefe werden");
}

/* People may have come since the question was asked: they are told as well. */
static bool store_change(struct command *c, struct desk *desk, const struct programme *wanted,
                         const struct change_order *order)
{
    struct programme_change change;
    bool done = store_begin(c->store, &c->err) && compare(c, wanted, &change) &&
                programme_change(desk, c->arena, &change, order, &c->err);
    return store_end(c->store, done, &c->err);
}

static int do_change(struct command *c, const struct programme *wanted, const struct change_order *order)
{
    struct desk desk;
    if (!desk_begin_letters(&desk, c->arena, c->store, &c->config, &c->err)) {
        return command_failed(c);
    }
    bool done = store_change(c, &desk, wanted, order);
    desk_end(&desk);
    if (!done) {
        return command_failed(c);
    }
    doorbell_ring(c->config.store);
    return EXIT_DONE;
}

static bool show(struct command *c, const struct programme *wanted, struct programme_change *ret)
{
    if (!compare(c, wanted, ret)) {
        return false;
    }
    for (size_t i = 0; i < ret->edits.n; i++) {
        print_edit(c, &ret->edits.at[i]);
    }
    return true;
}

/* What was shown: unless it is a dry run, has it confirmed where people are concerned (`ask`: always), and
 * does it. */
static int go_on(struct command *c, const struct programme *wanted, const struct programme_change *shown,
                 bool ask)
{
    if (command_value(c, "dry-run") != NULL || shown->edits.n == 0) {
        return EXIT_DONE;
    }
    struct change_order order = {.now = clock_now(),
                                 .actor = command_actor(c->arena),
                                 .note = command_value(c, "note"),
                                 .silent = command_value(c, "no-letters") != NULL};
    if ((ask || shown->people > 0 || shown->forgotten > 0) &&
        !command_confirm(c, question(c, shown, order.silent))) {
        return command_failed(c);
    }
    if (order.note != NULL && strlen(order.note) > EVENT_WORDS_MAX) {
        (void)fail(&c->err, "--note hat mehr als %d Zeichen", EVENT_WORDS_MAX);
        return command_failed(c);
    }
    return do_change(c, wanted, &order);
}

static int change(struct command *c, const struct programme *wanted, bool ask)
{
    struct programme_change shown;
    return show(c, wanted, &shown) ? go_on(c, wanted, &shown, ask) : command_failed(c);
}

static bool read_file(struct command *c, const char *path, struct programme *ret)
{
    char *bytes;
    size_t len;
    const char *problems = "";
    if (!command_file(c, path, PROGRAMME_FILE_MAX, &bytes, &len)) {
        return false;
    }
    bool read = calendar_is_file(bytes, len)
                    ? calendar_file_read(c->arena, bytes, len, ret, &problems, &c->err)
                    : programme_read_csv(c->arena, bytes, len, ret, &problems, &c->err);
    if (!read) {
        fputs(problems, stderr);
        return fail_within(&c->err, "%s", path);
    }
    return true;
}

int events_import(struct command *c)
{
    struct programme programme;
    struct programme_change shown;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!read_file(c, c->words[1], &programme)) {
        return command_failed(c);
    }
    if (programme.unknown != NULL && programme.unknown[0] != '\0') {
        printf("Achtung: nicht bekannt und nicht beachtet sind die Spalten %s\n",
               command_safe(c->arena, programme.unknown));
    }
    if (!show(c, &programme, &shown)) {
        return command_failed(c);
    }
    int status = go_on(c, &programme, &shown, false);
    if (status == EXIT_DONE) {
        printf("%d neu, %d geändert, %d unverändert%s\n", shown.fresh, shown.changed, shown.same,
               command_value(c, "dry-run") != NULL ? " (nur gezeigt, nichts gespeichert)" : "");
    }
    return status;
}

static bool set_column(struct command *c, struct programme *wanted, const char *name, const char *value)
{
    enum event_column column;
    char *underlined = arena_strdup(c->arena, name);
    for (char *at = underlined; (at = strchr(at, '-')) != NULL;) {
        *at = '_';
    }
    if (!event_column_find(c->arena, underlined, &column)) {
        return fail(&c->err,
                    "„%s“ ist keine Angabe zu einer Veranstaltung; richtig wäre zum Beispiel capacity=20",
                    name);
    }
    const char *wrong = event_set(c->arena, &wanted->events.at[0], column, value);
    if (wrong != NULL) {
        return fail(&c->err, "%s: %s", event_column_name(column), wrong);
    }
    wanted->columns |= EVENT_COLUMN_BIT(column);
    return true;
}

/* "start=3.12.2026 17:00" and "--start '3.12.2026 17:00'", from the word `first` on: starts before ends. */
static bool set_columns(struct command *c, struct programme *wanted, int first)
{
    for (int ends = 0; ends < 2; ends++) {
        for (int i = first; i < c->words_n; i++) {
            const char *value = strchr(c->words[i], '=');
            if (value == NULL) {
                return fail(&c->err, "„%s“ hat kein =; richtig wäre zum Beispiel capacity=20", c->words[i]);
            }
            const char *name = arena_strndup(c->arena, c->words[i], (size_t)(value - c->words[i]));
            if (str_equal(name, "end") == (ends == 1) && !set_column(c, wanted, name, value + 1)) {
                return false;
            }
        }
        for (size_t i = 0; i < c->values.n; i++) {
            const struct command_value *v = &c->values.at[i];
            bool own = str_equal(v->name, "note") || str_equal(v->name, "no-letters") ||
                       str_equal(v->name, "dry-run");
            if (!own && str_equal(v->name, "end") == (ends == 1) &&
                !set_column(c, wanted, v->name, v->value)) {
                return false;
            }
        }
    }
    return true;
}

int events_add(struct command *c)
{
    struct programme wanted = {0};
    struct event *event = LIST_ADD(c->arena, &wanted.events);
    struct event there = {0};
    *event = (struct event){.keywords = "", .place = "", .topic = "", .contact = "", .extra = "", .uid = ""};
    event->min_age = event->max_age = -1;
    event->place = arena_printf(c->arena, "%s, %s", c->config.lab_name, c->config.lab_street);
    if (!set_columns(c, &wanted, 1)) {
        return command_failed(c);
    }
    if (event->title == NULL || event->start == 0) {
        (void)fail(&c->err, "Es fehlen Titel und Beginn; richtig wäre zum Beispiel title='KI im Alltag' "
                            "start='3.12.2026 17:00' end=19:00");
        return command_failed(c);
    }
    if (event->code != NULL && !event_load(c->store, c->arena, event->code, &there, &c->err)) {
        return command_failed(c);
    }
    if (there.code != NULL) {
        (void)fail(&c->err, "%s gibt es schon; ändern: stadtlabor events edit %s …", there.code, there.code);
        return command_failed(c);
    }
    return change(c, &wanted, false);
}

int events_edit(struct command *c)
{
    struct programme wanted = {0};
    if (c->words_n < 2) {
        return command_usage(c);
    }
    struct event *event = LIST_ADD(c->arena, &wanted.events);
    if (!events_find(c, c->words[1], event) || !set_columns(c, &wanted, 2)) {
        return command_failed(c);
    }
    if (wanted.columns == 0) {
        return command_usage(c);
    }
    if (wanted.columns & EVENT_COLUMN_BIT(COLUMN_CODE)) {
        (void)fail(&c->err, "Die Kennung bleibt; an ihr wird die Veranstaltung wiedererkannt");
        return command_failed(c);
    }
    return change(c, &wanted, false);
}

int events_cancel(struct command *c)
{
    struct programme wanted = {.columns = EVENT_COLUMN_BIT(COLUMN_CANCELLED)};
    if (c->words_n != 2) {
        return command_usage(c);
    }
    struct event *event = LIST_ADD(c->arena, &wanted.events);
    if (!events_find(c, c->words[1], event)) {
        return command_failed(c);
    }
    if (event->cancelled) {
        (void)fail(&c->err, "%s ist schon abgesagt", event->code);
        return command_failed(c);
    }
    event->cancelled = true;
    return change(c, &wanted, true);
}
