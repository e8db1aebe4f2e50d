/* parsers/language/language.c: small words and scripts. */
#include "parsers/language/language.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* OURS: German and English stand first; a word of theirs is not looked for in the others. PLAINLY: so many
 * German words leave no doubt. */
enum {
    WORDS_LOOKED_AT = 400,
    BYTES_LOOKED_AT = 16 * 1024,
    WORD_BYTES = 16,
    SCRIPT_LETTERS = 6,
    OURS = 2,
    PLAINLY = 12
};

/* Words of one language that are rare in the others, small letters, between blanks. */
static const struct {
    const char *language, *words;
} small_words[] = {
    {"de",
     " ich und der die das ist nicht ein eine mich für mit bitte zu zum zur am auf den dem von wir sie haben "
     "möchte würde hallo guten tag vielen dank grüße grüßen mfg auch noch bin anmelden anmeldung kommen "
     "veranstaltung geboren wohne meine mein mir uns ihnen ihre hiermit gern gerne lg gruß geb straße "
     "abmelden "
     "newsletter nehmen melde an wie wenn oder sehr damen herren liebe lieber es im kurs gruss moechte "
     "wuerde fuer platz leider absagen teilnehmen dabei sind werden kann euch ihr beim morgen abend moin "},
    {"en",
     " the and is are you your please would like my to of for i me we at on with this that have be hello hi "
     "dear regards thanks thank register newsletter from will can not it am name born cancel workshop "
     "sincerely attend could there about if as by "},
    {"tr",
     " ve bir bu için istiyorum merhaba mi mı ile da benim adım çok teşekkürler ederim hakkında kayıt olmak "
     "nasıl var yok sayın saygılarımla iyi günler lütfen kurs yaşında oğlum kızım katılmak selam ben siz "
     "de adı soyadı adım soyadım ad soyad doğum tarihi tarihim tarihindeki adresi adresim teşekkür ederim "
     "ederiz oğlumu kızımı saygılar istiyoruz katılmak kursuna kaydettirmek "},
    {"pl",
     " i w na się z do nie jest dzień dobry proszę czy mam mnie chciałbym chciałabym dziękuję pozdrawiam dla "
     "jestem kurs że po za moja mój żona można o od to jak pan pani zapisać imię nazwisko urodzenia zapisać "
     "chcę chciałbym się syna córkę serdecznie witam urodzony urodzona zamieszkały ulica "},
    {"it", " il la di che è un una per con sono vorrei buongiorno grazie non mi del della gli le cordiali "
           "saluti se "
           "mio mia posso corso anche nel alla ho c'è vicino cognome nascita indirizzo iscrivermi iscrivere "
           "mio figlio figlia grazie saluti sono nato nata abito "},
    {"fr", " le la les de des et je vous un une pour est bonjour merci ne pas mon ma mes avec que qui dans "
           "au aux du "
           "voudrais souhaite cordialement votre cours suis inscrire madame monsieur prénom naissance "
           "inscrire fils fille merci née habite bien sincères salutations "},
    {"es", " el la los las de que y en un una para por con no es hola gracias me mi quisiera saludos usted "
           "buenos días "
           "curso señora señor quiero soy tengo estoy del al nombre apellido apellidos fecha nacimiento "
           "dirección muchas gustaría inscribirme inscribir hijo hija mis saludo atentamente "},
    {"nl",
     " de het een en ik van voor met niet is dat graag hallo dank groet groeten mijn naam wil zou aan op bij "
     "deelnemen geachte heer mevrouw ben jullie ook "},
    {"ro", " și de la în pentru nu este cu un o vă rog bună ziua mulțumesc doresc aș dori să mă numele meu "
           "sunt curs prenume nașterii adresa mă înscriu fiul fiica meu mea mulțumesc salut "},
    {"hr", " i je u na za se da ne sam mi molim hvala dobar dan pozdrav želim bih prijaviti moje ime tečaj "
           "srdačan prezime rođenja adresa sina kćer želio željela lijepi "},
    {"sq", " dhe për në të një me faleminderit përshëndetje dua unë jam është mirëdita kursi emri im mbiemri "
           "datëlindja adresa djalin vajzën regjistroj "},
    {"pt", " o a os as de que e em um uma para com não é olá obrigado obrigada meu minha gostaria eu curso "
           "bom dia nome apelido nascimento morada filho filha inscrever cumprimentos "},
};

static const struct {
    uint32_t from, to;
    const char *language;
} scripts[] = {
    {0x0600, 0x06ff, "ar"}, {0x0400, 0x04ff, "ru"}, {0x0370, 0x03ff, "el"}, {0x0590, 0x05ff, "he"},
    {0x4e00, 0x9fff, "zh"}, {0x3040, 0x30ff, "ja"}, {0xac00, 0xd7af, "ko"}, {0x0900, 0x0dff, "hi"},
    {0x1200, 0x137f, "ti"}, {0x0530, 0x058f, "hy"}, {0x10a0, 0x10ff, "ka"},
};

struct tally {
    int script[sizeof scripts / sizeof *scripts];
    int words[sizeof small_words / sizeof *small_words];
    int latin, ukrainian, persian;
};

static void count_word(struct tally *tally, const char *word, size_t len, bool all)
{
    char padded[WORD_BYTES + 3];
    padded[0] = ' ';
    memcpy(padded + 1, word, len);
    memcpy(padded + 1 + len, " ", 2);
    bool ours = false;
    size_t languages = all ? sizeof small_words / sizeof *small_words : OURS;
    for (size_t i = 0; i < languages && !(ours && i >= OURS); i++) {
        bool said = strstr(small_words[i].words, padded) != NULL;
        tally->words[i] += said;
        ours = ours || said;
    }
}

static void count_letter(struct tally *tally, uint32_t c)
{
    tally->latin += c < 0x250;
    tally->ukrainian += c == 0x456 || c == 0x457 || c == 0x454 || c == 0x491;
    tally->persian += c == 0x67e || c == 0x686 || c == 0x698 || c == 0x6af || c == 0x6cc;
    for (size_t i = 0; c >= 0x370 && i < sizeof scripts / sizeof *scripts; i++) {
        tally->script[i] += c >= scripts[i].from && c <= scripts[i].to;
    }
}

/* `all` false: only German and English words are counted. */
static void count(struct tally *tally, const char *text, bool all)
{
    char word[WORD_BYTES + 1];
    size_t len = 0, words = 0;
    bool fits = true;
    const char *s = text;
    while (words < WORDS_LOOKED_AT && s - text < BYTES_LOOKED_AT && tally->words[0] < PLAINLY) {
        uint32_t c = utf8_next(&s);
        if (c != 0 && (utf8_is_letter(c) || (c == '\'' && len > 0))) {
            count_letter(tally, c);
            char utf8[4];
            size_t n = utf8_put(utf8_lower(c), utf8);
            fits = fits && len + n <= WORD_BYTES;
            if (fits) {
                memcpy(word + len, utf8, n);
                len += n;
            }
            continue;
        }
        if (len > 0 && fits) {
            count_word(tally, word, len, all);
        }
        words += len > 0;
        len = 0;
        fits = true;
        if (c == 0) {
            break;
        }
    }
}

const char *language_of(const char *text)
{
    struct tally tally = {0};
    count(&tally, text, false);
    if (tally.words[0] < PLAINLY) {
        tally = (struct tally){0};
        count(&tally, text, true);
    }
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (tally.script[i] >= SCRIPT_LETTERS && tally.script[i] * 2 > tally.latin) {
            bool ukrainian = str_equal(scripts[i].language, "ru") && tally.ukrainian > 0;
            bool persian = str_equal(scripts[i].language, "ar") && tally.persian > 1;
            return ukrainian ? "uk" : persian ? "fa" : scripts[i].language;
        }
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof small_words / sizeof *small_words; i++) {
        if (tally.words[i] > tally.words[best]) {
            best = i;
        }
    }
    /* a greeting in one's own language before German is no foreign letter */
    if (best > 1 && tally.words[best] < tally.words[0] + tally.words[1] + 2) {
        best = tally.words[1] > tally.words[0] ? 1 : 0;
    }
    return tally.words[best] > 0 ? small_words[best].language : "";
}
