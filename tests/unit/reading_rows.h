/* tests/unit/reading_rows.h: mails read for the tests of reading*.c, and their readings in words. */
#ifndef STADTLABOR_TESTS_READING_ROWS_H
#define STADTLABOR_TESTS_READING_ROWS_H

#include "parsers/reading/reading.h"

#include "base/file.h"
#include "base/text.h"
#include "tests/unit/check.h"

#include <stdlib.h>

static struct arena *arena;
static struct reader reader;
static struct programme programme;

static inline int by_word(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "act+staff cancel:2026-12-10-klimaschutz question", intents in alphabetical order. */
static inline const char *in_words(const struct reading *reading)
{
    const char *words[READING_INTENTS_MAX] = {0};
    size_t n = reading->intents.n < READING_INTENTS_MAX ? reading->intents.n : READING_INTENTS_MAX;
    struct text out = text_new(arena, 4000);
    for (size_t i = 0; i < n; i++) {
        const struct intent *intent = &reading->intents.at[i];
        bool event =
            intent->kind == INTENT_REGISTER || intent->kind == INTENT_CANCEL || intent->kind == INTENT_ANSWER;
        words[i] =
            arena_printf(arena, " %s%s%s%s%s", intent_name(intent->kind), event ? ":" : "",
                         !event                  ? ""
                         : intent->event != NULL ? intent->event + 11
                                                 : "?",
                         intent->address != NULL ? "@" : "", intent->address != NULL ? intent->address : "");
    }
    qsort(words, n, sizeof *words, by_word);
    text_printf(&out, "%s%s", reading_auto_name(reading->automatic), reading->staff ? "+staff" : "");
    for (size_t i = 0; i < n; i++) {
        text_add(&out, words[i]);
    }
    return out.s;
}

static inline void read_mail(const char *subject, const char *text, const struct expected *expected,
                             struct reading *ret)
{
    struct letter letter;
    struct error err;
    const char *mail =
        arena_printf(arena,
                     "From: Petra =?utf-8?q?M=C3=BCller?= <petra.mueller@example.org>\n"
                     "Return-Path: <petra.mueller@example.org>\nTo: stadtlabor@iserlohn.de\n"
                     "Date: Fri, 20 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
                     "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
                     "Subject: %s\n\n%s\n",
                     subject, text);
    CHECK(letter_read(arena, mail, strlen(mail), true, &letter, &err));
    read_letter(arena, &reader, &letter, expected, ret);
}

static inline bool start(struct patterns **patterns)
{
    const char *const folders[] = {"parsers/patterns", NULL};
    struct error err;
    const char *problems;
    char *csv;
    size_t len;
    arena = arena_new();
    *patterns = patterns_load(folders, false, &err);
    if (*patterns == NULL || !file_read(arena, "tests/corpus/events.csv", 1 << 20, &csv, &len, &err) ||
        !programme_read_csv(arena, csv, len, &programme, &problems, &err)) {
        printf("not ok start: %s\n", err.what);
        return false;
    }
    programme_prepare(arena, *patterns, &programme);
    reader = (struct reader){.patterns = *patterns,
                             .programme = &programme,
                             .today = {2026, 11, 22},
                             .caution = READING_CAUTION,
                             .own_address = "stadtlabor@iserlohn.de"};
    return true;
}

#endif
