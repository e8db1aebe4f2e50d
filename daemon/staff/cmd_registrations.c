#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/staff/command.h"
#include "daemon/store/registration_store.h"

#include <stdio.h>

static const char usage[] = "stadtlabor registrations list [EVENT] [--all] [--json]";

static const char *state_word(const char *state)
{
    return str_equal(state, "confirmed") ? "Platz" : str_equal(state, "waiting") ? "wartet" : "abgesagt";
}

static json_t *row_json(const struct registration_row *r)
{
    json_t *evidence = json_loads(r->evidence, 0, NULL);
    return json_pack("{sI ss ss ss ss ss ss ss ss ss sI so*}", "id", (json_int_t)r->id, "event", r->event,
                     "state", r->state, "first_name", r->first_name, "last_name", r->last_name, "birth_date",
                     r->birth_date, "street", r->street, "postal_code", r->postal_code, "city", r->city,
                     "address", r->address, "mail", (json_int_t)r->mail_id, "evidence", evidence);
}

static void print_row(struct command *c, const struct registration_row *r)
{
    const char *name = arena_printf(c->arena, "%s %s", r->first_name, r->last_name);
    const char *where = arena_printf(c->arena, "%s, %s %s", r->street, r->postal_code, r->city);
    printf("%5lld  %s  %s  %s  %s  %s\n", (long long)r->id, command_cell(c->arena, state_word(r->state), 8),
           command_cell(c->arena, name, 26), command_cell(c->arena, r->birth_date, 10),
           command_cell(c->arena, where, 40), command_safe(c->arena, r->address));
}

static int registrations_list(struct command *c)
{
    struct registration_rows rows = {0};
    if (c->words_n > 2) {
        return command_usage(c);
    }
    if (!registrations_of_event(c->store, c->arena, c->words_n == 2 ? c->words[1] : NULL, &rows, &c->err)) {
        return command_failed(c);
    }
    json_t *all = json_array();
    const char *event = "";
    for (size_t i = 0; i < rows.row.n; i++) {
        const struct registration_row *r = &rows.row.at[i];
        if (!c->all && str_equal(r->state, "cancelled")) {
            continue;
        }
        json_array_append_new(all, row_json(r));
        if (!c->json && !str_equal(event, r->event)) {
            printf("%s\n", r->event);
            event = r->event;
        }
        if (!c->json) {
            print_row(c, r);
        }
    }
    if (c->json) {
        command_print_json(all);
    } else {
        if (json_array_size(all) == 0) {
            printf("Keine Anmeldungen.\n");
        }
        json_decref(all);
    }
    return EXIT_DONE;
}

int cmd_registrations(int argc, char **argv)
{
    struct command c;
    int status = command_begin(&c, argc, argv, usage);
    if (status != EXIT_DONE) {
        return status;
    }
    status = c.words_n > 0 && str_equal(c.words[0], "list") ? registrations_list(&c) : command_usage(&c);
    command_end(&c);
    return status;
}
