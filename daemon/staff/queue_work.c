/* daemon/staff/queue_work.c: from one entry to the next with single keys. */
#include "daemon/staff/queue.h"

#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_LENGTH = 512, CTRL_C = 3, CTRL_D = 4 };

/* A session at the terminal. */
struct paging {
    struct queue_work *work;
    struct queue_rows entries;
    size_t at;
    size_t options; /* of the command line, before corrections */
    bool again;     /* the same entry is shown once more */
};

/* One key, without Enter. The terminal is as it was when this returns; at its end the key is 'q'. */
static int read_key(void)
{
    struct termios before, raw;
    unsigned char key = 'q';
    fflush(stdout);
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return 'q';
    }
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG); /* Ctrl-C comes as a key, so that nothing is left raw */
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    ssize_t n;
    do {
        n = read(STDIN_FILENO, &key, 1);
    } while (n < 0 && errno == EINTR);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return n != 1 || key == CTRL_C || key == CTRL_D ? 'q' : key;
}

/* A line without its end; "" at the end of the input. Read byte by byte: the keys that follow are read_key's.
 */
static const char *read_line(struct arena *arena, const char *question)
{
    struct text line = text_new(arena, LINE_LENGTH);
    char c;
    printf("%s", question);
    fflush(stdout);
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        text_addc(&line, c);
    }
    return utf8_valid(line.s, line.len) ? str_trim(arena, line.s) : "";
}

static bool hand_over(struct paging *p, const struct queue_row *row)
{
    const char *name = read_line(p->work->c->arena, "Wer kümmert sich? ");
    return *name == '\0' || queue_hand_over(p->work, row, name);
}

/* "birth-date=3.5.1958", one a line. */
static bool correct(struct paging *p)
{
    struct command *c = p->work->c;
    puts("Was wissen Sie besser? Etwa birth-date=3.5.1958 oder event=KÜRZEL; auch first-name, last-name, "
         "street, "
         "postal-code, city. Eine leere Zeile: fertig.");
    for (;;) {
        const char *line = read_line(c->arena, "> ");
        const char *equals = strchr(line, '=');
        if (*line == '\0') {
            return true;
        }
        const char *name = arena_strndup(c->arena, line, equals == NULL ? 0 : (size_t)(equals - line));
        if (!queue_is_correction(name)) {
            printf("„%s“ ist keine solche Angabe.\n", command_safe(c->arena, line));
            continue;
        }
        *LIST_ADD(c->arena, &c->values) = (struct command_value){name, equals + 1};
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
        return correct(p);
    default:
        *ret_known = false;
        return true;
    }
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
    printf("\n──────── %zu von %zu ────────\n", p->at + 1, p->entries.row.n);
    if (!queue_show_entry(p->work, &row) || !queue_propose(p->work, &row, true, &proposal)) {
        printf("%s\n", c->err.what);
        proposal = (struct proposal){0};
        c->values.n = p->options; /* a correction that does not fit is none */
    }
    for (bool known = false; !known;) {
        print_keys(&proposal);
        int key = read_key();
        printf("%c\n", key >= ' ' && key <= '~' ? key : ' ');
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
