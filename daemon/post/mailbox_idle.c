/* Waiting for mail: IDLE (RFC 2177), or NOOP every now and then. */
#include "base/date.h"
#include "base/text.h"
#include "daemon/post/mailbox_session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum readiness { READY_SERVER, READY_WAKE, READY_NEITHER };

/* Until the server sends, `wake_fd` is readable, or `end` (monotonic ms) has come. */
static enum readiness await(const struct mailbox *mailbox, int wake_fd, int64_t end)
{
    struct pollfd polled[2] = {
        {.fd = stream_descriptor(mailbox->stream), .events = POLLIN},
        {.fd = wake_fd, .events = POLLIN}, /* -1 is ignored by poll */
    };
    int n;
    do {
        int64_t left = end - clock_monotonic_ms();
        n = poll(polled, 2, left > 0 ? (int)left : 0);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
        return READY_NEITHER;
    }
    return polled[1].revents != 0 ? READY_WAKE : READY_SERVER;
}

/* Reads what the server has sent unasked, without waiting; stream_wire sees it. False when
 * the session is over. */
static bool read_untagged(struct mailbox *mailbox)
{
    mailstream *buffered = mailbox->imap->imap_stream;
    MMAPString *line = mmap_string_new("");
    bool going_on = line != NULL;
    while (going_on) {
        mailbox_expect(mailbox, ANSWER_MOST);
        stream_set_waiting(mailbox->stream, false);
        ssize_t n = mailstream_feed_read_buffer(buffered);
        stream_set_waiting(mailbox->stream, true);
        if (n <= 0) {
            going_on = n == 0;
            break;
        }
        /* The rest of a line that has begun is waited for. */
        going_on = mailstream_read_line(buffered, line) != NULL;
    }
    if (line != NULL) {
        mmap_string_free(line);
    }
    return going_on && stream_wire(mailbox->stream)->bye[0] == '\0';
}

/* Waits within IDLE, or between two NOOPs, until something ends it. */
static enum mailbox_wait wait_untagged(struct mailbox *mailbox, int wake_fd, int64_t end)
{
    while (!stream_wire(mailbox->stream)->news) {
        /* What came in one packet with "+ idling", or lies decrypted, poll does not see. */
        bool buffered = mailbox->imap->imap_stream->read_buffer_len > 0 || stream_pending(mailbox->stream);
        enum readiness ready = buffered ? READY_SERVER : await(mailbox, wake_fd, end);
        if (ready != READY_SERVER) {
            return ready == READY_WAKE ? WAIT_WOKEN : WAIT_TIMEOUT;
        }
        if (!read_untagged(mailbox)) {
            return WAIT_LOST;
        }
    }
    return WAIT_NEWS;
}

static enum mailbox_wait lost(struct mailbox *mailbox, struct error *err)
{
    mailbox_judge(mailbox, MAILIMAP_ERROR_STREAM, "wait for mail", err);
    return WAIT_LOST;
}

/* Reads lines up to one that begins with `wanted` or, if that is not NULL, with `other`.
 * NULL when the session is over. The line lives in `line`. */
static const char *read_until(struct mailbox *mailbox, MMAPString *line, const char *wanted,
                              const char *other)
{
    for (;;) {
        const char *s = mailstream_read_line(mailbox->imap->imap_stream, line);
        bool over = s == NULL || (stream_wire(mailbox->stream)->bye[0] != '\0');
        if (over || str_starts(s, wanted) || (other != NULL && str_starts(s, other))) {
            return over ? NULL : s;
        }
    }
}

static bool send_line(struct mailbox *mailbox, const char *line)
{
    mailstream *buffered = mailbox->imap->imap_stream;
    mailbox_expect(mailbox, ANSWER_MOST);
    return mailstream_write(buffered, line, strlen(line)) >= 0 && mailstream_flush(buffered) == 0;
}

/* WAIT_TIMEOUT here: the round is over, not yet the wait. Not by mailimap_idle: that waits
 * for ever for its tag when anything untagged comes before "+", and forgets what it was. */
static enum mailbox_wait idle_round(struct mailbox *mailbox, int wake_fd, int64_t end, struct error *err)
{
    char tag[24], command[40];
    snprintf(tag, sizeof tag, "%d ", ++mailbox->imap->imap_tag);
    snprintf(command, sizeof command, "%sIDLE\r\n", tag);
    MMAPString *line = mmap_string_new("");
    if (line == NULL) {
        return lost(mailbox, err);
    }
    enum mailbox_wait result = WAIT_LOST;
    const char *answer = send_line(mailbox, command) ? read_until(mailbox, line, "+", tag) : NULL;
    if (answer != NULL && answer[0] != '+') {
        mailbox->idle_works = false; /* offered, but refused */
        result = WAIT_TIMEOUT;
    } else if (answer != NULL) {
        result = wait_untagged(mailbox, wake_fd, end);
        bool ended = result != WAIT_LOST && send_line(mailbox, "DONE\r\n") &&
                     read_until(mailbox, line, tag, NULL) != NULL;
        result = ended ? result : WAIT_LOST;
    }
    mmap_string_free(line);
    return result == WAIT_LOST ? lost(mailbox, err) : result;
}

static enum mailbox_wait poll_round(struct mailbox *mailbox, int wake_fd, int64_t end, struct error *err)
{
    enum mailbox_wait result = wait_untagged(mailbox, wake_fd, end);
    if (result == WAIT_LOST) {
        return lost(mailbox, err);
    }
    if (result != WAIT_TIMEOUT) {
        return result;
    }
    mailbox_expect(mailbox, ANSWER_MOST);
    int code = mailimap_noop(mailbox->imap);
    return mailbox_judge(mailbox, code, "answer (NOOP)", err) == MAILBOX_LOST ? WAIT_LOST : WAIT_TIMEOUT;
}

enum mailbox_wait mailbox_wait(struct mailbox *mailbox, int wake_fd, int most_s, struct error *err)
{
    const struct mailbox_settings *settings = mailbox->settings;
    int64_t end = clock_monotonic_ms() + (int64_t)most_s * 1000;
    if (stream_fault(mailbox->stream) != NULL) {
        return lost(mailbox, err);
    }
    for (;;) {
        if (stream_wire(mailbox->stream)->news) {
            return WAIT_NEWS;
        }
        int64_t now = clock_monotonic_ms();
        if (now >= end) {
            return WAIT_TIMEOUT;
        }
        bool idle = mailbox->idle_works && mailimap_has_idle(mailbox->imap);
        int64_t round_end = now + 1000 * (int64_t)(idle ? settings->idle_renew_s : settings->poll_s);
        round_end = round_end < end ? round_end : end;
        enum mailbox_wait result = idle ? idle_round(mailbox, wake_fd, round_end, err)
                                        : poll_round(mailbox, wake_fd, round_end, err);
        if (result != WAIT_TIMEOUT) {
            return result;
        }
    }
}
