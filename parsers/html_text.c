#include "parsers/html_text.h"

#include "base/list.h"
#include "base/text.h"
#include "base/utf8.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum tag {
    TAG_BLOCK = 1 << 0,  /* begins and ends a line */
    TAG_MARGIN = 1 << 1, /* an empty line before and behind */
    TAG_SKIP = 1 << 2,   /* nobody reads what is in it */
    TAG_PRE = 1 << 3,
    TAG_QUOTE = 1 << 4,
    TAG_CELL = 1 << 5,
    TAG_ROW = 1 << 6,
    TAG_ITEM = 1 << 7,
    TAG_LINK = 1 << 8,
    TAG_BREAK = 1 << 9,
    TAG_RULE = 1 << 10,
    TAG_LIST = 1 << 11,
};

static const struct {
    const char *name;
    unsigned tag;
} tags[] = {
    {"a", TAG_LINK},
    {"address", TAG_BLOCK},
    {"article", TAG_BLOCK},
    {"blockquote", TAG_BLOCK | TAG_MARGIN | TAG_QUOTE},
    {"br", TAG_BREAK},
    {"caption", TAG_BLOCK},
    {"center", TAG_BLOCK},
    {"dd", TAG_BLOCK},
    {"div", TAG_BLOCK},
    {"dl", TAG_BLOCK | TAG_MARGIN},
    {"dt", TAG_BLOCK},
    {"fieldset", TAG_BLOCK},
    {"footer", TAG_BLOCK},
    {"form", TAG_BLOCK},
    {"h1", TAG_BLOCK | TAG_MARGIN},
    {"h2", TAG_BLOCK | TAG_MARGIN},
    {"h3", TAG_BLOCK | TAG_MARGIN},
    {"h4", TAG_BLOCK | TAG_MARGIN},
    {"h5", TAG_BLOCK | TAG_MARGIN},
    {"h6", TAG_BLOCK | TAG_MARGIN},
    {"header", TAG_BLOCK},
    {"hr", TAG_RULE},
    {"li", TAG_BLOCK | TAG_ITEM},
    {"main", TAG_BLOCK},
    {"nav", TAG_BLOCK},
    {"ol", TAG_BLOCK | TAG_LIST},
    {"p", TAG_BLOCK | TAG_MARGIN},
    {"pre", TAG_BLOCK | TAG_MARGIN | TAG_PRE},
    {"script", TAG_SKIP},
    {"section", TAG_BLOCK},
    {"style", TAG_SKIP},
    {"table", TAG_BLOCK},
    {"tbody", TAG_BLOCK},
    {"td", TAG_CELL},
    {"template", TAG_SKIP},
    {"tfoot", TAG_BLOCK},
    {"th", TAG_CELL},
    {"thead", TAG_BLOCK},
    {"title", TAG_SKIP},
    {"tr", TAG_BLOCK | TAG_ROW},
    {"ul", TAG_BLOCK | TAG_LIST},
};

/* An element that is open. */
struct element {
    unsigned tag;
    size_t link_at;   /* TAG_LINK: where its words begin in `out` */
    const char *href; /* the address of a mailto: link */
};

struct page {
    struct arena *arena;
    htmlParserCtxtPtr parser;
    struct text out;
    struct element open[HTML_DEPTH_MAX];
    size_t depth;
    int skip, pre, quote;
    /* Owed to the next character: */
    int lines, tabs;
    int lines_quote; /* quote depth of the empty lines owed: the least seen */
    bool blank, item;
    bool words_in_line; /* something was written since the last line end */
    bool nbsp_alone;    /* nothing but nbsp: that makes an empty line */
    bool fresh_cell;    /* blocks that begin in it do not break the line */
    size_t row_at;      /* where this row's words begin in `out` */
    int errors;
    bool gave_up; /* the rest is read without structure */
};

static unsigned tag_of(const xmlChar *name)
{
    size_t low = 0, high = sizeof tags / sizeof *tags;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcasecmp((const char *)name, tags[middle].name);
        if (order == 0) {
            return tags[middle].tag;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}

/* At least `n` line ends before the next character: 1 a new line, 2 an empty one as well. */
static void want_lines(struct page *page, int n)
{
    if (page->fresh_cell) {
        return;
    }
    page->blank = false;
    page->tabs = 0;
    if (page->quote < page->lines_quote) {
        page->lines_quote = page->quote;
    }
    if (page->lines < n) {
        page->lines = n;
    }
}

static void put_quote(struct page *page, int depth, bool words)
{
    for (int i = 0; i < depth; i++) {
        text_addc(&page->out, '>');
    }
    if (depth > 0 && words) {
        text_addc(&page->out, ' ');
    }
}

/* What is owed before a character is written. */
static void put_owed(struct page *page)
{
    if (page->out.len == 0) {
        put_quote(page, page->quote, true);
    } else if (page->lines > 0) {
        text_addc(&page->out, '\n');
        for (int i = 1; i < page->lines; i++) {
            put_quote(page, page->lines_quote, false);
            text_addc(&page->out, '\n');
        }
        put_quote(page, page->quote, true);
    } else {
        for (int i = 0; i < page->tabs; i++) {
            text_addc(&page->out, '\t');
        }
        if (page->tabs == 0 && page->blank) {
            text_addc(&page->out, ' ');
        }
    }
    if (page->item) {
        text_add(&page->out, "- ");
    }
    page->lines = page->tabs = 0;
    page->lines_quote = page->quote;
    page->blank = page->item = page->fresh_cell = page->nbsp_alone = false;
    page->words_in_line = true;
}

/* <br>, or a line end in <pre>: ends the line, also an empty one; three in a row are enough. */
static void put_break(struct page *page)
{
    page->fresh_cell = false;
    want_lines(page, page->words_in_line ? 1 : page->lines < 3 ? page->lines + 1 : 3);
    page->words_in_line = page->nbsp_alone = false;
}

static void block_edge(struct page *page, bool margin)
{
    if (page->fresh_cell) {
        return;
    }
    want_lines(page, margin || page->nbsp_alone ? 2 : 1);
    page->words_in_line = page->nbsp_alone = false;
}

static bool is_invisible(uint32_t c)
{
    return c == 0xad || c == 0x34f || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c < 0x20) || (c >= 0x7f && c < 0xa0);
}

static void put_characters(struct page *page, const char *s, const char *end)
{
    while (s < end && !page->out.overflow) {
        const char *from = s;
        uint32_t c = utf8_next(&s);
        if (c == '\n' && page->pre > 0) {
            put_break(page);
        } else if (c == '\t' && page->pre > 0) {
            page->tabs++;
        } else if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
            page->blank |= page->words_in_line;
        } else if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x3000) {
            page->blank |= page->words_in_line;
            page->nbsp_alone = !page->words_in_line;
        } else if (!is_invisible(c)) {
            put_owed(page);
            text_addn(&page->out, from, (size_t)(s - from));
        }
    }
}

static void on_characters(void *data, const xmlChar *s, int len)
{
    struct page *page = data;
    if (page->skip == 0 && len > 0) {
        put_characters(page, (const char *)s, (const char *)s + len);
    }
    if (page->out.overflow) {
        xmlStopParser(page->parser);
    }
}

static const char *attribute(const xmlChar **attributes, const char *name)
{
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        if (strcasecmp((const char *)attributes[i], name) == 0) {
            return attributes[i + 1] == NULL ? "" : (const char *)attributes[i + 1];
        }
    }
    return NULL;
}

/* The value of the first such declaration in a style attribute, NULL: none. */
static const char *style_value(const char *style, const char *property, size_t *ret_len)
{
    size_t property_len = strlen(property);
    while (style != NULL && *style != '\0') {
        style += strspn(style, " \t\r\n;");
        size_t len = strcspn(style, ";");
        if (strncasecmp(style, property, property_len) == 0) {
            const char *value = style + property_len, *end = style + len;
            value += strspn(value, " \t\r\n");
            if (value < end && *value == ':') {
                value++;
                value += strspn(value, " \t\r\n");
                *ret_len = value < end ? (size_t)(end - value) : 0;
                return value;
            }
        }
        style += len;
    }
    return NULL;
}

static bool style_says(const char *style, const char *property, const char *words)
{
    size_t len, words_len = strlen(words);
    const char *value = style_value(style, property, &len);
    for (; value != NULL && len >= words_len; value++, len--) {
        if (strncasecmp(value, words, words_len) == 0) {
            return true;
        }
    }
    return false;
}

static bool style_begins(const char *style, const char *property, char first)
{
    size_t len;
    const char *value = style_value(style, property, &len);
    return value != NULL && len > 0 && *value == first;
}

/* What the attributes make of the element. */
static unsigned tag_with_attributes(unsigned tag, const xmlChar *name, const xmlChar **attributes)
{
    const char *style = attribute(attributes, "style"), *class = attribute(attributes, "class");
    if (style_says(style, "display", "none") || style_says(style, "mso-hide", "all") ||
        attribute(attributes, "hidden") != NULL) {
        return TAG_SKIP;
    }
    if (class != NULL && strncasecmp(class, "Mso", 3) == 0) {
        tag &= ~(unsigned)TAG_MARGIN;
    }
    if (style_begins(style, "margin", '0') || style_begins(style, "margin-bottom", '0')) {
        tag &= ~(unsigned)TAG_MARGIN;
    }
    if (style_says(style, "white-space", "pre")) {
        tag |= TAG_PRE;
    }
    if ((tag & TAG_QUOTE) != 0 &&
        (style_says(style, "border", "none") || style_begins(style, "border", '0')) &&
        !style_says(style, "border-left", "solid")) {
        tag &= ~(unsigned)TAG_QUOTE;
    }
    if (strcasecmp((const char *)name, "div") == 0) {
        const char *said = attribute(attributes, "name");
        if (style_says(style, "border-left", "solid") || (said != NULL && strcasecmp(said, "quote") == 0)) {
            tag |= TAG_QUOTE;
        }
        const char *id = attribute(attributes, "id");
        if ((id != NULL && strstr(id, "divRplyFwdMsg") != NULL) || style_says(style, "border-top", "solid")) {
            tag |= TAG_RULE;
        }
    }
    return tag;
}

/* As long as Outlook's in plain text; one is enough where two meet. */
static const char rule[] = "________________________________";

static void put_rule(struct page *page)
{
    block_edge(page, false);
    size_t len = sizeof rule - 1;
    if (page->out.len < len || strcmp(page->out.s + page->out.len - len, rule) != 0) {
        put_characters(page, rule, rule + len);
    }
    block_edge(page, false);
}

static void begin_layout(struct page *page, unsigned tag)
{
    if (tag & TAG_BREAK) {
        put_break(page);
    }
    if (tag & TAG_BLOCK) {
        block_edge(page, tag & TAG_MARGIN);
    }
    if (tag & TAG_ROW) {
        page->row_at = page->out.len;
    }
    if (tag & TAG_CELL) {
        if (page->out.len > page->row_at) {
            page->lines = 0;
            page->tabs++;
            page->words_in_line = true;
        }
        page->fresh_cell = true;
        page->blank = false;
    }
    if (tag & TAG_ITEM) {
        page->item = page->fresh_cell = true;
    }
    if (tag & TAG_QUOTE) {
        page->quote++;
    }
    if (tag & TAG_RULE) {
        put_rule(page);
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
    unsigned tag = tag_of(name);
    if (attributes != NULL) {
        tag = tag_with_attributes(tag, name, attributes);
    }
    *element = (struct element){.tag = tag};
    page->skip += (tag & TAG_SKIP) != 0;
    if (page->skip > 0) {
        element->tag &= TAG_SKIP;
        return;
    }
    begin_layout(page, tag);
    page->pre += (tag & TAG_PRE) != 0;
    const char *href = (tag & TAG_LINK) != 0 ? attribute(attributes, "href") : NULL;
    if (href != NULL && strncasecmp(href, "mailto:", 7) == 0) {
        element->href = arena_strndup(page->arena, href + 7, strcspn(href + 7, "?"));
        element->link_at = page->out.len;
    }
}

static void end_link(struct page *page, const struct element *element)
{
    if (element->href == NULL || *element->href == '\0' ||
        strcasestr(page->out.s + element->link_at, element->href) != NULL) {
        return;
    }
    char *address = arena_printf(page->arena, " <%s>", element->href);
    put_characters(page, address, address + strlen(address));
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
    page->pre -= (tag & TAG_PRE) != 0;
    if (tag & TAG_QUOTE) {
        page->quote--;
    }
    if (tag & (TAG_CELL | TAG_ITEM)) {
        page->fresh_cell = false;
    }
    if (tag & TAG_BLOCK) {
        page->item = false;
        block_edge(page, tag & TAG_MARGIN);
    }
    if ((tag & (TAG_ROW | TAG_ITEM)) != 0 && page->lines > 1) {
        page->lines = 1; /* the margins of paragraphs in it make no empty lines between */
    }
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
    page->skip = page->pre = 0;
    while (s < end) {
        const char *tag = memchr(s, '<', (size_t)(end - s));
        put_characters(page, s, tag == NULL ? end : tag);
        const char *close = tag == NULL ? NULL : memchr(tag, '>', (size_t)(end - tag));
        if (close == NULL) {
            return;
        }
        s = close + 1;
        page->blank |= page->words_in_line;
    }
}

char *html_text(struct arena *arena, const char *html, size_t len, size_t most)
{
    struct page page = {.arena = arena, .out = text_new(arena, most)};
    htmlParserCtxtPtr parser = htmlNewParserCtxt();
    if (parser == NULL || len > INT32_MAX / 2) {
        htmlFreeParserCtxt(parser);
        return page.out.s;
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
    return page.out.s;
}
