#include "parsers/own_words.h"

#include "base/file.h"
#include "base/text.h"
#include "parsers/html_text.h"
#include "parsers/letter.h"
#include "tests/unit/check.h"

#include <dirent.h>
#include <stdlib.h>
#include <time.h>

static struct patterns *patterns;

/* What a client makes of a reply, and what is left of it. */
static const struct {
    const char *what, *text, *own;
} replies[] = {
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
    {"only marks", "> Ich melde mich an.\n> Petra Müller\n", "> Ich melde mich an.\n> Petra Müller"},
    {"a date and a colon", "Mein Wunschtermin ist der 3.12. um 17:00 Uhr, hier meine Daten:\nPetra Müller\n",
     "Mein Wunschtermin ist der 3.12. um 17:00 Uhr, hier meine Daten:\nPetra Müller"},
    {"an address and a colon",
     "Meine Adresse petra@example.org bitte ändern in:\npetra.mueller@example.org\n",
     "Meine Adresse petra@example.org bitte ändern in:\npetra.mueller@example.org"},
    /* signatures */
    {"the data under the closing",
     "Ich komme.\n\nViele Grüße\nPetra Müller\nNordengraben 10\n58636 Iserlohn\ngeb. 3.5.1958\nTel. 02371 "
     "5550142\n",
     "Ich komme.\n\nViele Grüße\nPetra Müller\nNordengraben 10\n58636 Iserlohn\ngeb. 3.5.1958\nTel. 02371 "
     "5550142"},
    {"a company under the closing",
     "Ich komme.\n\nMit freundlichen Grüßen\nPetra Müller\n\nMuster GmbH\nBaarstraße 1\n58636 Iserlohn\nTel. "
     "02371 5550-0\n"
     "Fax 02371 5550-99\nAmtsgericht Iserlohn HRB 1234\n",
     "Ich komme.\n\nMit freundlichen Grüßen\nPetra Müller"},
    {"a company with the citizen's own data",
     "Ich komme.\n\nGruß\nPetra Müller\nMuster GmbH, Fax 02371 55599\nprivat: Nordengraben 10, 58636 "
     "Iserlohn, geb. 3.5.1958\n",
     "Ich komme.\n\nGruß\nPetra Müller\nMuster GmbH, Fax 02371 55599\nprivat: Nordengraben 10, 58636 "
     "Iserlohn, geb. 3.5.1958"},
    {"a postscript",
     "Ich komme.\n\nGruß\nPetra\n\nMuster GmbH, HRB 12, Tel. 02371 555\n\nPS: Meine Tochter kommt mit.\n",
     "Ich komme.\n\nGruß\nPetra\nPS: Meine Tochter kommt mit."},
    {"the usual mark", "Ich komme.\n\n-- \nPetra Müller\nwww.example.org\n", "Ich komme."},
    {"all below the mark", "-- \nPetra Müller\nIch melde mich an.\n",
     "-- \nPetra Müller\nIch melde mich an."},
    {"a telephone signs", "Ich komme.\nPetra\n\nGesendet mit der GMX Mail App\n", "Ich komme.\nPetra"},
    {"a telephone signs above", "Gesendet von meinem iPhone\n\nIch komme.\n", "Ich komme."},
    {"a disclaimer",
     "Ich komme.\nPetra\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der\nrichtige "
     "Adressat sind, "
     "löschen Sie sie.\n",
     "Ich komme.\nPetra"},
    {"a company in the text",
     "Ich arbeite bei der Muster GmbH und melde mich an. Die Rechnung bitte an:\nMuster GmbH, Baarstraße 1, "
     "58636 Iserlohn\n",
     "Ich arbeite bei der Muster GmbH und melde mich an. Die Rechnung bitte an:\nMuster GmbH, Baarstraße 1, "
     "58636 Iserlohn"},
    {"nothing", "", ""},
    {"blanks", " \n\n", ""},
};

TEST(own_words_of_replies)
{
    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, replies[i].text, &own);
        CHECK_ROW(str_equal(own.text, replies[i].own), "%s: \"%s\"", replies[i].what, own.text);
        size_t at = 0;
        for (size_t k = 0; k < own.blocks.n; k++) { /* the blocks are all of the text */
            CHECK_ROW(own.blocks.at[k].at == at, "%s: block %zu at %zu", replies[i].what, k,
                      own.blocks.at[k].at);
            at = own.blocks.at[k].at + own.blocks.at[k].len + 1;
        }
        CHECK_ROW(at >= strlen(replies[i].text), "%s: blocks end at %zu", replies[i].what, at);
        arena_free(arena);
    }
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

static const struct {
    const char *what, *text, *own, *name, *address, *subject, *words;
    bool forward;
} forwards[] = {
    {"Gmail",
     "Bitte anmelden.\n\n---------- Forwarded message ---------\nVon: Ina Kurz <ina@example.org>\n"
     "Date: Do., 19. Nov. 2026 um 10:12 Uhr\nSubject: Anmeldung\nTo: <petra@example.org>\n\n\nIch "
     "komme.\nIna\n",
     "Bitte anmelden.", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.\nIna", true},
    {"Apple Mail",
     "Anfang der weitergeleiteten Nachricht:\n\n> Von: Ina Kurz <ina@example.org>\n> Betreff: Anmeldung\n"
     "> Datum: 19. November 2026 um 10:12:33 MEZ\n> An: petra@example.org\n> \n> Ich komme.\n> Ina\n",
     "", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.\nIna", true},
    {"Apple Mail, all quoted",
     "Siehe unten.\n\n> Anfang der weitergeleiteten Nachricht:\n> \n> Von: Ina Kurz <ina@example.org>\n"
     "> Betreff: Anmeldung\n> Datum: 19. November 2026 um 10:12:33 MEZ\n> An: petra@example.org\n> \n"
     "> Ich komme.\n",
     "Siehe unten.", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Thunderbird",
     "-------- Weitergeleitete Nachricht --------\nBetreff: \tAnmeldung\nDatum: \tThu, 19 Nov 2026 10:12:33 "
     "+0100\n"
     "Von: \tIna Kurz <ina@example.org>\nAn: \tpetra@example.org\n\n\n\nIch komme.\n",
     "", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Notes",
     "z.K.\n\n----- Weitergeleitet von Petra Müller/ISL/DE am 19.11.2026 10:15 -----\n\nVon:\tIna "
     "Kurz/ISL/DE\nAn:\tPetra\n"
     "Datum:\t19.11.2026 10:12\nBetreff:\tAnmeldung\n\nIch komme.\n",
     "z.K.", "Ina Kurz/ISL/DE", NULL, "Anmeldung", "Ich komme.", true},
    {"Outlook with words",
     "Hallo, ich leite die Mail weiter.\n\nVon: Ina Kurz <ina@example.org>\nGesendet: Donnerstag, 19. "
     "November 2026 10:12\n"
     "An: Petra\nBetreff: Anmeldung\n\nIch komme.\n\n-- \nIna\n",
     "Hallo, ich leite die Mail weiter.", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Outlook without words",
     "\nVon: Ina Kurz <ina@example.org>\nGesendet: Donnerstag, 19. November 2026 10:12\nAn: Petra\n"
     "Betreff: Anmeldung\n\nIch komme.\n",
     "", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"Outlook, a reply",
     "Ja.\n\nVon: Stadtlabor <s@iserlohn.de>\nGesendet: Donnerstag, 19. November 2026 10:12\nAn: "
     "Petra\nBetreff: Frage\n\n"
     "Kommen Sie?\n",
     "Ja.", "Stadtlabor", "s@iserlohn.de", "Frage", "Kommen Sie?", false},
    {"a forward of a forward",
     "FYI\n\nVon: Paul Maier <paul@example.org>\nGesendet: Donnerstag, 19. November 2026 11:12\nAn: Petra\n"
     "Betreff: WG: Anmeldung\n\nBitte kümmern.\n\nVon: Ina Kurz <ina@example.org>\n"
     "Gesendet: Donnerstag, 19. November 2026 10:12\nAn: Paul\nBetreff: Anmeldung\n\nIch komme.\n",
     "FYI", "Ina Kurz", "ina@example.org", "Anmeldung", "Ich komme.", true},
    {"a forward of a reply",
     "---------- Forwarded message ---------\nFrom: Ina Kurz <ina@example.org>\nDate: Thu, Nov 19, 2026 at "
     "10:12 AM\n"
     "Subject: Re: Frage\nTo: Petra <petra@example.org>\n\nIch komme.\n\n"
     "Am 18.11.2026 um 9:00 schrieb Petra <petra@example.org>:\n> Kommst du?\n",
     "", "Ina Kurz", "ina@example.org", "Re: Frage", "Ich komme.", true},
};

TEST(who_and_what_was_forwarded)
{
    for (size_t i = 0; i < sizeof forwards / sizeof *forwards; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, forwards[i].text, &own);
        const struct forwarded *f = &own.forwarded;
        CHECK_ROW(str_equal(own.text, forwards[i].own) && own.is_forward == forwards[i].forward,
                  "%s: \"%s\" %d", forwards[i].what, own.text, own.is_forward);
        CHECK_ROW(
            str_equal(f->from_name, forwards[i].name) && str_equal(f->from_address, forwards[i].address) &&
                str_equal(f->subject, forwards[i].subject) && str_equal(f->text, forwards[i].words),
            "%s: \"%s\" <%s> \"%s\": \"%s\"", forwards[i].what, f->from_name ? f->from_name : "-",
            f->from_address ? f->from_address : "-", f->subject ? f->subject : "-", f->text ? f->text : "-");
        char *first = strndup(forwards[i].words, strcspn(forwards[i].words, "\n"));
        CHECK_ROW(f->at + f->len <= strlen(forwards[i].text) &&
                      memmem(forwards[i].text + f->at, f->len, first, strlen(first)) != NULL,
                  "%s: place %zu, %zu", forwards[i].what, f->at, f->len);
        free(first);
        arena_free(arena);
    }
}

TEST(the_closing_and_the_name_under_it)
{
    static const struct {
        const char *text, *closing;
    } rows[] = {
        {"Ich komme.\n\nViele Grüße\nPetra\n", "Viele Grüße\nPetra"},
        {"Ich komme.\n\nMit freundlichen Grüßen\n\nPetra Müller\nNordengraben 10\n",
         "Mit freundlichen Grüßen\n\nPetra Müller"},
        {"Ich komme. LG Petra\n", "LG Petra"},
        {"Ich komme.\nLiebe Grüße\n3.5.1958\n", "Liebe Grüße"},
        {"Ich komme.\nDanke und Gruß, Petra Müller\n", "Danke und Gruß, Petra Müller"},
        {"I will come.\n\nKind regards,\nPriya\n", "Kind regards,\nPriya"},
        {"Viele Grüße soll ich von Paul ausrichten. Ich komme.\n",
         "Viele Grüße soll ich von Paul ausrichten. Ich komme."},
        {"Ich komme.\nPetra\n", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        struct own_words own;
        own_words(arena, patterns, rows[i].text, &own);
        CHECK_STR(own.closing, rows[i].closing);
        arena_free(arena);
    }
}

TEST(signatures_are_kept)
{
    struct arena *arena = arena_new();
    struct own_words own;
    own_words(arena, patterns, "Der Rest steht unten.\n\n-- \nPetra Müller\nNordengraben 10\n", &own);
    CHECK_STR(own.signature, "-- \nPetra Müller\nNordengraben 10");
    CHECK_STR(own_words_shown(&own), "Der Rest steht unten.");
    own_words(arena, patterns, forwards[2].text, &own);
    CHECK_STR(own_words_shown(&own), "Siehe unten.");
    own_words(arena, patterns, forwards[3].text, &own);
    CHECK_STR(own_words_shown(&own), "Ich komme.");
    arena_free(arena);
}

TEST(hostile_text_is_read_in_time)
{
    static const char *const pieces[] = {"> ",
                                         ">",
                                         "Am 1.1.2026 um 10:00 schrieb\n",
                                         "Am 1.1.2026 ",
                                         "Von: a@b\nGesendet: 10:00\nAn: b\n",
                                         "Viele Grüße\n",
                                         "-- \n",
                                         "a:\n",
                                         "schrieb 1:\n",
                                         "\n",
                                         "GmbH HRB 1 Fax\n",
                                         "x@y.example wrote:\n> a\n",
                                         "-----Ursprüngliche Nachricht-----\n",
                                         "---------- Forwarded message ---------\nFrom: a@b\n\n",
                                         "Diese E-Mail ",
                                         "\xc3\xa4",
                                         "a\xc3\xa4",
                                         "1 1:1 ",
                                         "| a\n",
                                         "> a\nb\n"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct arena *arena = arena_new();
        struct text t = text_new(arena, 2000000);
        while (t.len < 1000000) {
            text_add(&t, pieces[i]);
        }
        struct own_words own;
        struct timespec a, b;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
        own_words(arena, patterns, t.s, &own);
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
        double ms = (double)(b.tv_sec - a.tv_sec) * 1e3 + (double)(b.tv_nsec - a.tv_nsec) / 1e6;
        CHECK_ROW(ms < 1500, "\"%s\" took %.0f ms", pieces[i], ms);
        arena_free(arena);
    }
}

/* ---- the shared corpus of replies, when it is there ---- */

static char *without_blanks(struct arena *arena, const char *s)
{
    char *out = arena_alloc(arena, strlen(s) + 1), *to = out;
    for (; *s != '\0'; s++) {
        if (strchr(" \t\r\n", *s) == NULL) {
            *to++ = *s;
        }
    }
    return out;
}

/* Every line that the writer wrote is still there. */
static bool nothing_lost(struct arena *arena, const char *want, const char *got)
{
    char *rest = arena_strdup(arena, want), *all = without_blanks(arena, got);
    for (char *line = strtok(rest, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (*line != '>' && strstr(all, without_blanks(arena, line)) == NULL) {
            return false;
        }
    }
    return true;
}

TEST(replies_of_the_shared_corpus)
{
    const char *root = getenv("CORPUS_SHARED");
    struct arena *arena = arena_new();
    char *folder = arena_printf(arena, "%s/replies", root != NULL ? root : "../shared/corpus");
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        printf("# %s is not there: its replies were not read\n", folder);
        arena_free(arena);
        return;
    }
    int all = 0, equal = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len < 5 || strcmp(entry->d_name + len - 4, ".eml") != 0) {
            continue;
        }
        char *mail, *want, *path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        size_t mail_len, want_len;
        struct letter letter;
        struct own_words own;
        struct error err;
        char *own_path = arena_printf(arena, "%.*s.own.txt", (int)strlen(path) - 4, path);
        CHECK(file_read(arena, path, 10000000, &mail, &mail_len, &err));
        CHECK(file_read(arena, own_path, 10000000, &want, &want_len, &err));
        CHECK(letter_read(arena, mail, mail_len, true, &letter, &err));
        own_words(arena, patterns, letter.text, &own);
        const char *got = own_words_shown(&own);
        all++;
        equal += strcmp(without_blanks(arena, got), without_blanks(arena, want)) == 0;
        CHECK_ROW(nothing_lost(arena, want, got), "%s: words were lost", entry->d_name);
    }
    closedir(dir);
    printf("# own words of %d of %d replies as their writers wrote them\n", equal, all);
    CHECK(equal >= all - 1);
    arena_free(arena);
}

int main(void)
{
    const char *const folders[] = {"parsers/patterns", NULL};
    struct error err;
    patterns = patterns_load(folders, false, &err);
    if (patterns == NULL) {
        printf("not ok patterns: %s\n", err.what);
        return 1;
    }
    RUN(own_words_of_replies);
    RUN(own_words_of_html);
    RUN(who_and_what_was_forwarded);
    RUN(the_closing_and_the_name_under_it);
    RUN(signatures_are_kept);
    RUN(hostile_text_is_read_in_time);
    RUN(replies_of_the_shared_corpus);
    patterns_free(patterns);
    return check_done();
}
