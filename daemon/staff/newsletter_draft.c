/* stadtlabor newsletter new, check, preview, test: an issue while it is written. */
#include "daemon/staff/newsletter.h"

#include "base/date.h"
#include "base/file.h"
#include "base/text.h"
#include "daemon/newsletter/copy.h"
#include "daemon/newsletter/issue_picture.h"
#include "daemon/post/compose.h"
#include "daemon/staff/commands.h"
#include "daemon/store/doorbell.h"
#include "daemon/store/outbox_store.h"
#include "daemon/store/programme_store.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURE_MAX = 4 * 1024 * 1024, HTML_MAX = 64 * 1024 * 1024 };

bool newsletter_making(struct command *c, struct issue_making *ret)
{
    struct programme *programme = ARENA_NEW(c->arena, struct programme);
    if (!programme_load(c->store, c->arena, programme, &c->err)) {
        return false;
    }
    *ret = (struct issue_making){.config = &c->config,
                                 .store = c->store,
                                 .programme = programme,
                                 .templates_folder = desk_templates_folder(c->arena, &c->config),
                                 .now = clock_now()};
    return true;
}

/* The text alone. */
static bool read_text(struct command *c, const char *path, struct issue_draft *ret)
{
    struct issue_draft draft = {.path = path, .name = issue_file_name(c->arena, path)};
    char *source;
    size_t len;
    if (draft.name == NULL) {
        return fail(&c->err,
                    "%s: der Name der Datei wird der Name der Ausgabe; er darf nur aus Buchstaben, "
                    "Ziffern, „-“ und „_“ bestehen",
                    path);
    }
    if (!command_file(c, path, ISSUE_FILE_MAX, &source, &len)) {
        return false;
    }
    if (!issue_file_read(c->arena, source, len, &draft.file, &c->err)) {
        return fail_within(&c->err, "%s", path);
    }
    draft.source = source;
    *ret = draft;
    return true;
}

/* A file beside the text: no folder above it, no address. */
static const char *picture_path(struct command *c, const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    bool inside =
        name[0] != '/' && name[0] != '\0' && strstr(name, "..") == NULL && strchr(name, ':') == NULL;
    return !inside         ? NULL
           : slash == NULL ? name
                           : arena_printf(c->arena, "%.*s/%s", (int)(slash - path), path, name);
}

/* What cannot be read stands there empty: the check tells it. */
static void read_pictures(struct command *c, const struct issue_names *names, struct issue_draft *draft)
{
    for (size_t i = 0; i < names->name.n; i++) {
        struct issue_picture picture = {.name = names->name.at[i], .bytes = ""};
        const char *path = picture_path(c, draft->path, picture.name);
        char *bytes;
        if (path != NULL && file_read(c->arena, path, PICTURE_MAX, &bytes, &picture.len, NULL)) {
            picture.bytes = bytes;
        }
        *LIST_ADD(c->arena, &draft->pictures.picture) = picture;
    }
}

bool newsletter_read_file(struct command *c, const char *path, struct issue_draft *ret)
{
    struct issue_draft draft = {0};
    struct issue_making making;
    struct issue_names names = {0};
    if (!read_text(c, path, &draft) || !newsletter_making(c, &making)) {
        return false;
    }
    if (issue_picture_names(c->arena, &making, &draft.file, &names, NULL)) {
        read_pictures(c, &names, &draft);
    }
    if (!issue_check(c->arena, &making, &draft.file, &draft.pictures, &draft.findings, &c->err)) {
        return fail_within(&c->err, "%s", path);
    }
    *ret = draft;
    return true;
}

bool newsletter_sound(struct command *c, const struct issue_draft *draft)
{
    for (size_t i = 0; i < draft->findings.line.n; i++) {
        fprintf(stderr, "%s: %s\n", draft->path, command_safe(c->arena, draft->findings.line.at[i]));
    }
    return draft->findings.line.n == 0 ||
           fail(&c->err,
                draft->findings.line.n == 1 ? "%zu Stelle ist noch zu verbessern"
                                            : "%zu Stellen sind noch zu verbessern",
                draft->findings.line.n);
}

/* ---- the commands ---- */

int newsletter_check(struct command *c)
{
    struct issue_draft draft;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!newsletter_read_file(c, c->words[1], &draft)) {
        return command_failed(c);
    }
    if (c->json) {
        json_t *list = json_array();
        for (size_t i = 0; i < draft.findings.line.n; i++) {
            json_array_append_new(list, json_string(draft.findings.line.at[i]));
        }
        command_print_json(list);
        return draft.findings.line.n == 0 ? EXIT_DONE : EXIT_NOT_DONE;
    }
    if (!newsletter_sound(c, &draft)) {
        return command_failed(c);
    }
    printf("%s: gut.\n", draft.path);
    return EXIT_DONE;
}

static bool write_file(struct command *c, const char *path, const char *mode, const char *bytes)
{
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        return fail(&c->err, "%s: %s", path, errno == EEXIST ? "diese Datei gibt es schon" : strerror(errno));
    }
    bool written = fputs(bytes, file) >= 0;
    return (fclose(file) == 0 && written) || fail(&c->err, "%s: %s", path, strerror(errno));
}

int newsletter_new(struct command *c)
{
    if (c->words_n != 2) {
        return command_usage(c);
    }
    const char *name = issue_file_name(c->arena, c->words[1]);
    size_t len = strlen(c->words[1]);
    const char *path = len > 3 && str_equal_nocase(c->words[1] + len - 3, ".md")
                           ? c->words[1]
                           : arena_printf(c->arena, "%s.md", c->words[1]);
    const char *pattern =
        arena_printf(c->arena, "%s/newsletter/new.md", desk_templates_folder(c->arena, &c->config));
    char *bytes;
    size_t size;
    if (name == NULL) {
        fail(&c->err, "„%s“ kann keine Ausgabe heißen; richtig wäre etwa 2026-12", c->words[1]);
        return command_failed(c);
    }
    if (!file_read(c->arena, pattern, ISSUE_FILE_MAX, &bytes, &size, &c->err) ||
        !write_file(c, path, "wx", bytes)) {
        return command_failed(c);
    }
    printf("%s angelegt. Schreiben Sie den Text, dann: stadtlabor newsletter preview %s\n", path, path);
    return EXIT_DONE;
}

static char *replaced(struct arena *arena, const char *s, const char *what, const char *by)
{
    struct text out = text_new(arena, HTML_MAX);
    for (const char *at; (at = strstr(s, what)) != NULL; s = at + strlen(what)) {
        text_addn(&out, s, (size_t)(at - s));
        text_add(&out, by);
    }
    text_add(&out, s);
    return out.s;
}

/* The pictures stand in the page itself, so that one file shows it all. */
static char *with_pictures(struct command *c, char *html, const struct issue_pictures *pictures)
{
    for (size_t i = 0; i < pictures->picture.n; i++) {
        const struct issue_picture *picture = &pictures->picture.at[i];
        size_t room = sodium_base64_encoded_len(picture->len, sodium_base64_VARIANT_ORIGINAL);
        char *base64 = arena_alloc(c->arena, room);
        sodium_bin2base64(base64, room, (const unsigned char *)picture->bytes, picture->len,
                          sodium_base64_VARIANT_ORIGINAL);
        const char *type = issue_picture_type(picture);
        html = replaced(
            c->arena, html, arena_printf(c->arena, "cid:%s\"", issue_picture_id(c->arena, i)),
            arena_printf(c->arena, "data:%s;base64,%s\"", type != NULL ? type : "image/png", base64));
    }
    return html;
}

int newsletter_preview(struct command *c)
{
    static const char reader[] = "leserin@example.org", token[] = "s1-0123456789abcdef";
    struct issue_draft draft;
    struct issue_making making;
    struct issue_words words;
    if (c->words_n != 2) {
        return command_usage(c);
    }
    if (!newsletter_read_file(c, c->words[1], &draft) || !newsletter_making(c, &making) ||
        !issue_words(c->arena, &making, &draft.file, &draft.pictures, &words, &c->err)) {
        return command_failed(c);
    }
    char *html = with_pictures(c, replaced(c->arena, words.html, HOLE_SUBSCRIBER, token), &draft.pictures);
    const char *text = replaced(c->arena, words.text, HOLE_SUBSCRIBER, token);
    const char *page = arena_printf(c->arena, "%s.html", draft.name),
               *plain = arena_printf(c->arena, "%s.txt", draft.name);
    if (!write_file(c, page, "w", replaced(c->arena, html, HOLE_ADDRESS, reader)) ||
        !write_file(c, plain, "w", replaced(c->arena, text, HOLE_ADDRESS, reader))) {
        return command_failed(c);
    }
    printf("Zum Ansehen: %s (im Browser), %s\n", page, plain);
    return newsletter_sound(c, &draft) ? EXIT_DONE : command_failed(c);
}

/* One copy as a reader would get it, through the outbox, whose Message-ID and tokens are nobody's. */
static bool put_test(struct command *c, const char *address, const char *bytes, size_t len)
{
    unsigned char random[8];
    char id[2 * sizeof random + 1];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(id, sizeof id, random, sizeof random);
    const char *token = arena_printf(c->arena, "test-%s", id);
    struct copy_words words = {.address = address,
                               .subscriber_token = token,
                               .copy_token = token,
                               .date = compose_date(c->arena, clock_now())};
    const char *mail;
    size_t size;
    if (!copy_fill(c->arena, bytes, len, &words, &mail, &size, &c->err)) {
        return false;
    }
    struct outbox_row row = {.kind = "newsletter_test",
                             .message_id =
                                 arena_printf(c->arena, "%s%s", token, strchr(c->config.lab_address, '@')),
                             .envelope_from = c->config.lab_address,
                             .recipient = address};
    bool done =
        store_begin(c->store, &c->err) && outbox_put(c->store, clock_now(), &row, mail, size, &c->err) &&
        store_audit(c->store, clock_now(), command_actor(c->arena), "newsletter tested", 0, "", &c->err);
    return store_end(c->store, done, &c->err);
}

int newsletter_test(struct command *c)
{
    struct issue_draft draft;
    struct issue_making making;
    struct issue_words words;
    const char *bytes, *usable;
    size_t len;
    if (c->words_n != 3) {
        return command_usage(c);
    }
    if (!command_address(c, c->words[1], &usable) || !newsletter_read_file(c, c->words[2], &draft) ||
        !newsletter_making(c, &making) ||
        !issue_words(c->arena, &making, &draft.file, &draft.pictures, &words, &c->err) ||
        !issue_mail(c->arena, &c->config, &words, &bytes, &len, &c->err) ||
        !put_test(c, usable, bytes, len)) {
        return command_failed(c);
    }
    doorbell_ring(c->config.store);
    newsletter_sound(c, &draft);
    printf("Ein Exemplar geht an %s.\n", usable);
    return EXIT_DONE;
}
