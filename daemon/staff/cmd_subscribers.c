/* stadtlabor subscribers: who gets the newsletter, and what proves that they want it. */
#include "daemon/staff/subscribers.h"

#include "base/csv.h"
#include "base/text.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/subscriber_store.h"

#include <stdio.h>

const char usage_subscribers[] =
    "stadtlabor subscribers list [--all] [--bouncing] [--json]\n"
    "       stadtlabor subscribers show ADDRESS [--json]\n"
    "       stadtlabor subscribers export [--all]\n"
    "       stadtlabor subscribers import FILE.csv --consent \"where it comes from\"|--ask [--dry-run] "
    "[--yes]\n"
    "       stadtlabor subscribers add ADDRESS [--consent \"where it comes from\"] [--language de|en]\n"
    "       stadtlabor subscribers remove ADDRESS [--no-letters]\n"
    "       stadtlabor subscribers restore ADDRESS";

enum { EXPORT_MAX = 64 * 1024 * 1024 };

static const char *state_words(const struct subscriber_row *r)
{
    return str_equal(r->suspended, "hard")     ? "ausgesetzt, unzustellbar seit"
           : str_equal(r->suspended, "soft")   ? "ausgesetzt, kam wiederholt zurück seit"
           : str_equal(r->state, "subscribed") ? "bekommt ihn seit"
           : str_equal(r->state, "asked")      ? "gefragt am"
                                               : "abgemeldet am";
}

static int64_t state_since(const struct subscriber_row *r)
{
    return r->suspended[0] != '\0'             ? r->suspended_at
           : str_equal(r->state, "subscribed") ? r->confirmed_at
           : str_equal(r->state, "asked")      ? r->asked_at
                                               : r->left_at;
}

static json_t *as_json(const struct subscriber_row *r)
{
    return json_pack("{ss ss ss sI sI sI ss ss sI}", "address", r->address, "state", r->state, "language",
                     r->language, "asked", (json_int_t)r->asked_at, "confirmed", (json_int_t)r->confirmed_at,
                     "left", (json_int_t)r->left_at, "suspended", r->suspended, "returned", r->returned,
                     "suspended_at", (json_int_t)r->suspended_at);
}

static void print_sums(const struct subscriber_rows *rows, bool bouncing)
{
    size_t in = 0, asked = 0, suspended = 0;
    for (size_t i = 0; i < rows->row.n; i++) {
        const struct subscriber_row *r = &rows->row.at[i];
        suspended += r->suspended[0] != '\0';
        in += r->suspended[0] == '\0' && str_equal(r->state, "subscribed");
        asked += r->suspended[0] == '\0' && str_equal(r->state, "asked");
    }
    if (bouncing && suspended == 0) {
        puts("Niemand ist ausgesetzt.");
    } else if (!bouncing) {
        printf("Bekommen ihn: %zu, gefragt: %zu, ausgesetzt: %zu.\n", in, asked, suspended);
    }
}

static int list_all(struct command *c)
{
    struct subscriber_rows rows = {0};
    bool bouncing = command_value(c, "bouncing") != NULL;
    if (!subscribers_list(c->store, c->arena, c->all, bouncing, &rows, &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct subscriber_row *r = &rows.row.at[i];
        if (c->json) {
            json_array_append_new(all, as_json(r));
        } else {
            printf("%s  %s %s%s%s\n", command_cell(c->arena, r->address, 40), state_words(r),
                   command_time(c->arena, state_since(r)), r->returned[0] != '\0' ? ": " : "",
                   command_safe(c->arena, r->returned));
        }
    }
    if (!c->json) {
        print_sums(&rows, bouncing);
    }
    return command_listed(c, all, NULL);
}

static int export_all(struct command *c)
{
    struct subscriber_rows rows = {0};
    struct text out = text_new(c->arena, EXPORT_MAX);
    static const char *const heads[] = {"E-Mail", "Zustand", "seit", "Sprache"};
    if (!subscribers_list(c->store, c->arena, c->all, false, &rows, &c->err)) {
        return command_failed(c);
    }
    csv_begin(&out);
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        csv_add(&out, heads[i]);
    }
    csv_end_row(&out);
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct subscriber_row *r = &rows.row.at[i];
        csv_add(&out, r->address);
        csv_add(&out, r->suspended[0] != '\0' ? "suspended" : r->state);
        csv_add(&out, command_time(c->arena, state_since(r)));
        csv_add(&out, r->language);
        csv_end_row(&out);
    }
    if (out.overflow) {
        (void)fail(&c->err, "die Liste ist größer als %d MB", EXPORT_MAX / 1024 / 1024);
        return command_failed(c);
    }
    fwrite(out.s, 1, out.len, stdout);
    return EXIT_DONE;
}

static const char *step_words(const char *kind)
{
    static const struct {
        const char *kind, *words;
    } names[] = {{"request", "Bestellung"},
                 {"question", "Frage an die Adresse"},
                 {"confirmation", "Bestätigung"},
                 {"imported", "Übernommen; Herkunft der Einwilligung"},
                 {"entered", "Eingetragen; Herkunft der Einwilligung"},
                 {"left", "Abbestellung"},
                 {"back", "Abbestellung zurückgenommen"},
                 {"complaint", "Als Spam gemeldet und deshalb abgemeldet"},
                 {"suspended", "Ausgesetzt, weil Mails zurückkamen"},
                 {"resumed", "Wieder aufgenommen"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(names[i].kind, kind)) {
            return names[i].words;
        }
    }
    return kind;
}

static void print_field(struct command *c, const char *name, const char *value)
{
    if (value[0] != '\0') {
        printf("  %s: %s\n", name, command_safe(c->arena, value));
    }
}

static void print_step(struct command *c, const struct consent_step *step)
{
    printf("\n%s  %s\n", command_time(c->arena, step->at), step_words(step->kind));
    print_field(c, "durch", str_equal(step->actor, "stadtlabord") ? "" : step->actor);
    print_field(c, "Absender", step->sender);
    print_field(c, "Message-ID", step->message_id);
    print_field(c, "Prüfung des eigenen Mailservers", step->authentication);
    const char *at = command_safe(c->arena, step->words);
    while (*at != '\0') {
        size_t len = strcspn(at, "\n");
        printf("  | %.*s\n", (int)len, at);
        at += len + (at[len] == '\n');
    }
}

static json_t *steps_json(const struct consent_steps *steps)
{
    json_t *all = json_array();
    for (size_t i = 0; i < steps->step.n; i++) {
        const struct consent_step *s = &steps->step.at[i];
        json_array_append_new(all, json_pack("{ss sI ss ss ss ss ss ss}", "kind", s->kind, "at",
                                             (json_int_t)s->at, "actor", s->actor, "sender", s->sender,
                                             "message_id", s->message_id, "authentication", s->authentication,
                                             "words", s->words, "head", s->head));
    }
    return all;
}

static int show_one(struct command *c)
{
    struct subscriber_row row;
    struct consent_steps steps = {0};
    const char *address;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!command_address(c, c->words[1], &address) ||
        !subscriber_get(c->store, c->arena, address, &row, &c->err) ||
        !(row.id != 0 || fail(&c->err, "%s ist nicht auf der Liste", address)) ||
        !consent_list(c->store, c->arena, row.id, &steps, &c->err)) {
        return command_failed(c);
    }
    if (c->json) {
        json_t *json = as_json(&row);
        json_object_set_new(json, "steps", steps_json(&steps));
        command_print_json(json);
        return EXIT_DONE;
    }
    printf("%s: %s %s\n", row.address, state_words(&row), command_time(c->arena, state_since(&row)));
    for (size_t i = 0; i < steps.step.n; i++) {
        print_step(c, &steps.step.at[i]);
    }
    return EXIT_DONE;
}

int cmd_subscribers(int argc, char **argv)
{
    static const struct command_part parts[] = {
        {"list", list_all, "bouncing!"},
        {"show", show_one, ""},
        {"export", export_all, ""},
        {"import", subscribers_import, "consent ask! dry-run!"},
        {"add", subscribers_add, "consent language"},
        {"remove", subscribers_remove, "no-letters!"},
        {"restore", subscribers_restore, ""},
    };
    return command_of_parts(argc, argv, usage_subscribers, parts, sizeof parts / sizeof *parts, NULL);
}
