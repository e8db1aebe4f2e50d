#include "parsers/mail/html_text.h"

#include "base/text.h"
#include "base/utf8.h"
#include "tests/unit/check.h"

#include <time.h>

static const struct {
    const char *what, *html, *text;
} rows[] = {
    {"plain words", "Guten Tag", "Guten Tag"},
    {"paragraphs", "<p>Guten Tag,</p><p>ich komme.</p>", "Guten Tag,\n\nich komme."},
    {"blanks fold", "<p>a \n\t b&nbsp;&nbsp;c</p>", "a b c"},
    {"line breaks", "a<br>b<br/>c<br><br>d", "a\nb\nc\n\nd"},
    {"Apple's and Gmail's lines", "<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
    {"a break at the end of a block is none", "<div>a<br></div><div>b</div>", "a\nb"},
    {"Outlook's paragraphs are lines",
     "<p class=\"MsoNormal\">Petra M&uuml;ller<o:p></o:p></p><p class=MsoNormal>Nordengraben 10</p>"
     "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Danke</p>",
     "Petra Müller\nNordengraben 10\n\nDanke"},
    {"an nbsp before a word is a blank", "<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;b</p>", "a\nb"},
    {"margin 0", "<p style=\"margin:0\">a</p><p style='margin-top:0;margin-bottom:0'>b</p>", "a\nb"},
    {"a table", "<table><tr><th>Name</th><td>Petra</td></tr><tr><td>Ort</td><td>Iserlohn</td></tr></table>",
     "Name\tPetra\nOrt\tIserlohn"},
    {"cells with paragraphs",
     "<table><tr><td><p>Name</p></td><td><p>Petra</p></td></tr><tr><td><div>Ort</div></td>"
     "<td>Iserlohn</td></tr></table>",
     "Name\tPetra\nOrt\tIserlohn"},
    {"an empty cell keeps its place", "<table><tr><td>a</td><td></td><td>c</td></tr></table>", "a\t\tc"},
    {"a list", "Ich:<ul><li>Petra</li><li><p>Paul</p></li></ul>Danke", "Ich:\n- Petra\n- Paul\nDanke"},
    {"styles, scripts, comments and titles are gone",
     "<html><head><title>T</title><style>p{}</style></head><body><!-- x --><script>y()</script>a</body>",
     "a"},
    {"hidden preview text", "<div style=\"display: none; max-height:0\">Vorschau</div>a", "a"},
    {"a hidden block hides what is in it", "<div style='DISPLAY:none'><p>x</p><br></div><p>a</p>", "a"},
    {"a quote", "<p>Ja.</p><blockquote type=cite><p>Kommen Sie?</p><p>Gruß</p></blockquote><p>Ja!</p>",
     "Ja.\n\n> Kommen Sie?\n>\n> Gruß\n\nJa!"},
    {"a quote in a quote", "<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n>> b"},
    {"an indentation is no quote",
     "<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\">Petra</blockquote>", "Petra"},
    {"GMX's quote", "Ja<div name=\"quote\" style=\"border-left: 2px solid #C3D9E5;\">Frage</div>",
     "Ja\n> Frage"},
    {"Outlook's line",
     "<p class=MsoNormal>Ja</p><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm'>"
     "<p class=MsoNormal><b>Von:</b> Stadtlabor</p></div>",
     "Ja\n________________________________\nVon: Stadtlabor"},
    {"Outlook on the web",
     "<div>Ja</div><hr style=\"width:98%\"><div id=\"divRplyFwdMsg\"><b>Von:</b> Stadtlabor<br>"
     "<b>An:</b> Petra</div>",
     "Ja\n________________________________\nVon: Stadtlabor\nAn: Petra"},
    {"a link keeps its words", "<a href=\"https://example.org\">hier</a>", "hier"},
    {"a mailto shows its address", "<a href=\"mailto:petra@example.org?subject=x\">Petra</a>",
     "Petra <petra@example.org>"},
    {"... once", "<a href=\"mailto:petra@example.org\">Petra@example.org</a>", "Petra@example.org"},
    {"pre", "<pre>a\nb\n\nc</pre>", "a\nb\n\nc"},
    {"white-space: pre-wrap", "<div style=\"white-space: pre-wrap\">a\nb</div>", "a\nb"},
    {"characters nobody sees", "Pe&shy;tra&zwnj;&#8203;", "Petra"},
    {"a claimed charset does not count", "<meta charset=iso-8859-1><p>Müller</p>", "Müller"},
    {"broken HTML", "<p>a<b>b<i>c</p></i>d<td>e</table><",
     "ab"
     "c\n\nd\te<"},
    {"nothing", "", ""},
    {"only tags", "<html><body><br><br></body></html>", ""},
};

TEST(html_becomes_what_a_person_reads)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = html_text(arena, rows[i].html, strlen(rows[i].html), 100000);
        CHECK_ROW(str_equal(text, rows[i].text), "%s: \"%s\", wanted \"%s\"", rows[i].what, text,
                  rows[i].text);
    }
    arena_free(arena);
}

TEST(the_cap_holds)
{
    struct arena *arena = arena_new();
    const char *html = "<p>Grüße aus Iserlohn</p>";
    CHECK_STR(html_text(arena, html, strlen(html), 5), "Grü");
    arena_free(arena);
}

static char *repeated(struct arena *arena, const char *first, const char *piece, size_t size,
                      const char *last)
{
    struct text t = text_new(arena, size + 10000);
    text_add(&t, first);
    while (t.len < size) {
        text_add(&t, piece);
    }
    text_add(&t, last);
    return t.s;
}

/* Words behind any nesting are still read, and 1 MB of anything takes no time worth speaking of:
 * the bound is generous because of the sanitizers. */
TEST(hostile_pages_are_read_in_time)
{
    static const char *const pieces[] = {"<div>",
                                         "<b>",
                                         "<b></i>",
                                         "<blockquote>",
                                         "<table><tr><td>",
                                         "<p",
                                         "&#x",
                                         "<!--",
                                         "<a href=\"mailto:x@example.org\">",
                                         "</div>",
                                         "<",
                                         "<ul><li>",
                                         "&amp;",
                                         "<font><span>",
                                         "</p></b></i></table>"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_new();
        char *html = repeated(arena, "<p>Anfang</p>", pieces[i], 1000000, "");
        struct timespec a, b;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        char *text = html_text(arena, html, strlen(html), 1 << 20);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
        CHECK_ROW(ms < 1500, "\"%s\" took %.0f ms", pieces[i], ms);
        CHECK(str_starts(text, "Anfang"));
        CHECK(utf8_valid(text, strlen(text)));
        arena_free(arena);
    }
    struct arena *arena = arena_new();
    char *html = repeated(arena, "", "<div>", 5000, "Ich melde mich an<p>Petra</p>");
    CHECK(strstr(html_text(arena, html, strlen(html), 100000), "Ich melde mich an Petra") != NULL);
    arena_free(arena);
}

int main(void)
{
    RUN(html_becomes_what_a_person_reads);
    RUN(the_cap_holds);
    RUN(hostile_pages_are_read_in_time);
    return check_done();
}
