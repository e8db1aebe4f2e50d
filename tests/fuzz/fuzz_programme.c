/* tests/fuzz/fuzz_programme.c: a table of events from whatever bytes; what is read is written and read back
 * the same. */
#include "base/csv.h"
#include "parsers/programme/programme.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(struct arena *arena, const struct programme *programme)
{
    struct text out = text_new(arena, 16 * 1024 * 1024);
    csv_begin(&out);
    for (int c = 0; c < EVENT_COLUMNS; c++) {
        csv_add(&out, event_column_name((enum event_column)c));
    }
    csv_end_row(&out);
    for (size_t i = 0; i < programme->events.n; i++) {
        for (int c = 0; c < EVENT_COLUMNS; c++) {
            csv_add(&out, event_cell(arena, &programme->events.at[i], (enum event_column)c));
        }
        csv_end_row(&out);
    }
    struct programme back;
    const char *problems;
    struct error err;
    if (out.overflow || !programme_read_csv(arena, out.s, out.len, &back, &problems, &err) ||
        back.events.n != programme->events.n) {
        abort();
    }
    for (size_t i = 0; i < back.events.n; i++) {
        if (event_differences(arena, &back.events.at[i], &programme->events.at[i]) != 0) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = "code;title;start;end;place;capacity;required;extra;min_age\n";
    struct arena *arena = arena_new();
    struct programme programme;
    const char *problems;
    struct error err;
    struct text file = text_new(arena, size + sizeof head);
    text_add(&file, size > 0 && data[0] % 2 == 0 ? head : ""); /* half of them get past the heading */
    text_addn(&file, (const char *)data, size);
    if (programme_read_csv(arena, file.s, file.len, &programme, &problems, &err)) {
        write_and_read(arena, &programme);
    }
    arena_free(arena);
    return 0;
}
