/* parsers/person/person_writer.c: who writes: the closing, the sender's name, and whose data the text calls
 * its writer's. */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* "Ich bin die Fritzi", and Fritzi is the sender's name. */
static bool introduced_as(struct walk *w, const char *name)
{
    struct founds founds;
    patterns_find_all(w->reader->patterns, w->arena, "intro", w->text, w->len, &founds);
    for (size_t i = 0; i < founds.n; i++) {
        if (str_starts_nocase(w->text + founds.at[i].at + founds.at[i].len, name)) {
            return true;
        }
    }
    return false;
}

static struct name swapped(const struct name *name)
{
    struct name other = *name;
    other.first = name->last;
    other.last = name->first;
    other.last_name_first = !name->last_name_first;
    return other;
}

/* "Ylvie Otto" was taken for a surname and a given name that is known. The mail's address ("ylvie.otto",
 * "y.otto"), the closing ("Ylvie"), or that Otto is a surname as well, tell that it stands as most people
 * write. */
static bool stands_first_last(struct walk *w, const struct name *name)
{
    const char *first = utf8_fold(w->arena, name->last), *last = utf8_fold(w->arena, name->first);
    const char *local = w->letter->from.address == NULL ? "" : utf8_fold(w->arena, w->letter->from.address);
    const char *at_first = strstr(local, first), *at_last = strstr(local, last);
    if (at_last == NULL) {
        const char *closing = str_trim(w->arena, w->own->closing);
        const char *line = strrchr(closing, '\n');
        return at_first == NULL &&
               (str_equal(utf8_fold(w->arena, line == NULL ? closing : line + 1), first) ||
                patterns_word(w->reader->patterns, "given_surnames", last));
    }
    size_t before = (size_t)(at_last - local);
    bool initial = before > 0 && before <= 2 && local[0] == first[0];
    bool alone =
        before == 0 && at_first == NULL && patterns_word(w->reader->patterns, "given_surnames", last);
    return initial || alone || (at_first != NULL && at_first < at_last);
}

bool person_display_name(struct walk *w, struct name *ret)
{
    const char *display = w->letter->from.name;
    if (display == NULL || strchr(display, '@') != NULL ||
        !name_parse(w->arena, w->reader->patterns, display, NAME_ORDER_ANY, ret)) {
        return false;
    }
    if (ret->words == 2 && ret->last_name_first && strchr(display, ',') == NULL &&
        stands_first_last(w, ret)) {
        *ret = swapped(ret);
    }
    if (ret->words == 1 && ret->last != NULL && !ret->honorific && introduced_as(w, ret->last)) {
        ret->first = ret->last;
        ret->last = NULL;
        return true;
    }
    /* "Kruse Hochbau", "Buchhaltung": a name is known, stands as "Müller, Petra", or is in the address. */
    const char *local = w->letter->from.address == NULL ? "" : utf8_fold(w->arena, w->letter->from.address);
    bool in_address = ret->last != NULL && ret->first != NULL &&
                      (strstr(local, utf8_fold(w->arena, ret->last)) != NULL ||
                       strstr(local, utf8_fold(w->arena, ret->first)) != NULL);
    bool in_text = strchr(display, ' ') != NULL && strstr(w->own->text, display) != NULL;
    if (!ret->given_known && !ret->honorific && !ret->family && strchr(display, ',') == NULL &&
        ret->initial == NULL && !in_address && !in_text) {
        return false;
    }
    return true;
}

/* "Gruß Marvin" of Marvin Szymanski, "Basti" of Sebastian Lampe: no list has every given name, nor what
 * friends make of it. A surname it is where the sender's name has it. */
static bool is_display_first(struct walk *w, const struct name *name)
{
    struct name display;
    return person_display_name(w, &display) && display.first != NULL && display.last != NULL &&
           strstr(utf8_fold(w->arena, display.last), utf8_fold(w->arena, name->last)) == NULL;
}

/* "auch von Petra, Bernd Kranz" by Bernd Kranz: the bytes before his name, which takes the place of the
 * other's. */
static size_t behind_comma(struct walk *w, const char *line, struct name *name)
{
    const char *comma = strrchr(line, ',');
    struct name behind, display;
    bool sender = comma != NULL && person_display_name(w, &display) && display.first != NULL &&
                  display.last != NULL &&
                  name_parse(w->arena, w->reader->patterns, comma + 1, NAME_ORDER_ANY, &behind) &&
                  behind.words > 1 && name_same(w->arena, &display, &behind);
    if (!sender) {
        return 0;
    }
    *name = behind;
    return (size_t)(comma + 1 - line) + strspn(comma + 1, " ");
}

/* With the sender's first and last name where it has them the other way round. */
static struct name as_sender(struct walk *w, const struct name *name)
{
    struct name display, other = swapped(name);
    bool turned = name->first != NULL && name->last != NULL && person_display_name(w, &display) &&
                  display.first != NULL && display.last != NULL && name_same(w->arena, &display, &other);
    return turned ? other : *name;
}

/* The writer's name: the closing's lines, then the display name. */
void person_name_writer(struct walk *w)
{
    const char *s = w->own->closing;
    struct name name;
    while (s != NULL && *s != '\0') {
        size_t len = strcspn(s, "\n");
        const char *line = arena_strndup(w->arena, s, len);
        size_t skip = 0; /* the greeting before the name: "Gruß Alfons", "lg lena" */
        while (line[skip] != '\0') {
            size_t word = strcspn(line + skip, " ,.!\t-–");
            const char *one = utf8_fold(w->arena, arena_strndup(w->arena, line + skip, word));
            if (word > 0 && !patterns_word(w->reader->patterns, "no_names", one)) {
                break;
            }
            skip += word + (line[skip + word] != '\0');
        }
        if (str_starts_nocase(line, "die ") || str_starts_nocase(line, "eure ")) {
            s += len + (s[len] == '\n'); /* "die Gerwins": nobody's name */
            continue;
        }
        bool greeting = s == w->own->closing; /* "Bis dahin", "Gruß Marvin": a name only if known */
        if (line[skip] != '\0' && strpbrk(line + skip, "0123456789@:|/") == NULL &&
            name_parse(w->arena, w->reader->patterns, line + skip, NAME_ORDER_ANY, &name) &&
            (name.given_known || (!greeting && name.words <= 3) ||
             (name.initial != NULL && name.last != NULL)) &&
            !name.family) { /* "Gruß M. Pohl" */
            if (name.words == 1 && name.first == NULL && name.last != NULL && !name.honorific &&
                is_display_first(w, &name)) {
                name.first = name.last;
                name.last = NULL;
            }
            skip += behind_comma(w, line + skip, &name);
            w->writer_name = as_sender(w, &name);
            w->writer_named = true;
            w->writer_evidence = (struct evidence){
                line + skip, "text",    w->closing_at + (size_t)(s - w->own->closing) + skip,
                len - skip,  "closing", "person.c"};
            return;
        }
        s += len + (s[len] == '\n');
    }
}

/* "bitte 1 platz …", and "kathrin" alone on the last line; of a whole name, one that stood before: another
 * may be whom the lines above are of. */
void person_name_by_last_line(struct walk *w)
{
    size_t end = w->len;
    while (end > 0 && strchr("\n .!", w->text[end - 1]) != NULL) {
        end--;
    }
    size_t at = str_line_begin(w->text, end);
    struct name name;
    const char *line = arena_strndup(w->arena, w->text + at, end - at);
    const char *first = strstr(w->text, line);
    if (at == 0 || strpbrk(line, "0123456789@:,?/") != NULL ||
        !name_parse(w->arena, w->reader->patterns, line, NAME_ORDER_ANY, &name) || !name.given_known ||
        (name.words > 1 && first == w->text + at)) {
        return;
    }
    w->writer_name = name;
    w->writer_named = true;
    w->writer_evidence = (struct evidence){line, "text", at, end - at, "closing", "person.c"};
}

/* "Weber Ludmila" by Ludmila Weber; "meine Tochter Ylvie Otto" by Karl Otto: the sender's name tells which is
 * which. */
static bool is_turned(const struct walk *w, const struct mention *m)
{
    const struct name *d = &w->display, *name = &m->name;
    if (!w->display_counts || d->last == NULL || name->first == NULL || name->last == NULL ||
        !str_equal_nocase(name->first, d->last)) {
        return false;
    }
    bool guessed = name->last_name_first && name->words == 2 && strchr(m->words, ',') == NULL;
    return guessed || (d->first != NULL && str_equal_nocase(name->last, d->first));
}

void person_turn_names(const struct walk *w, struct mentions *mentions)
{
    for (size_t i = 0; i < mentions->mention.n; i++) {
        struct mention *m = &mentions->mention.at[i];
        m->name = is_turned(w, m) ? swapped(&m->name) : m->name;
    }
}

/* A whole name that is not the candidate's. */
static bool is_somebody_else(struct walk *w, bool told, const struct name *name, int candidate)
{
    return told && name->words > 1 && name->last != NULL &&
           !name_same(w->arena, name, &w->all.at[candidate].name);
}

/* One has a birth date and no address, the other the address and no birth date. */
static bool complete_each_other(const struct candidate *a, const struct candidate *b)
{
    bool a_born = a->birth.year != 0, b_born = b->birth.year != 0;
    return a_born != b_born && a->has_address == b_born && b->has_address == a_born;
}

/* "Mathias Pohl, geb. 31.5.1978, privat wohne ich …" below a firm's or a nickname's sender: whose data stand
 * there alone, and in the writer's words, is the writer. */
void person_take_for_writer(struct walk *w)
{
    int one = NOBODY, named = 0;
    const struct candidate *me = w->writer == NOBODY ? NULL : &w->all.at[w->writer];
    for (size_t i = 0; i < w->all.n && me != NULL; i++) {
        const struct candidate *c = &w->all.at[i];
        bool whole = c->name.first != NULL && c->name.last != NULL && !c->is_kin && !c->somebody_else;
        named += !c->writer && (c->name.first != NULL || c->name.last != NULL || c->is_kin);
        one = whole && c != me && complete_each_other(c, me) ? (int)i : one;
    }
    if (one == NOBODY || named > 1 || is_somebody_else(w, w->writer_named, &w->writer_name, one) ||
        is_somebody_else(w, w->display_counts, &w->display, one)) {
        return;
    }
    struct candidate *c = &w->all.at[one];
    c->writer = true;
    if (c->has_address) {
        c->birth = me->birth;
        c->birth_at = me->birth_at;
        c->birth_points = me->birth_points;
        c->birth_evidence = me->birth_evidence;
    } else {
        c->has_address = true;
        c->address = me->address;
        c->address_source = me->address_source;
        c->address_at = me->address_at;
    }
    w->all.at[w->writer] = (struct candidate){.pair = NOBODY, .somebody_else = true};
    w->writer = one;
}

/* Text before closing before display name: each fills in what is not known yet. */
void person_complete_writer(struct walk *w)
{
    struct name display;
    int i = person_writer(w, w->len);
    struct candidate *c = &w->all.at[i];
    if (w->writer_named && (c->name.first == NULL || c->name.last == NULL)) {
        bool fits = (c->name.first == NULL && c->name.last == NULL) ||
                    name_same(w->arena, &c->name, &w->writer_name) ||
                    (c->name.first != NULL && w->writer_name.first == NULL);
        if (fits) {
            person_take_name(c, &w->writer_name, w->writer_evidence);
        }
    }
    if ((c->name.first != NULL && c->name.last != NULL) || !person_display_name(w, &display)) {
        return;
    }
    struct evidence e = {w->letter->from.name,         "display name", 0,
                         strlen(w->letter->from.name), "display name", "person.c"};
    bool nothing = c->name.first == NULL && c->name.last == NULL && c->name.initial == NULL;
    bool same_first =
        c->name.first != NULL && display.first != NULL &&
        name_same(w->arena, &(struct name){.first = c->name.first}, &(struct name){.first = display.first});
    bool initial =
        (c->name.first == NULL || display.first == NULL) && name_same(w->arena, &c->name, &display);
    if (nothing || same_first || initial || (display.family && c->name.first != NULL)) {
        if (same_first && c->first.pattern != NULL && str_equal(c->first.pattern, "closing") &&
            display.last != NULL) {
            c->name.first = NULL; /* "Gabi" below a mail of Gabriele Thiemann */
        }
        person_take_name(c, &display, e);
    }
}
