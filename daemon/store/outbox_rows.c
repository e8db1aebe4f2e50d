#include "daemon/store/outbox_rows.h"

static void read_row(struct arena *arena, sqlite3_stmt *q, struct outbox_row *ret)
{
    *ret = (struct outbox_row){
        .id = column_int(q, 0),
        .mail_id = column_int(q, 1),
        .case_id = column_int(q, 2),
        .kind = column_text(arena, q, 3),
        .state = column_text(arena, q, 4),
        .message_id = column_text(arena, q, 5),
        .envelope_from = column_text(arena, q, 6),
        .recipient = column_text(arena, q, 7),
        .attempt = (int)column_int(q, 8),
        .created = column_int(q, 9),
        .changed = column_int(q, 10),
        .reply = column_text(arena, q, 11),
        .filed = column_text(arena, q, 12),
    };
}

bool outbox_read_rows(struct store *store, struct arena *arena, sqlite3_stmt *q, struct outbox_rows *ret,
                      struct error *err)
{
    struct outbox_rows rows = {0};
    enum row row;
    while ((row = store_row(store, q, err)) == ROW) {
        read_row(arena, q, LIST_ADD(arena, &rows.row));
    }
    if (row == ROW_FAILED) {
        return false;
    }
    *ret = rows;
    return true;
}

bool outbox_read_one(struct store *store, struct arena *arena, sqlite3_stmt *q, struct outbox_row *ret,
                     struct error *err)
{
    *ret = (struct outbox_row){0};
    enum row row = store_row(store, q, err);
    if (row == ROW) {
        read_row(arena, q, ret);
        sqlite3_reset(q);
    }
    return row != ROW_FAILED;
}
