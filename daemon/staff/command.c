#include "daemon/staff/command.h"

#include "base/date.h"
#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "daemon/post/letters.h"
#include "daemon/post/smtp.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CELL_MAX = 64 * 1024 };

int command_usage(const struct command *command)
{
    fprintf(stderr, "usage: %s\n", command->usage);
    return EXIT_USAGE;
}

int command_failed(const struct command *command)
{
    fprintf(stderr, "stadtlabor: %s\n", command->err.what);
    return EXIT_NOT_DONE;
}

/* `names` is "event birth-date csv!"; `*ret_flag`: it stands there with a "!". */
static bool is_named(const char *names, const char *name, size_t len, bool *ret_flag)
{
    for (const char *at = names; *at != '\0'; at += strspn(at, " ")) {
        size_t this = strcspn(at, " ");
        bool flag = this > 0 && at[this - 1] == '!';
        if (this - flag == len && strncmp(at, name, len) == 0) {
            *ret_flag = flag;
            return true;
        }
        at += this;
    }
    return false;
}

/* The command's own option at argv[*at], which is moved to its value. */
static bool take_value(struct command *command, int argc, char **argv, const char *names, int *at)
{
    const char *name = argv[*at] + 2, *value = "";
    size_t len = strcspn(name, "=");
    bool flag;
    if (!str_starts(argv[*at], "--") || !is_named(names, name, len, &flag) || (flag && name[len] == '=')) {
        return false;
    }
    if (name[len] == '=') {
        value = name + len + 1;
    } else if (!flag && ++*at < argc) {
        value = argv[*at];
    } else if (!flag) {
        return false;
    }
    *LIST_ADD(command->arena, &command->values) =
        (struct command_value){arena_strndup(command->arena, name, len), value};
    return true;
}

static int take_words(struct command *command, int argc, char **argv, const char *names,
                      const char **ret_config)
{
    bool options = true;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (!options || word[0] != '-' || str_equal(word, "-")) {
            if (command->words_n == COMMAND_WORDS_MAX) {
                return command_usage(command);
            }
            command->words[command->words_n++] = word;
        } else if (str_equal(word, "--")) {
            options = false;
        } else if (str_equal(word, "--config") && i + 1 < argc) {
            *ret_config = argv[++i];
        } else if (str_equal(word, "--json")) {
            command->json = true;
        } else if (str_equal(word, "--all")) {
            command->all = true;
        } else if (str_equal(word, "--yes")) {
            command->yes = true;
        } else if (!take_value(command, argc, argv, names, &i)) {
            return command_usage(command);
        }
    }
    return EXIT_DONE;
}

const char *command_value(const struct command *command, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < command->values.n; i++) {
        value = str_equal(command->values.at[i].name, name) ? command->values.at[i].value : value;
    }
    return value;
}

bool command_file(struct command *c, const char *path, size_t most, char **ret_bytes, size_t *ret_len)
{
    if (!str_equal(path, "-") && access(path, F_OK) != 0) {
        return fail(&c->err, "%s: diese Datei gibt es nicht", path);
    }
    return file_read(c->arena, path, most, ret_bytes, ret_len, &c->err);
}

bool command_confirm(struct command *command, const char *question)
{
    if (command->yes) {
        return true;
    }
    if (!isatty(STDIN_FILENO)) {
        return fail(&command->err,
                    "%s Hier kann niemand antworten; wiederholen Sie den Befehl mit --yes. Nichts geändert.",
                    question);
    }
    char answer[16];
    fflush(stdout);
    fprintf(stderr, "%s [j/N] ", question);
    if (fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'j' || answer[0] == 'J')) {
        return true;
    }
    return fail(&command->err, "nichts geändert");
}

const char *command_actor(struct arena *arena)
{
    const struct passwd *user = getpwuid(getuid());
    const char *sudo = getuid() == 0 ? getenv("SUDO_USER") : NULL;
    return sudo != NULL && *sudo != '\0' ? sudo
           : user != NULL                ? arena_strdup(arena, user->pw_name)
                                         : arena_printf(arena, "uid %u", (unsigned)getuid());
}

int command_begin(struct command *command, int argc, char **argv, const char *usage)
{
    return command_begin_with(command, argc, argv, usage, "");
}

int command_begin_with(struct command *command, int argc, char **argv, const char *usage, const char *names)
{
    const char *file = getenv("STADTLABOR_CONFIG");
    file = file != NULL ? file : CONFIG_DEFAULT_FILE;
    *command = (struct command){.usage = usage, .arena = arena_new()};
    int status = take_words(command, argc, argv, names, &file);
    if (status != EXIT_DONE) {
        command_end(command);
        return status;
    }
    if (!config_read(command->arena, file, &command->config, &command->err) ||
        !store_open(command->config.store, &command->store, &command->err)) {
        status = command_failed(command);
        command_end(command);
    }
    return status;
}

void command_end(struct command *command)
{
    store_close(command->store);
    command->store = NULL;
    arena_free(command->arena);
    command->arena = NULL;
}

static bool has_no_other(const struct command *command, const char *names)
{
    bool flag, known = true;
    for (size_t i = 0; i < command->values.n; i++) {
        const char *name = command->values.at[i].name;
        known = known && is_named(names, name, strlen(name), &flag);
    }
    return known;
}

int command_of_parts(int argc, char **argv, const char *usage, const struct command_part *parts, size_t n,
                     const char *standard)
{
    struct command c;
    struct arena *arena = arena_new();
    const char *names = "";
    for (size_t k = 0; k < n; k++) {
        names = arena_printf(arena, "%s %s", names, parts[k].options);
    }
    int status = command_begin_with(&c, argc, argv, usage, names + strspn(names, " "));
    arena_free(arena);
    if (status != EXIT_DONE) {
        return status;
    }
    const char *name = c.words_n > 0 ? c.words[0] : standard;
    size_t i = 0;
    while (i < n && !str_equal(parts[i].name, name)) {
        i++;
    }
    status = i < n && has_no_other(&c, parts[i].options) ? parts[i].run(&c) : command_usage(&c);
    command_end(&c);
    return status;
}

bool command_address(struct command *command, const char *word, const char **ret)
{
    const char *address;
    struct error why;
    if (!smtp_address(command->arena, str_trim(command->arena, word), &address, &why)) {
        return fail(&command->err, "„%.80s“ ist keine Mailadresse", command_safe(command->arena, word));
    }
    *ret = utf8_lower_copy(command->arena, address);
    return true;
}

bool command_id(struct command *command, const char *word, int64_t *ret)
{
    char *end;
    long long id = strtoll(word, &end, 10);
    if (*word == '\0' || *end != '\0' || id <= 0) {
        return fail(&command->err, "\"%.40s\" ist keine Nummer; richtig wäre etwa 17", word);
    }
    *ret = id;
    return true;
}

void command_print_json(json_t *value)
{
    json_dumpf(value, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(value);
}

int command_listed(const struct command *command, json_t *all, const char *nothing)
{
    if (command->json) {
        command_print_json(all);
        return EXIT_DONE;
    }
    if (nothing != NULL && json_array_size(all) == 0) {
        puts(nothing);
    }
    json_decref(all);
    return EXIT_DONE;
}

char *command_safe(struct arena *arena, const char *s)
{
    char *copy = arena_strdup(arena, s);
    for (char *c = copy; *c != '\0'; c++) {
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7f) {
            *c = ' ';
        } else if ((unsigned char)*c == 0xc2 && (unsigned char)c[1] >= 0x80 && (unsigned char)c[1] < 0xa0) {
            *c = c[1] = ' '; /* C1 controls steer terminals too */
        }
    }
    return copy;
}

/* How many of the first `most` bytes are plain: a column each, and they steer no terminal. */
static size_t plain(const char *s, size_t most)
{
    size_t len = 0;
    while (len < most && (unsigned char)s[len] >= 0x20 && (unsigned char)s[len] < 0x7f) {
        len++;
    }
    return len;
}

/* The character at `s`, or a blank for one that steers terminals; the place behind it. */
static const char *add_shown(struct text *out, const char *s)
{
    const char *end = s;
    uint32_t c = utf8_next(&end);
    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
        text_addc(out, ' ');
    } else {
        text_addn(out, s, (size_t)(end - s));
    }
    return end;
}

void command_add_cell(struct text *out, const char *s, int width)
{
    static const char blanks[] = "                                        ";
    size_t columns = 0, most = (size_t)width, last = out->len; /* where the last column begins */
    while (*s != '\0' && columns <= most) {
        size_t len = columns + 1 < most ? plain(s, most - 1 - columns) : 0;
        if (len > 0) {
            text_addn(out, s, len);
            s += len;
            columns += len;
        } else {
            last = columns < most ? out->len : last;
            s = add_shown(out, s);
            columns++;
        }
    }
    if (columns > most) {
        out->len = last;
        text_add(out, "…");
    }
    for (size_t len; columns < most; columns += len) {
        len = most - columns < sizeof blanks - 1 ? most - columns : sizeof blanks - 1;
        text_addn(out, blanks, len);
    }
}

char *command_cell(struct arena *arena, const char *s, int width)
{
    struct text cell = text_new(arena, CELL_MAX);
    command_add_cell(&cell, s, width);
    return cell.s;
}

/* The last `n` digits of the number, to end before `end`. */
static void put_digits(char *end, int n, int number)
{
    for (; n > 0; n--, number /= 10) {
        *--end = (char)('0' + number % 10);
    }
}

const char *command_letter(const char *kind)
{
    const char *words = letter_kind_words(kind);
    return words == NULL ? kind : words;
}

char *command_time(struct arena *arena, int64_t unix_seconds)
{
    struct date d;
    int hour, minute;
    berlin_from_unix(unix_seconds, &d, &hour, &minute);
    char *s = arena_strdup(arena, "00.00.0000 00:00"); /* without printf: lists have many of them */
    put_digits(s + 2, 2, d.day);
    put_digits(s + 5, 2, d.month);
    put_digits(s + 10, 4, d.year);
    put_digits(s + 13, 2, hour);
    put_digits(s + 16, 2, minute);
    return s;
}

char *command_age(struct arena *arena, int64_t since, int64_t now)
{
    int64_t minutes = now > since ? (now - since) / 60 : 0;
    int64_t hours = minutes / 60, days = hours / 24;
    return days > 1       ? arena_printf(arena, "vor %lld Tagen", (long long)days)
           : days == 1    ? arena_strdup(arena, "vor 1 Tag")
           : hours > 1    ? arena_printf(arena, "vor %lld Stunden", (long long)hours)
           : hours == 1   ? arena_strdup(arena, "vor 1 Stunde")
           : minutes > 1  ? arena_printf(arena, "vor %lld Minuten", (long long)minutes)
           : minutes == 1 ? arena_strdup(arena, "vor 1 Minute")
                          : arena_strdup(arena, "eben");
}
