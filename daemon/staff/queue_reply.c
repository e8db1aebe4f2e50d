/* daemon/staff/queue_reply.c: a person's own answer: from their editor, or ready-made from a file. */
#include "daemon/staff/queue.h"

#include "base/file.h"
#include "base/text.h"
#include "daemon/desk/reply.h"
#include "daemon/store/doorbell.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPLY_MAX = 256 * 1024 };

/* Lines at the top that begin with "#" are for the writer alone. */
static const char *without_notes(const char *text)
{
    while (*text == '#') {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

static bool write_file(int fd, const char *text, struct error *err)
{
    for (size_t len = strlen(text); len > 0;) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno != EINTR) {
            return fail(err, "der Entwurf lässt sich nicht schreiben: %s", strerror(errno));
        }
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* The editor is what $VISUAL or $EDITOR says, a shell's words as everywhere (git, crontab). */
static bool run_editor(const char *path, struct error *err)
{
    const char *editor = getenv("VISUAL");
    editor = editor != NULL && *editor != '\0' ? editor : getenv("EDITOR");
    editor = editor != NULL && *editor != '\0' ? editor : "sensible-editor";
    struct arena *arena = arena_new();
    const char *script = arena_printf(arena, "%s \"$@\"", editor);
    void (*before)(int) = signal(SIGINT, SIG_IGN); /* Ctrl-C is the editor's */
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, SIG_DFL);
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", script, editor, path, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    signal(SIGINT, before);
    bool done = (child > 0 && status == 0) ||
                fail(err, "der Editor „%s“ ist gescheitert; $EDITOR nennt, welcher benutzt wird", editor);
    arena_free(arena);
    return done;
}

/* What the person made of the draft; the file is gone afterwards. */
static bool edit(struct command *c, const char *draft, const char **ret)
{
    const char *folder = getenv("TMPDIR");
    char *path = arena_printf(c->arena, "%s/stadtlabor-XXXXXX", folder != NULL ? folder : "/tmp");
    char *bytes;
    size_t len;
    int fd = mkstemp(path); /* mode 0600 */
    if (fd < 0) {
        return fail(&c->err, "%s: %s", path, strerror(errno));
    }
    bool done = write_file(fd, draft, &c->err);
    close(fd);
    done = done && run_editor(path, &c->err) && file_read(c->arena, path, REPLY_MAX, &bytes, &len, &c->err);
    unlink(path);
    if (done) {
        *ret = arena_strndup(c->arena, bytes, strnlen(bytes, len));
    }
    return done;
}

static const char *notes(struct command *c, const struct proposal *p)
{
    return arena_printf(
        c->arena,
        "# Ihre Antwort an %s\n# Betreff: %s\n"
        "# Zeilen mit # hier oben werden nicht verschickt. Unverändert oder leer gespeichert: es "
        "geschieht nichts.\n",
        command_safe(c->arena, reply_recipient(p)), command_safe(c->arena, reply_subject(c->arena, p)));
}

/* 'j' send, 'b' back to the editor, anything else: no. */
static int ask_whether(const char *text)
{
    char line[32];
    bool gap = reply_has_gap(text);
    printf(gap ? "Im Text steht noch eine Lücke: " REPLY_GAP " [b]earbeiten, [n]icht abschicken: "
               : "Abschicken? [j]a, [b]earbeiten, [n]ein: ");
    fflush(stdout);
    int answer = fgets(line, sizeof line, stdin) == NULL ? 'n' : line[0];
    return answer == 'j' && gap ? 'b' : answer;
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* `*ret` NULL: the person wants nothing sent. */
static bool write_in_editor(struct queue_work *work, const struct proposal *p, const char **ret)
{
    struct command *c = work->c;
    const char *draft, *text;
    if (!isatty(STDIN_FILENO)) {
        return fail(&c->err, "kein Terminal; ein fertiger Text geht mit --text DATEI");
    }
    if (!reply_draft(&work->desk, c->arena, p, &draft, &c->err)) {
        return false;
    }
    const char *begun = draft;
    for (int answer = 'b'; answer == 'b';) {
        if (!edit(c, arena_printf(c->arena, "%s%s", notes(c, p), begun), &text)) {
            return false;
        }
        text = without_notes(text);
        if (is_blank(text) || str_equal(text, draft)) {
            break;
        }
        answer = ask_whether(text);
        begun = text;
        if (answer == 'j') {
            *ret = text;
            return true;
        }
    }
    *ret = NULL;
    return true;
}

static bool read_text(struct command *c, const char *path, const char **ret)
{
    char *bytes;
    size_t len;
    if (!command_file(c, path, REPLY_MAX, &bytes, &len)) {
        return false;
    }
    *ret = bytes;
    return (strlen(bytes) == len && !is_blank(bytes)) || fail(&c->err, "%s: leer, oder kein Text", path);
}

static bool send(struct queue_work *work, const struct queue_row *row, const struct proposal *p,
                 const char *text)
{
    struct command *c = work->c;
    bool done = store_begin(c->store, &c->err) &&
                reply_send(&work->desk, c->arena, row, p, text, command_actor(c->arena), &c->err);
    if (!store_end(c->store, done, &c->err)) {
        return false;
    }
    doorbell_ring(c->config.store);
    printf("Eintrag %lld: Ihre Antwort an %s geht hinaus.\n", (long long)row->id,
           command_safe(c->arena, reply_recipient(p)));
    return true;
}

bool queue_reply(struct queue_work *work, const struct queue_row *row)
{
    struct command *c = work->c;
    const char *path = command_value(c, "text"), *text = NULL;
    struct proposal p;
    if (!queue_propose(work, row, false, &p)) {
        return false;
    }
    if (p.mail.id == 0 || p.unread || reply_recipient(&p) == NULL) {
        return fail(&c->err, "Eintrag %lld: hier gibt es keine Mail, auf die man antworten könnte",
                    (long long)row->id);
    }
    if (path != NULL ? !read_text(c, path, &text) : !write_in_editor(work, &p, &text)) {
        return false;
    }
    if (text == NULL) {
        printf("Eintrag %lld: nichts verschickt; er wartet weiter.\n", (long long)row->id);
        return true;
    }
    return send(work, row, &p, text);
}
