#include "daemon/post/mailbox.h"

#include "daemon/post/mailbox_session.h"

#include <stdlib.h>

static enum mailbox_fault ask_capabilities(struct mailbox *mailbox, struct error *err)
{
    struct mailimap_capability_data *capabilities = NULL;
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_capability(mailbox->imap, &capabilities);
    if (code == MAILIMAP_NO_ERROR) {
        mailimap_capability_data_free(capabilities);
    }
    return mailbox_judge(mailbox, code, "tell its capabilities", err);
}

/* RFC 3501 6.2.1 and RFC 9051 11: nothing that came before TLS counts, and nothing may
 * come after the server's OK but TLS itself. */
static enum mailbox_fault start_tls(struct mailbox *mailbox, struct error *err)
{
    enum mailbox_fault fault = ask_capabilities(mailbox, err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    if (!mailimap_has_extension(mailbox->imap, "STARTTLS")) {
        return mailbox_refuse(
            mailbox,
            "the server does not offer STARTTLS, or somebody on the way has removed it; the "
            "password is not sent unencrypted",
            err);
    }
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_starttls(mailbox->imap);
    /* Debian's libetpan checks too (CVE-2020-15953) and says MAILIMAP_ERROR_SSL. */
    if (code == MAILIMAP_ERROR_SSL || mailbox->imap->imap_stream->read_buffer_len > 0) {
        stream_break(mailbox->stream, "data came between STARTTLS and TLS");
        return mailbox_refuse(mailbox, "somebody on the way slips in data between STARTTLS and TLS", err);
    }
    fault = mailbox_judge(mailbox, code, "start TLS (STARTTLS)", err);
    if (fault != MAILBOX_OK) {
        return fault;
    }
    enum stream_end end = stream_start_tls(mailbox->stream, err);
    if (end != STREAM_OK) {
        fail_within(err, "%s:%d", mailbox->settings->host, mailbox->settings->port);
        return end == STREAM_LOST ? MAILBOX_LOST : MAILBOX_REFUSED;
    }
    return MAILBOX_OK;
}

/* BYE instead of a greeting: too many sessions, or closed for maintenance. */
static enum mailbox_fault turn_away(struct mailbox *mailbox, struct error *err)
{
    struct error why;
    fail(&why, "the server takes no session now: %s", stream_wire(mailbox->stream)->bye);
    return mailbox_lose(mailbox, why.what, err);
}

/* Reads the greeting. Only "not authenticated" is right: PREAUTH would skip STARTTLS and
 * with it the proof of who the server is. */
static enum mailbox_fault greet(struct mailbox *mailbox, struct error *err)
{
    mailstream_low *driver = stream_driver(mailbox->stream);
    mailstream *buffered = driver != NULL ? mailstream_new(driver, 8192) : NULL;
    mailbox->imap = mailimap_new(0, NULL);
    if (buffered == NULL || mailbox->imap == NULL) {
        fail(err, "no memory");
        return MAILBOX_LOST;
    }
    mailbox->imap->imap_stream = buffered; /* mailimap_free frees it */
    mailbox_expect(mailbox, ANSWER_MOST);
    mailstream_feed_read_buffer(buffered);
    if (stream_wire(mailbox->stream)->bye[0] != '\0') {
        return turn_away(mailbox, err);
    }
    int code = mailimap_connect(mailbox->imap, buffered);
    if (code == MAILIMAP_NO_ERROR_AUTHENTICATED) {
        return mailbox_refuse(mailbox,
                              "the server claims that we are logged in already (PREAUTH): that would bypass "
                              "encryption and login",
                              err);
    }
    if (code == MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION) {
        return turn_away(mailbox, err);
    }
    return mailbox_judge(mailbox, code == MAILIMAP_NO_ERROR_NON_AUTHENTICATED ? MAILIMAP_NO_ERROR : code,
                         "greet", err);
}

static enum mailbox_fault begin(struct mailbox *mailbox, struct error *err)
{
    const struct mailbox_settings *settings = mailbox->settings;
    enum stream_end end = stream_open(&mailbox->stream_settings, &mailbox->stream, err);
    if (end != STREAM_OK) {
        fail_within(err, "%s:%d", settings->host, settings->port);
        return end == STREAM_LOST ? MAILBOX_LOST : MAILBOX_REFUSED;
    }
    enum mailbox_fault fault = greet(mailbox, err);
    if (fault == MAILBOX_OK && settings->tls == TLS_STARTTLS) {
        fault = start_tls(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = ask_capabilities(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = mailbox_login(mailbox, err);
    }
    if (fault == MAILBOX_OK) { /* a server may offer more after the login */
        fault = ask_capabilities(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = mailbox_prepare_folders(mailbox, err);
    }
    if (fault == MAILBOX_OK) {
        fault = mailbox_select(mailbox, err);
    }
    return fault;
}

enum mailbox_fault mailbox_open(const struct mailbox_settings *settings, struct mailbox **ret,
                                struct error *err)
{
    struct mailbox *mailbox = calloc(1, sizeof *mailbox);
    if (mailbox == NULL) {
        fail(err, "no memory");
        return MAILBOX_LOST;
    }
    mailbox->settings = settings;
    mailbox->arena = arena_new();
    mailbox->idle_works = true;
    mailbox->stream_settings = (struct stream_settings){
        .host = settings->host,
        .port = settings->port,
        .tls = settings->tls == TLS_IMPLICIT,
        .only_loopback = settings->tls == TLS_NONE,
        .ca_file = settings->ca_file,
        .timeout_s = settings->timeout_s,
    };
    enum mailbox_fault fault = begin(mailbox, err);
    if (fault != MAILBOX_OK) {
        mailbox_close(mailbox);
        return fault;
    }
    *ret = mailbox;
    return MAILBOX_OK;
}

void mailbox_close(struct mailbox *mailbox)
{
    if (mailbox == NULL) {
        return;
    }
    if (mailbox->imap != NULL) {
        if (mailbox->imap->imap_stream != NULL) {
            mailbox->stream_settings.timeout_s = 2; /* a farewell is not worth a long wait */
            mailbox_expect(mailbox, ANSWER_MOST);
        }
        mailimap_free(mailbox->imap); /* LOGOUT; fails at once on a broken stream */
    }
    stream_free(mailbox->stream);
    arena_free(mailbox->arena);
    free(mailbox->listed.at);
    free(mailbox->inbox_listed.at);
    free(mailbox);
}
