/* daemon/staff/queue_work.c: from one entry to the next with single keys. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "daemon/staff/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A session at the terminal. */
struct paging {
    struct queue_work *work;
    struct queue_rows entries;
    size_t at;
    size_t options; /* of the command line, before corrections */
    bool again;     /* the same entry is shown once more */
};

static bool hand_over(struct paging *p, const struct queue_row *row)
{
    const char *name = terminal_line(p->work->c->arena, "Wer kümmert sich? ");
    return *name == '\0' || queue_hand_over(p->work, row, name);
}

/* What staff call what they may know better. */
static const struct {
    const char *german, *option;
} known_better[] = {{"Veranstaltung", "event"},
                    {"Vorname", "first-name"},
                    {"Nachname", "last-name"},
                    {"Geburtsdatum", "birth-date"},
                    {"Straße", "street"},
                    {"PLZ", "postal-code"},
                    {"Postleitzahl", "postal-code"},
                    {"Ort", "city"}};

/* "Geburtsdatum 3.5.1958", "Geburtsdatum: 3.5.1958", "birth-date=3.5.1958". */
static bool read_correction(struct arena *arena, const char *line, struct command_value *ret)
{
    static const char between[] = "=: \t";
    size_t len = strcspn(line, between);
    const char *word = arena_strndup(arena, line, len);
    *ret = (struct command_value){NULL, line + len + strspn(line + len, between)};
    for (size_t i = 0; i < sizeof known_better / sizeof *known_better && ret->name == NULL; i++) {
        bool meant =
            str_equal_nocase(word, known_better[i].german) || str_equal(word, known_better[i].option);
        ret->name = meant ? known_better[i].option : NULL;
    }
    return ret->name != NULL;
}

static void print_programme(const struct queue_work *work)
{
    for (size_t i = 0; i < work->desk.programme.events.n; i++) {
        const struct event *event = &work->desk.programme.events.at[i];
        if (event->start > clock_now() && !event->cancelled) {
            printf("  %s  %s\n", command_cell(work->c->arena, event->code, 28),
                   command_safe(work->c->arena, event->title));
        }
    }
}

/* One a line; what does not fit is told at once and forgotten. */
static bool correct(struct paging *p, const struct queue_row *row)
{
    struct command *c = p->work->c;
    struct proposal proposal;
    puts("Was wissen Sie besser? Zum Beispiel: Geburtsdatum 3.5.1958\n"
         "Auch Vorname, Nachname, Straße, PLZ, Ort; „Vorname 2=Paul“ meint die zweite Person. "
         "„Veranstaltung“\n"
         "allein zeigt alle mit ihrem Kürzel, mit einem Kürzel ist es diese. Eine leere Zeile: fertig.");
    for (;;) {
        struct command_value value;
        const char *line = terminal_line(c->arena, "> ");
        if (*line == '\0') {
            return true;
        }
        if (!read_correction(c->arena, line, &value)) {
            printf("„%s“ ist keine solche Angabe.\n", command_safe(c->arena, line));
        } else if (*value.value == '\0' && str_equal(value.name, "event")) {
            print_programme(p->work);
        } else {
            *LIST_ADD(c->arena, &c->values) = value;
            if (!queue_propose(p->work, row, true, &proposal)) {
                printf("%s\n", c->err.what);
                c->values.n--;
            }
        }
    }
}

static void print_keys(const struct proposal *p)
{
    printf("\n%s%s[c] Angaben ändern  [r] selbst antworten  [z] jemandem geben\n"
           "[e] erledigt  [s] Werbung  [n] neu lesen  [w] weiter  [b] zurück  [q] Ende ",
           p->acts ? "[a] so annehmen  " : "", p->asks ? "[f] nachfragen  " : "");
}

/* What a key does with the entry; `*ret_known` false: no such key. */
static bool act(struct paging *p, int key, const struct queue_row *row, bool *ret_known)
{
    *ret_known = true;
    switch (key) {
    case 'a':
        return queue_accept(p->work, row);
    case 'f':
        return queue_ask(p->work, row);
    case 'r':
        return queue_reply(p->work, row);
    case 'e':
        return queue_done(p->work, row);
    case 's':
        return queue_spam(p->work, row);
    case 'n':
        return queue_retry(p->work, row);
    case 'z':
        return hand_over(p, row);
    case 'c':
        p->again = true;
        return correct(p, row);
    default:
        *ret_known = false;
        return true;
    }
}

/* The entry, a screen at a time; what it would do. Gives back the key that ended it early, or 0. */
static int show(struct paging *p, const struct queue_row *row, struct proposal *ret)
{
    struct command *c = p->work->c;
    FILE *screen = stdout;
    char *words = NULL;
    size_t len;
    FILE *kept = open_memstream(&words, &len);
    if (kept != NULL) {
        stdout = kept;
    }
    printf("\n──────── %zu von %zu ────────\n", p->at + 1, p->entries.row.n);
    if (!queue_show_entry(p->work, row) || !queue_propose(p->work, row, true, ret)) {
        printf("%s\n", c->err.what);
        *ret = (struct proposal){0};
    }
    if (kept == NULL) {
        return 0;
    }
    fclose(kept);
    stdout = screen;
    int key = terminal_pages(words);
    free(words);
    return key;
}

/* Shows one entry and does what the keys say; false: the person has enough. */
static bool page(struct paging *p)
{
    struct command *c = p->work->c;
    struct queue_row row;
    struct proposal proposal;
    if (!queue_get(c->store, c->arena, p->entries.row.at[p->at].id, &row, &c->err)) {
        return false;
    }
    if (!str_equal(row.state, "open")) { /* somebody else was faster */
        p->at++;
        return true;
    }
    int key = show(p, &row, &proposal);
    for (bool known = false; !known; key = 0) {
        if (key == 0) {
            print_keys(&proposal);
            key = terminal_key();
            printf("%c\n", key >= ' ' && key <= '~' ? key : ' ');
        }
        if (key == 'q') {
            return false;
        }
        if (key == 'w' || key == ' ' || key == '\r' || key == '\n') {
            p->at++;
            return true;
        }
        if (key == 'b') {
            p->at -= p->at > 0;
            return true;
        }
        p->again = false;
        if (!act(p, key, &row, &known)) {
            printf("%s\n", c->err.what);
            known = false;
        }
    }
    return true;
}

static void leave_entry(struct paging *p, size_t shown)
{
    struct command *c = p->work->c;
    if (p->at != shown || !p->again) {
        c->values.n = p->options;
    }
    p->again = false;
}

bool queue_work_through(struct queue_work *work)
{
    struct command *c = work->c;
    struct paging p = {.work = work, .options = c->values.n};
    const char *whose = command_value(c, "for");
    struct queue_rows all = {0};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        return fail(&c->err, "dafür braucht es ein Terminal");
    }
    if (!queue_list(c->store, c->arena, false, &all, &c->err)) {
        return false;
    }
    for (size_t i = 0; i < all.row.n; i++) {
        if (whose == NULL || str_equal_nocase(whose, all.row.at[i].assigned)) {
            *LIST_ADD(c->arena, &p.entries.row) = all.row.at[i];
        }
    }
    bool more = true;
    while (more && p.at < p.entries.row.n) {
        size_t shown = p.at;
        more = page(&p);
        leave_entry(&p, shown);
    }
    int64_t left = 0;
    if (!queue_count(c->store, &left, &c->err)) {
        return false;
    }
    printf("%s\n", left == 0   ? "Es wartet nichts mehr."
                   : left == 1 ? "Es wartet noch ein Eintrag."
                               : arena_printf(c->arena, "Es warten noch %lld Einträge.", (long long)left));
    return true;
}
