/* daemon/staff/subscribers_change.c: subscribers import, add, remove, restore. */
#include "daemon/staff/subscribers.h"

#include "base/csv.h"
#include "base/date.h"
#include "base/text.h"
#include "daemon/desk/subscribing.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>

enum { IMPORT_MAX = 32 * 1024 * 1024, IMPORT_ROWS_MAX = 500000, IMPORT_SHOWN = 20 };

struct wanted {
    const char *address, *language;
};
struct wanted_list {
    LIST(struct wanted) list;
};

static bool only_tried(const struct command *c)
{
    return command_value(c, "dry-run") != NULL;
}

/* Inside the transaction; `*ret_said`: what is said of it when it is stored. */
typedef bool act(struct command *c, const struct subscribing *s, void *ctx, const char **ret_said);

/* What a change needs: letters, a transaction, and the doorbell behind it. */
static bool change(struct command *c, const char *consent, bool imported, act *run, void *ctx)
{
    struct desk desk;
    const char *said = "";
    if (!desk_begin_letters(&desk, c->arena, c->store, &c->config, &c->err)) {
        return false;
    }
    struct subscribing s = {.desk = &desk,
                            .now = clock_now(),
                            .actor = command_actor(c->arena),
                            .consent = consent,
                            .imported = imported};
    bool done = store_begin(c->store, &c->err) && run(c, &s, ctx, &said);
    bool stored = store_end(c->store, done && !only_tried(c), &c->err);
    desk_end(&desk);
    if (stored) {
        doorbell_ring(c->config.store);
    }
    if (stored || (done && only_tried(c))) {
        puts(said);
        return true;
    }
    return false;
}

static const char *consent_of(struct command *c)
{
    const char *consent = command_value(c, "consent");
    return consent == NULL || str_trim(c->arena, consent)[0] == '\0' ? NULL : consent;
}

static bool language_of(struct command *c, const char **ret)
{
    const char *language = command_value(c, "language");
    *ret = language == NULL ? "de" : language;
    return str_equal(*ret, "de") || str_equal(*ret, "en") || fail(&c->err, "--language: de oder en");
}

static bool add_one(struct command *c, const struct subscribing *s, void *ctx, const char **ret_said)
{
    static const char *const words[] = {[SUBSCRIBED_NEW] = "bekommt ab jetzt den Newsletter",
                                        [SUBSCRIBED_ASKED] =
                                            "wird gefragt; erst mit einem „Ja“ von dort kommt der Newsletter",
                                        [SUBSCRIBED_ALREADY] = "bekommt den Newsletter schon"};
    const struct wanted *wanted = ctx;
    enum subscribed result;
    if (!subscribing_put(s, c->arena, wanted->address, wanted->language, &result, &c->err)) {
        return false;
    }
    if (result == SUBSCRIBED_LEFT) {
        return fail(
            &c->err,
            "%s hat den Newsletter abbestellt oder wurde gelöscht; wir schreiben dort nicht ungefragt "
            "hin. Liegt eine neue Einwilligung vor, geben Sie sie mit --consent an.",
            wanted->address);
    }
    *ret_said = arena_printf(c->arena, "%s %s.", wanted->address, words[result]);
    return true;
}

int subscribers_add(struct command *c)
{
    struct wanted wanted;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    bool done = language_of(c, &wanted.language) && command_address(c, c->words[1], &wanted.address) &&
                change(c, consent_of(c), false, add_one, &wanted);
    return done ? EXIT_DONE : command_failed(c);
}

static bool remove_one(struct command *c, const struct subscribing *s, void *ctx, const char **ret_said)
{
    bool was_in, letter = command_value(c, "no-letters") == NULL;
    if (!subscribing_remove(s, c->arena, ctx, letter, &was_in, &c->err)) {
        return false;
    }
    *ret_said = arena_printf(c->arena, "%s %s.", (const char *)ctx,
                             !was_in  ? "steht nicht auf der Liste"
                             : letter ? "ist abgemeldet und bekommt einen kurzen Abschiedsbrief"
                                      : "ist abgemeldet, ohne Brief");
    return true;
}

static bool restore_one(struct command *c, const struct subscribing *s, void *ctx, const char **ret_said)
{
    bool was_suspended;
    if (!subscribing_restore(s, c->arena, ctx, &was_suspended, &c->err)) {
        return false;
    }
    *ret_said = arena_printf(c->arena, "%s %s.", (const char *)ctx,
                             was_suspended ? "bekommt die nächste Ausgabe wieder" : "ist nicht ausgesetzt");
    return true;
}

static int with_address(struct command *c, act *run)
{
    const char *address;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    bool done = command_address(c, c->words[1], &address) && change(c, NULL, false, run, (void *)address);
    return done ? EXIT_DONE : command_failed(c);
}

int subscribers_remove(struct command *c)
{
    return with_address(c, remove_one);
}

int subscribers_restore(struct command *c)
{
    return with_address(c, restore_one);
}

/* --- import --- */

/* The column of addresses, and of languages (-1: none), by the names in the first row; a first row that holds
 * an address is no head. */
static bool find_columns(struct command *c, const struct csv_table *table, int *ret_address,
                         int *ret_language, size_t *ret_first)
{
    static const char *const names[] = {"e-mail",         "email",   "mail",   "mailadresse",
                                        "e-mail-adresse", "adresse", "address"};
    *ret_address = *ret_language = -1;
    *ret_first = 1;
    for (size_t i = 0; table->rows.n > 0 && i < table->rows.at[0].cell.n; i++) {
        const char *cell = table->rows.at[0].cell.at[i];
        bool language = str_equal_nocase(cell, "sprache") || str_equal_nocase(cell, "language");
        *ret_language = language ? (int)i : *ret_language;
        for (size_t n = 0; *ret_address < 0 && n < sizeof names / sizeof *names; n++) {
            *ret_address = str_equal_nocase(cell, names[n]) ? (int)i : *ret_address;
        }
        if (strchr(cell, '@') != NULL) {
            *ret_address = (int)i;
            *ret_language = -1;
            *ret_first = 0;
            return true;
        }
    }
    return *ret_address >= 0 ||
           fail(&c->err, "%s: keine Spalte heißt „E-Mail“, und in der ersten Zeile steht keine Mailadresse",
                c->words[1]);
}

static bool read_row(struct command *c, const struct csv_row *row, int address, int language,
                     struct wanted_list *ret)
{
    const char *cell = (size_t)address < row->cell.n ? row->cell.at[address] : "";
    const char *tongue = language >= 0 && (size_t)language < row->cell.n ? row->cell.at[language] : "";
    struct wanted wanted = {.language = str_starts_nocase(tongue, "en") ? "en" : "de"};
    if (!command_address(c, cell, &wanted.address)) {
        fprintf(stderr, "%s, Zeile %d: %s\n", c->words[1], row->line, c->err.what);
        return false;
    }
    *LIST_ADD(c->arena, &ret->list) = wanted;
    return true;
}

static bool read_table(struct command *c, struct wanted_list *ret)
{
    struct csv_table table = {0};
    char *bytes;
    size_t len, first, bad = 0;
    int address, language;
    if (!command_file(c, c->words[1], IMPORT_MAX, &bytes, &len)) {
        return false;
    }
    if (!csv_read(c->arena, bytes, len, IMPORT_ROWS_MAX, &table, &c->err)) {
        return fail_within(&c->err, "%s", c->words[1]);
    }
    if (!find_columns(c, &table, &address, &language, &first)) {
        return false;
    }
    for (size_t i = first; i < table.rows.n && bad < IMPORT_SHOWN; i++) {
        bad += !read_row(c, &table.rows.at[i], address, language, ret);
    }
    return bad == 0 || fail(&c->err, "nichts übernommen");
}

static bool import_all(struct command *c, const struct subscribing *s, void *ctx, const char **ret_said)
{
    const struct wanted_list *wanted = ctx;
    size_t n[4] = {0};
    struct arena *arena = arena_new();
    bool done = true;
    for (size_t i = 0; done && i < wanted->list.n; i++) {
        const struct wanted *one = &wanted->list.at[i];
        enum subscribed result = SUBSCRIBED_NEW;
        arena_reset(arena);
        done = subscribing_put(s, arena, one->address, one->language, &result, &c->err);
        n[result] += done;
    }
    arena_free(arena);
    if (done) {
        *ret_said = arena_printf(
            c->arena,
            "%zu neu, %zu werden gefragt, %zu schon bekannt, %zu übersprungen (abbestellt oder gelöscht)%s",
            n[SUBSCRIBED_NEW], n[SUBSCRIBED_ASKED], n[SUBSCRIBED_ALREADY], n[SUBSCRIBED_LEFT],
            only_tried(c) ? "; nichts geändert (--dry-run)" : "");
    }
    return done;
}

int subscribers_import(struct command *c)
{
    struct wanted_list wanted = {0};
    const char *consent = consent_of(c);
    bool ask = command_value(c, "ask") != NULL;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (ask == (consent != NULL)) {
        (void)fail(
            &c->err,
            "sagen Sie mit --consent \"…\", woher die Einwilligungen stammen (etwa \"Liste am Stand beim "
            "Stadtfest, 5.9.2026, unterschrieben\"), oder lassen Sie mit --ask jede Adresse fragen");
        return command_failed(c);
    }
    const char *question = "";
    bool done = read_table(c, &wanted);
    if (done) {
        question = arena_printf(c->arena, "%zu Adressen %s?", wanted.list.n,
                                ask ? "anschreiben und fragen" : "als Empfänger übernehmen");
    }
    done = done && (only_tried(c) || command_confirm(c, question)) &&
           change(c, consent, true, import_all, &wanted);
    return done ? EXIT_DONE : command_failed(c);
}
