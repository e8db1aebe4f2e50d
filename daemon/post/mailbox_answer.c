/* daemon/post/mailbox_answer.c: what the server's answer to a command means. */
#include "daemon/post/mailbox_session.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* The server's words of its last answer, with the code in brackets, fit for a sentence. */
static const char *words(const struct mailbox *mailbox, struct arena *arena)
{
    const struct mailimap_response_info *info = mailbox->imap->imap_response_info;
    const char *text = mailbox->imap->imap_response;
    const char *code = info != NULL ? info->rsp_atom : NULL;
    if (text == NULL || text[0] == '\0') {
        text = "no reason given";
    }
    char *clean = utf8_repair(arena, text, strnlen(text, 200));
    return code == NULL ? clean : arena_printf(arena, "[%.40s] %s", code, clean);
}

enum mailbox_fault mailbox_lose(struct mailbox *mailbox, const char *why, struct error *err)
{
    stream_break(mailbox->stream, why);
    fail(err, "%s:%d: %s", mailbox->settings->host, mailbox->settings->port, stream_fault(mailbox->stream));
    return MAILBOX_LOST;
}

/* Codes of RFC 5530 by which a server says: later. */
static bool is_temporary(const struct mailbox *mailbox)
{
    return mailbox_answered(mailbox, "UNAVAILABLE") || mailbox_answered(mailbox, "INUSE");
}

enum mailbox_fault mailbox_judge(struct mailbox *mailbox, int code, const char *what, struct error *err)
{
    if (code == MAILIMAP_NO_ERROR) {
        return MAILBOX_OK;
    }
    struct arena *arena = arena_new();
    enum mailbox_fault fault = MAILBOX_REFUSED;
    if (stream_fault(mailbox->stream) != NULL) {
        fault = mailbox_lose(mailbox, "", err);
    } else if (is_temporary(mailbox)) {
        fault = mailbox_lose(
            mailbox, arena_printf(arena, "the server cannot %s now: %s", what, words(mailbox, arena)), err);
    } else if (code == MAILIMAP_ERROR_PROTOCOL && mailbox->imap->imap_response != NULL) {
        fault = mailbox_lose(
            mailbox,
            arena_printf(arena, "the server does not understand how to %s: %s", what, words(mailbox, arena)),
            err);
    } else if (code == MAILIMAP_ERROR_STREAM || code == MAILIMAP_ERROR_PARSE ||
               code == MAILIMAP_ERROR_PROTOCOL || code == MAILIMAP_ERROR_FATAL ||
               code == MAILIMAP_ERROR_BAD_STATE || code == MAILIMAP_ERROR_MEMORY) {
        fault = mailbox_lose(
            mailbox, arena_printf(arena, "the server's answer is not understood (asked to %s)", what), err);
    } else {
        fail(err, "%s:%d: the server refuses to %s: %s", mailbox->settings->host, mailbox->settings->port,
             what, words(mailbox, arena));
    }
    arena_free(arena);
    return fault;
}

void mailbox_expect(struct mailbox *mailbox, size_t bytes)
{
    stream_expect(mailbox->stream, bytes);
}

bool mailbox_answered(const struct mailbox *mailbox, const char *response_code)
{
    const struct mailimap_response_info *info = mailbox->imap->imap_response_info;
    return info != NULL && info->rsp_atom != NULL && str_equal_nocase(info->rsp_atom, response_code);
}

enum mailbox_fault mailbox_refuse(const struct mailbox *mailbox, const char *why, struct error *err)
{
    fail(err, "%s:%d: %s", mailbox->settings->host, mailbox->settings->port, why);
    return MAILBOX_REFUSED;
}
