#include "daemon/post/sender_slot.h"

#include "base/date.h"

#include <string.h>

static bool pipelined(const struct slot *slot)
{
    return slot->abilities.pipelining;
}

static void set_deadline(struct slot *slot)
{
    slot->deadline_ms = clock_monotonic_ms() + (int64_t)slot->sender->settings.timeout_s * 1000;
}

static void say(struct slot *slot, const char *bytes, size_t len)
{
    slot->out = bytes;
    slot->out_len = len;
    set_deadline(slot);
}

void slot_end(struct slot *slot, struct smtp_verdict verdict, const char *words)
{
    slot->ended = true;
    slot->result = (struct sender_result){verdict.delivery, verdict.relay, words};
}

/* A refusal that came before the end decides; else what is known of the message's way. */
static void end_without_answer(struct slot *slot, CURLcode code)
{
    if (slot->refused != 0) {
        slot_end(slot, smtp_verdict(slot->refused_stage, slot->refused, false), slot->refused_words);
        return;
    }
    slot_end(slot, smtp_verdict(slot->stage, 0, slot_letter_sent(slot)), slot_what_happened(slot, code));
}

void slot_lost(struct slot *slot, CURLcode code)
{
    struct error err;
    bool dead_before = slot->line == LINE_OPEN && slot->used && !slot->heard && !slot->second_try &&
                       code != CURLE_OPERATION_TIMEDOUT;
    if (!slot->busy || slot->ended) {
        slot_close(slot, false);
    } else if (dead_before) {
        slot_close(slot, false);
        slot->second_try = true;
        if (!slot_connect(slot, &err)) {
            slot_end(slot, (struct smtp_verdict){DELIVERY_LATER, true}, arena_strdup(slot->arena, err.what));
        }
    } else {
        end_without_answer(slot, code);
        slot_close(slot, false);
    }
}

/* Writes as much as the socket takes. False: lost. */
static bool flush(struct slot *slot)
{
    while (slot->out_len > 0) {
        size_t sent = 0;
        CURLcode code = slot_send(slot, slot->out, slot->out_len, &sent);
        if (code == CURLE_AGAIN || (code == CURLE_OK && sent == 0)) {
            return true;
        }
        if (code != CURLE_OK) {
            slot_lost(slot, code);
            return false;
        }
        slot->out += sent;
        slot->out_len -= sent;
        set_deadline(slot);
    }
    return true;
}

/* All commands at once where the relay allows it (RFC 2920), else one after the other. */
static void say_commands(struct slot *slot)
{
    if (!pipelined(slot)) {
        const char *line = slot->commands[slot->answered].line;
        say(slot, line, strlen(line));
        return;
    }
    struct text group = text_new(slot->arena, 4096);
    for (int i = 0; i < slot->n_commands; i++) {
        text_add(&group, slot->commands[i].line);
    }
    say(slot, group.s, group.len);
}

bool slot_begin(struct slot *slot)
{
    size_t len = 0;
    char unasked[16];
    if (slot->used &&
        (slot->in_len > 0 || slot_receive(slot, unasked, sizeof unasked, &len) != CURLE_AGAIN)) {
        slot_close(slot, false); /* it said goodbye, or what it says answers nothing */
        return false;
    }
    slot->n_commands = smtp_commands(slot->arena, slot->from, slot->to, &slot->wire, &slot->abilities,
                                     slot->needs_reset, slot->commands);
    slot->answered = 0;
    slot->stage = slot->commands[0].stage;
    slot->heard = false;
    slot->refused = 0;
    smtp_reply_clear(&slot->reply);
    say_commands(slot);
    flush(slot);
    return true;
}

/* The message is over, and the line may carry another. */
static void end_on_open_line(struct slot *slot, bool reset)
{
    slot->used = true;
    slot->needs_reset = reset;
}

/* All commands were answered and one of them refused. A relay that nevertheless wants the
 * letter now (354, RFC 2920 3.1) gets neither letter nor dot: the connection is cut. */
static void end_refused(struct slot *slot, bool letter_wanted)
{
    slot_end(slot, smtp_verdict(slot->refused_stage, slot->refused, false), slot->refused_words);
    if (letter_wanted || slot->refused == 421 || slot->refused_stage == SMTP_RSET) {
        slot_close(slot, !letter_wanted);
    } else {
        end_on_open_line(slot, true);
    }
}

static void command_answered(struct slot *slot, int code)
{
    enum smtp_stage stage = slot->commands[slot->answered++].stage;
    bool ok = smtp_goes_on(stage, code);
    if (!ok && slot->refused == 0) {
        slot->refused = code;
        slot->refused_stage = stage;
        slot->refused_words = smtp_reply_words(&slot->reply, slot->arena);
    }
    bool last = slot->answered == slot->n_commands;
    if (slot->refused != 0 && (last || !pipelined(slot) || slot->refused == 421)) {
        end_refused(slot, stage == SMTP_DATA && ok);
    } else if (last) {
        slot->stage = SMTP_BODY;
        say(slot, slot->wire.bytes, slot->wire.len);
    } else {
        slot->stage = slot->commands[slot->answered].stage;
        set_deadline(slot);
        if (!pipelined(slot)) {
            say_commands(slot);
        }
    }
}

/* An answer before the dot is out refuses the letter, or is nonsense. */
static void letter_answered(struct slot *slot, int code)
{
    bool early = slot->out_len > 0;
    if (early && code < 400) {
        slot_lost(slot, CURLE_WEIRD_SERVER_REPLY);
        return;
    }
    slot_end(slot, smtp_verdict(SMTP_BODY, code, !early), smtp_reply_words(&slot->reply, slot->arena));
    if (early || code == 421) {
        slot_close(slot, false);
    } else {
        end_on_open_line(slot, false);
    }
}

/* A kept connection that the relay was about to close says so at the first command. Nothing
 * was handed over, so a fresh connection may try at once. */
static bool closed_when_used_again(const struct slot *slot, int code)
{
    return code == 421 && slot->used && !slot->heard && !slot->second_try;
}

static void answered(struct slot *slot)
{
    int code = slot->reply.code;
    if (closed_when_used_again(slot, code)) {
        slot_lost(slot, CURLE_RECV_ERROR);
        return;
    }
    slot->heard = true;
    if (slot->stage == SMTP_BODY) {
        letter_answered(slot, code);
    } else {
        command_answered(slot, code);
    }
    smtp_reply_clear(&slot->reply);
}

static bool awaits_answer(const struct slot *slot)
{
    return slot->line == LINE_OPEN && slot->busy && !slot->ended;
}

/* Takes the complete lines of what has been read; a line longer than the buffer is no SMTP. */
static void take_lines(struct slot *slot)
{
    size_t at = 0;
    char *end;
    while (awaits_answer(slot) && (end = memchr(slot->in + at, '\n', slot->in_len - at)) != NULL) {
        size_t len = (size_t)(end + 1 - (slot->in + at));
        smtp_reply_line(&slot->reply, slot->in + at, len);
        at += len;
        if (slot->reply.code != 0) {
            answered(slot);
        }
    }
    if (slot->line != LINE_OPEN) {
        slot->in_len = 0;
        return;
    }
    memmove(slot->in, slot->in + at, slot->in_len - at);
    slot->in_len -= at;
    if (slot->in_len == sizeof slot->in) {
        slot_lost(slot, CURLE_WEIRD_SERVER_REPLY);
    }
}

void slot_go_on(struct slot *slot)
{
    while (awaits_answer(slot)) {
        size_t len = 0, room = sizeof slot->in - slot->in_len;
        CURLcode code = slot_receive(slot, slot->in + slot->in_len, room, &len);
        if (code == CURLE_AGAIN) {
            break;
        }
        if (code != CURLE_OK || len == 0) {
            slot_lost(slot, code == CURLE_OK ? CURLE_RECV_ERROR : code);
            return;
        }
        slot->in_len += len;
        take_lines(slot);
        if (!awaits_answer(slot) || !flush(slot)) {
            return;
        }
        if (len < room) {
            return; /* all that was there, in TLS the whole record; poll tells of more */
        }
    }
    if (awaits_answer(slot)) {
        flush(slot);
    }
}
