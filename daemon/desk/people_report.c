#include "daemon/desk/people_report.h"

#include "base/date.h"
#include "base/text.h"
#include "daemon/post/letters.h"
#include "daemon/store/mail_store.h"
#include "daemon/store/outbox_store.h"
#include "parsers/mail/letter.h"

#include <stdio.h>
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

/* Words of the store in those of citizens; of a column that holds nothing else, what is not here is left
 * away: the text beside it says it better. */
static const char *value_words(const char *column, const char *value)
{
    static const char *const coded[] = {"kind", "reason", "outcome", "topic"};
    static const struct {
        const char *column, *value, *words;
    } all[] = {
        {"state", "confirmed", "Platz"},
        {"state", "waiting", "Warteliste"},
        {"state", "cancelled", "abgesagt"},
        {"state", "done", "erledigt"},
        {"state", "asked", "gefragt"},
        {"state", "queued", "wartet"},
        {"state", "ignored", "von einem Automaten"},
        {"state", "sending", "unterwegs"},
        {"state", "sent", "verschickt"},
        {"state", "later", "wird noch einmal versucht"},
        {"state", "failed", "nicht zustellbar"},
        {"state", "unclear", "unklar, ob angekommen"},
        {"state", "bounced", "zurückgekommen"},
        {"state", "dropped", "nicht mehr verschickt"},
        {"state", "subscribed", "bekommt den Newsletter"},
        {"state", "unsubscribed", "hat den Newsletter abbestellt"},
        {"state", "open", "offen"},
        {"state", "closed", "abgeschlossen"},
        {"suspended", "hard", "Adresse nicht erreichbar"},
        {"suspended", "soft", "Mails kamen wiederholt zurück"},
        {"language", "de", "Deutsch"},
        {"language", "en", "Englisch"},
        {"attended", "0", "nein"},
        {"attended", "1", "ja"},
        {"kind", "request", "Bestellung"},
        {"kind", "question", "Frage"},
        {"kind", "confirmation", "Bestätigung"},
        {"kind", "imported", "Übernommen"},
        {"kind", "entered", "Eingetragen"},
        {"kind", "left", "Abbestellung"},
        {"kind", "back", "Abbestellung zurückgenommen"},
        {"kind", "complaint", "Als Spam gemeldet"},
        {"kind", "suspended", "Ausgesetzt"},
        {"kind", "resumed", "Wieder aufgenommen"},
        {"kind", "register", "Anmeldung"},
        {"kind", "cancel", "Absage"},
        {"kind", "newsletter", "Newsletter"},
        {"kind", "place", "Platz von der Warteliste"},
        {"kind", "goodbye", "Abschied vom Newsletter"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (str_equal(all[i].column, column) && str_equal(all[i].value, value)) {
            return all[i].words;
        }
    }
    const char *letter = str_equal(column, "kind") ? letter_kind_words(value) : NULL;
    if (letter != NULL) {
        return letter;
    }
    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++) {
        value = str_equal(coded[i], column) ? "" : value;
    }
    return value;
}

const char *people_value(struct arena *arena, const char *column, const char *value)
{
    struct date d;
    int hour, minute, second, used = 0;
    if (sscanf(value, "%4d-%2d-%2d%n", &d.year, &d.month, &d.day, &used) != 3 || used != 10) {
        return value_words(column, value);
    }
    if (str_equal(value, "1970-01-01T00:00:00Z")) { /* has not happened */
        return "";
    }
    if (value[used] == '\0') {
        return arena_printf(arena, "%d.%d.%d", d.day, d.month, d.year);
    }
    if (sscanf(value + used, "T%2d:%2d:%2dZ", &hour, &minute, &second) != 3) {
        return value;
    }
    berlin_from_unix((int64_t)date_days(d) * 86400 + hour * 3600 + minute * 60, &d, &hour, &minute);
    return arena_printf(arena, "%d.%d.%d %02d:%02d", d.day, d.month, d.year, hour, minute);
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

static void add_row(struct text *out, struct arena *arena, size_t number, const json_t *row)
{
    const char *column;
    json_t *value;
    text_printf(out, "%4zu.\n", number);
    json_object_foreach((json_t *)row, column, value)
    {
        const char *said = json_string_value(value),
                   *words = said == NULL ? "" : people_value(arena, column, said);
        if (words[0] != '\0' && label(column) != NULL) {
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
            add_row(&out, arena, i + 1, row);
        }
    }
    return out.s;
}
