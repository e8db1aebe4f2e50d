/* stadtlabor people: what is kept about somebody (DSGVO Art. 15), its removal (Art. 17), and how long things
 * are kept at all. */
#include "daemon/staff/command.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/desk/people_report.h"
#include "daemon/desk/purge.h"
#include "daemon/store/doorbell.h"

#include <stdio.h>

const char usage_people[] = "stadtlabor people show ADDRESS|NAME [--json]\n"
                            "       stadtlabor people erase ADDRESS|NAME [--dry-run] [--yes]\n"
                            "       stadtlabor people retention [--json]";

static bool choose(struct command *c, const char *who)
{
    bool found;
    return people_choose(c->store, c->arena, who, &found, &c->err) &&
           (found || fail(&c->err, "über „%s“ ist nichts gespeichert", command_safe(c->arena, who)));
}

/* Of whom was chosen. */
static int report(struct command *c)
{
    json_t *all;
    if (!people_report(c->store, c->arena, &all, &c->err)) {
        return command_failed(c);
    }
    if (c->json) {
        command_print_json(all);
        return EXIT_DONE;
    }
    fputs(command_safe(c->arena, people_report_text(c->arena, all)), stdout);
    json_decref(all);
    return EXIT_DONE;
}

static int show(struct command *c)
{
    if (c->words_n != 2) {
        return command_usage(c);
    }
    return choose(c, c->words[1]) ? report(c) : command_failed(c);
}

/* --- erase --- */

/* A name that several mailboxes bear may be several people's. */
static bool one_person(struct command *c, const char *who)
{
    struct people_addresses addresses = {0};
    if (!people_addresses(c->store, c->arena, &addresses, &c->err)) {
        return false;
    }
    if (addresses.address.n <= 1) {
        return true;
    }
    struct text all = text_new(c->arena, 4096);
    for (size_t i = 0; i < addresses.address.n; i++) {
        text_printf(&all, "%s%s", i > 0 ? ", " : "", addresses.address.at[i]);
    }
    return fail(&c->err, "„%s“ schreibt von mehreren Adressen: %s. Bitte nennen Sie die Adresse.", who,
                all.s);
}

/* What lies in the mailbox is staff's: the program deletes no mail there. */
static void print_mailbox(const struct people_tables *tables, struct command *c)
{
    for (size_t t = 0; t < tables->table.n; t++) {
        const struct people_table *table = &tables->table.at[t];
        if (!str_equal(table->name, "mails") && !str_equal(table->name, "letters")) {
            continue;
        }
        printf("\nBitte löschen Sie im Postfach selbst (%s):\n", table->title);
        for (size_t at = 0; at < table->cell.n; at += table->column.n) {
            const char *when = "", *subject = "", *id = "";
            for (size_t i = 0; i < table->column.n; i++) {
                const char *column = table->column.at[i], *cell = table->cell.at[at + i];
                const char *value = people_value(c->arena, column, cell);
                when = str_equal(column, "received") || str_equal(column, "created") ? value : when;
                subject = str_equal(column, "subject") || str_equal(column, "kind") ? value : subject;
                id = str_equal(column, "message_id") ? cell : id;
            }
            printf("  %s  %s  <%s>\n", when, command_cell(c->arena, subject, 40), command_safe(c->arena, id));
        }
    }
}

static void print_record(struct command *c, const struct people_erased *n, const struct people_tables *tables)
{
    printf(
        "Gelöscht am %s durch %s: %lld Anmeldungen, %lld Mails, %lld Briefe, %lld Rückfragen, %lld Einträge "
        "im Newsletter samt Nachweisen; %lld Einträge der Liste für Menschen geleert.\n",
        command_time(c->arena, clock_now()), command_actor(c->arena), (long long)n->registrations,
        (long long)n->mails, (long long)n->letters, (long long)n->conversations, (long long)n->subscribers,
        (long long)n->entries);
    puts("Aufgehoben wird nur je Mailadresse ein verschlüsselter Vermerk, damit nicht erneut ungefragt "
         "dorthin "
         "geschrieben wird, und je Mail eine Prüfsumme ohne Personenbezug.");
    print_mailbox(tables, c);
}

static bool nothing_waits(struct command *c)
{
    int64_t waiting;
    return people_letters_waiting(c->store, &waiting, &c->err) &&
           (waiting == 0 ||
            fail(&c->err,
                 "ein Brief an diese Person ist noch unterwegs (stadtlabor outbox list); bitte warten "
                 "Sie, bis er verschickt ist. Nichts gelöscht."));
}

/* Whom it concerns is looked for again only if somebody wrote since. */
static bool erase_in_transaction(struct command *c, int64_t version, struct people_erased *ret)
{
    int64_t now_version;
    bool done = store_begin(c->store, &c->err) && store_version(c->store, &now_version, &c->err) &&
                (now_version == version || choose(c, c->words[1])) && nothing_waits(c) &&
                people_erase(c->store, c->arena, clock_now(), ret, &c->err) &&
                store_audit(c->store, clock_now(), command_actor(c->arena), "erased", 0, "", &c->err);
    return store_end(c->store, done, &c->err);
}

static int erase(struct command *c)
{
    struct people_tables tables = {0};
    struct people_erased erased = {0};
    int64_t version;
    bool emptied = false;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!store_version(c->store, &version, &c->err) || !choose(c, c->words[1]) ||
        !one_person(c, c->words[1]) || !people_show(c->store, c->arena, &tables, &c->err)) {
        return command_failed(c);
    }
    if (command_value(c, "dry-run") != NULL) {
        return report(c);
    }
    const char *question = arena_printf(
        c->arena, "Alles über „%s“ endgültig löschen (stadtlabor people show zeigt es)?", c->words[1]);
    if (!command_confirm(c, question) || !erase_in_transaction(c, version, &erased) ||
        !store_scrub(c->store, &emptied, &c->err)) {
        return command_failed(c);
    }
    doorbell_ring(c->config.store); /* places may have become free */
    print_record(c, &erased, &tables);
    if (!emptied) {
        puts("\nDas Schreibprotokoll der Datenbank war gerade in Gebrauch; es wird heute Nacht geleert.");
    }
    return EXIT_DONE;
}

/* --- retention --- */

static int retention(struct command *c)
{
    struct retention retention = purge_retention(&c->config);
    int64_t due;
    if (c->words_n != 1) {
        return command_usage(c);
    }
    json_t *all = json_array();
    for (int kind = 0; kind < RETENTION_KINDS; kind++) {
        const char *title = retention_title((enum retention_kind)kind);
        int days = retention.days[kind];
        if (!retention_due(c->store, clock_now(), (enum retention_kind)kind, days, &due, &c->err)) {
            json_decref(all);
            return command_failed(c);
        }
        json_array_append_new(all,
                              json_pack("{ss si sI}", "what", title, "days", days, "due", (json_int_t)due));
        if (!c->json) {
            const char *kept = days == 0 ? "ohne Frist" : arena_printf(c->arena, "%d Tage", days);
            printf("%s  %s  %6lld fällig\n", command_cell(c->arena, title, 62),
                   command_cell(c->arena, kept, 10), (long long)due);
        }
    }
    return command_listed(c, all, NULL);
}

int cmd_people(int argc, char **argv)
{
    static const struct command_part parts[] = {
        {"show", show, ""}, {"erase", erase, "dry-run!"}, {"retention", retention, ""}};
    return command_of_parts(argc, argv, usage_people, parts, sizeof parts / sizeof *parts, NULL);
}
