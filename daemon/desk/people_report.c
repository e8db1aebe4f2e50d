#include "daemon/desk/people_report.h"

#include "base/text.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_store.h"
#include "parsers/mail/letter.h"

#include <stdlib.h>
#include <string.h>

/* "" once the bytes are gone, which is what the retention is for. */
static const char *words_of(struct store *store, struct arena *arena, const char *table, const char *id)
{
    char *bytes = NULL;
    size_t len = 0;
    struct letter letter;
    int64_t number = strtoll(id, NULL, 10);
    bool mail = str_equal(table, "mails");
    bool there = mail ? mail_raw(store, arena, number, &bytes, &len, NULL)
                      : outbox_bytes(store, arena, number, &bytes, &len, NULL);
    if (!there || bytes == NULL || !letter_read(arena, bytes, len, true, &letter, NULL)) {
        return "";
    }
    return arena_printf(arena, "%s\n\n%s", letter.subject, letter.text);
}

/* A cell that is JSON itself stays so. */
static json_t *cell_json(const char *cell)
{
    json_t *inner = cell[0] == '{' || cell[0] == '[' ? json_loads(cell, 0, NULL) : NULL;
    return inner != NULL ? inner : json_string(cell);
}

static json_t *table_json(struct store *store, struct arena *arena, const struct people_table *table)
{
    json_t *rows = json_array();
    bool with_words = str_equal(table->name, "mails") || str_equal(table->name, "letters");
    for (size_t at = 0; at + table->column.n <= table->cell.n; at += table->column.n) {
        json_t *row = json_object();
        for (size_t i = 0; i < table->column.n; i++) {
            json_object_set_new(row, table->column.at[i], cell_json(table->cell.at[at + i]));
        }
        if (with_words) {
            json_object_set_new(row, "text",
                                json_string(words_of(store, arena, table->name, table->cell.at[at])));
        }
        json_array_append_new(rows, row);
    }
    return json_pack("{ss so}", "title", table->title, "rows", rows);
}

bool people_report(struct store *store, struct arena *arena, json_t **ret, struct error *err)
{
    struct people_tables tables = {0};
    if (!people_show(store, arena, &tables, err)) {
        return false;
    }
    json_t *report = json_object();
    for (size_t i = 0; i < tables.table.n; i++) {
        const struct people_table *table = &tables.table.at[i];
        json_object_set_new(report, table->name, table_json(store, arena, table));
    }
    *ret = report;
    return true;
}

/* --- as text --- */

static const char *label(const char *column)
{
    static const struct {
        const char *column, *words;
    } labels[] = {
        {"event", "Kürzel"},
        {"title", "Veranstaltung"},
        {"state", "Zustand"},
        {"first_name", "Vorname"},
        {"last_name", "Nachname"},
        {"birth_date", "Geburtsdatum"},
        {"street", "Straße"},
        {"postal_code", "Postleitzahl"},
        {"city", "Ort"},
        {"address", "Mailadresse"},
        {"language", "Sprache"},
        {"attended", "Teilgenommen"},
        {"created", "Gespeichert am"},
        {"asked_at", "Gefragt am"},
        {"confirmed_at", "Bestätigt am"},
        {"left_at", "Abbestellt am"},
        {"suspended", "Ausgesetzt"},
        {"returned", "Letzte Rückmeldung"},
        {"kind", "Art"},
        {"at", "Am"},
        {"actor", "Durch"},
        {"sender", "Absender"},
        {"sender_name", "Name des Absenders"},
        {"authentication", "Prüfung des Mailservers"},
        {"words", "Worte"},
        {"name", "Ausgabe"},
        {"subject", "Betreff"},
        {"changed", "Zuletzt"},
        {"received", "Angekommen am"},
        {"reason", "Grund"},
        {"recipient", "Empfänger"},
        {"reply", "Antwort des Mailservers"},
        {"topic", "Thema"},
        {"assigned", "Zuständig"},
        {"outcome", "Ergebnis"},
        {"opened", "Gefragt am"},
        {"text", "Text"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (str_equal(labels[i].column, column)) {
            return labels[i].words;
        }
    }
    return NULL; /* numbers and notes for machines */
}

static void add_lines(struct text *out, const char *value)
{
    bool several = strchr(value, '\n') != NULL;
    while (*value != '\0') {
        size_t len = strcspn(value, "\n");
        text_add(out, several ? "\n      | " : " ");
        text_addn(out, value, len);
        value += len + (value[len] == '\n');
    }
    text_addc(out, '\n');
}

static void add_row(struct text *out, size_t number, const json_t *row)
{
    const char *column;
    json_t *value;
    text_printf(out, "%4zu.\n", number);
    json_object_foreach((json_t *)row, column, value)
    {
        const char *words = json_string_value(value);
        if (words != NULL && words[0] != '\0' && label(column) != NULL) {
            text_printf(out, "      %s:", label(column));
            add_lines(out, words);
        }
    }
}

char *people_report_text(struct arena *arena, const json_t *report)
{
    struct text out = text_new(arena, PEOPLE_TEXT_MAX);
    const char *name;
    json_t *table, *row;
    size_t i;
    json_object_foreach((json_t *)report, name, table)
    {
        text_printf(&out, "%s%s\n", out.len > 0 ? "\n" : "",
                    json_string_value(json_object_get(table, "title")));
        json_array_foreach(json_object_get(table, "rows"), i, row)
        {
            add_row(&out, i + 1, row);
        }
    }
    return out.s;
}
