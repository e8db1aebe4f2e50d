/* daemon/stadtlabor.c: the command of staff and administrators. One table; each capability is in
 * a file of daemon/staff (daemon/staff/commands.h). */
#include "base/text.h"
#include "daemon/staff/cmd_render.h"
#include "daemon/staff/commands.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments, *help;
};

static const struct command commands[] = {
    {"read", cmd_read, "[--programme FILE] [--today DATE] MAIL...",
     "what each mail means, one line of JSON a mail"},
    {"own-words", cmd_own_words, "MAIL", "what the writer wrote, without quotes and signatures"},
    {"explain", cmd_explain, "[--programme FILE] [--today DATE] MAIL",
     "how a mail is understood, for people"},
    {"render", cmd_render, "TEMPLATE.mustache DATA.json [--partials DIR]", "the template engine alone"},
};

static void help(FILE *out)
{
    fputs("usage: stadtlabor COMMAND [ARGUMENTS]\n\n", out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].help);
        fprintf(out, "  %-14s stadtlabor %s %s\n", "", commands[i].name, commands[i].arguments);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    if (str_equal(argv[1], "--help") || str_equal(argv[1], "help")) {
        help(stdout);
        return EXIT_DONE;
    }
    if (str_equal(argv[1], "--version")) {
        puts("stadtlabor " STADTLABOR_VERSION);
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (str_equal(argv[1], commands[i].name)) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    fprintf(stderr, "stadtlabor: no command \"%.60s\"; `stadtlabor help` lists them\n", argv[1]);
    return EXIT_USAGE;
}
