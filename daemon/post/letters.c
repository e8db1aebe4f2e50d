/* daemon/post/letters.c: loads the letters, checks them, and puts one together. */
#include "daemon/post/letters.h"

#include "base/file.h"
#include "base/text.h"
#include "daemon/post/letter_data.h"
#include "daemon/post/template.h"
#include "daemon/post/template_folder.h"

#include <string.h>

enum { LANGUAGES = 2, SECTIONS_MAX = 10 };
static const char *const languages[LANGUAGES] = {"de", "en"};

/* One file: header lines and text. */
struct letter_file {
    const struct template *subject; /* NULL: the frame, which has none */
    const struct template *text;
    bool acknowledgement;
};

struct language {
    const char *name;
    struct template_folder partials;
    struct letter_file frame;
    struct letter_file *kind; /* letter_kinds_n, in their order */
};

struct templates {
    struct language language[LANGUAGES];
    struct letter_shape frame, lab;
    struct letter_shape *kind; /* letter_kinds_n, in their order */
};

/* The frame's names, in the way of letter_kinds.c; "text" is what a section became. `unasked`: no
 * mail of theirs prompted this letter; `staff`: it goes to our own people. */
static const struct letter_kind frame_kind = {
    "frame", "greeting_name subject",
    "{\"greeting_name\": \"Petra Müller\", \"unasked\": false, \"staff\": false,"
    " \"subject\": \"Re: Anmeldung\", \"sections\": [{\"text\": \"…\"}]}"};

/* What frame and sections know of the lab, as "lab". */
static const struct letter_kind lab_kind = {
    "lab", "street city phone hours web privacy_text privacy_url",
    "{\"name\": \"Stadtlabor Iserlohn\", \"street\": \"Nordengraben 10\", \"city\": \"58636 Iserlohn\","
    " \"phone\": \"02371/217-2424\", \"hours\": \"Montag bis Freitag 10–16 Uhr\","
    " \"web\": \"https://www.example.org\", \"privacy_text\": \"Wir geben nichts weiter.\","
    " \"privacy_url\": \"https://www.example.org/datenschutz\"}"};

static json_t *sample_of(const struct letter_kind *kind)
{
    return json_loads(kind->sample, 0, NULL);
}

static bool read_shapes(struct arena *arena, struct templates *templates, struct error *err)
{
    templates->kind = arena_alloc(arena, letter_kinds_n * sizeof *templates->kind);
    bool done = letter_shape_read(arena, &frame_kind, &templates->frame, err) &&
                letter_shape_read(arena, &lab_kind, &templates->lab, err);
    for (size_t i = 0; done && i < letter_kinds_n; i++) {
        done = letter_shape_read(arena, &letter_kinds[i], &templates->kind[i], err);
    }
    return done;
}

static struct template_options options_of(const struct language *language, bool strict)
{
    return (struct template_options){.escape = TEMPLATE_TEXT,
                                     .find = template_folder_find,
                                     .find_context = (void *)&language->partials,
                                     .strict = strict};
}

/* "Name: value" lines up to the first empty one; what follows is the text. */
static bool parse_header(struct arena *arena, const char *path, const char *line, int number,
                         struct letter_file *file, struct error *err)
{
    static const char subject[] = "Subject:", acknowledgement[] = "Acknowledgement:";
    if (str_starts(line, subject) && file->subject == NULL) {
        const char *value = str_trim(arena, line + strlen(subject));
        return template_parse(arena, path, value, strlen(value), number, &file->subject, err);
    }
    if (str_starts(line, acknowledgement)) {
        const char *value = str_trim(arena, line + strlen(acknowledgement));
        file->acknowledgement = str_equal(value, "yes");
        return file->acknowledgement || str_equal(value, "no") ||
               fail(err, "%s:%d: \"Acknowledgement:\" is followed by yes or no", path, number);
    }
    return fail(err,
                "%s:%d: a header line \"Subject: …\" or \"Acknowledgement: yes\" is wanted here, once, "
                "then an empty line",
                path, number);
}

static bool load_file(struct arena *arena, const char *path, bool with_subject, struct letter_file *ret,
                      struct error *err)
{
    char *bytes;
    size_t len;
    if (!file_read(arena, path, TEMPLATE_MAX, &bytes, &len, err)) {
        return false;
    }
    if (strlen(bytes) != len) {
        return fail(err, "%s: a NUL byte stands in it", path);
    }
    struct letter_file file = {0};
    int number = 1;
    const char *at = bytes;
    while (with_subject && *at != '\0' && *at != '\n' && *at != '\r') {
        size_t line = strcspn(at, "\n");
        if (!parse_header(arena, path, arena_strndup(arena, at, line), number, &file, err)) {
            return false;
        }
        at += line + (at[line] == '\n');
        number++;
    }
    if (with_subject && file.subject == NULL) {
        return fail(err, "%s:%d: the header line \"Subject: …\" is missing", path, number);
    }
    if (!template_parse(arena, path, at, strlen(at), number, &file.text, err)) {
        return false;
    }
    *ret = file;
    return true;
}

static bool load_language(struct arena *arena, const char *folder, struct language *language,
                          struct error *err)
{
    const char *own = arena_printf(arena, "%s/%s", folder, language->name);
    language->partials =
        (struct template_folder){.arena = arena, .folder = own, .prefix = "_", .suffix = ".txt"};
    language->kind = arena_alloc(arena, letter_kinds_n * sizeof *language->kind);
    bool done = load_file(arena, arena_printf(arena, "%s/frame.txt", own), false, &language->frame, err);
    for (size_t i = 0; done && i < letter_kinds_n; i++) {
        const char *path = arena_printf(arena, "%s/%s.txt", own, letter_kinds[i].name);
        done = load_file(arena, path, true, &language->kind[i], err);
    }
    return done;
}

static const struct letter_kind *kind_named(const char *name)
{
    for (size_t i = 0; name != NULL && i < letter_kinds_n; i++) {
        if (str_equal(letter_kinds[i].name, name)) {
            return &letter_kinds[i];
        }
    }
    return NULL;
}

/* Every tag of a letter over its sample, in both its subject and its text. */
static bool check_kind(struct arena *arena, const struct templates *templates,
                       const struct language *language, size_t at, const json_t *lab, struct error *err)
{
    const struct letter_file *file = &language->kind[at];
    struct template_options options = options_of(language, true);
    json_t *sample = sample_of(&letter_kinds[at]);
    bool done = letter_data_check(sample, &templates->kind[at], err);
    letter_data_derive(arena, sample, "", language->name);
    json_object_set_new(sample, "also", json_false());
    json_object_set(sample, "lab", (json_t *)lab);
    done = done && template_check(arena, file->subject, sample, &options, err) &&
           template_check(arena, file->text, sample, &options, err);
    json_decref(sample);
    return done;
}

static bool check_language(struct arena *arena, const struct templates *templates,
                           const struct language *language, struct error *err)
{
    json_t *frame = sample_of(&frame_kind), *lab = sample_of(&lab_kind);
    json_object_set(frame, "lab", lab);
    struct template_options options = options_of(language, true);
    bool done = template_check(arena, language->frame.text, frame, &options, err);
    for (size_t i = 0; done && i < letter_kinds_n; i++) {
        done = check_kind(arena, templates, language, i, lab, err);
    }
    json_decref(lab);
    json_decref(frame);
    return done;
}

bool templates_load(struct arena *arena, const char *folder, const struct templates **ret, struct error *err)
{
    struct templates *templates = ARENA_NEW(arena, struct templates);
    struct arena *scratch = arena_new();
    bool done = read_shapes(arena, templates, err);
    for (size_t i = 0; done && i < LANGUAGES; i++) {
        struct language *language = &templates->language[i];
        language->name = languages[i];
        done =
            load_language(arena, folder, language, err) && check_language(scratch, templates, language, err);
    }
    arena_free(scratch);
    if (done) {
        *ret = templates;
    }
    return done;
}

bool templates_check(const char *folder, struct error *err)
{
    struct arena *arena = arena_new();
    const struct templates *templates;
    struct rendered rendered;
    bool done = templates_load(arena, folder, &templates, err);
    for (size_t i = 0; done && i < LANGUAGES * letter_kinds_n; i++) {
        const char *kind = letter_kinds[i / LANGUAGES].name;
        done = letter_sample(arena, templates, languages[i % LANGUAGES], kind, &rendered, err);
    }
    arena_free(arena);
    return done;
}

static const struct language *choose_language(const struct templates *templates, const char *name)
{
    return &templates->language[name != NULL && strcmp(name, "en") == 0 ? 1 : 0];
}

/* No blanks at line ends, at most one empty line in a row, none at the ends. */
static const char *tidy_text(struct arena *arena, const char *s)
{
    struct text out = text_new(arena, TEMPLATE_OUTPUT_MAX);
    bool gap = false;
    while (*s != '\0') {
        size_t line = strcspn(s, "\n"), len = line;
        while (len > 0 && strchr(" \t\r", s[len - 1]) != NULL) {
            len--;
        }
        if (len > 0) {
            text_add(&out, gap && out.len > 0 ? "\n" : "");
            text_addn(&out, s, len);
            text_addc(&out, '\n');
        }
        gap = len == 0;
        s += line + (s[line] == '\n');
    }
    return out.s;
}

/* What one letter is being made of. */
struct writing {
    struct arena *arena;
    const struct templates *templates;
    const struct language *language;
    json_t *frame;    /* the frame's data, a copy of the caller's; the sections become text in it */
    json_t *lab;      /* copied, with null for what is not known */
    json_t *sections; /* the sections, copied and tidied */
    const char *greeting_name;
    const char *subject;
    bool acknowledgement;
    struct error *err;
};

/* Names that come out of a mail stand in a letter that goes to whoever is in its From: no links. */
static bool check_names(const json_t *persons, struct error *err)
{
    for (size_t i = 0; i < json_array_size(persons); i++) {
        const char *name = json_string_value(json_object_get(json_array_get(persons, i), "name"));
        if (name != NULL && letter_is_tempting(name)) {
            return fail(err, "a link or an address stands where a person's name belongs");
        }
    }
    return true;
}

/* Checks one section, makes it ready, and prints it. */
static bool write_section(struct writing *w, json_t *section, struct error *err)
{
    const struct letter_kind *kind = kind_named(json_string_value(json_object_get(section, "kind")));
    if (kind == NULL) {
        return fail(err, "there is no letter of this kind");
    }
    json_object_del(section, "kind");
    if (!letter_data_check(section, &w->templates->kind[kind - letter_kinds], err) ||
        !check_names(json_object_get(section, "persons"), err) ||
        !check_names(json_object_get(section, "refused"), err)) {
        return fail_within(err, "letter %s", kind->name);
    }
    letter_data_derive(w->arena, section, w->greeting_name, w->language->name);
    json_object_set_new(section, "also", json_boolean(json_array_size(w->sections) > 1));
    json_object_set(section, "lab", w->lab);
    const struct letter_file *file = &w->language->kind[kind - letter_kinds];
    struct template_options options = options_of(w->language, true);
    char *subject, *text;
    size_t subject_len, text_len;
    if (!template_render(w->arena, file->subject, section, &options, &subject, &subject_len, err) ||
        !template_render(w->arena, file->text, section, &options, &text, &text_len, err)) {
        return false;
    }
    if (w->subject == NULL) {
        w->subject = letter_one_line(w->arena, subject, LETTER_SUBJECT_MAX);
    }
    w->acknowledgement = w->acknowledgement && file->acknowledgement;
    json_object_clear(section);
    json_object_set_new(section, "text", json_string(tidy_text(w->arena, text)));
    return true;
}

static bool write_sections(struct writing *w)
{
    size_t n = json_array_size(w->sections);
    if (n == 0 || n > SECTIONS_MAX) {
        return fail(w->err, "a letter has 1 to %d sections, not %zu", SECTIONS_MAX, n);
    }
    for (size_t i = 0; i < n; i++) {
        if (!write_section(w, json_array_get(w->sections, i), w->err)) {
            return false;
        }
    }
    return true;
}

/* The caller's data, copied and tidied; a name or subject that tempts is left out. */
static bool prepare(struct writing *w)
{
    json_object_del(w->frame, "language");
    json_object_del(w->frame, "lab");
    letter_data_tidy(w->arena, w->frame);
    for (const char *const *name = (const char *const[]){"greeting_name", "subject", NULL}; *name; name++) {
        const char *value = json_string_value(json_object_get(w->frame, *name));
        if (value != NULL && letter_is_tempting(value)) {
            json_object_del(w->frame, *name);
        }
    }
    w->sections = json_object_get(w->frame, "sections");
    w->greeting_name = json_string_value(json_object_get(w->frame, "greeting_name"));
    const char *subject = json_string_value(json_object_get(w->frame, "subject"));
    if (subject != NULL && subject[0] != '\0') {
        w->subject = letter_one_line(w->arena, subject, LETTER_SUBJECT_MAX);
    }
    if (!json_is_object(w->lab)) {
        return fail(w->err, "letter: missing: lab");
    }
    return letter_data_check(w->lab, &w->templates->lab, w->err) || fail_within(w->err, "lab");
}

static bool write_frame(struct writing *w, struct rendered *ret)
{
    if (!letter_data_check(w->frame, &w->templates->frame, w->err)) {
        return fail_within(w->err, "letter");
    }
    json_object_set(w->frame, "lab", w->lab);
    struct template_options options = options_of(w->language, true);
    char *text;
    size_t len;
    if (!template_render(w->arena, w->language->frame.text, w->frame, &options, &text, &len, w->err)) {
        return false;
    }
    *ret = (struct rendered){.subject = w->subject,
                             .text = tidy_text(w->arena, text),
                             .addressee =
                                 w->greeting_name == NULL ? NULL : arena_strdup(w->arena, w->greeting_name),
                             .acknowledgement = w->acknowledgement};
    return true;
}

bool letter_render(struct arena *arena, const struct templates *templates, const char *language,
                   const json_t *data, struct rendered *ret, struct error *err)
{
    struct writing w = {.arena = arena,
                        .templates = templates,
                        .language = choose_language(templates, language),
                        .acknowledgement = true,
                        .err = err};
    w.frame = json_deep_copy(data);
    w.lab = json_deep_copy(json_object_get(data, "lab"));
    bool done = json_is_object(w.frame) || fail(err, "a letter's data is a JSON object");
    done = done && prepare(&w) && write_sections(&w) && write_frame(&w, ret);
    json_decref(w.lab);
    json_decref(w.frame);
    return done;
}

bool letter_sample(struct arena *arena, const struct templates *templates, const char *language,
                   const char *kind_name, struct rendered *ret, struct error *err)
{
    const struct letter_kind *kind = kind_named(kind_name);
    if (kind == NULL) {
        return fail(err, "there is no letter of the kind \"%s\"", kind_name);
    }
    json_t *section = sample_of(kind), *data = sample_of(&frame_kind);
    json_object_set_new(section, "kind", json_string(kind->name));
    json_object_del(data, "subject");
    json_object_set_new(data, "lab", sample_of(&lab_kind));
    json_object_set_new(data, "sections", json_pack("[o]", section));
    bool done = letter_render(arena, templates, language, data, ret, err);
    json_decref(data);
    return done;
}
