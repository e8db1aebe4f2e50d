/* parsers/person/name_same.c: whether two names can be one person's. */
#include "parsers/person/name.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* The short form of a first name: Gabi of Gabriele, Toni; the first three letters agree. */
static bool first_fits(struct arena *arena, const char *a, const char *b)
{
    const char *x = utf8_fold(arena, a), *y = utf8_fold(arena, b);
    size_t lx = strlen(x), ly = strlen(y), shorter = lx < ly ? lx : ly;
    if (str_equal(x, y)) {
        return true;
    }
    const char *longer = lx < ly ? y : x, *part = strstr(longer, lx < ly ? x : y);
    static const char *const female[] = {"a", "ia", "ina", "e", "ine"}; /* Emil and Emilia, Paul and Paula */
    for (size_t i = 0; i < sizeof female / sizeof *female; i++) {
        bool short_form = shorter > 0 && strchr("iy", longer[shorter - 1]) != NULL; /* Juli of Julia */
        if (part == longer && shorter >= 3 && !short_form && str_equal(longer + shorter, female[i])) {
            return false;
        }
    }
    if (part != NULL && (part == longer || part[-1] == ' ' || part[-1] == '-')) {
        return true; /* Minh Anh of Thi Minh Anh, Friedrich of Friedrich-Wilhelm */
    }
    const char *shortest =
        lx < ly ? x : y; /* Gabi of Gabriele, Steffi of Stefanie; Alex, Max, Hanne of Hannelore */
    char last = shortest[shorter - 1];
    size_t stem = last == 'i' || last == 'y' ? 3 : shorter - (last == 'e');
    return lx != ly && shorter >= 3 && shorter <= 6 && stem >= 3 && memcmp(x, y, stem) == 0;
}

bool name_same(struct arena *arena, const struct name *a, const struct name *b)
{
    bool lasts = a->last != NULL && b->last != NULL;
    if (lasts && !str_equal(utf8_fold(arena, a->last), utf8_fold(arena, b->last))) {
        return false;
    }
    if (a->first != NULL && b->first != NULL) {
        return first_fits(arena, a->first, b->first);
    }
    if (a->initial != NULL && b->first != NULL) {
        return utf8_fold(arena, a->initial)[0] == utf8_fold(arena, b->first)[0];
    }
    if (b->initial != NULL && a->first != NULL) {
        return utf8_fold(arena, b->initial)[0] == utf8_fold(arena, a->first)[0];
    }
    return lasts || (a->initial != NULL && b->initial != NULL);
}
