#include "daemon/newsletter/issue_check.h"

#include "base/text.h"
#include "daemon/newsletter/issue_picture.h"
#include "daemon/newsletter/markdown.h"
#include "daemon/post/template.h"

#include <stdio.h>
#include <string.h>

enum { UNKNOWN_MAX = 20 };

static void find(struct arena *arena, struct issue_findings *findings, const char *sentence)
{
    *LIST_ADD(arena, &findings->line) = sentence;
}

/* "event.CODE" is put where it is looked for, so that the next unknown name is found. */
static void make_known(struct arena *arena, json_t *sample, const char *name)
{
    json_t *at = sample;
    for (const char *dot; (dot = strchr(name, '.')) != NULL; name = dot + 1) {
        const char *part = arena_strndup(arena, name, (size_t)(dot - name));
        if (!json_is_object(json_object_get(at, part))) {
            json_object_set_new(at, part, json_object());
        }
        at = json_object_get(at, part);
    }
    json_object_set_new(at, name, json_string("x"));
}

static void tell_unknown(struct arena *arena, struct issue_findings *findings, const char *line,
                         const char *name)
{
    static const char events[] = "event.";
    const char *code = str_starts(name, events) ? name + strlen(events) : NULL;
    find(arena, findings,
         code != NULL
             ? arena_printf(arena,
                            "Zeile %s: die Veranstaltung „%s“ gibt es nicht, oder sie ist vorbei oder "
                            "abgesagt",
                            line, code)
             : arena_printf(arena, "Zeile %s: „{{%s}}“ ist hier unbekannt", line, name));
}

/* True when Mustache finds everything it is asked for. */
static bool names_are_known(struct arena *arena, const struct issue_making *making,
                            const struct issue_file *file, struct issue_findings *findings, bool *ret,
                            struct error *err)
{
    static const struct template_options options = {.escape = TEMPLATE_TEXT};
    static const char unknown[] = ": unknown name: ";
    const struct template *template;
    struct error why = {""};
    json_t *sample = issue_sample(arena, making, file, err);
    if (sample == NULL) {
        return false;
    }
    bool parsed =
        template_parse(arena, "Zeile", file->body, strlen(file->body), file->body_line, &template, &why);
    *ret = false;
    for (int i = 0; i < UNKNOWN_MAX && parsed; i++) {
        if (template_check(arena, template, sample, &options, &why)) {
            *ret = i == 0;
            json_decref(sample);
            return true;
        }
        const char *at = strstr(why.what, unknown), *colon = strchr(why.what, ':');
        if (at == NULL || colon == NULL || colon >= at) {
            break;
        }
        const char *name = arena_strdup(arena, at + strlen(unknown));
        tell_unknown(arena, findings, arena_strndup(arena, colon + 1, (size_t)(at - colon - 1)), name);
        make_known(arena, sample, name);
    }
    find(arena, findings, arena_strdup(arena, why.what));
    json_decref(sample);
    return true;
}

static void check_link(struct arena *arena, const struct markdown_link *link, struct issue_findings *findings)
{
    const char *url = link->url;
    if (str_starts_nocase(url, "http://")) {
        find(arena, findings, arena_printf(arena, "Link „%s“ ohne https: %s", link->words, url));
    } else if (!str_starts_nocase(url, "https://") && !str_starts_nocase(url, "mailto:")) {
        find(arena, findings,
             arena_printf(arena,
                          "Link „%s“ führt nirgendwohin: „%s“; richtig wäre etwa https://www.example.org",
                          link->words, url));
    }
}

static void check_picture(struct arena *arena, const struct markdown_link *link,
                          const struct issue_picture *picture, struct issue_findings *findings)
{
    int width, height;
    if (link->words[0] == '\0') {
        find(arena, findings,
             arena_printf(arena,
                          "Bild „%s“ ohne Beschreibung für Menschen, die es nicht sehen: ![Beschreibung](%s)",
                          link->url, link->url));
    }
    if (picture == NULL || !issue_picture_size(picture, &width, &height)) {
        find(arena, findings,
             arena_printf(arena, "Bild „%s“ ist keine Datei neben dem Text, oder weder PNG, JPEG noch GIF",
                          link->url));
    }
}

static void check_links(struct arena *arena, const struct markdown_links *links,
                        const struct issue_pictures *pictures, struct issue_findings *findings)
{
    size_t picture = 0;
    if (links->raw_html != NULL) {
        find(arena, findings, arena_printf(arena, "HTML ist im Text nicht erlaubt: %.60s", links->raw_html));
    }
    for (size_t i = 0; i < links->link.n; i++) {
        const struct markdown_link *link = &links->link.at[i];
        if (!link->picture) {
            check_link(arena, link, findings);
        } else {
            bool there = picture < pictures->picture.n;
            check_picture(arena, link, there ? &pictures->picture.at[picture] : NULL, findings);
            picture++;
        }
    }
}

static bool links_of(struct arena *arena, const char *source, struct markdown_links *ret, struct error *err)
{
    struct markdown *markdown;
    if (!markdown_parse(source, &markdown, err)) {
        return false;
    }
    markdown_links(arena, markdown, ret);
    markdown_free(markdown);
    return true;
}

static bool check_words(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                        const struct issue_pictures *pictures, struct issue_findings *findings,
                        struct error *err)
{
    char *source;
    struct markdown_links links;
    struct issue_words words;
    if (!issue_markdown(arena, making, file, &source, err) || !links_of(arena, source, &links, err)) {
        return false;
    }
    check_links(arena, &links, pictures, findings);
    if (strstr(source, HOLE_SUBSCRIBER) == NULL) {
        find(arena, findings, "Es steht nirgends, wie man sich abmeldet: [Abmelden]({{unsubscribe}})");
    }
    if (links.raw_html != NULL) {
        return true;
    }
    if (!issue_words(arena, making, file, pictures, &words, err)) {
        return false;
    }
    size_t size = strlen(words.html);
    if (size > ISSUE_WARN_BYTES) {
        find(arena, findings,
             arena_printf(arena, "Die Ausgabe ist mit %zu KB zu lang: Gmail schneidet bei 100 KB ab",
                          size / 1024));
    }
    return true;
}

static void check_gaps(struct arena *arena, const struct issue_file *file, struct issue_findings *findings)
{
    int line = file->body_line;
    if (strstr(file->subject, ISSUE_GAP) != NULL || strstr(file->preview, ISSUE_GAP) != NULL) {
        find(arena, findings, "Im Kopf steht noch „" ISSUE_GAP "“: bitte ausfüllen");
    }
    for (const char *from = file->body, *gap; (gap = strstr(from, ISSUE_GAP)) != NULL; from = gap + 1) {
        for (const char *c = from; c < gap; c++) {
            line += *c == '\n';
        }
        find(arena, findings,
             arena_printf(arena, "Zeile %d: hier steht noch „" ISSUE_GAP "“: bitte ausfüllen", line));
    }
}

bool issue_check(struct arena *arena, const struct issue_making *making, const struct issue_file *file,
                 const struct issue_pictures *pictures, struct issue_findings *ret, struct error *err)
{
    struct issue_findings findings = {0};
    bool known;
    if (file->subject[0] == '\0') {
        find(arena, &findings, "Der Betreff fehlt: In die erste Zeile gehört „Betreff: …“");
    }
    check_gaps(arena, file, &findings);
    if (!names_are_known(arena, making, file, &findings, &known, err) ||
        (known && !check_words(arena, making, file, pictures, &findings, err))) {
        return false;
    }
    *ret = findings;
    return true;
}

bool issue_picture_names(struct arena *arena, const struct issue_making *making,
                         const struct issue_file *file, struct issue_names *ret, struct error *err)
{
    char *source;
    struct markdown_links links;
    struct issue_names names = {0};
    if (!issue_markdown(arena, making, file, &source, err) || !links_of(arena, source, &links, err)) {
        return false;
    }
    for (size_t i = 0; i < links.link.n; i++) {
        if (links.link.at[i].picture) {
            *LIST_ADD(arena, &names.name) = links.link.at[i].url;
        }
    }
    *ret = names;
    return true;
}
