/* stadtlabor: the command of staff and administrators. One row a command; each lives in daemon/staff/. */
#include "base/text.h"
#include "daemon/staff/commands.h"

#include <curl/curl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *usage, *help;
} commands[] = {
    {"queue", cmd_queue, usage_queue,
     "what waits for a person: work, list, show, accept, ask, reply, assign, done, …"},
    {"replay", cmd_replay, usage_replay, "kept mails read again with the present rules: what would differ"},
    {"events", cmd_events, usage_events, "the programme: list, show, import, add, edit, cancel, export"},
    {"registrations", cmd_registrations, usage_registrations,
     "who takes part: list, sheet, came, add, cancel, move"},
    {"subscribers", cmd_subscribers, usage_subscribers,
     "the newsletter's readers: list, show, import, export, add, remove, restore"},
    {"newsletter", cmd_newsletter, usage_newsletter,
     "its issues: new, check, preview, test, send, schedule, status, pause, resume, stop"},
    {"people", cmd_people, usage_people, "what is kept about somebody: show, erase, retention"},
    {"outbox", cmd_outbox, usage_outbox, "our letters and what became of them: list"},
    {"status", cmd_status, usage_status, "how much waits where"},
    {"check", cmd_check, usage_check,
     "configuration, store, patterns, letters, mailbox, relay: one line each"},
    {"read", cmd_read, usage_read, "what mails mean, one JSON reading a line; no store, no network"},
    {"own-words", cmd_own_words, usage_own_words,
     "what the writer of a mail wrote, without quotes and signature"},
    {"explain", cmd_explain, usage_explain, "a mail with all findings, for a person"},
    {"render", cmd_render, usage_render, "a Mustache template over JSON data"},
};

static void print_usage(FILE *out)
{
    fputs("usage: stadtlabor COMMAND [OPTION]... [WORD]...\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].help);
    }
    fputs("\nCOMMAND --help tells more. Exit status: 0 done, 1 not done, 2 wrong usage. See stadtlabor(1).\n",
          out);
}

static bool wants_help(int argc, char **argv)
{
    for (int i = 2; i < argc && !str_equal(argv[i], "--"); i++) {
        if (str_equal(argv[i], "--help")) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (str_equal(name, "--help") || str_equal(name, "help")) {
        print_usage(stdout);
        return 0;
    }
    if (str_equal(name, "--version")) {
        printf("stadtlabor %s\n", STADTLABOR_VERSION);
        return 0;
    }
    signal(SIGPIPE, SIG_IGN); /* a mail server that closes must not end us */
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        fputs("stadtlabor: libsodium or libcurl does not start\n", stderr);
        return 1;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (str_equal(commands[i].name, name) && wants_help(argc, argv)) {
            printf("usage: %s\n", commands[i].usage);
            return 0;
        }
        if (str_equal(commands[i].name, name)) {
            int status = commands[i].run(argc - 1, argv + 1);
            curl_global_cleanup();
            return fflush(stdout) == 0 ? status : 1;
        }
    }
    print_usage(stderr);
    return 2;
}
