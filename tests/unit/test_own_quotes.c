/* tests/unit/test_own_quotes.c: what was quoted is told from what the writer wrote, client by client. */
#include "parsers/mail/html_text.h"
#include "tests/unit/own_rows.h"

static struct patterns *patterns;

/* What a client makes of a reply, and what is left of it. */
static const struct own_row replies[] = {
    /* top replies with marks */
    {"Thunderbird", "Ich komme.\n\nAm 19.11.26 um 10:12 schrieb Stadtlabor Iserlohn:\n> Kommen Sie?\n",
     "Ich komme."},
    {"Gmail",
     "Ich komme.\n\nAm Do., 19. Nov. 2026 um 10:12 Uhr schrieb Stadtlabor Iserlohn "
     "<\nstadtlabor@iserlohn.de>:\n\n"
     "> Kommen Sie?\n>\n> Gruß\n",
     "Ich komme."},
    {"Gmail on the phone",
     "Ich komme.\n\nStadtlabor <stadtlabor@iserlohn.de> schrieb am Do., 19. Nov. 2026,\n10:12:\n\n> Kommen "
     "Sie?\n",
     "Ich komme."},
    {"Apple Mail",
     "Ich komme.\n\n> Am 19.11.2026 um 10:12 schrieb Stadtlabor <stadtlabor@iserlohn.de>:\n> \n> Kommen "
     "Sie?\n",
     "Ich komme."},
    {"iPhone",
     "Ich komme.\n\nVon meinem iPhone gesendet\n\n> Am 19.11.2026 um 10:12 schrieb Stadtlabor "
     "<s@iserlohn.de>:\n> \n"
     "> \xef\xbb\xbfKommen Sie?\n",
     "Ich komme."},
    {"K-9",
     "Ich komme.\n\nStadtlabor <stadtlabor@iserlohn.de> schrieb:\n>Kommen Sie?\n\n-- \n"
     "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.\n",
     "Ich komme."},
    {"T-Online",
     "Ich komme.\n\n\n-----Original-Nachricht-----\nBetreff: Frage\nDatum: 2026-11-19T10:12:00+0100\n"
     "Von: \"Stadtlabor\" <stadtlabor@iserlohn.de>\nAn: \"petra@example.org\" <petra@example.org>\n\nKommen "
     "Sie?\n",
     "Ich komme."},
    {"web.de app",
     "Ich komme.\n-- \nDiese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.\n"
     "Am 19.11.26, 10:12 schrieb Stadtlabor <stadtlabor@iserlohn.de>:\n\nKommen Sie?\n",
     "Ich komme."},
    {"GMX",
     "Ich komme.\n\n\nGesendet: Donnerstag, 19. November 2026 um 10:12 Uhr\n"
     "Von: \"Stadtlabor\" <stadtlabor@iserlohn.de>\nAn: petra@example.org\nBetreff: Frage\n\nKommen Sie?\n",
     "Ich komme."},
    {"Open-Xchange",
     "Ich komme.\n\n> Stadtlabor <stadtlabor@iserlohn.de> hat am 19.11.2026 10:12 CET geschrieben:\n> \n> "
     "Kommen Sie?\n",
     "Ich komme."},
    {"Open-Xchange without marks",
     "Ich komme.\n\nStadtlabor <stadtlabor@iserlohn.de> hat am 19.11.2026 10:12 CET geschrieben:\n\nKommen "
     "Sie?\n",
     "Ich komme."},
    {"Outlook",
     "Ich komme.\n\nVon: Stadtlabor <stadtlabor@iserlohn.de>\nGesendet: Donnerstag, 19. November 2026 10:12\n"
     "An: Petra Müller <petra@example.org>\nBetreff: Frage\n\nKommen Sie?\n\nViele Grüße\n",
     "Ich komme."},
    {"Outlook with stars",
     "Ich komme.\n\n*Von:* Stadtlabor <stadtlabor@iserlohn.de>\n*Gesendet:* Donnerstag, 19. November 2026\n"
     "*An:* Petra Müller\n*Betreff:* Frage\n\nKommen Sie?\n",
     "Ich komme."},
    {"Outlook, long list of addressees",
     "Ich komme.\n\nVon: Stadtlabor <stadtlabor@iserlohn.de>\nGesendet: Donnerstag, 19. November 2026 10:12\n"
     "An: Petra Müller <petra@example.org>; Paul Maier <paul@example.org>;\n Pia Schmidt <pia@example.org>\n"
     "Cc: Rat <rat@example.org>\nBetreff: Frage\n\nKommen Sie?\n",
     "Ich komme."},
    {"Outlook on the phone",
     "Ich komme.\n\nHolen Sie sich Outlook für iOS<https://example.org/o>\n________________________________\n"
     "Von: Stadtlabor <stadtlabor@iserlohn.de>\nGesendet: Donnerstag, November 19, 2026 10:12:33 AM\n"
     "An: petra@example.org <petra@example.org>\nBetreff: Frage\n\nKommen Sie?\n",
     "Ich komme."},
    {"old Outlook",
     "Ich komme.\n\n-----Ursprüngliche Nachricht-----\nVon: Stadtlabor [mailto:stadtlabor@iserlohn.de]\n"
     "Gesendet: Donnerstag, 19. November 2026 10:12\nAn: 'Petra'\nBetreff: Frage\n\nKommen Sie?\n",
     "Ich komme."},
    {"Outlook on the Mac",
     "Ich komme.\n\nVon: Stadtlabor <stadtlabor@iserlohn.de>\nDatum: Donnerstag, 19. November 2026 um 10:12\n"
     "An: Petra <petra@example.org>\nBetreff: Frage\nKommen Sie?\n",
     "Ich komme."},
    {"Samsung",
     "Ich komme.\n\nVon meinem Galaxy gesendet\n\n-------- Ursprüngliche Nachricht --------\n"
     "Von: Stadtlabor <stadtlabor@iserlohn.de>\nDatum: 19.11.26 10:12 (GMT+01:00)\nAn: petra@example.org\n"
     "Betreff: Frage\n\nKommen Sie?\n",
     "Ich komme."},
    {"Notes",
     "Ich komme.\n\n\n\nVon:\tStadtlabor "
     "<stadtlabor@iserlohn.de>\nAn:\tpetra@example.org\nDatum:\t19.11.2026 10:12\n"
     "Betreff:\tFrage\n\n\n\nKommen Sie?\n",
     "Ich komme."},
    {"Notes, short",
     "Ich komme.\n\nStadtlabor ---19.11.2026 10:12:33---Kommen Sie? Wir würden uns freuen\n\nVon: "
     "Stadtlabor\n",
     "Ich komme."},
    {"Groupwise", "Ich komme.\n\n>>> Stadtlabor <stadtlabor@iserlohn.de> 19.11.2026 10:12 >>>\nKommen Sie?\n",
     "Ich komme."},
    {"Yahoo",
     "Ich komme.\n\n   Am Donnerstag, 19. November 2026 um 10:12:33 MEZ hat Stadtlabor "
     "<stadtlabor@iserlohn.de> Folgendes geschrieben:  \n \n Kommen Sie?\n",
     "Ich komme."},
    {"Horde", "Ich komme.\n\nZitat von Stadtlabor <stadtlabor@iserlohn.de>:\n\n> Kommen Sie?\n",
     "Ich komme."},
    {"English",
     "I will come.\n\nOn Thu, Nov 19, 2026 at 10:12 AM Stadtlabor <stadtlabor@iserlohn.de>\nwrote:\n\n> Will "
     "you?\n",
     "I will come."},
    {"English Outlook",
     "I will come.\n\nFrom: Stadtlabor <stadtlabor@iserlohn.de>\nSent: Thursday, November 19, 2026 10:12 AM\n"
     "To: Priya <priya@example.org>\nSubject: RE: Question\n\nWill you?\n",
     "I will come."},
    {"Turkish Gmail",
     "Geliyorum.\n\nStadtlabor <stadtlabor@iserlohn.de>, 19 Kas 2026 Per, 10:12 tarihinde şunu yazdı:\n\n> "
     "Kommen Sie?\n",
     "Geliyorum."},
    {"Turkish Outlook",
     "Geliyorum.\n\nKimden: Stadtlabor <stadtlabor@iserlohn.de>\nGönderildi: 19 Kasım 2026 Perşembe 10:12\n"
     "Kime: Mehmet\nKonu: Frage\n\nKommen Sie?\n",
     "Geliyorum."},
    {"French Outlook",
     "Je viens.\n\nDe : Stadtlabor <stadtlabor@iserlohn.de>\nEnvoyé : jeudi 19 novembre 2026 10:12\n"
     "À : Marie <marie@example.org>\nObjet : Frage\n\nKommen Sie?\n",
     "Je viens."},
    {"French Gmail",
     "Je viens.\n\nLe jeu. 19 nov. 2026 à 10:12, Stadtlabor <stadtlabor@iserlohn.de> a\nécrit :\n\n> Kommen "
     "Sie?\n",
     "Je viens."},
    {"Dutch Outlook",
     "Ik kom.\n\nVan: Stadtlabor <stadtlabor@iserlohn.de>\nVerzonden: donderdag 19 november 2026 10:12\n"
     "Aan: Jan\nOnderwerp: Frage\n\nKommen Sie?\n",
     "Ik kom."},
    {"Polish Outlook",
     "Przyjdę.\n\nOd: Stadtlabor <stadtlabor@iserlohn.de>\nWysłano: czwartek, 19 listopada 2026 10:12\n"
     "Do: Anna\nTemat: Frage\n\nKommen Sie?\n",
     "Przyjdę."},
    {"Polish Gmail",
     "Przyjdę.\n\nczw., 19 lis 2026 o 10:12 Stadtlabor <stadtlabor@iserlohn.de>\nnapisał(a):\n\n> Kommen "
     "Sie?\n",
     "Przyjdę."},
    {"Italian",
     "Vengo.\n\nIl giorno gio 19 nov 2026 alle ore 10:12 Stadtlabor <\nstadtlabor@iserlohn.de> ha "
     "scritto:\n\n> Kommen Sie?\n",
     "Vengo."},
    {"Spanish",
     "Voy.\n\nEl jue, 19 nov 2026 a las 10:12, Stadtlabor (<stadtlabor@iserlohn.de>) escribió:\n\n> Kommen "
     "Sie?\n",
     "Voy."},
    {"an unknown language", "Tulen.\n\nStadtlabor (stadtlabor@iserlohn.de) blah 19.11.2026:\n> Kommen Sie?\n",
     "Tulen."},
    {"Arabic",
     "شكرا\n\nفي الخميس، 19 نوفمبر 2026 في 10:12 ص كتب Stadtlabor <s@iserlohn.de>:\n\n> Kommen Sie?\n",
     "شكرا"},
    {"Ukrainian",
     "Прийду.\n\nчт, 19 лист. 2026 р. о 10:12 Stadtlabor <stadtlabor@iserlohn.de> пише:\n\n> Kommen Sie?\n",
     "Прийду."},
    {"bars", "Ich komme.\n\n2026/11/19 Stadtlabor <stadtlabor@iserlohn.de>\n\n| Kommen Sie?\n| Gruß\n",
     "Ich komme."},
    /* bottom and interleaved replies */
    {"below the quote", "Am 19.11.2026 um 10:12 schrieb Stadtlabor:\n> Kommen Sie?\n\nJa.\nGruß\nPetra\n",
     "Ja.\nGruß\nPetra"},
    {"between the quotes",
     "Am 19.11.2026 um 10:12 schrieb Stadtlabor:\n> Ihr Name?\nPetra Müller\n> Geboren?\n3.5.1958\n>\n> "
     "Gruß\n",
     "Petra Müller\n3.5.1958"},
    {"quotes without attribution", "> Ihr Name?\nPetra Müller\n> Geboren?\n3.5.1958\n",
     "Petra Müller\n3.5.1958"},
    {"a quote in two depths",
     "Ja.\n\nAm 19.11.2026 um 10:12 schrieb Stadtlabor:\n> Am 18.11.2026 um 9:00 schrieb Petra:\n>> Wann?\n> "
     "Um 10.\n",
     "Ja."},
    {"an empty reply", "Am 19.11.2026 um 10:12 schrieb Stadtlabor <s@iserlohn.de>:\n\nSie sind angemeldet.\n",
     ""},
    /* what is the writer's own */
    {"a sentence about writing", "Am 12.5. schrieb ich Ihnen folgendes:\nIch komme.\n",
     "Am 12.5. schrieb ich Ihnen folgendes:\nIch komme."},
    {"a sentence before an attribution",
     "Am 3.12. um 17:00 komme ich gern.\nStadtlabor <s@iserlohn.de> schrieb am 19.11.2026 um 10:12:\n> "
     "Kommen Sie?\n",
     "Am 3.12. um 17:00 komme ich gern."},
    {"a letterhead", "Von: Petra Müller\nAn: Stadtlabor Iserlohn\nBetreff: Anmeldung\n\nIch melde mich an.\n",
     "Von: Petra Müller\nAn: Stadtlabor Iserlohn\nBetreff: Anmeldung\n\nIch melde mich an."},
    {"a form",
     "Vorname: Petra\nName: Müller\nGeburtsdatum: 3.5.1958\nAdresse:\nNordengraben 10\n58636 Iserlohn\n",
     "Vorname: Petra\nName: Müller\nGeburtsdatum: 3.5.1958\nAdresse:\nNordengraben 10\n58636 Iserlohn"},
    {"a list of one's own with marks", "Hier meine Daten:\n\n> Petra Müller\n> 3.5.1958\n\nGruß\n",
     "Hier meine Daten:\n\n> Petra Müller\n> 3.5.1958\n\nGruß"},
    {"a list that we are said to have", "In Ihrer Bestätigung stehen die Daten:\n> Petra Müler\n\nGruß\n",
     "In Ihrer Bestätigung stehen die Daten:\n\nGruß"},
    {"sentences below such a line", "Zu meiner Anmeldung:\n> Bitte nennen Sie Ihr Geburtsdatum.\n3.5.1958\n",
     "Zu meiner Anmeldung:\n3.5.1958"},
    {"only marks", "> Ich melde mich an.\n> Petra Müller\n", "> Ich melde mich an.\n> Petra Müller"},
    {"a date and a colon", "Mein Wunschtermin ist der 3.12. um 17:00 Uhr, hier meine Daten:\nPetra Müller\n",
     "Mein Wunschtermin ist der 3.12. um 17:00 Uhr, hier meine Daten:\nPetra Müller"},
    {"an address and a colon",
     "Meine Adresse petra@example.org bitte ändern in:\npetra.mueller@example.org\n",
     "Meine Adresse petra@example.org bitte ändern in:\npetra.mueller@example.org"},
};

TEST(own_words_of_replies)
{
    own_rows_check(patterns, replies, sizeof replies / sizeof *replies);
}

/* The same from HTML, with the containers of the clients. */
static const struct {
    const char *what, *html, *own, *forwarded;
} pages[] = {
    {"Gmail",
     "<div dir=ltr>Ich komme.<br></div><br><div class=\"gmail_quote gmail_quote_container\"><div dir=ltr "
     "class=gmail_attr>Am Do., 19. Nov. 2026 um "
     "10:12&nbsp;Uhr schrieb Stadtlabor &lt;<a href=\"mailto:s@iserlohn.de\">s@iserlohn.de</a>&gt;:<br></div>"
     "<blockquote class=gmail_quote style=\"margin:0px 0px 0px 0.8ex;border-left:1px solid "
     "rgb(204,204,204)\">Kommen Sie?</blockquote></div>",
     "Ich komme.", NULL},
    {"Gmail, forwarded",
     "<div dir=ltr><br><br><div class=gmail_quote><div dir=ltr class=gmail_attr>---------- Forwarded message "
     "---------<br>Von: "
     "<strong class=gmail_sendername dir=auto>Ina Kurz</strong> <span>&lt;<a "
     "href=\"mailto:ina@example.org\">ina@example.org</a>&gt;</span><br>"
     "Date: Do., 19. Nov. 2026 um 10:12&nbsp;Uhr<br>Subject: Anmeldung<br>To:  "
     "&lt;petra@example.org&gt;<br></div><br><br>"
     "<div>Ich komme.</div></div></div>",
     "", "Ich komme."},
    {"Outlook",
     "<div class=WordSection1><p class=MsoNormal>Ich komme.<o:p></o:p></p><p "
     "class=MsoNormal><o:p>&nbsp;</o:p></p>"
     "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p "
     "class=MsoNormal><b>Von:</b> Stadtlabor "
     "&lt;s@iserlohn.de&gt; <br><b>Gesendet:</b> Donnerstag, 19. November 2026 10:12<br><b>An:</b> "
     "Petra<br><b>Betreff:</b> Frage<o:p></o:p></p>"
     "</div></div><p class=MsoNormal>Kommen Sie?<o:p></o:p></p></div>",
     "Ich komme.", "Kommen Sie?"},
    {"Outlook with a blue line",
     "<p class=MsoNormal>Ich komme.</p><div style='border:none;border-left:solid blue 1.5pt;padding:0cm 0cm "
     "0cm 4.0pt'><div>"
     "<div style='border:none;border-top:solid #B5C4DF 1.0pt'><p class=MsoNormal><b>Von:</b> Stadtlabor "
     "[mailto:s@iserlohn.de] <br>"
     "<b>Gesendet:</b> Donnerstag, 19. November 2026 10:12<br><b>An:</b> Petra<br><b>Betreff:</b> "
     "Frage</p></div></div>"
     "<p class=MsoNormal>Kommen Sie?</p></div>",
     "Ich komme.", "Kommen Sie?"},
    {"Outlook on the web",
     "<div style=\"font-family: Calibri\">Ich komme.</div><div id=appendonsend></div><hr "
     "style=\"display:inline-block;width:98%\" tabindex=-1>"
     "<div id=divRplyFwdMsg dir=ltr><font><b>Von:</b> Stadtlabor &lt;s@iserlohn.de&gt;<br><b>Gesendet:</b> "
     "Donnerstag, 19. November 2026 10:12<br>"
     "<b>An:</b> Petra &lt;petra@example.org&gt;<br><b>Betreff:</b> "
     "Frage</font><div>&nbsp;</div></div><div><p>Kommen Sie?</p></div>",
     "Ich komme.", "Kommen Sie?"},
    {"Thunderbird",
     "<p>Ich komme.</p><div class=moz-cite-prefix>Am 19.11.26 um 10:12 schrieb "
     "Stadtlabor:<br></div><blockquote type=cite "
     "cite=\"mid:1@iserlohn.de\"><p>Kommen Sie?</p></blockquote>",
     "Ich komme.", NULL},
    {"Thunderbird, forwarded",
     "<p><br></p><div class=moz-forward-container><br><br>-------- Weitergeleitete Nachricht -------- <table "
     "class=moz-email-headers-table><tbody>"
     "<tr><th align=RIGHT>Betreff: </th><td>Anmeldung</td></tr><tr><th>Datum: </th><td>Thu, 19 Nov 2026 "
     "10:12:33 +0100</td></tr>"
     "<tr><th>Von: </th><td>Ina Kurz <a class=moz-txt-link-rfc2396E "
     "href=\"mailto:ina@example.org\">&lt;ina@example.org&gt;</a></td></tr>"
     "<tr><th>An: </th><td>petra@example.org</td></tr></tbody></table><br><br><p>Ich komme.</p></div>",
     "", "Ich komme."},
    {"iPhone",
     "<html><body dir=auto>Ich komme.<br><br><div dir=ltr>Von meinem iPhone gesendet</div><div "
     "dir=ltr><br><blockquote type=cite>Am 19.11.2026 um "
     "10:12 schrieb Stadtlabor &lt;s@iserlohn.de&gt;:<br><br></blockquote></div><blockquote type=cite><div "
     "dir=ltr>\xef\xbb\xbf<div>Kommen Sie?</div>"
     "</div></blockquote></body></html>",
     "Ich komme.", NULL},
    {"Apple Mail, forwarded",
     "<div>z.K.</div><div><br><blockquote type=cite><div>Anfang der weitergeleiteten Nachricht:</div><br "
     "class=Apple-interchange-newline>"
     "<div style=\"margin: 0px\"><span><b>Von: </b></span><span>Ina Kurz &lt;<a "
     "href=\"mailto:ina@example.org\">ina@example.org</a>&gt;<br></span></div>"
     "<div style=\"margin: 0px\"><span><b>Betreff: </b></span><span><b>Anmeldung</b><br></span></div><div "
     "style=\"margin: 0px\"><span><b>Datum: </b></span>"
     "<span>19. November 2026 um 10:12:33 MEZ<br></span></div><div style=\"margin: 0px\"><span><b>An: "
     "</b></span><span>petra@example.org<br></span></div>"
     "<br><div><div>Ich komme.</div></div></blockquote></div>",
     "z.K.", "Ich komme."},
    {"Yahoo",
     "<div class=ydp1>Ich komme.</div><div id=ydp2 class=yahoo_quoted><div>Am Donnerstag, 19. November 2026 "
     "um 10:12:33 MEZ hat Stadtlabor "
     "&lt;s@iserlohn.de&gt; Folgendes geschrieben: </div><div><br></div><div><br></div><div>Kommen "
     "Sie?</div></div>",
     "Ich komme.", NULL},
    {"GMX",
     "<div>Ich komme.<div>&nbsp;<div name=\"quote\" style=\"margin:10px 5px 5px 10px; padding: 10px 0 10px "
     "10px; border-left:2px solid #C3D9E5;\">"
     "<div style=\"margin:0 0 10px 0;\"><b>Gesendet:</b>&nbsp;Donnerstag, 19. November 2026 um 10:12 "
     "Uhr<br/><b>Von:</b>&nbsp;Stadtlabor "
     "&lt;s@iserlohn.de&gt;<br/><b>An:</b>&nbsp;petra@example.org<br/><b>Betreff:</b>&nbsp;Frage</div><div "
     "name=quoted-content>Kommen Sie?</div>"
     "</div></div></div>",
     "Ich komme.", "Kommen Sie?"},
    {"answers between the quotes",
     "<div>Am 19.11.2026 um 10:12 schrieb Stadtlabor:<br></div><blockquote type=cite>Ihr "
     "Name?</blockquote><div>Petra M&uuml;ller</div>"
     "<blockquote type=cite>Geboren?</blockquote><div>3.5.1958</div>",
     "Petra Müller\n\n\n3.5.1958", NULL},
    {"a citizen's indentation",
     "<div>Ich komme:</div><blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\"><div>Petra "
     "M&uuml;ller</div></blockquote>",
     "Ich komme:\nPetra Müller", NULL},
};

TEST(own_words_of_html)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, html_text(arena, pages[i].html, strlen(pages[i].html), 100000), &own);
        CHECK_ROW(str_equal(own.text, pages[i].own) && str_equal(own.forwarded.text, pages[i].forwarded),
                  "%s: \"%s\", forwarded \"%s\"", pages[i].what, own.text,
                  own.forwarded.text == NULL ? "-" : own.forwarded.text);
        arena_free(arena);
    }
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(own_words_of_replies);
    RUN(own_words_of_html);
    patterns_free(patterns);
    return check_done();
}
