/* parsers/programme.c: the programme as a plain value. */
#include "parsers/programme.h"

#include "base/text.h"

const struct event *programme_find(const struct programme *programme, const char *code)
{
    for (size_t i = 0; code != NULL && i < programme->events.n; i++) {
        if (str_equal(programme->events.at[i].code, code)) {
            return &programme->events.at[i];
        }
    }
    return NULL;
}
