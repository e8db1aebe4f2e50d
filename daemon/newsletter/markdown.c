#include "daemon/newsletter/markdown_parts.h"

#include <stdlib.h>
#include <string.h>

bool markdown_parse(const char *source, struct markdown **ret, struct error *err)
{
    static const char *const extensions[] = {"table", "autolink", "strikethrough"};
    size_t len = strlen(source);
    if (len > MARKDOWN_MAX) {
        return fail(err, "der Text ist länger als %d Bytes", MARKDOWN_MAX);
    }
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_VALIDATE_UTF8);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(extensions[i]));
    }
    cmark_parser_feed(parser, source, len);
    struct markdown *markdown = calloc(1, sizeof *markdown);
    if (markdown == NULL) {
        cmark_parser_free(parser);
        return fail(err, "out of memory");
    }
    markdown->root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    *ret = markdown;
    return true;
}

void markdown_free(struct markdown *markdown)
{
    if (markdown != NULL) {
        cmark_node_free(markdown->root);
        free(markdown);
    }
}

bool markdown_is(cmark_node *node, const char *type)
{
    return node != NULL && str_equal(cmark_node_get_type_string(node), type);
}

char *markdown_words(struct arena *arena, cmark_node *node)
{
    struct text words = text_new(arena, MARKDOWN_MAX);
    cmark_iter *iter = cmark_iter_new(node);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *at = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(at);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
            text_add(&words, cmark_node_get_literal(at));
        } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
            text_addc(&words, ' ');
        }
    }
    cmark_iter_free(iter);
    return words.s;
}

const char *markdown_safe_url(cmark_node *link)
{
    const char *url = cmark_node_get_url(link);
    bool safe = url != NULL && (str_starts_nocase(url, "https://") || str_starts_nocase(url, "http://") ||
                                str_starts_nocase(url, "mailto:"));
    return safe ? url : "";
}

void markdown_links(struct arena *arena, const struct markdown *markdown, struct markdown_links *ret)
{
    struct markdown_links links = {0};
    cmark_iter *iter = cmark_iter_new(markdown->root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        bool picture = type == CMARK_NODE_IMAGE;
        if (event == CMARK_EVENT_ENTER && (picture || type == CMARK_NODE_LINK)) {
            *LIST_ADD(arena, &links.link) =
                (struct markdown_link){arena_strdup(arena, cmark_node_get_url(node)),
                                       str_trim(arena, markdown_words(arena, node)), picture};
        } else if ((type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) &&
                   links.raw_html == NULL) {
            links.raw_html = arena_strdup(arena, cmark_node_get_literal(node));
        }
    }
    cmark_iter_free(iter);
    *ret = links;
}
