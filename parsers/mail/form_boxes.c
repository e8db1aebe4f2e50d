/* parsers/mail/form_boxes.c: which words belong to a box, line by line.
 *
 *     [x] KI im Alltag           the words behind a box
 *     KI im Alltag [x]           … or before it, where none stand behind the last one
 *     Newsletter: ( ) ja (x) nein    a question, and boxes for its answers, in its line or below it */
#include "parsers/mail/form_boxes.h"

#include "base/list.h"
#include "base/text.h"

#include <string.h>

enum { LABELS_LEAST = 2 }; /* lines "Wer? …" that make a form */

struct box {
    size_t at, len;
    bool ticked;
};

struct boxes {
    LIST(struct box)
    list; /* in order of place */
};

/* One line with boxes. */
struct box_line {
    size_t at, end;
    const struct box *box;
    size_t n;
    bool behind; /* the words stand before their boxes */
    size_t question_end;
};

struct form {
    struct arena *arena;
    const struct patterns *patterns;
    char *text;
    size_t question_at, question_end; /* the last line without boxes */
};

static void blank(struct form *f, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        f->text[i] = f->text[i] == '\n' ? '\n' : ' ';
    }
}

static void find_boxes(struct arena *arena, const struct patterns *patterns, const char *text,
                       struct boxes *ret)
{
    struct founds founds = {0};
    patterns_find_all(patterns, arena, "box", text, strlen(text), &founds);
    for (size_t i = 0; i < founds.n; i++) {
        *LIST_ADD(arena, &ret->list) = (struct box){.at = founds.at[i].at,
                                                    .len = founds.at[i].len,
                                                    .ticked = str_equal(founds.at[i].pattern, "box.ticked")};
    }
}

static bool says(const struct form *f, const char *pattern, size_t from, size_t to)
{
    struct found found;
    return from < to && patterns_find(f->patterns, f->arena, pattern, f->text + from, to - from, 0, &found);
}

/* Nothing but blanks and the marks of a list. */
static bool is_bare(const struct form *f, size_t from, size_t to)
{
    return from + strspn(f->text + from, " \t-*0123456789.)|") >= to;
}

/* Behind the last ":" or "?" before the first box, else where the line begins. */
static size_t question_end(const struct form *f, const struct box_line *line)
{
    for (size_t i = line->box[0].at; i > line->at; i--) {
        if (f->text[i - 1] == ':' || f->text[i - 1] == '?') {
            return i;
        }
    }
    return line->at;
}

/* The words of the i-th box. */
static void option(const struct box_line *line, size_t i, size_t *ret_from, size_t *ret_to)
{
    const struct box *box = &line->box[i];
    if (line->behind) {
        *ret_from = i == 0 ? line->question_end : line->box[i - 1].at + line->box[i - 1].len;
        *ret_to = box->at;
    } else {
        *ret_from = box->at + box->len;
        *ret_to = i + 1 < line->n ? line->box[i + 1].at : line->end;
    }
}

/* Open boxes with their words become blank, and a question to which nothing but no was ticked. */
static void fill_line(struct form *f, struct box_line *line)
{
    const struct box *last = &line->box[line->n - 1];
    line->question_end = question_end(f, line);
    line->behind =
        !is_bare(f, line->question_end, line->box[0].at) && is_bare(f, last->at + last->len, line->end);
    bool answers = true, taken = false;
    for (size_t i = 0; i < line->n; i++) {
        size_t from, to;
        option(line, i, &from, &to);
        bool no = says(f, "box_no", from, to);
        answers = answers && (no || says(f, "box_yes", from, to));
        taken = taken || (line->box[i].ticked && !no);
        if (!line->box[i].ticked || no) {
            blank(f, line->behind ? from : line->box[i].at,
                  line->behind ? line->box[i].at + line->box[i].len : to);
        }
    }
    if (!taken && !is_bare(f, line->at, line->box[0].at)) {
        blank(f, line->at, line->box[0].at);
    } else if (!taken && answers) {
        blank(f, f->question_at, f->question_end);
    }
}

static void fill(struct form *f, const struct boxes *boxes)
{
    size_t b = 0;
    for (size_t at = 0; f->text[at] != '\0' && b < boxes->list.n;) {
        struct box_line line = {.at = at, .end = at + strcspn(f->text + at, "\n"), .box = &boxes->list.at[b]};
        while (b < boxes->list.n && boxes->list.at[b].at < line.end) {
            b++;
            line.n++;
        }
        if (line.n > 0) {
            fill_line(f, &line);
        } else if (!is_bare(f, line.at, line.end)) {
            f->question_at = line.at;
            f->question_end = line.end;
        }
        at = line.end + (f->text[line.end] == '\n');
    }
}

/* Lines of that kind become labels, where there are several: one "Wer? …" is a question. */
static void make_labels(struct form *f, const char *pattern)
{
    struct founds founds = {0};
    patterns_find_all(f->patterns, f->arena, pattern, f->text, strlen(f->text), &founds);
    for (size_t i = 0; i < founds.n && founds.n >= LABELS_LEAST; i++) {
        f->text[founds.at[i].at] = ':';
    }
}

/* No blanks at the ends of lines, single ones inside; those taken out stand at the end of the text. */
static void squeeze(char *text)
{
    char *to = text;
    const char *from = text;
    for (; *from != '\0'; from++) {
        bool blank = *from == ' ' || *from == '\t';
        bool edge = to == text || to[-1] == '\n' || to[-1] == ' ' || from[1] == '\n' || from[1] == '\0';
        if (!blank || !edge) {
            *to++ = *from;
        }
        if (*from == '\n' && to - text > 1 && to[-2] == ' ') {
            to[-2] = '\n';
            to--;
        }
    }
    memset(to, ' ', (size_t)(from - to));
}

/* "plz": "58636", "ort": … become lines of labels without marks. */
static void take_quotes(struct form *f)
{
    struct founds founds = {0};
    patterns_find_all(f->patterns, f->arena, "form_quoted", f->text, strlen(f->text), &founds);
    for (size_t i = 0; i < founds.n && founds.n >= LABELS_LEAST; i++) {
        size_t at = founds.at[i].at, end = at + founds.at[i].len, key = at + 1;
        key += strcspn(f->text + key, "\"'");
        f->text[key + strcspn(f->text + key, ":=")] = ' ';
        for (size_t k = at; k < end; k++) {
            bool last = f->text[k] == ',' && k + 1 == end;
            f->text[k] = last ? '\n' : f->text[k] == '"' || f->text[k] == '\'' ? ' ' : f->text[k];
        }
        f->text[key] = ':';
    }
    for (char *s = f->text; founds.n >= LABELS_LEAST && *(s += strcspn(s, "{}[]\"")) != '\0'; s++) {
        *s = *s == '{' ? '\n' : ' ';
    }
    if (founds.n >= LABELS_LEAST) {
        squeeze(f->text);
    }
}

const char *form_filled(struct arena *arena, const struct patterns *patterns, const char *text)
{
    size_t len = strlen(text);
    struct form f = {.arena = arena, .patterns = patterns, .text = arena_strndup(arena, text, len)};
    struct boxes boxes = {0};
    struct founds refused = {0};
    find_boxes(arena, patterns, text, &boxes);
    patterns_find_all(patterns, arena, "form_no", text, len, &refused);
    fill(&f, &boxes);
    for (size_t i = 0; i < refused.n; i++) {
        blank(&f, refused.at[i].at, refused.at[i].at + refused.at[i].len);
    }
    make_labels(&f, "form_question");
    make_labels(&f, "form_bare");
    take_quotes(&f);
    return f.text;
}
