/* daemon/staff/queue.h: what the commands about the queue share; cmd_queue.c has the table of them. */
#ifndef STADTLABOR_STAFF_QUEUE_H
#define STADTLABOR_STAFF_QUEUE_H

#include "daemon/desk/proposal.h"
#include "daemon/staff/command.h"

/* A command at work on entries: the desk is loaded once, at the first need. */
struct queue_work {
    struct command *c;
    struct desk desk;
    bool loaded;
};

bool queue_load(struct queue_work *work);
void queue_unload(struct queue_work *work);

/* The entry that a word of the command line names; with `open` one that is not done yet. */
bool queue_entry(struct command *c, const char *word, bool open, struct queue_row *ret);

/* What would be done about it, without corrections or with those of the command's options. `ret->mail.id` 0:
 * the entry has no mail. */
bool queue_propose(struct queue_work *work, const struct queue_row *row, bool corrected,
                   struct proposal *ret);

/* The entry whole, for a person or as JSON; with the corrections of the command's options. */
bool queue_show_entry(struct queue_work *work, const struct queue_row *row);

/* What a proposal would do, line by line, German; "" if nothing. */
char *queue_proposal_words(struct arena *arena, const struct proposal *proposal);
json_t *queue_proposal_json(struct arena *arena, const struct proposal *proposal);
const char *queue_outcome_words(const char *outcome);
json_t *queue_row_json(const struct queue_row *row);

/* Each does one thing with one entry, says so on stdout, and tells the daemon. */
bool queue_accept(struct queue_work *work, const struct queue_row *row);
bool queue_ask(struct queue_work *work, const struct queue_row *row);
bool queue_reply(struct queue_work *work, const struct queue_row *row);
bool queue_done(struct queue_work *work, const struct queue_row *row);
bool queue_spam(struct queue_work *work, const struct queue_row *row);
bool queue_retry(struct queue_work *work, const struct queue_row *row);
bool queue_hand_over(struct queue_work *work, const struct queue_row *row, const char *name);

/* From entry to entry at the terminal, with single keys. */
bool queue_work_through(struct queue_work *work);

bool queue_is_correction(const char *name);

/* Names of the options that correct a proposal, for command_begin_with. */
#define QUEUE_CORRECTIONS "event first-name last-name birth-date street postal-code city"

#endif
