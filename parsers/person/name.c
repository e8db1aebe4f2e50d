#include "parsers/person/name_words.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* The words of a name, titles and forms of address taken off. */
struct words {
    const char *at[NAME_WORDS_MAX];
    int n;
    int comma; /* a comma stands behind this many words; 0: none */
    bool honorific, family, two;
    bool titled;     /* "Dr. von Lüninck": a particle may begin the surname */
    bool last_leads; /* a comma stands somewhere: "da Silva, Paulo" may begin with a particle */
};

static const char *trim_marks(struct arena *arena, const char *s, size_t len)
{
    while (len > 0 && strchr("_*\"':;>|/=!?<-", s[0]) != NULL) {
        s++;
        len--;
    }
    while (len > 0 && strchr("_*\":;>|/=!?<-", s[len - 1]) != NULL) {
        len--;
    }
    return arena_strndup(arena, s, len);
}

static bool take_word(struct arena *arena, const struct patterns *patterns, char *word, const char *behind,
                      enum name_order order, struct words *w)
{
    const char *folded = utf8_fold(arena, word);
    bool leads = w->n > 0 || w->last_leads || w->titled || w->honorific;
    if (name_is_honorific(folded)) {
        w->honorific = true;
        w->family |= str_starts(folded, "fam") || str_starts(folded, "ehe");
        return true;
    }
    if (w->n > 0 && strlen(folded) > 2 && patterns_word(patterns, "titles", folded)) {
        return true;
    }
    const char *letter = word;
    if (w->n > 0 && order == NAME_ORDER_ANY && name_is_initial(word) && !utf8_is_upper(utf8_next(&letter)) &&
        !name_one_case(w->at[0])) {
        return false; /* "Zimmerermeister i. R." */
    }
    if (str_equal(folded, "und") && w->n > 0 && str_equal_nocase(w->at[w->n - 1], "von") &&
        w->n < NAME_WORDS_MAX) {
        w->at[w->n++] = word; /* "von und zu Mühlen" */
        return true;
    }
    if ((str_equal(folded, "und") || str_equal(folded, "u.") || str_equal(folded, "&")) && w->n > 0) {
        w->two = true;
        w->n = 0; /* "Brigitte und Horst Wember": the surname is all that is certain */
        return true;
    }
    bool word_of_name =
        name_has_form(word) && (order != NAME_ORDER_ANY || (leads && name_particle(word)) ||
                                (w->n > 0 && name_given(arena, patterns, word)) ||
                                (w->n == 0 && name_before_surname(arena, patterns, word, behind)) ||
                                (w->n > 0 && name_behind_given(arena, patterns, w->at[w->n - 1], word)) ||
                                name_word(arena, patterns, word)); /* Thị Mai */
    if (!word_of_name || w->n == NAME_WORDS_MAX) {
        return false;
    }
    w->at[w->n++] = str_equal(folded, "v.") && leads ? "von" : word;
    return true;
}

static bool all_upper(const char *word)
{
    const char *s = word;
    return name_one_case(word) && utf8_is_upper(utf8_next(&s));
}

/* "da Silva, Paulo", "von der Heyden, Anna" */
static bool begins_surname(struct arena *arena, const char *s)
{
    static const char *const particles[] = {"von", "van", "vom", "da",  "de",  "di", "el", "al",
                                            "del", "dos", "du",  "ter", "ten", "zu", NULL};
    size_t capitals = strcspn(s, " ");
    if (s[capitals] == ' ' && all_upper(arena_strndup(arena, s, capitals))) {
        return name_particle(arena_strndup(arena, s, capitals)); /* "VAN BEEK Jan" */
    }
    return strchr(s, ',') != NULL && name_one_of(arena_strndup(arena, s, strcspn(s, " ")), particles);
}

/* "Jupp (Josef) Grewenig", "Josef (Jupp) Grewenig": of a name in brackets and the one before, the longer is
 * that of the papers. Where the bracket ends; NULL: it is none of that. */
static const char *behind_other_given(struct arena *arena, const struct patterns *patterns,
                                      const char *bracket, struct words *w)
{
    size_t len = strcspn(bracket + 1, "() ,\n");
    const char *behind = bracket + 1 + len, *next = behind + 2;
    const char *given = arena_strndup(arena, bracket + 1, len);
    if (w->n != 1 || !str_starts(behind, ") ") || !utf8_is_upper(utf8_next(&next)) ||
        !name_given(arena, patterns, given)) {
        return NULL;
    }
    w->at[0] = len > strlen(w->at[0]) ? given : w->at[0];
    return behind + 2;
}

static bool split_words(struct arena *arena, const struct patterns *patterns, const char *s,
                        enum name_order order, struct words *w)
{
    *w = (struct words){.last_leads = begins_surname(arena, s)};
    s += strspn(s, " \t\n");
    s += str_starts_nocase(s, "i. a. ") || str_starts_nocase(s, "i. v. ") ? 6 : 0;
    while (*s != '\0') {
        size_t len = strcspn(s, " \t\n,(");
        const char *word = trim_marks(arena, s, len);
        const char *folded = utf8_fold(arena, word);
        bool maiden = w->n > 0 && (str_starts(folded, "geb.") || str_equal(folded, "geb") ||
                                   str_starts(folded, "geboren"));
        if (s[len] == '(' && len == 0 && w->n > 0) {
            s = behind_other_given(arena, patterns, s, w);
            if (s == NULL) {
                break; /* "(KAN-RV)", "(geb. Köster)" */
            }
            continue;
        }
        if (maiden) {
            break;
        }
        bool nickname = w->n > 0 && len > 2 && s[0] == '"' && s[len - 1] == '"'; /* Jürgen "Charly" Brandt */
        bool title = nickname || (w->n == 0 && s[len] != ',' && patterns_word(patterns, "titles", folded));
        w->titled |= title && !nickname;
        if (*word != '\0' && !title &&
            !take_word(arena, patterns, arena_strdup(arena, word), s + len, order, w)) {
            return false;
        }
        if (s[len] == ',' && w->n > 0 && w->comma == 0) {
            w->comma = w->n;
        } else if (s[len] == ',' && w->n > 0) {
            break; /* "Müller, Petra, Iserlohn" */
        }
        s += len + (s[len] != '\0');
    }
    return w->n > 0 || w->two;
}

static const char *join(struct arena *arena, const struct words *w, int from, int to)
{
    struct text out = text_new(arena, 400);
    for (int i = from; i < to; i++) {
        text_printf(&out, "%s%s", out.len > 0 ? " " : "", w->at[i]);
    }
    return out.len == 0 ? NULL : name_tidy(arena, out.s);
}

/* "Pütz-Al Sayed": the surname goes on. */
static bool ends_in_particle(const char *word)
{
    const char *hyphen = strrchr(word, '-');
    return hyphen != NULL && name_particle(hyphen + 1);
}

/* How many of the words, from the first on, are the first name. */
static int first_names(struct arena *arena, const struct patterns *patterns, const struct words *w)
{
    int n = 1;
    while (n < w->n && !name_particle(w->at[n]) && !ends_in_particle(w->at[n]) &&
           !(n + 1 < w->n && name_noble(arena, w->at[n]) && name_particle(w->at[n + 1]))) {
        n++;
    }
    if (n == w->n) {
        bool two = n > 2 && patterns_word(patterns, "second_surnames", utf8_fold(arena, w->at[n - 2]));
        return two ? n - 2 : n - 1;
    }
    /* Nogueira da Silva: the word before "da" belongs to the surname unless it is a given name. */
    static const char *const romance[] = {"da", "de", "do", "dos", "das", "e", "y", "del", NULL};
    if (n > 1 && name_one_of(utf8_fold(arena, w->at[n]), romance) &&
        !name_given(arena, patterns, w->at[n - 1])) {
        n--;
    }
    return n;
}

/* Without a word about it people write first, last; some write KOWALSKI Jens, Kaczmarek Tomasz. */
static bool stands_last_first(struct arena *arena, const struct patterns *patterns, const struct words *w,
                              struct name *n)
{
    const char *first = w->at[0], *last = w->at[w->n - 1];
    bool first_given = name_given(arena, patterns, first), last_given = name_given(arena, patterns, last);
    n->order_certain = first_given || last_given;
    if (name_vietnamese(utf8_fold(arena, first)) && w->n > 2 && !name_vietnamese(utf8_fold(arena, last))) {
        return true;
    }
    if (all_upper(first) && !all_upper(last)) {
        return true;
    }
    return w->n == 2 && last_given && !first_given && !name_is_initial(first) &&
           !(all_upper(last) && !all_upper(first));
}

/* How many words the surname has where it stands first: "von der Heyden Anna", "EL AMRANI Fatima Maria". */
static int surname_words(const struct words *w)
{
    int capitals = 0;
    while (capitals < w->n && all_upper(w->at[capitals])) {
        capitals++;
    }
    if (capitals > 0 && capitals < w->n) {
        return capitals;
    }
    return name_particle(w->at[0]) && w->n > 2 ? w->n - 1 : 1;
}

/* Initials are left out beside a whole name: "H. Peter", "Peter W."; alone they are kept as such. */
static void give_first(struct arena *arena, const struct words *w, int from, int to, struct name *n)
{
    int begin = from, end = to;
    while (begin < end && name_is_initial(w->at[begin])) {
        begin++;
    }
    while (end > begin && name_is_initial(w->at[end - 1])) {
        end--;
    }
    if (begin < end) {
        n->first = join(arena, w, begin, end);
    } else if (from < to) {
        n->initial = join(arena, w, from, to);
    }
}

/* "BM Patrick Schniewind", "OStR' Ute Klein", "Küster Reinhold Holm": an abbreviation or a calling before a
 * given name is a rank. */
static void drop_rank(struct arena *arena, const struct patterns *patterns, struct words *w)
{
    enum { RANK_MAX = 6 };
    const char *s = w->at[0];
    size_t upper = 0, letters = 0;
    for (uint32_t c; (c = utf8_next(&s)) != 0; letters += utf8_is_letter(c)) {
        upper += utf8_is_upper(c);
    }
    const char *folded = utf8_fold(arena, w->at[0]);
    bool short_one =
        upper >= 2 && letters <= RANK_MAX && !name_particle(w->at[0]) && !name_vietnamese(folded);
    bool rank = w->n > 2 && (short_one || patterns_word(patterns, "callings", folded)) &&
                !all_upper(w->at[2]) && !name_given(arena, patterns, w->at[0]) &&
                name_given(arena, patterns, w->at[1]) && !name_given(arena, patterns, w->at[2]);
    if (rank) {
        memmove(w->at, w->at + 1, (size_t)(w->n - 1) * sizeof *w->at);
        w->n--;
        w->comma -= w->comma > 0;
    }
}

/* "Evelyn Schürkamp, Buchhändlerin" and "Teilnahmewunsch Mapathon, Nico Wälter": a whole name on one side of
 * the comma, and on the other something else; unlike "Müller, Petra" and "von der Heide, Anna Lena". */
static void drop_other_side(struct arena *arena, const struct patterns *patterns, struct words *w)
{
    int right = w->n - w->comma;
    bool given_left = false;
    for (int i = 0; i < w->comma; i++) {
        given_left |= name_given(arena, patterns, w->at[i]) || name_particle(w->at[i]);
    }
    if (w->comma < 2 || right < 1) {
        return;
    }
    bool given_right = name_given(arena, patterns, w->at[w->comma]);
    if (name_given(arena, patterns, w->at[0]) && !given_right) {
        w->n = w->comma;
        w->comma = 0;
    } else if (!given_left && given_right && right > 1 && !name_given(arena, patterns, w->at[w->n - 1])) {
        memmove(w->at, w->at + w->comma, (size_t)right * sizeof *w->at);
        w->n = right;
        w->comma = 0;
    }
}

bool name_parse(struct arena *arena, const struct patterns *patterns, const char *words,
                enum name_order order, struct name *ret)
{
    struct words w;
    if (!split_words(arena, patterns, words, order, &w)) {
        return false;
    }
    drop_rank(arena, patterns, &w);
    if (order == NAME_ORDER_ANY) {
        drop_other_side(arena, patterns, &w);
    }
    struct name n = {.words = w.n, .honorific = w.honorific, .family = w.family || w.two};
    for (int i = 0; i < w.n; i++) {
        n.given_known |= name_given(arena, patterns, w.at[i]);
    }
    n.order_certain = order != NAME_ORDER_ANY || w.comma > 0;
    if (w.two) {
        n.last = w.n > 1 ? join(arena, &w, first_names(arena, patterns, &w), w.n) : NULL;
    } else if (w.comma > 0 && w.comma < w.n) {
        bool given_first = order == NAME_ORDER_FIRST_LAST;
        give_first(arena, &w, given_first ? 0 : w.comma, given_first ? w.comma : w.n, &n);
        n.last = given_first ? join(arena, &w, w.comma, w.n) : join(arena, &w, 0, w.comma);
        n.last_name_first = !given_first;
    } else if (order == NAME_ORDER_LAST || n.family || (w.honorific && w.n == 1) ||
               ((w.titled || w.honorific) && name_particle(w.at[0]))) {
        n.last = join(arena, &w, 0, w.n);
    } else if (order == NAME_ORDER_FIRST) {
        give_first(arena, &w, 0, w.n, &n);
    } else if (w.n == 1) {
        if (n.given_known || name_is_initial(w.at[0])) {
            give_first(arena, &w, 0, 1, &n);
        } else {
            n.last = join(arena, &w, 0, 1);
        }
    } else if (order == NAME_ORDER_LAST_FIRST ||
               (order == NAME_ORDER_ANY && stands_last_first(arena, patterns, &w, &n) &&
                !(w.honorific && !all_upper(w.at[0])))) { /* "Frau Sabiha Yıldız" */
        int split = surname_words(&w);
        n.last = join(arena, &w, 0, split);
        give_first(arena, &w, split, w.n, &n);
        n.last_name_first = true;
    } else {
        int split = first_names(arena, patterns, &w);
        give_first(arena, &w, 0, split, &n);
        n.last = name_is_initial(w.at[w.n - 1]) ? NULL : join(arena, &w, split, w.n);
    }
    *ret = n;
    return n.first != NULL || n.last != NULL || n.initial != NULL;
}
