/* parsers/language/sentences.c: where sentences end in what people type. */
#include "parsers/language/sentences.h"

#include "base/text.h"
#include "base/utf8.h"

/* A line at least this long was broken by the mail program (RFC 2822 advises 78 columns, format=flowed
 * 66; Outlook wraps at 76, web.de at 72): shorter lines were ended by the writer. */
enum { WRAPPED_FROM = 52, LABEL_MAX = 40 };

/* Lower case; a dot after one of these ends no sentence. */
static const char *const abbreviations[] = {
    "geb",   "str", "tel",  "nr",   "hr",   "fr",  "dr",       "prof",  "dipl",   "ing",     "bzw", "ca",
    "evtl",  "ggf", "inkl", "incl", "usw",  "etc", "jg",       "st",    "vgl",    "max",     "min", "mind",
    "anm",   "adr", "jan",  "feb",  "febr", "mrz", "apr",      "aug",   "sep",    "sept",    "okt", "oct",
    "nov",   "dez", "dec",  "mr",   "mrs",  "ms",  "vorn",     "nachn", "gest",   "verh",    "abt", "vorm",
    "nachm", "mo",  "di",   "mi",   "do",   "sa",  "so",       "plz",   "hausnr", "veranst", "tln", "bj",
    "stv",   "gem", "art",  "abs",  "bes",  "mdl", "schriftl", "z",     "zt",     "gebdat",  "dat", "u",
    "a",     "b",   "d",    "h",    "i",    "v",   "o",        "e",     "p",      "m",       "s",
};

static const char *const month_names[] = {
    "jan", "feb",        "mär",    "mae",  "mrz",  "apr",  "mai",   "jun",    "jul",      "aug",   "sep",
    "okt", "oct",        "nov",    "dez",  "dec",  "may",  "uhr",   "klasse", "lehrjahr", "etage", "stock",
    "og",  "geburtstag", "advent", "sams", "sonn", "mont", "diens", "mittw",  "donnerst", "freit", "termin"};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || (unsigned char)c >= 0x80;
}

static bool known(const char *s, size_t len, const char *const *list, size_t n, bool prefix)
{
    for (size_t i = 0; i < n; i++) {
        size_t want = strlen(list[i]);
        if ((prefix ? len >= want : len == want) && strncasecmp(s, list[i], want) == 0) {
            return true;
        }
    }
    return false;
}

/* "Di 03.12. KI im Alltag", "- 12.1.": a line that begins with a day, and has said nothing else yet. */
static bool line_begins_with_day(const char *s, size_t at)
{
    static const char *const days[] = {"mo", "di", "mi", "do", "fr", "sa", "so"};
    size_t line = str_line_begin(s, at);
    line += strspn(s + line, " \t-*>");
    if (known(s + line, 2, days, sizeof days / sizeof *days, false)) {
        while (is_word_byte(s[line]) && !is_digit(s[line])) {
            line++;
        }
        line += strspn(s + line, " .,");
    }
    return line + 3 <= at && line + strspn(s + line, "0123456789. ") >= at &&
           memchr(s + line, '.', at - line);
}

/* Small words, greetings and labels with which something new begins behind a day: "am 3.12. Ich bringe …". A
 * noun does not: "am 24.11. Starkregen und am 14.1. die Innenstadt". */
static const char *const beginners[] = {
    "ich",    "wir",   "mein",  "unser", "bitte", "danke", "viele", "der",   "die",   "das",    "den",
    "dem",    "da",    "dann",  "er",    "sie",   "es",    "ein",   "und",   "aber",  "leider", "gern",
    "hier",   "mit",   "liebe", "lg",    "mfg",   "am",    "im",    "in",    "an",    "auf",    "für",
    "zu",     "bei",   "wenn",  "weil",  "ob",    "auch",  "noch",  "nun",   "jetzt", "dort",   "name",
    "adress", "ansch", "gebor", "wohn",  "meld",  "kann",  "könn",  "ist",   "sind",  "war",    "hat",
    "hab",    "gibt",  "geht",  "was",   "wer",   "wie",   "wo",    "wann",  "warum", "also",   "so",
    "nach",   "vor",   "seit",  "von",   "vom",   "aus",   "soll",  "falls", "freu",  "schön",  "beste",
    "herzl",  "tel",   "wär",   "würd",  "beide", "mich",  "uns",   "ps",    "dear",  "please", "thank",
    "my",     "we",    "the",   "i",     "best",  "gruß",  "grüß",  "hallo", "dabei", "daher",  "deshalb",
    "denn",   "doch",  "dies",  "ihr",   "nicht", "kein",  "nur",   "anmel", "damit"};

/* "24.11." and a noun */
static bool day_goes_on(const char *s, size_t at, const char *next)
{
    size_t day = at;
    while (day > 0 && (is_digit(s[day - 1]) || s[day - 1] == '.')) {
        day--;
    }
    const char *inner = memchr(s + day, '.', at - day);
    bool whole = inner != NULL && inner > s + day &&
                 memchr(inner + 1, '.', (size_t)(s + at - inner) - 1) == NULL && at - day <= 5;
    size_t word = 0;
    while (is_word_byte(next[word])) {
        word++;
    }
    return whole && word > 3 && !known(next, word, beginners, sizeof beginners / sizeof *beginners, true);
}

/* True when the dot at `at` ends a sentence. */
static bool dot_ends(const char *s, size_t at)
{
    const char *next = s + at + 1;
    if (*next == '.') { /* "..." ends nothing by itself; its last dot is judged */
        return false;
    }
    if (*next != '\0' && !strchr(" \t\n\"')*", *next) && !str_starts(next, "\xe2\x80")) {
        return false; /* an address, a number, "z.B." */
    }
    size_t start = at;
    while (start > 0 && is_word_byte(s[start - 1])) {
        start--;
    }
    size_t len = at - start;
    next += strspn(next, " \t\n\"')*");
    const char *after = next;
    bool capital = utf8_is_upper(utf8_next(&after));
    if (len > 0 && is_digit(s[at - 1])) {
        size_t word = 0;
        while (is_word_byte(next[word])) {
            word++;
        }
        bool ordinal = known(next, word, month_names, sizeof month_names / sizeof *month_names, true);
        bool listed = memchr(s + at, '\n', (size_t)(next - s) - at) == NULL &&
                      (line_begins_with_day(s, at) || day_goes_on(s, at, next));
        return *next == '\0' || (capital && !ordinal && !listed);
    }
    bool street = len >= 3 && strncasecmp(s + at - 3, "str", 3) == 0;
    bool abbreviated =
        known(s + start, len, abbreviations, sizeof abbreviations / sizeof *abbreviations, false);
    return len == 0 || (len > 1 && !street && !abbreviated);
}

/* True when the line end at `at` was put there by a mail program, `start` being its line's begin. */
static bool line_wrapped(const char *s, size_t start, size_t at)
{
    const char *next = s + at + 1;
    size_t blanks = strspn(next, " \t");
    if (next[blanks] == '\n' || next[blanks] == '\0' || at == start) {
        return false; /* a paragraph ends */
    }
    next += blanks;
    bool item = strchr("-*>|", *next) != NULL || str_starts(next, "•") || str_starts(next, "–") ||
                (is_digit(*next) && (next[1] == ')' || (next[1] == '.' && next[2] == ' ')));
    if (item || memchr(s + start, '\t', at - start) != NULL) {
        return false; /* a list, a table's row */
    }
    char last = s[at - 1];
    if (last == ':' || last == '!' || last == '?') {
        return false;
    }
    size_t label = strcspn(next, ":.,;!?\n");
    if (label > 0 && label <= LABEL_MAX && next[label] == ':') {
        return false; /* "Vorname: Petra" */
    }
    const char *after = next;
    uint32_t first = utf8_next(&after);
    bool small = utf8_is_letter(first) && !utf8_is_upper(first);
    return at - start >= WRAPPED_FROM || (small && last != ',' && at - start >= 20);
}

/* A smiley ends at `at`, and a capital letter begins something new: ":-) Könnten Sie …". */
static bool smiley_ends(const char *s, size_t at)
{
    bool typed = s[at] == ')' && at > 0 &&
                 (s[at - 1] == ':' || s[at - 1] == ';' ||
                  (s[at - 1] == '-' && at > 1 && strchr(":;", s[at - 2]) != NULL));
    bool drawn = at >= 3 && (unsigned char)s[at - 3] == 0xf0; /* U+1F300 and above: four bytes */
    const char *next = s + at + 1;
    if ((!typed && !drawn) || *next != ' ') {
        return false;
    }
    next += strspn(next, " ");
    return utf8_is_upper(utf8_next(&next));
}

static void add(struct arena *arena, struct sentences *out, size_t from, size_t to, bool asks)
{
    while (from < to && strchr(" \t\n", out->text[from]) != NULL) {
        from++;
    }
    size_t word = from;
    while (word < to && !is_word_byte(out->text[word])) {
        word++;
    }
    if (from < to && word == to && out->list.n > 0) { /* "??", "):": of the sentence before */
        struct sentence *last = &out->list.at[out->list.n - 1];
        last->len = to - last->at;
        last->asks = last->asks || asks;
    } else if (from < to) {
        *LIST_ADD(arena, &out->list) = (struct sentence){.at = from, .len = to - from, .asks = asks};
    }
}

void sentences_split(struct arena *arena, const char *text, struct sentences *ret)
{
    struct sentences out = {.len = strlen(text)};
    out.text = arena_strndup(arena, text, out.len);
    size_t from = 0, line = 0;
    for (size_t i = 0; i < out.len; i++) {
        char c = text[i];
        if (c == '\n') {
            if (line_wrapped(text, line, i)) {
                out.text[i] = ' ';
            } else {
                add(arena, &out, from, i, false);
                from = i + 1;
            }
            line = i + 1;
        } else if (smiley_ends(text, i)) {
            add(arena, &out, from, i + 1, false);
            from = i + 1;
        } else if (c == '.' && !dot_ends(text, i)) {
            out.text[i] = ' ';
        } else if (c == '.' || c == '!' || c == '?') {
            if (c == '?' && text[i + 1] != '\0' && is_word_byte(text[i + 1])) {
                out.text[i] = ' '; /* inside a web address */
                continue;
            }
            add(arena, &out, from, i + 1, c == '?');
            from = i + 1;
        }
    }
    add(arena, &out, from, out.len, false);
    *ret = out;
}

size_t sentence_of(const struct sentences *sentences, size_t at)
{
    size_t low = 0, high = sentences->list.n;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (sentences->list.at[middle].at <= at) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}
