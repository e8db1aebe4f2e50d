/* tests/unit/test_own_words.c: whole mails: empty ones, hostile ones, and the shared corpus of replies. */
#include "base/file.h"
#include "parsers/mail/letter.h"
#include "tests/unit/own_rows.h"

#include <dirent.h>
#include <stdlib.h>
#include <time.h>

static struct patterns *patterns;

static const struct own_row empty[] = {
    {"nothing", "", ""},
    {"blanks", " \n\n", ""},
};

TEST(own_words_of_nothing)
{
    own_rows_check(patterns, empty, sizeof empty / sizeof *empty);
}

TEST(hostile_text_is_read_in_time)
{
    static const char *const pieces[] = {"> ",
                                         ">",
                                         "Am 1.1.2026 um 10:00 schrieb\n",
                                         "Am 1.1.2026 ",
                                         "Von: a@b\nGesendet: 10:00\nAn: b\n",
                                         "Viele Grüße\n",
                                         "-- \n",
                                         "a:\n",
                                         "schrieb 1:\n",
                                         "\n",
                                         "GmbH HRB 1 Fax\n",
                                         "x@y.example wrote:\n> a\n",
                                         "-----Ursprüngliche Nachricht-----\n",
                                         "---------- Forwarded message ---------\nFrom: a@b\n\n",
                                         "Diese E-Mail ",
                                         "\xc3\xa4",
                                         "a\xc3\xa4",
                                         "1 1:1 ",
                                         "| a\n",
                                         "> a\nb\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_new();
        struct text t = text_new(arena, 2000000);
        while (t.len < 1000000) {
            text_add(&t, pieces[i]);
        }
        struct own_words own;
        struct timespec a, b;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        own_words(arena, patterns, t.s, &own);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
        CHECK_ROW(ms < 1500, "\"%s\" took %.0f ms", pieces[i], ms);
        arena_free(arena);
    }
}

static char *without_blanks(struct arena *arena, const char *s)
{
    char *out = arena_alloc(arena, strlen(s) + 1), *to = out;
    for (; *s != '\0'; s++) {
        if (strchr(" \t\r\n", *s) == NULL) {
            *to++ = *s;
        }
    }
    return out;
}

/* Every line that the writer wrote is still there. */
static bool nothing_lost(struct arena *arena, const char *want, const char *got)
{
    char *rest = arena_strdup(arena, want), *all = without_blanks(arena, got);
    for (char *line = strtok(rest, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (*line != '>' && strstr(all, without_blanks(arena, line)) == NULL) {
            return false;
        }
    }
    return true;
}

TEST(replies_of_the_shared_corpus)
{
    const char *root = getenv("CORPUS_SHARED");
    struct arena *arena = arena_new();
    char *folder = arena_printf(arena, "%s/replies", root != NULL ? root : "../shared/corpus");
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        printf("# %s is not there: its replies were not read\n", folder);
        arena_free(arena);
        return;
    }
    int all = 0, equal = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 4, ".eml") != 0) {
            continue;
        }
        char *mail, *want, *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        size_t mail_len, want_len;
        struct letter letter;
        struct own_words own;
        struct error err;
        char *own_path = arena_printf(arena, "%.*s.own.txt", (int)strlen(path) - 4, path);
        CHECK(file_read(arena, path, 10000000, &mail, &mail_len, &err));
        CHECK(file_read(arena, own_path, 10000000, &want, &want_len, &err));
        CHECK(letter_read(arena, mail, mail_len, true, &letter, &err));
        own_words(arena, patterns, letter.text, &own);
        const char *got = own_words_shown(&own);
        all++;
        equal += strcmp(without_blanks(arena, got), without_blanks(arena, want)) == 0;
        CHECK_ROW(nothing_lost(arena, want, got), "%s: words were lost", entry->d_name);
    }
    closedir(dir);
    printf("# own words of %d of %d replies as their writers wrote them\n", equal, all);
    CHECK(equal >= all - 1);
    arena_free(arena);
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(own_words_of_nothing);
    RUN(hostile_text_is_read_in_time);
    RUN(replies_of_the_shared_corpus);
    patterns_free(patterns);
    return check_done();
}
