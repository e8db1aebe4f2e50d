/* tests/unit/read_mail.h: a mail's bytes as a letter, for the tests of letter and its parts. */
#ifndef STADTLABOR_TESTS_READ_MAIL_H
#define STADTLABOR_TESTS_READ_MAIL_H

#include "base/utf8.h"
#include "parsers/mail/letter.h"
#include "tests/unit/check.h"

static inline struct letter read_bytes(struct arena *arena, const char *bytes, size_t len)
{
    struct letter letter = {0};
    struct error err;
    CHECK(letter_read(arena, bytes, len, true, &letter, &err));
    CHECK(utf8_valid(letter.text, strlen(letter.text)));
    CHECK(utf8_valid(letter.subject, strlen(letter.subject)));
    return letter;
}

static inline struct letter read_string(struct arena *arena, const char *mail)
{
    return read_bytes(arena, mail, strlen(mail));
}

#endif
