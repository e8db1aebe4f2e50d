/* Who is no person. Each row is a mail: its own header lines, its text, what it is. Every kind of
 * robot has persons beside it who write the same words. */
#include "parsers/robot/robot.h"

#include "tests/unit/shipped.h"

#include <stdlib.h>

struct row {
    const char *name, *head, *text;
    enum robot_kind kind;
};

#define ANNA "From: Anna Beispiel <anna@example.org>\nReturn-Path: <anna@example.org>\n"

static const struct row absent[] = {
    {"outlook, with headers",
     ANNA "Subject: Automatische Antwort: Newsletter\nAuto-Submitted: auto-generated\n",
     "Ich bin bis zum 5. Dezember nicht im Büro.", ROBOT_AUTO_REPLY},
    {"headers alone", ANNA "Subject: Re: Ihre Anmeldung\nAuto-Submitted: auto-replied\n", "Bin weg.",
     ROBOT_AUTO_REPLY},
    {"Auto-Submitted: no is a person", ANNA "Subject: Anmeldung\nAuto-Submitted: no\n",
     "Ich möchte mich zum Repair-Café anmelden.", ROBOT_NONE},
    {"old header", ANNA "Subject: Re: Newsletter\nX-Autoreply: yes\n", "Thanks, I am away.",
     ROBOT_AUTO_REPLY},
    {"old header that says no", ANNA "Subject: Re: Newsletter\nX-Autoreply: no\n",
     "Bitte streichen Sie mich aus der Liste.", ROBOT_NONE},
    {"Precedence: auto_reply", ANNA "Subject: Re: Newsletter\nPrecedence: auto_reply\n", "Ich bin verreist.",
     ROBOT_AUTO_REPLY},
    {"empty return path",
     "From: Anna Beispiel <anna@example.org>\nReturn-Path: <>\nSubject: Re: Newsletter\n", "Ich melde mich.",
     ROBOT_AUTO_REPLY},
    {"no header, subject of a mail program", ANNA "Subject: Abwesenheitsnotiz: Newsletter Stadtlabor\n",
     "Guten Tag, ich bin ab dem 7.12. zurück.", ROBOT_AUTO_REPLY},
    {"answers our question, subject of a mail program",
     ANNA "Subject: Automatische Antwort: Re: Rundgang\nIn-Reply-To: <1@iserlohn.de>\n",
     "Ich bin bis 3.5.2027 nicht im Büro. Geboren am 3.5.1958.", ROBOT_AUTO_REPLY},
    {"no header, words alone", ANNA "Subject: Re: Newsletter Stadtlabor November 2026\n",
     "Vielen Dank für Ihre Nachricht. Ich bin vom 16.11. bis zum 27.11.2026 im Urlaub.\n"
     "In dringenden Fällen wenden Sie sich bitte an Frau Sommer.",
     ROBOT_AUTO_REPLY},
    {"no header, wrapped lines", ANNA "Subject: Antwort\n",
     "Guten Tag,\n\nich befinde mich derzeit in Elternzeit und bin voraussichtlich bis einschließlich\n"
     "31. März 2027 nicht im Haus. Ihre E-Mail wird in dieser Zeit leider nicht automatisch\n"
     "weitergeleitet.\n",
     ROBOT_AUTO_REPLY},
    {"business closed", "From: Praxis Dr. Muster <praxis@example.org>\nSubject: Praxis geschlossen\n",
     "Unsere Praxis ist im Urlaub. Dies ist eine automatische Antwort, Ihre Nachricht wird nicht gelesen.",
     ROBOT_AUTO_REPLY},
    {"english words alone", ANNA "Subject: Re: your newsletter\n",
     "Thank you for your email. I am out of the office until Monday with limited access to email. For "
     "urgent matters please call my colleague.",
     ROBOT_AUTO_REPLY},
    {"english subject", ANNA "Subject: Out of Office: Newsletter\n", "Back on Monday.", ROBOT_AUTO_REPLY},
    {"french", ANNA "Subject: Réponse automatique : Newsletter\n", "Je suis absente jusqu'au 30 novembre.",
     ROBOT_AUTO_REPLY},
    {"dutch", ANNA "Subject: Automatisch antwoord: Newsletter\n", "Ik ben afwezig.", ROBOT_AUTO_REPLY},
    {"comes back", ANNA "Subject: Abwesenheitsnotiz\n",
     "Ich nehme derzeit an einer Fortbildung teil und komme am 7. Dezember zurück. Danach melde ich mich.",
     ROBOT_AUTO_REPLY},
    {"away on one evening", ANNA "Subject: 3D-Druck\n",
     "Vielen Dank für Ihre Mail. Am 12.12. bin ich leider nicht zu Hause, meine Frau aber schon.",
     ROBOT_NONE},
    {"complains of automatic answers", ANNA "Subject: Ihre automatische Antwort\n",
     "Auf meine Frage kam nur eine automatische Antwort. Rufen Sie mich bitte an.", ROBOT_NONE},
    {"left the company", ANNA "Subject: Automatische Antwort: Newsletter\n",
     "Frau Beispiel ist nicht mehr für unser Haus tätig. Bitte wenden Sie sich an info@example.org.",
     ROBOT_AUTO_REPLY},
    {"on holiday and registers", ANNA "Subject: Anmeldung\n",
     "Ich bin ab Montag im Urlaub, melde mich hiermit aber noch schnell zum KI-Abend an.", ROBOT_NONE},
    {"on holiday and cancels", ANNA "Subject: Absage\n",
     "Leider bin ich bis zum 12.12. im Urlaub und kann daher nicht teilnehmen. Bitte stornieren Sie.",
     ROBOT_NONE},
    {"on holiday and asks", ANNA "Subject: Frage\n",
     "Am 3.12. sind wir im Urlaub. Gibt es noch einen zweiten Termin?", ROBOT_NONE},
    {"ill, a reply of thanks", ANNA "Subject: Re: Ihre Anmeldung\n",
     "Vielen Dank für Ihre Nachricht. Ich bin krank und muss für Donnerstag leider absagen.", ROBOT_NONE},
    {"answers an automatic answer", ANNA "Subject: AW: Automatische Antwort: Öffnungszeiten\n",
     "Danke, dann komme ich am Freitag vorbei.", ROBOT_NONE},
    {"thanks, and nothing else", ANNA "Subject: Re: Ihre Anmeldung\n", "Vielen Dank für Ihre Nachricht!",
     ROBOT_NONE},
    {"tells of an absence", ANNA "Subject: Abwesenheit am 3. Dezember\n",
     "Ich kann am 3. Dezember leider nicht kommen, der Platz ist frei.", ROBOT_NONE},
    {"X-Auto-Response-Suppress on a person's mail", ANNA "Subject: Termin\nX-Auto-Response-Suppress: All\n",
     "Guten Tag, ich würde gern am 9. Februar kommen.", ROBOT_NONE},
};

static const struct row tickets[] = {
    {"ticket system",
     "From: Service <service@example.org>\nSubject: [Ticket#202611221234] Ihre Anfrage\n"
     "Precedence: bulk\nX-Auto-Response-Suppress: All\n",
     "Vielen Dank für Ihre Anfrage. Sie wurde unter der Nummer 202611221234 registriert.", ROBOT_AUTO_REPLY},
    {"ticket without header",
     "From: Bürgerbüro <noreply@example.org>\nSubject: Ihre Nachricht ist eingegangen\n",
     "Ihre Nachricht ist bei uns eingegangen und wird schnellstmöglich bearbeitet.\nDies ist eine "
     "automatisch "
     "erzeugte Nachricht, bitte antworten Sie nicht darauf.",
     ROBOT_AUTO_REPLY},
    {"english ticket", "From: Support <support@example.com>\nSubject: [#48211] Newsletter\n",
     "Your request (48211) has been received and is being reviewed by our support staff.\n"
     "To add comments, reply to this email.",
     ROBOT_AUTO_REPLY},
    {"Jira",
     "From: Jira <jira@example.com>\nSubject: [JIRA] (HELP-231) Newsletter\nAuto-Submitted: "
     "auto-generated\nPrecedence: bulk\n",
     "Anna created HELP-231.", ROBOT_AUTO_REPLY},
    {"read receipt by words", ANNA "Subject: Gelesen: Ihre Anmeldung\n",
     "Ihre Nachricht\n\n   An: Anna\n   Betreff: Ihre Anmeldung\n\nwurde am Dienstag, 17. November 2026 "
     "12:03:09 "
     "gelesen.",
     ROBOT_AUTO_REPLY},
    {"confirm that you are human", "From: Spamschutz <anna@example.org>\nSubject: Bitte bestätigen\n",
     "This is an automated message. Please confirm that you are a human.", ROBOT_AUTO_REPLY},
    {"a person answers about a ticket", ANNA "Subject: Re: [Ticket#202611221234] Ihre Anfrage\n",
     "Guten Tag, zu meinem Ticket: Können Sie mich bitte für den 14.1. eintragen?", ROBOT_NONE},
    {"a person got our mail", ANNA "Subject: Re: Ihre Anmeldung\n",
     "Guten Tag, Ihre Bestätigung ist bei mir angekommen, danke.", ROBOT_NONE},
    {"a web form",
     "From: Kontaktformular <noreply@stadt.example.de>\nReply-To: Anna <anna@example.org>\n"
     "Subject: Kontaktanfrage\nAuto-Submitted: auto-generated\n",
     "Diese E-Mail wurde automatisch erzeugt.\n\nVorname: Anna\nNachname: Beispiel\nE-Mail: "
     "anna@example.org\n"
     "Nachricht: Bitte melden Sie mich zum KI-Abend an.",
     ROBOT_NONE},
};

static const struct row bulk[] = {
    {"mailing list",
     "From: Ole <ole@example.org>\nSubject: [mapper] Treffen\nList-Id: <mapper.example.org>\n"
     "List-Post: <mailto:mapper@example.org>\nPrecedence: list\n",
     "Wer kommt? Ich melde mich da an.", ROBOT_BULK},
    {"advertising",
     "From: Shop <news@shop.example.com>\nSubject: Nur noch heute: 20 % Rabatt\n"
     "List-Unsubscribe: <https://shop.example.com/u>\nPrecedence: bulk\n",
     "Jetzt bestellen!\nNewsletter abbestellen | Impressum", ROBOT_BULK},
    {"newsletter of an authority",
     "From: Land <newsletter@land.example.de>\nSubject: Newsletter 11/2026\n"
     "List-Unsubscribe: <mailto:x@land.example.de>\n",
     "Liebe Leserinnen und Leser,\n\nSie erhalten diese E-Mail, weil Sie sich eingetragen haben.",
     ROBOT_BULK},
    {"marked as spam", ANNA "Subject: Re: Ihre Anmeldung\nX-Spam-Flag: YES\n", "Ihr Guthaben wartet.",
     ROBOT_BULK},
    {"marked in the subject", ANNA "Subject: [SPAM] Your website\n", "We make you rank.", ROBOT_BULK},
    {"automatic list mail",
     "From: Dienst <dienst@example.com>\nSubject: Update\nAuto-Submitted: auto-generated\n"
     "List-Id: <dienst.example.com>\nList-Unsubscribe: <https://example.com>\n",
     "Es gibt Neues.", ROBOT_BULK},
    {"List-Unsubscribe put in by a mail service",
     ANNA "Subject: Anmeldung\nList-Unsubscribe: <https://m.example/u>\n",
     "Guten Tag, ich möchte mich zum Mapathon anmelden. Anna Beispiel, geb. 3.5.1958", ROBOT_NONE},
    {"List-Unsubscribe and one click on a person's mail",
     ANNA "Subject: Frage\nList-Unsubscribe: <https://m.example/u>\n"
          "List-Unsubscribe-Post: List-Unsubscribe=One-Click\nFeedback-ID: 1:mail\n",
     "Guten Tag, ich würde gern mit meiner Klasse kommen.", ROBOT_NONE},
    {"Precedence: normal", ANNA "Subject: Anmeldung\nPrecedence: normal\n", "Ich melde mich an.", ROBOT_NONE},
    {"an offer that somebody wrote",
     "From: Frank Zech <f.zech@example.com>\nSubject: Angebot für Ihren Workshop\n",
     "Guten Tag, wir bieten Ihnen Bausätze an und gewähren 10 % Rabatt.", ROBOT_NONE},
    {"a filter's No", ANNA "Subject: Rundgang\nX-Spam-Status: No, score=1.4\nX-Spam-Flag: NO\n",
     "Wann ist der Rundgang?", ROBOT_NONE},
    {"asks to unsubscribe", ANNA "Subject: Newsletter abbestellen\n",
     "Ich möchte keinen Newsletter mehr erhalten.", ROBOT_NONE},
};

static const struct row reports[] = {
    {"plain report",
     "From: Mail Delivery System <mailer-daemon@example.org>\nReturn-Path: <>\n"
     "Subject: Undelivered Mail Returned to Sender\n",
     "<b@example.org>: User unknown", ROBOT_REPORT},
    {"german report of a mailbox's own name",
     "From: E-Mail-Dienst <dienst@example.org>\nReturn-Path: <>\n"
     "Subject: Zustellung fehlgeschlagen\n",
     "Ihre Nachricht an b@example.org konnte nicht zugestellt werden.", ROBOT_REPORT},
    {"report without an envelope's trace",
     "From: postmaster@example.org\nSubject: Unzustellbar: Newsletter\n",
     "Die Nachricht konnte nicht zugestellt werden: b@example.org", ROBOT_REPORT},
    {"a person passes a report on", ANNA "Subject: WG: Undelivered Mail Returned to Sender\n",
     "Guten Tag, seit gestern bekomme ich das hier zurück:\n\nYour message could not be delivered.",
     ROBOT_NONE},
    {"a person tells that a mail came back", ANNA "Subject: Mail nicht zustellbar\n",
     "Guten Tag, meine Mail an kurs@example.org konnte nicht zugestellt werden. Stimmt die Adresse?",
     ROBOT_NONE},
    {"a postmaster who registers", "From: Postmaster <postmaster@verein.example.org>\nSubject: Anmeldung\n",
     "Hallo, ich melde mich zum LoRaWAN-Abend an.", ROBOT_NONE},
};

static struct patterns *patterns;

static void check_rows(const struct row *rows, size_t n)
{
    struct arena *arena = arena_new();
    for (size_t i = 0; i < n; i++) {
        struct error err;
        struct letter letter;
        struct robot robot;
        const char *mail = arena_printf(arena,
                                        "%sTo: stadtlabor@iserlohn.de\nMIME-Version: 1.0\nContent-Type: "
                                        "text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n%s\n",
                                        rows[i].head, rows[i].text);
        CHECK_ROW(letter_read(arena, mail, strlen(mail), true, &letter, &err), "%s: %s", rows[i].name,
                  err.what);
        struct own_words own = {.text = letter.text, .closing = "", .signature = ""};
        robot_recognise(arena, patterns, &letter, &own, &robot);
        CHECK_ROW(robot.kind == rows[i].kind, "%s: is %d, wanted %d (%s, %s)", rows[i].name, (int)robot.kind,
                  (int)rows[i].kind, robot.why ? robot.why : "-", robot.pattern ? robot.pattern : "-");
        CHECK_ROW((robot.kind == ROBOT_NONE) == (robot.why == NULL), "%s: a reason is missing", rows[i].name);
    }
    arena_free(arena);
}

#define ROWS(table) check_rows(table, sizeof table / sizeof *table)

TEST(out_of_office)
{
    ROWS(absent);
}
TEST(receipts_and_tickets)
{
    ROWS(tickets);
}
TEST(lists_and_advertising)
{
    ROWS(bulk);
}
TEST(reports_and_who_tells_of_them)
{
    ROWS(reports);
}

int main(void)
{
    patterns = shipped_patterns();
    RUN(out_of_office);
    RUN(receipts_and_tickets);
    RUN(lists_and_advertising);
    RUN(reports_and_who_tells_of_them);
    patterns_free(patterns);
    return check_done();
}
