#include "parsers/mail/html_text.h"

#include "parsers/mail/html_layout.h"
#include "parsers/mail/html_tag.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <strings.h>

/* An element that is open. */
struct element {
    unsigned tag;
    size_t link_at;   /* TAG_LINK: where its words begin in `out` */
    const char *href; /* the address of a mailto: link */
};

struct page {
    struct arena *arena;
    htmlParserCtxtPtr parser;
    struct html_layout layout;
    struct element open[HTML_DEPTH_MAX];
    size_t depth;
    int skip; /* open elements that nobody reads */
    int errors;
    bool gave_up; /* the rest is read without structure */
};

static void on_characters(void *data, const xmlChar *s, int len)
{
    struct page *page = data;
    if (page->skip == 0 && len > 0) {
        html_layout_put(&page->layout, (const char *)s, (const char *)s + len);
    }
    if (page->layout.out.overflow) {
        xmlStopParser(page->parser);
    }
}

static void on_start(void *data, const xmlChar *name, const xmlChar **attributes)
{
    struct page *page = data;
    if (page->depth == HTML_DEPTH_MAX) {
        page->gave_up = true;
        xmlStopParser(page->parser);
        return;
    }
    struct element *element = &page->open[page->depth++];
    const char *const *said = (const char *const *)attributes;
    unsigned tag = html_tag((const char *)name, said);
    *element = (struct element){.tag = tag};
    page->skip += (tag & TAG_SKIP) != 0;
    if (page->skip > 0) {
        element->tag &= TAG_SKIP;
        return;
    }
    html_layout_begin(&page->layout, tag);
    const char *href = (tag & TAG_LINK) != 0 ? html_attribute(said, "href") : NULL;
    if (href != NULL && strncasecmp(href, "mailto:", 7) == 0) {
        element->href = arena_strndup(page->arena, href + 7, strcspn(href + 7, "?"));
        element->link_at = page->layout.out.len;
    }
}

static void end_link(struct page *page, const struct element *element)
{
    if (element->href == NULL || *element->href == '\0' ||
        strcasestr(page->layout.out.s + element->link_at, element->href) != NULL) {
        return;
    }
    char *address = arena_printf(page->arena, " <%s>", element->href);
    html_layout_put(&page->layout, address, address + strlen(address));
}

static void on_end(void *data, const xmlChar *name)
{
    (void)name; /* libxml2 closes in order */
    struct page *page = data;
    if (page->depth == 0) {
        return;
    }
    const struct element *element = &page->open[--page->depth];
    unsigned tag = element->tag;
    page->skip -= (tag & TAG_SKIP) != 0;
    if (page->skip > 0 || (tag & TAG_SKIP) != 0) {
        return;
    }
    end_link(page, element);
    html_layout_end(&page->layout, tag);
}

static void on_error(void *data, xmlErrorPtr error)
{
    (void)error; /* HTML in mails is never right */
    struct page *page = data;
    if (++page->errors > HTML_ERRORS_MAX) {
        page->gave_up = true;
        xmlStopParser(page->parser);
    }
}

/* For what is nested too deep or no HTML at all: the words, each tag a blank. */
static void put_without_tags(struct page *page, const char *s, const char *end)
{
    static const char blank[] = " ";
    page->layout.pre = 0;
    while (s < end) {
        const char *tag = memchr(s, '<', (size_t)(end - s));
        html_layout_put(&page->layout, s, tag == NULL ? end : tag);
        const char *close = tag == NULL ? NULL : memchr(tag, '>', (size_t)(end - tag));
        if (close == NULL) {
            return;
        }
        s = close + 1;
        html_layout_put(&page->layout, blank, blank + 1);
    }
}

char *html_text(struct arena *arena, const char *html, size_t len, size_t most)
{
    struct page page = {.arena = arena, .layout.out = text_new(arena, most)};
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (parser == NULL || len > INT32_MAX / 2) {
        htmlFreeParserCtxt(parser);
        return page.layout.out.s;
    }
    page.parser = parser;
    memset(parser->sax, 0, sizeof *parser->sax);
    parser->sax->initialized = XML_SAX2_MAGIC; /* else `serror` is not called */
    parser->sax->serror = on_error;
    parser->sax->startElement = on_start;
    parser->sax->endElement = on_end;
    parser->sax->characters = on_characters;
    parser->sax->ignorableWhitespace = on_characters;
    parser->userData = &page;
    /* Text without a <body> would be given a <p> of its own, with its margins. */
    static const char begin[] = "<html><body>";
    const size_t begin_len = sizeof begin - 1;
    char *whole = arena_alloc(arena, begin_len + len + 1);
    memcpy(whole, begin, begin_len);
    memcpy(whole + begin_len, html, len);
    xmlDocPtr none = htmlCtxtReadMemory(parser, whole, (int)(begin_len + len), NULL, "UTF-8",
                                        HTML_PARSE_NONET | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
                                            HTML_PARSE_IGNORE_ENC);
    xmlFreeDoc(none);
    if (page.gave_up) {
        long done = xmlByteConsumed(parser);
        size_t from = done < 0 || (size_t)done > begin_len + len ? 0 : (size_t)done;
        put_without_tags(&page, whole + from, whole + begin_len + len);
    }
    htmlFreeParserCtxt(parser);
    return page.layout.out.s;
}
