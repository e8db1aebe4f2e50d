#include "parsers/language/german_date.h"

#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Folded words (utf8_fold) and their numbers; a month is told by how it begins. */
struct number_word {
    const char *word;
    int value;
};

static const struct number_word months[] = {
    {"januar", 1},
    {"jaenner", 1},
    {"january", 1},
    {"februar", 2},
    {"feber", 2},
    {"febuar", 2},
    {"february", 2},
    {"maerz", 3},
    {"mrz", 3},
    {"march", 3},
    {"april", 4},
    {"mai", 5},
    {"may", 5},
    {"juni", 6},
    {"juno", 6},
    {"june", 6},
    {"juli", 7},
    {"julei", 7},
    {"july", 7},
    {"august", 8},
    {"september", 9},
    {"oktober", 10},
    {"october", 10},
    {"november", 11},
    {"dezember", 12},
    {"december", 12},
    /* what neighbours write, where it is none of the above with a typing error */
    {"gennaio", 1},
    {"febbraio", 2},
    {"marzo", 3},
    {"maggio", 5},
    {"giugno", 6},
    {"luglio", 7},
    {"agosto", 8},
    {"settembre", 9},
    {"ottobre", 10},
    {"dicembre", 12},
    {"janvier", 1},
    {"fevrier", 2},
    {"avril", 4},
    {"juin", 6},
    {"juillet", 7},
    {"aout", 8},
    {"enero", 1},
    {"febrero", 2},
    {"mayo", 5},
    {"junio", 6},
    {"julio", 7},
    {"septiembre", 9},
    {"octubre", 10},
    {"noviembre", 11},
    {"diciembre", 12},
    {"maart", 3},
    {"augustus", 8},
    {"stycznia", 1},
    {"lutego", 2},
    {"marca", 3},
    {"kwietnia", 4},
    {"czerwca", 6},
    {"lipca", 7},
    {"sierpnia", 8},
    {"wrzesnia", 9},
    {"pazdziernika", 10},
    {"listopada", 11},
    {"grudnia", 12},
    {"ocak", 1},
    {"subat", 2},
    {"nisan", 4},
    {"mayis", 5},
    {"haziran", 6},
    {"temmuz", 7},
    {"agustos", 8},
    {"eylul", 9},
    {"ekim", 10},
    {"kasim", 11},
    {"aralik", 12},
};

static const struct number_word units[] = {
    {"eins", 1},       {"ein", 1},        {"zwei", 2},        {"drei", 3},        {"vier", 4},
    {"fuenf", 5},      {"sechs", 6},      {"sieben", 7},      {"acht", 8},        {"neun", 9},
    {"zehn", 10},      {"elf", 11},       {"zwoelf", 12},     {"dreizehn", 13},   {"vierzehn", 14},
    {"fuenfzehn", 15}, {"sechzehn", 16},  {"siebzehn", 17},   {"achtzehn", 18},   {"neunzehn", 19},
    {"zwanzig", 20},   {"dreissig", 30},  {"vierzig", 40},    {"fuenfzig", 50},   {"sechzig", 60},
    {"siebzig", 70},   {"achtzig", 80},   {"neunzig", 90},    {"erst", 1},        {"zweit", 2},
    {"dritt", 3},      {"viert", 4},      {"fuenft", 5},      {"sechst", 6},      {"siebt", 7},
    {"siebent", 7},    {"neunt", 9},      {"zehnt", 10},      {"elft", 11},       {"zwoelft", 12},
    {"dreizehnt", 13}, {"vierzehnt", 14}, {"fuenfzehnt", 15}, {"sechzehnt", 16},  {"siebzehnt", 17},
    {"achtzehnt", 18}, {"neunzehnt", 19}, {"zwanzigst", 20},  {"dreissigst", 30},
};

enum { OLDEST = 100, MONTH_TYPING_ERRORS = 2 };

static int look_up(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strlen(units[i].word) == len && memcmp(units[i].word, word, len) == 0) {
            return units[i].value;
        }
    }
    return 0;
}

/* "neunzehnhundertachtundfuenfzig" → 1958, "dritten" → 3. */
int german_number(const char *folded)
{
    const char *word = folded;
    int base = 0;
    if (str_starts(word, "neunzehnhundert")) {
        base = 1900;
        word += strlen("neunzehnhundert");
    } else if (str_starts(word, "zweitausend")) {
        base = 2000;
        word += strlen("zweitausend");
        word += str_starts(word, "und") ? 3 : 0;
    }
    size_t len = strlen(word);
    if (len == 0) {
        return base;
    }
    int value = look_up(word, len);
    if (value == 0 && base == 0) { /* an ordinal: "dritten", "dritter", "dritte" */
        size_t stem = len;
        stem -= stem > 1 && strchr("nrsm", word[stem - 1]) != NULL;
        stem -= stem > 1 && word[stem - 1] == 'e';
        if (stem < len) {
            len = stem;
            value = look_up(word, len);
        }
    }
    const char *joint = value == 0 ? strstr(word + 1, "und") : NULL;
    if (joint != NULL) {
        int unit = look_up(word, (size_t)(joint - word));
        int ten = look_up(joint + 3, len - (size_t)(joint + 3 - word));
        value = unit > 0 && unit < 10 && ten >= 20 ? unit + ten : 0;
    }
    return value == 0 ? 0 : base + value;
}

/* Typing errors between two short folded words (Damerau-Levenshtein would be one more row: plain
 * Levenshtein counts two swapped letters as two, which MONTH_TYPING_ERRORS allows for). */
static int distance(const char *a, const char *b)
{
    enum { LONGEST = 16 };
    int row[LONGEST + 1], la = (int)strlen(a), lb = (int)strlen(b);
    if (la > LONGEST || lb > LONGEST) {
        return LONGEST;
    }
    for (int j = 0; j <= lb; j++) {
        row[j] = j;
    }
    for (int i = 1; i <= la; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= lb; j++) {
            int above = row[j], best = diagonal + (a[i - 1] != b[j - 1]);
            best = above + 1 < best ? above + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[lb];
}

/* "IV" → 4, "XI" → 11; 0: no Roman numeral of a month. */
static int roman(const char *word)
{
    static const char *const numerals[] = {"i",   "ii",   "iii", "iv", "v",  "vi",
                                           "vii", "viii", "ix",  "x",  "xi", "xii"};
    for (int i = 0; i < (int)(sizeof numerals / sizeof *numerals); i++) {
        if (str_equal(numerals[i], word)) {
            return i + 1;
        }
    }
    return 0;
}

static int month_of(struct arena *arena, const char *word, bool misspelt)
{
    if (word[0] >= '0' && word[0] <= '9') {
        return atoi(word);
    }
    char *folded = utf8_fold(arena, word);
    folded[strcspn(folded, ".")] = '\0';
    size_t len = strlen(folded);
    for (size_t i = 0; i < sizeof months / sizeof *months && len >= 3; i++) {
        if (str_starts(months[i].word, folded) || (len == 4 && str_equal(folded, "sept"))) {
            return str_equal(folded, "sept") ? 9 : months[i].value;
        }
    }
    for (size_t i = 0; i < sizeof months / sizeof *months && misspelt; i++) {
        int allowed = strlen(months[i].word) >= 7 ? MONTH_TYPING_ERRORS : 1;
        if (months[i].word[0] == folded[0] && len >= 4 && distance(months[i].word, folded) <= allowed) {
            return months[i].value;
        }
    }
    int value = misspelt ? 0 : german_number(folded);
    value = value == 0 ? roman(folded) : value;
    return str_equal(folded, "mae") || str_equal(folded, "maer") ? 3 : value <= 12 ? value : 0;
}

/* Days that people name instead of their date. */
static void feast_day(struct arena *arena, const char *words, struct date_found *d)
{
    static const struct {
        const char *begins;
        int day, month;
    } feasts[] = {{"heilige drei", 6, 1}, {"heiliger drei", 6, 1}, {"heiligen drei", 6, 1},
                  {"heilig", 24, 12},     {"silvester", 31, 12},   {"neujahr", 1, 1},
                  {"nikolaus", 6, 12},    {"erste", 25, 12},       {"1.", 25, 12},
                  {"zweite", 26, 12},     {"2.", 26, 12}};
    const char *folded = utf8_fold(arena, words);
    for (size_t i = 0; i < sizeof feasts / sizeof *feasts && d->day == 0; i++) {
        if (str_starts(folded, feasts[i].begins)) {
            d->day = feasts[i].day;
            d->month = feasts[i].month;
        }
    }
}

/* The rule of the past: of 19YY and 20YY the later one that is not after today. */
static int complete_year(int two, int month, int day, struct date today)
{
    struct date born = {2000 + two, month > 0 ? month : 1, day > 0 ? day : 1};
    return date_compare(born, today) <= 0 ? born.year : born.year - OLDEST;
}

static bool read_year(struct arena *arena, const char *words, struct date today, struct date_found *d)
{
    if (words == NULL) {
        return true;
    }
    const char *digits = words + strcspn(words, "0123456789");
    int value = *digits != '\0' ? atoi(digits) : german_number(utf8_fold(arena, words));
    if (*digits == '\0' && value == 0) {
        return false;
    }
    d->two_digit_year = value < 100;
    d->year = d->two_digit_year ? complete_year(value, d->month, d->day, today) : value;
    return true;
}

static bool read_date(struct arena *arena, const struct found *found, struct date today,
                      struct date_found *ret)
{
    struct date_found d = {.at = found->at, .len = found->len, .words = found->words};
    const char *day = found_group(found, "day"), *month = found_group(found, "month");
    d.pattern = found->pattern;
    d.where = found->where;
    if (month != NULL) {
        d.month = month_of(arena, month, str_equal(found->pattern, "date.misspelt"));
        if (d.month < 1 || d.month > 12) {
            return false;
        }
    }
    if (day != NULL) {
        d.day = day[0] >= '0' && day[0] <= '9' ? atoi(day) : german_number(utf8_fold(arena, day));
        if (d.day == 0) {
            return false;
        }
    }
    if (found_group(found, "feast") != NULL) {
        feast_day(arena, found_group(found, "feast"), &d);
    }
    if (!read_year(arena, found_group(found, "year"), today, &d)) {
        return false;
    }
    struct date whole = {d.year != 0 ? d.year : 2000, d.month != 0 ? d.month : 1, d.day != 0 ? d.day : 1};
    if (!date_valid(whole)) {
        /* 29.02. with a two-digit year falls in another century only by the rule of the past. */
        return false;
    }
    *ret = d;
    return true;
}

void german_dates(struct arena *arena, const struct patterns *patterns, const char *text, struct date today,
                  struct dates *ret)
{
    struct founds founds;
    *ret = (struct dates){0};
    patterns_find_all(patterns, arena, "date", text, strlen(text), &founds);
    for (size_t i = 0; i < founds.n; i++) {
        struct date_found d, *last = ret->found.n > 0 ? &ret->found.at[ret->found.n - 1] : NULL;
        if (!read_date(arena, &founds.at[i], today, &d)) {
            continue;
        }
        if (last != NULL && d.at < last->at + last->len) {
            if (d.len > last->len && (d.year != 0) >= (last->year != 0)) {
                *last = d; /* "3. Mai" and, a byte later, nothing longer: rare, the longer is meant */
            }
            continue;
        }
        *LIST_ADD(arena, &ret->found) = d;
    }
}
