/* Whole texts, as different people write them; who takes part, with which fields. A row: display
 * name, text, and the people as "first|last|birth|street|code|city", "-" for what is not known,
 * parted by " & "; the order of people does not count. */
#include "parsers/person/person.h"

#include "base/text.h"
#include "tests/unit/shipped.h"

#include <stdlib.h>

/* A row a line: */
/* clang-format off */
static const struct {
    const char *display, *text, *persons;
} rows[] = {
    /* lists and forms */
    {NULL, "Anmeldung\n\nNachname ......: Özdemir\nVorname .......: Ayşe\nGeb.-Datum ....: 07.11.1990\nStraße/Nr. ....: Teutoburger Str. 8\nPLZ/Ort .......: 58636 Iserlohn\nE-Mail ........: a.oezdemir@example.org\n", "Ayşe|Özdemir|1990-11-07|Teutoburger Str. 8|58636|Iserlohn"},
    {NULL, "Name, Vorname\tGrabowski, Piotr\nGeburtstag\t4.4.1967\nWohnanschrift\tKuhlo 20, 58642 Iserlohn", "Piotr|Grabowski|1967-04-04|Kuhlo 20|58642|Iserlohn"},
    {NULL, "1. Name: Hedwig Sonnenschein\n2. Geburtsdatum: 1.1.1938\n3. Adresse: Seilersee 4, 58636 Iserlohn\n4. Veranstaltung: Handy", "Hedwig|Sonnenschein|1938-01-01|Seilersee 4|58636|Iserlohn"},
    {NULL, "* Vorname: Mia\n* Name: Wulff\n* geb. am: 13.10.2014\n* Anschrift: Burgberg 2, 58642 Letmathe\n* Telefon der Eltern: 02374 5551234", "Mia|Wulff|2014-10-13|Burgberg 2|58642|Letmathe"},
    {NULL, "Vorname/Nachname: Lothar Eickelmann\nGeburtsdatum: 30.06.49\nStr., Hausnr.: Am Ballo 3\nOrt: 58638 Iserlohn", "Lothar|Eickelmann|1949-06-30|Am Ballo 3|58638|Iserlohn"},
    {NULL, "Teilnehmer 1: Max Brandt, 1.2.1990, Südstr. 4, 58644 Iserlohn\nTeilnehmer 2: Eva Lindner, 3.4.1992, Nordstr. 5, 58675 Hemer", "Max|Brandt|1990-02-01|Südstr. 4|58644|Iserlohn & Eva|Lindner|1992-04-03|Nordstr. 5|58675|Hemer"},
    {NULL, "Name des Kindes: Jonas Weber\nGeburtsdatum: 12.12.2015\nName der Mutter: Sandra Weber\nAdresse: Vogelsang 7, 58640 Iserlohn", "Jonas|Weber|2015-12-12|Vogelsang 7|58640|Iserlohn"},
    {NULL, "Vorname;Nachname;Geburtsdatum;Straße;PLZ;Ort\nUwe;Tappert;02.02.1962;Im Lau 12;58638;Iserlohn\nInge;Tappert;08.03.1964;Im Lau 12;58638;Iserlohn", "Uwe|Tappert|1962-02-02|Im Lau 12|58638|Iserlohn & Inge|Tappert|1964-03-08|Im Lau 12|58638|Iserlohn"},
    {NULL, "Nachname\tVorname\tgeb.\tStraße\tOrt\nAltmann\tKurt\t05.05.1955\tHeidestr. 1\t58640 Iserlohn\nBach\tLena\t06.06.1966\tTalweg 2\t58675 Hemer", "Kurt|Altmann|1955-05-05|Heidestr. 1|58640|Iserlohn & Lena|Bach|1966-06-06|Talweg 2|58675|Hemer"},
    {NULL, "Surname: MacAllister\nFirst name: Fiona\nDate of birth: 2nd July 1988\nAddress: Piepenstockstr. 40, 58636 Iserlohn, Germany", "Fiona|MacAllister|1988-07-02|Piepenstockstr. 40|58636|Iserlohn"},
    {NULL, "NAME: SCHULTE-EBBERT\nVORNAME: MARIA THERESIA\nGEBOREN: 22.09.1945\nSTRASSE: LÖBBECKENKOPF 11\nORT: 58636 ISERLOHN", "Maria Theresia|Schulte-Ebbert|1945-09-22|Löbbeckenkopf 11|58636|Iserlohn"},
    {NULL, "Familienname : Haddad\nVorname : Rami\nGeburtsdatum : 10/03/1987\nAdresse : Elisabethstraße 14, 58636 Iserlohn", "Rami|Haddad|1987-03-10|Elisabethstraße 14|58636|Iserlohn"},
    {NULL, "Wer: Torben Kleff\nWann geboren: 17. August 1996\nWo: Oberer Weg 8, 58762 Altena", "Torben|Kleff|1996-08-17|Oberer Weg 8|58762|Altena"},
    /* one line, any separators */
    {NULL, "Melde mich an. Kemal Aydın - 12.05.1977 - Brüderstraße 9 - 58636 Iserlohn", "Kemal|Aydın|1977-05-12|Brüderstraße 9|58636|Iserlohn"},
    {NULL, "Anmeldung: Sophie Krämer; geb. 1.12.2000; Hauptstr. 77; 58706 Menden", "Sophie|Krämer|2000-12-01|Hauptstr. 77|58706|Menden"},
    {NULL, "bin dabei! (Nico Bergmann, 7.7.2003, Mühlenstr. 2, 58239 Schwerte)", "Nico|Bergmann|2003-07-07|Mühlenstr. 2|58239|Schwerte"},
    {NULL, "Hallo, Anmeldung fürs Energiesparen, Gertrud Wessel geb. am 2.3.1940 wohnhaft Poth 3 58638 Iserlohn Tel 02371 55512", "Gertrud|Wessel|1940-03-02|Poth 3|58638|Iserlohn"},
    {NULL, "58640 Iserlohn, Ahornweg 6, Beckmann Ursula, 09.09.1953", "Ursula|Beckmann|1953-09-09|Ahornweg 6|58640|Iserlohn"},
    {NULL, "thomas lange, 3.3.80, alleestr. 5 in 58511 lüdenscheid, bitte anmelden", "Thomas|Lange|1980-03-03|Alleestr. 5|58511|Lüdenscheid"},
    {NULL, "Hiermit melde ich mich an: Krzysztof Wójcik / *14.01.1985 / Hagener Str. 250, 58642 Iserlohn / Danke!", "Krzysztof|Wójcik|1985-01-14|Hagener Str. 250|58642|Iserlohn"},
    /* prose */
    {NULL, "Mein Name ist Annelore Fritsche, ich bin am 8. Mai 1945 in Breslau geboren und wohne in der Treppenstraße 12, 58638 Iserlohn. Ich möchte gern kommen.", "Annelore|Fritsche|1945-05-08|Treppenstraße 12|58638|Iserlohn"},
    {NULL, "ich heiße Svenja, Nachname Ruppert, und wurde am 30.11.1999 geboren. Meine Adresse lautet Bachweg 3b in Hemer. Ich komme gerne zum Mapathon!", "Svenja|Ruppert|1999-11-30|Bachweg 3b|-|Hemer"},
    {"Detlef Harms", "Sehr geehrte Damen und Herren,\n\nich möchte mich anmelden. Ich wohne in 58640 Iserlohn in der Hennener Straße 14 und bin am 25.12.1950 geboren.\n\nMit freundlichen Grüßen\nDetlef Harms", "Detlef|Harms|1950-12-25|Hennener Straße 14|58640|Iserlohn"},
    {NULL, "Guten Tag, hier schreibt Ihnen Ottokar Freese. Geburtstag habe ich am 1. April, Jahrgang 1949. Zu finden bin ich in Iserlohn, Am Zeughaus 5.", "Ottokar|Freese|1949-04-01|Am Zeughaus 5|-|Iserlohn"},
    {NULL, "Ich bin Fatima El Amrani, geboren am 15.02.1991 in Nador, wohne Bismarckstraße 30, 58636 Iserlohn und möchte teilnehmen.", "Fatima|El Amrani|1991-02-15|Bismarckstraße 30|58636|Iserlohn"},
    {"Rosi", "Hallo! Ich komme am Samstag. Rosemarie Kötter, bin eine 52erin (geb. 14.7.1952), Karlstr. 18, 58636 Iserlohn.\n\nLG Rosi", "Rosemarie|Kötter|1952-07-14|Karlstr. 18|58636|Iserlohn"},
    {NULL, "My name is Declan O'Rourke and I'd like to attend. I was born on 9 September 1979 and live at Westfalenstraße 61, 58636 Iserlohn.", "Declan|O'Rourke|1979-09-09|Westfalenstraße 61|58636|Iserlohn"},
    {"Wolfram Pauls", "ich nehme gern teil.\n\nBeste Grüße\nWolfram Pauls\n\ngeb. 11.11.1961\nLohstraße 4\n58640 Iserlohn", "Wolfram|Pauls|1961-11-11|Lohstraße 4|58640|Iserlohn"},
    /* others */
    {"Kerstin Jahn", "Ich möchte zum Klimaschutz-Abend. Kerstin Jahn, 2.2.1990. Früher wohnte ich in der Nordstr. 12, 58636 Iserlohn.", "Kerstin|Jahn|1990-02-02|-|-|-"},
    {"Lars Thoma", "Ich melde mich an. Lars Thoma, geb. 3.3.1983. Ich arbeite in der Industriestraße 40, wohne aber im Lindenweg 7, 58636 Iserlohn.", "Lars|Thoma|1983-03-03|Lindenweg 7|58636|Iserlohn"},
    {"Peter Hahn", "Ich komme gern. Peter Hahn, Am Markt 2, 58636 Iserlohn. Die Heizung ist vom 04.05.1998, den Router habe ich am 4.5.2001 gekauft.", "Peter|Hahn|-|Am Markt 2|58636|Iserlohn"},
    {"Peter Hahn", "Ich komme gern. Peter Hahn, 4.5.1978, Am Markt 2, 58636 Iserlohn. Unser Sohn Tim kam am 3.3.2026 zur Welt, unsere Katze Mimi am 3.3.2020.", "Peter|Hahn|1978-05-04|Am Markt 2|58636|Iserlohn"},
    {"Eva Schür", "Ich melde mich an: Eva Schür, Floristin, geboren am 9.9.1974, Oberer Markt 2, 58636 Iserlohn.", "Eva|Schür|1974-09-09|Oberer Markt 2|58636|Iserlohn"},
    {"Dr. v. Lünen", "Ich nehme teil, geboren 12.4.1943, Schloßstraße 1, 58644 Iserlohn.\n\nHochachtungsvoll\nDr. v. Lünen", "-|von Lünen|1943-04-12|Schloßstraße 1|58644|Iserlohn"},
    {"Miriam Haas", "Hallo,\n\nich möchte unseren Sohn Elias zum 3D-Druck anmelden. Geburtsdatum 3.8.2014, wir wohnen Forstweg 9, 58644 Iserlohn.\n\nViele Grüße\nMiriam Haas", "Elias|Haas|2014-08-03|Forstweg 9|58644|Iserlohn"},
    {"Miriam Haas", "Hallo,\n\nmein Mann und ich kommen gern: Miriam Haas, 4.5.1980, und Jürgen Haas, 6.7.1978, Forstweg 9, 58644 Iserlohn.\n\nViele Grüße\nMiriam Haas", "Miriam|Haas|1980-05-04|Forstweg 9|58644|Iserlohn & Jürgen|Haas|1978-07-06|Forstweg 9|58644|Iserlohn"},
    {"Sabine Klee", "Guten Tag,\n\nbitte melden Sie meine Nachbarin Frau Erika Stolz an, sie hat kein Internet. Sie ist am 2.2.1939 geboren und wohnt Baarstraße 5, 58636 Iserlohn.\n\nMit freundlichen Grüßen\nSabine Klee", "Erika|Stolz|1939-02-02|Baarstraße 5|58636|Iserlohn"},
    {"Oliver Thiele", "Guten Tag,\n\nfür meinen Vater Günter Thiele (geb. 5.10.1944, Gartenstr. 8, 58675 Hemer) hätte ich gern einen Platz.\n\nOliver Thiele", "Günter|Thiele|1944-10-05|Gartenstr. 8|58675|Hemer"},
    {"Anna Busch", "Hi,\n\nmeine Freundin Lea Dorn und ich wollen kommen.\n\nAnna Busch, 1.1.1999, Waldstr. 3, 58636 Iserlohn\nLea Dorn, 2.2.1998, Seestr. 4, 58675 Hemer\n\nLG Anna", "Anna|Busch|1999-01-01|Waldstr. 3|58636|Iserlohn & Lea|Dorn|1998-02-02|Seestr. 4|58675|Hemer"},
    {"Petra Noll", "Liebes Team,\n\nmeine Kinder Tim (5.5.2014) und Lisa (6.6.2016) möchten zum Calliope. Wir wohnen in der Langen Straße 40, 58636 Iserlohn.\n\nHerzliche Grüße\nPetra Noll", "Tim|Noll|2014-05-05|Lange Straße 40|58636|Iserlohn & Lisa|Noll|2016-06-06|Lange Straße 40|58636|Iserlohn"},
    {"Hans Rose", "Guten Tag,\n\nich melde mich und meine Frau Gisela an. Ich bin am 3.3.1947 geboren, sie am 4.4.1949. Anschrift: Eichenweg 2, 58640 Iserlohn.\n\nHans Rose", "Hans|Rose|1947-03-03|Eichenweg 2|58640|Iserlohn & Gisela|Rose|1949-04-04|Eichenweg 2|58640|Iserlohn"},
    {"Martin Falk", "Moin,\n\nich komme mit meiner Tochter Nele (12.3.2013) zum Repair-Café. Martin Falk, 9.9.1975, Kampstr. 1, 58644 Iserlohn.\n\nGruß Martin", "Martin|Falk|1975-09-09|Kampstr. 1|58644|Iserlohn & Nele|Falk|2013-03-12|Kampstr. 1|58644|Iserlohn"},
    {"Gerda Holz", "Sehr geehrte Damen und Herren,\n\nmein verstorbener Mann (geb. 1.1.1935) war immer gern bei Ihnen. Nun komme ich allein. Gerda Holz, geb. 5.6.1938, Auf der Höhe 7, 58642 Iserlohn.", "Gerda|Holz|1938-06-05|Auf der Höhe 7|58642|Iserlohn"},
    {"Ralf Kunze", "Hallo,\n\nmein Sohn hat mir das Programm gezeigt. Ich melde mich an: Ralf Kunze, 8.8.1955, Rosenstr. 3, 58636 Iserlohn.", "Ralf|Kunze|1955-08-08|Rosenstr. 3|58636|Iserlohn"},
    {"Ines Vogel", "Guten Tag,\n\nich möchte meine Mutter Hildegard Vogel anmelden.\ngeb. 7.7.1941\nBergstr. 9\n58644 Iserlohn\n\nIch selbst bin an dem Tag verhindert.\n\nIhre Ines Vogel", "Hildegard|Vogel|1941-07-07|Bergstr. 9|58644|Iserlohn"},
    {"Kai Brand", "Hallo zusammen,\n\nmein Kollege Stefan Maurer und ich möchten teilnehmen.\n\nKai Brand\n4.2.1984\nParkstr. 6\n58511 Lüdenscheid\n\nStefan Maurer\n19.5.1979\nRingstr. 22\n58513 Lüdenscheid\n\nViele Grüße\nKai Brand", "Kai|Brand|1984-02-04|Parkstr. 6|58511|Lüdenscheid & Stefan|Maurer|1979-05-19|Ringstr. 22|58513|Lüdenscheid"},
    {"Julia Adam", "Dear team,\n\nI would like to register my son Ben Adam, born 3 March 2015, for the 3D printing workshop. We live at Schillerstr. 12, 58636 Iserlohn.\n\nKind regards\nJulia Adam", "Ben|Adam|2015-03-03|Schillerstr. 12|58636|Iserlohn"},
    {"Birgit Sommer", "Hallo,\n\nbitte meinen Enkel Luis Berger anmelden, geb. 1.10.2014, Ostring 3, 58638 Iserlohn.\n\nBirgit Sommer\nTalstr. 1, 58642 Iserlohn", "Luis|Berger|2014-10-01|Ostring 3|58638|Iserlohn"},
    /* what is no birth date, no address, no name */
    {"Udo Kern", "Guten Tag,\n\nam 12.11.2026 habe ich in der Zeitung von Ihnen gelesen. Ich melde mich an. Udo Kern, geb. 3.4.1950, Wiesenweg 2, 58636 Iserlohn. Meine Kundennummer bei den Stadtwerken ist 03041960.\n\nUdo Kern", "Udo|Kern|1950-04-03|Wiesenweg 2|58636|Iserlohn"},
    {"Elke Sander", "Guten Tag,\n\nseit dem 1.4.1985 arbeite ich bei der Stadt, jetzt gehe ich in Rente. Ich melde mich an: Elke Sander, 20.6.1961, Ahornstr. 8, 58640 Iserlohn", "Elke|Sander|1961-06-20|Ahornstr. 8|58640|Iserlohn"},
    {"Jan Wolf", "Hallo, ich komme gern. Jan Wolf, Neuer Weg 4, 58640 Iserlohn. Geburtsdatum möchte ich nicht angeben.", "Jan|Wolf|-|Neuer Weg 4|58640|Iserlohn"},
    {"Eva Klein", "Guten Tag,\nich melde mich an.\nEva Klein\n12.12.\nGartenstr. 4\n58636 Iserlohn", "Eva|Klein|-|Gartenstr. 4|58636|Iserlohn"},
    {"Ute Bach", "Hallo,\n\nich bin 72 und möchte kommen.\n\nUte Bach", "Ute|Bach|-|-|-|-"},
    {"info@example.org", "Bitte anmelden: Herr Nowak, 3.2.1966, Steinstr. 5, 58706 Menden", "-|Nowak|1966-02-03|Steinstr. 5|58706|Menden"},
    {"Gerd Pohl", "Ich melde mich an.\n\nGerd Pohl\nSachbearbeiter\n\nMuster GmbH\nIndustriestr. 5\n58640 Iserlohn\nTel. 02371 5550", "Gerd|Pohl|-|-|-|-"},
    /* families, groups */
    {"Familie Krämer", "Hallo,\n\nwir kommen zu viert: Stefan (geb. 3.3.1979), Claudia (geb. 4.4.1981), Emma (geb. 5.5.2011) und Noah (geb. 6.6.2013) Krämer, alle wohnhaft Tannenweg 8, 58640 Iserlohn.\n\nGruß\nStefan Krämer", "Stefan|Krämer|1979-03-03|Tannenweg 8|58640|Iserlohn & Claudia|Krämer|1981-04-04|Tannenweg 8|58640|Iserlohn & Emma|Krämer|2011-05-05|Tannenweg 8|58640|Iserlohn & Noah|Krämer|2013-06-06|Tannenweg 8|58640|Iserlohn"},
    {"Rolf Ebert", "Guten Tag,\n\nmeine Frau und ich möchten teilnehmen:\n\nRolf Ebert, geb. 10.10.1952\nMonika Ebert, geb. 11.11.1954\nGrüner Talweg 30\n58644 Iserlohn\n\nMit freundlichen Grüßen\nRolf Ebert", "Rolf|Ebert|1952-10-10|Grüner Talweg 30|58644|Iserlohn & Monika|Ebert|1954-11-11|Grüner Talweg 30|58644|Iserlohn"},
    {"Silke Bauer", "Hallo, ich würde gern mit meinem Mann Frank kommen. Silke Bauer, 2.2.1970, Frank Bauer, 3.3.1968, Lindenstr. 9, 58638 Iserlohn.", "Silke|Bauer|1970-02-02|Lindenstr. 9|58638|Iserlohn & Frank|Bauer|1968-03-03|Lindenstr. 9|58638|Iserlohn"},
    {"Tom Richter", "Hi,\n\nwir sind zwei Freunde und wollen zum Mapathon:\n1. Tom Richter, 1.2.2001, Am Wald 4, 58675 Hemer\n2. Ali Demir, 3.4.2002, Bahnhofstr. 10, 58706 Menden\n\nLG", "Tom|Richter|2001-02-01|Am Wald 4|58675|Hemer & Ali|Demir|2002-04-03|Bahnhofstr. 10|58706|Menden"},
    {"Karin Schulz", "Guten Tag,\n\nich melde meine Zwillinge Lena und Lukas Schulz an, geboren am 8.8.2015. Adresse: Dorfstr. 1, 58640 Iserlohn.\n\nKarin Schulz", "Lena|Schulz|2015-08-08|Dorfstr. 1|58640|Iserlohn & Lukas|Schulz|2015-08-08|Dorfstr. 1|58640|Iserlohn"},
    {"Dr. Jens Maier", "Sehr geehrte Damen und Herren,\n\nfür unsere Praxis melde ich zwei Mitarbeiterinnen an:\n- Frau Sandra Pohl, geb. 2.3.1988, Hochstr. 4, 58636 Iserlohn\n- Frau Derya Kaya, geb. 4.5.1993, Baarstr. 88, 58636 Iserlohn\n\nMit freundlichen Grüßen\nDr. Jens Maier", "Sandra|Pohl|1988-03-02|Hochstr. 4|58636|Iserlohn & Derya|Kaya|1993-05-04|Baarstr. 88|58636|Iserlohn"},
    {"Nadine Horn", "Hallo,\nich (Nadine Horn, 7.8.1983) komme mit meiner Freundin Carla Beck (9.10.1984, Ringstr. 3, 58675 Hemer). Ich wohne Kirchstr. 2, 58642 Letmathe.", "Nadine|Horn|1983-08-07|Kirchstr. 2|58642|Letmathe & Carla|Beck|1984-10-09|Ringstr. 3|58675|Hemer"},
    {"Peter Lang", "Guten Tag,\n\nPeter Lang und Ingrid Lang möchten teilnehmen.\nPeter: geb. 1.5.1948\nIngrid: geb. 2.6.1950\nAnschrift: Am Hang 12, 58644 Iserlohn", "Peter|Lang|1948-05-01|Am Hang 12|58644|Iserlohn & Ingrid|Lang|1950-06-02|Am Hang 12|58644|Iserlohn"},
    /* the writer registers somebody, with own data besides */
    {"Helga Winter", "Guten Tag,\n\nmein Mann möchte zur Sprechstunde: Otto Winter, geb. 9.1.1944, Heideweg 5, 58640 Iserlohn. Er hat kein Internet, darum schreibe ich.\n\nHelga Winter", "Otto|Winter|1944-01-09|Heideweg 5|58640|Iserlohn"},
    {"Jonas Reich", "Hallo,\n\nkönnten Sie bitte meine Oma eintragen? Sie heißt Elfriede Reich, ist am 24.12.1937 geboren und wohnt in der Mühlenstraße 8 in 58239 Schwerte.\n\nVielen Dank\nJonas Reich\nStudentenweg 4, 44227 Dortmund", "Elfriede|Reich|1937-12-24|Mühlenstraße 8|58239|Schwerte"},
    {"Claudia Ernst", "Sehr geehrte Damen und Herren,\n\nich bin die Betreuerin von Herrn Walter Franke, geb. 13.02.1950, Altersheim Am Park, Parkweg 20, 58636 Iserlohn, und möchte ihn anmelden.\n\nClaudia Ernst", "Walter|Franke|1950-02-13|Parkweg 20|58636|Iserlohn"},
    {"Maria Costa", "Hallo,\n\nmein Sohn Rafael (11) möchte mitmachen. Geboren ist er am 14.09.2015. Wir wohnen Sonnenweg 17, 58636 Iserlohn.\n\nGrüße\nMaria Costa", "Rafael|Costa|2015-09-14|Sonnenweg 17|58636|Iserlohn"},
    {"Sven Holm", "Hi, I'd like to bring my colleague. Me: Sven Holm, 3 May 1985, Gartenstr. 12, 58636 Iserlohn. Colleague: Anita Rao, 7 July 1990, Poststr. 3, 58706 Menden.", "Sven|Holm|1985-05-03|Gartenstr. 12|58636|Iserlohn & Anita|Rao|1990-07-07|Poststr. 3|58706|Menden"},
    {"Lea Sommer", "Hey, meine Mama hat gesagt ich darf. Ich bin Lea Sommer, 10 Jahre, geboren 5.6.2016, und wohne im Birkenweg 3 in Iserlohn.", "Lea|Sommer|2016-06-05|Birkenweg 3|-|Iserlohn"},
    /* names */
    {NULL, "Name: Trần Thị Mai\ngeb. 5.5.1995\nAdresse: Baarstr. 3, 58636 Iserlohn", "Thị Mai|Trần|1995-05-05|Baarstr. 3|58636|Iserlohn"},
    {NULL, "Ich heiße Sergej Oberländer, geb. 19.09.1972, Kiefernweg 6, 58640 Iserlohn.", "Sergej|Oberländer|1972-09-19|Kiefernweg 6|58640|Iserlohn"},
    {NULL, "Prof. Dr. med. Heinz-Dieter Graf von Hohenfels, 4.4.1941, Burgweg 1, 58762 Altena", "Heinz-Dieter|Graf von Hohenfels|1941-04-04|Burgweg 1|58762|Altena"},
    {"\"Schneider, Anna\"", "ich nehme teil. geb. 6.7.1991, Ostenallee 4, 58636 Iserlohn", "Anna|Schneider|1991-07-06|Ostenallee 4|58636|Iserlohn"},
    {"A. Schneider", "ich nehme teil. geb. 6.7.1991, Ostenallee 4, 58636 Iserlohn\n\nGruß\nAnna", "Anna|Schneider|1991-07-06|Ostenallee 4|58636|Iserlohn"},
    {"schneider77", "ich nehme teil. geb. 6.7.1991, Ostenallee 4, 58636 Iserlohn\n\nGruß\nAnna", "Anna|-|1991-07-06|Ostenallee 4|58636|Iserlohn"},
    {"Stadtbücherei Hemer", "Guten Tag,\n\nbitte melden Sie mich an.\n\nViele Grüße\nKatja Simon", "Katja|Simon|-|-|-|-"},
    {"Kruse Hochbau", "Bitte anmelden: geb. 2.2.1980, Ostenallee 4, 58636 Iserlohn", "-|-|1980-02-02|Ostenallee 4|58636|Iserlohn"},
    {"Buchhaltung", "Bitte anmelden, danke. Gruß", "-|-|-|-|-|-"},
    /* addresses */
    {"Ulf Brand", "Ich melde mich an. Ulf Brand, geb. 1.3.1966\nStübbeken 4\n58642 Letmathe", "Ulf|Brand|1966-03-01|Stübbeken 4|58642|Letmathe"},
    {"Ulf Brand", "Ich melde mich an. Ulf Brand, geb. 1.3.1966, wohnhaft: Untergrüner Str. 201 (Hinterhaus), D 58644 Iserlohn", "Ulf|Brand|1966-03-01|Untergrüner Str. 201|58644|Iserlohn"},
    {"Ulf Brand", "Ich melde mich an. Ulf Brand, geb. 1.3.1966, Haus Nr. 7, Hegestraße, 58640 Iserlohn", "Ulf|Brand|1966-03-01|-|58640|Iserlohn"},
    {"Ulf Brand", "Ulf Brand\n01.03.1966\nIserlohn, Hansaallee 19", "Ulf|Brand|1966-03-01|Hansaallee 19|-|Iserlohn"},
    {"Ulf Brand", "Ulf Brand, 01.03.1966, An den sieben Gäßchen 3, Iserlohn", "Ulf|Brand|1966-03-01|An den sieben Gäßchen 3|-|Iserlohn"},
    {"Ulf Brand", "Ulf Brand, *1.3.66, Alter Markt 1/2, 58706 Menden (Sauerland)", "Ulf|Brand|1966-03-01|Alter Markt 1/2|58706|Menden (Sauerland)"},
    /* life as it is */
    {"Manuela Stark", "Hallöchen,\n\nMeldet ihr mich bitte an? Stark, Manuela, am 30.01.73 geboren, Nelkenstr.7, 58636 Iserlohn 🌷\n\nLG Manu", "Manuela|Stark|1973-01-30|Nelkenstr. 7|58636|Iserlohn"},
    {"Erich Timpe", "Sehr geehrte Damen und Herren,\n\nbezugnehmend auf Ihre Anzeige vom 14.11.2026 melde ich mich, Erich Timpe, geboren zu Iserlohn am 02. Februar 1936, wohnhaft ebenda, Stahlschmiede 3, 58636, verbindlich an.\n\nHochachtungsvoll\nErich Timpe", "Erich|Timpe|1936-02-02|Stahlschmiede 3|58636|-"},
    {"Bärbel", "Moin zusammen,\nkomm gern vorbei\nBärbel Riek\nJg. 1961, am 17.5.\nGrüne Talstraße 88\n58644 Iserlohn", "Bärbel|Riek|1961-05-17|Grüne Talstraße 88|58644|Iserlohn"},
    {"Lutz Menke", "Anmeldung Lutz Menke 08051959 Lüdenscheider Str 33 58636 Iserlohn", "Lutz|Menke|-|Lüdenscheider Str 33|58636|Iserlohn"},
    {"Natascha Iwanowa", "Guten Tag. Ich möchte machen Anmeldung. Ich heiße Natascha, Familienname Iwanowa. Geburtsdatum 12 März 1980. Wohnen Obere Mühle 4, Iserlohn.", "Natascha|Iwanowa|1980-03-12|Obere Mühle 4|-|Iserlohn"},
    {"Hubert Linde", "Hiermit melde ich mich an:\n- Hubert Linde\n- geb. 27. Sept. 1947\n- Kolpingstr. 11 a\n- 58706 Menden-Lendringsen", "Hubert|Linde|1947-09-27|Kolpingstr. 11 a|58706|Menden-Lendringsen"},
    {"Anke Wirth", "Name/Vorname: Wirth/Anke\ngeb: 3-3-1969\nAdr.: Am Tannenberg 6, 58638 IS", "Anke|Wirth|1969-03-03|Am Tannenberg 6|58638|-"},
    {"Benno Fuchs", "hallo benno fuchs hier, geb am 5.5.85, wohne am bilstein 3 in 58638 iserlohn, nehme teil", "Benno|Fuchs|1985-05-05|Am Bilstein 3|58638|Iserlohn"},
    {"Karla Ott", "Liebe Leute,\n\nich, 1958 im Mai geboren (genau am 3.), Karla Ott, will kommen. Gartenstraße 1, 58636 Iserlohn.", "Karla|Ott|-|Gartenstraße 1|58636|Iserlohn"},
    {"Paul Diehl", "Sehr geehrtes Team,\n\nanbei meine Daten:\n\nPaul Diehl (geb. Schmitz), geb. am 6.6.1966, Bremer Str. 5, 58636 Iserlohn\n\nMit freundlichen Grüßen\n\nPaul Diehl", "Paul|Diehl|1966-06-06|Bremer Str. 5|58636|Iserlohn"},
    {"Rita Kuhn", "Hallo,\n\nRita und Heinz Kuhn kommen zum Rundgang. Geburtsdaten: 1.2.1950 (Rita), 3.4.1948 (Heinz). Adresse: Zum Volksgarten 3, 58642 Iserlohn.", "Rita|Kuhn|1950-02-01|Zum Volksgarten 3|58642|Iserlohn & Heinz|Kuhn|1948-04-03|Zum Volksgarten 3|58642|Iserlohn"},
    {"Sina Wolf", "Hi, my daughter Mia would love to come. Mia Wolf, DOB 12/08/2015. Our address: Seilerweg 4, 58636 Iserlohn. Thanks, Sina", "Mia|Wolf|2015-08-12|Seilerweg 4|58636|Iserlohn"},
    {"Jürgen Thiel", "Guten Tag, ich bin Rentner (geb. 7.3.1951) und wohne seit 1980 in der Hochstraße 9 in Iserlohn. Ich würde gern teilnehmen.\n\nJürgen Thiel", "Jürgen|Thiel|1951-03-07|Hochstraße 9|-|Iserlohn"},
    {"Katrin Voss", "Hallo,\n\nich melde meinen Mann Bernd Voss und mich an. Bernd: 5.6.1970, ich: 7.8.1972. Wir wohnen Feldweg 2, 58640 Iserlohn.\n\nKatrin Voss", "Bernd|Voss|1970-06-05|Feldweg 2|58640|Iserlohn & Katrin|Voss|1972-08-07|Feldweg 2|58640|Iserlohn"},
    {"Ilse Bohn", "Guten Tag,\n\nmein Enkelsohn Finn (12 Jahre) und ich würden gern kommen. Ilse Bohn, 3.3.1953, Ahornstr. 2, 58640 Iserlohn. Finn Bohn, 4.4.2014, wohnt bei mir.\n\nIlse Bohn", "Ilse|Bohn|1953-03-03|Ahornstr. 2|58640|Iserlohn & Finn|Bohn|2014-04-04|Ahornstr. 2|58640|Iserlohn"},
    {"Gesa Hahn", "Hallo, ich möchte gern für meine Eltern Anna und Otto Hahn zwei Plätze. Anna Hahn 1.1.1945, Otto Hahn 2.2.1943, beide Kirchweg 5, 58675 Hemer.\nGesa Hahn", "Anna|Hahn|1945-01-01|Kirchweg 5|58675|Hemer & Otto|Hahn|1943-02-02|Kirchweg 5|58675|Hemer"},
    /* corrections */
    {"Ida Frank", "Ich bin am 3.5.1957, nein, 3.5.1958 geboren. Ida Frank, Hohlweg 3, 58636 Iserlohn", "Ida|Frank|1958-05-03|Hohlweg 3|58636|Iserlohn"},
    {"Ida Frank", "Ida Frank, 3.5.1958, Hohlweg 3 - Entschuldigung, Hohlweg 13, 58636 Iserlohn", "Ida|Frank|1958-05-03|Hohlweg 13|58636|Iserlohn"},
};
/* clang-format on */

static const char *value(const struct person *p, enum person_field field)
{
    return p->field[field].value == NULL ? "-" : p->field[field].value;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *joined(struct arena *arena, const char **people, size_t n)
{
    struct text out = text_new(arena, 4000);
    qsort(people, n, sizeof *people, by_text);
    for (size_t i = 0; i < n; i++) {
        text_printf(&out, "%s%s", i > 0 ? " & " : "", people[i]);
    }
    return out.s;
}

/* The same people in the same order, whatever order they were written in. */
static const char *sorted(struct arena *arena, const char *people)
{
    const char *part[PERSONS_MAX] = {0};
    size_t n = 0;
    while (n < PERSONS_MAX) {
        const char *end = strstr(people, " & ");
        part[n++] = end == NULL ? people : arena_strndup(arena, people, (size_t)(end - people));
        if (end == NULL) {
            break;
        }
        people = end + 3;
    }
    return joined(arena, part, n);
}

TEST(who_takes_part)
{
    struct patterns *patterns = shipped_patterns();
    struct programme programme = {0};
    struct reader reader = {.patterns = patterns, .programme = &programme, .today = {2026, 11, 22}};
    struct arena *arena = arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct letter letter = {.from = {.address = "somebody@example.org", .name = rows[i].display},
                                .subject = ""};
        struct own_words own;
        struct persons persons;
        own_words(arena, patterns, rows[i].text, &own);
        persons_find(arena, &reader, &letter, &own, &persons);
        const char *part[PERSONS_MAX] = {0};
        for (size_t k = 0; k < persons.person.n; k++) {
            const struct person *p = &persons.person.at[k];
            part[k] =
                arena_printf(arena, "%s|%s|%s|%s|%s|%s", value(p, FIRST_NAME), value(p, LAST_NAME),
                             value(p, BIRTH_DATE), value(p, STREET), value(p, POSTAL_CODE), value(p, CITY));
        }
        const char *got = joined(arena, part, persons.person.n), *want = sorted(arena, rows[i].persons);
        CHECK_ROW(str_equal(got, want), "\"%s\" has \"%s\", wanted \"%s\"", rows[i].text, got, want);
    }
    arena_free(arena);
    patterns_free(patterns);
}

int main(void)
{
    RUN(who_takes_part);
    return check_done();
}
