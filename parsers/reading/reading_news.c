/* parsers/reading/reading_news.c: who wants the newsletter, who no longer, and at which address. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

#include <ctype.h>

static bool address_byte(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr(".-_+", c) != NULL) || (unsigned char)c >= 0x80;
}

/* The next mail address at or after `*at`, neither the sender's nor the lab's. */
static const char *next_address(const struct mail *mail, size_t *at, size_t end)
{
    const char *text = mail->text;
    for (const char *sign; (sign = memchr(text + *at, '@', end - *at)) != NULL;) {
        size_t mid = (size_t)(sign - text), from = mid, to = mid + 1;
        while (from > *at && address_byte(text[from - 1])) {
            from--;
        }
        while (to < end && address_byte(text[to])) {
            to++;
        }
        while (to > mid + 1 && strchr(".-_", text[to - 1]) != NULL) {
            to--;
        }
        *at = to > mid ? to : mid + 1;
        const char *found = arena_strndup(mail->arena, text + from, to - from);
        bool whole = from < mid && memchr(text + mid, '.', to - mid) != NULL;
        bool own = str_equal_nocase(found, mail->letter->from.address) ||
                   str_equal_nocase(found, mail->reader->own_address);
        if (whole && !own && !str_starts_nocase(found, "stadtlabor@")) {
            return found;
        }
    }
    *at = end;
    return NULL;
}

struct addresses_said {
    int count;
    const char *first;
    size_t sentence;
};

static struct addresses_said addresses_said(const struct mail *mail)
{
    struct addresses_said said = {0};
    size_t at = 0, end = strlen(mail->text);
    const char *address;
    while (said.count < 10 && (address = next_address(mail, &at, end)) != NULL) {
        if (said.first == NULL) {
            said.first = address;
            said.sentence = sentence_of(&mail->sentences, at - strlen(address));
        }
        said.count += said.first == address || !str_equal_nocase(said.first, address);
    }
    return said;
}

static bool off_in(const struct mail *mail, size_t sentence)
{
    return sign_best(&mail->signs, SIGN_UNSUBSCRIBE, sentence) != NULL;
}

static bool off_refused_in(const struct mail *mail, size_t sentence)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        if (sign->kind == SIGN_UNSUBSCRIBE && sign->is_void && !sign->in_subject &&
            sign->sentence == sentence) {
            return true;
        }
    }
    return false;
}

/* The best sign that the newsletter is wanted, or no longer wanted. */
static const struct sign *news_sign(const struct mail *mail, bool subscribe)
{
    const struct sign *best = NULL;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool direct = sign->kind == (subscribe ? SIGN_SUBSCRIBE : SIGN_UNSUBSCRIBE);
        bool open = sign->kind == (subscribe ? SIGN_ON : SIGN_OFF);
        if (sign->is_void || (!direct && !open)) {
            continue;
        }
        if (open && object_of(mail, sign) != OBJECT_NEWS) {
            continue;
        }
        if (str_equal(sign->found->pattern, "subscribe.pronoun") && object_of(mail, sign) != OBJECT_NEWS) {
            continue;
        }
        if (subscribe && direct && !sign->in_subject && off_refused_in(mail, sign->sentence)) {
            continue; /* "den Newsletter möchte ich nicht abbestellen" */
        }
        if (subscribe && !sign->in_subject && off_in(mail, sign->sentence)) {
            bool both = sign->kind == SIGN_ON && addresses_said(mail).count == 1;
            if (!both) {
                continue; /* "den Newsletter möchte ich nicht mehr" */
            }
        }
        if (str_equal(sign->found->pattern, "unsubscribe.bare") && subject_names_event(mail) &&
            !subject_says(mail, SIGN_NEWS)) {
            continue; /* "abmelden" below "Re: Ihre Anmeldung zum Kurs" */
        }
        if (str_equal(sign->found->pattern, "unsubscribe.bare") && object_of(mail, sign) == OBJECT_NONE) {
            continue;
        }
        if (best == NULL || (best->in_subject && !sign->in_subject)) {
            best = sign;
        }
    }
    return best;
}

/* A subject "Newsletter" over "abbestellen" or "eintragen" says nothing of its own. */
static bool subject_only(const struct sign *sign)
{
    return sign != NULL && sign->in_subject;
}

static bool says_me(const struct mail *mail, size_t sentence)
{
    const struct sentence *s = &mail->sentences.list.at[sentence];
    for (size_t i = s->at; i + 3 < s->at + s->len; i++) {
        const char *at = mail->text + i;
        bool word = i == 0 || !isalpha((unsigned char)at[-1]);
        if (word && (strncasecmp(at, "mir ", 4) == 0 || strncasecmp(at, "mich ", 5) == 0 ||
                     strncasecmp(at, "uns ", 4) == 0 || strncasecmp(at, "me ", 3) == 0)) {
            return true;
        }
    }
    return false;
}

static void add_news(struct mail *mail, struct wants *wants, bool subscribe, const char *address,
                     const struct sign *sign)
{
    *LIST_ADD(mail->arena, &wants->news) = (struct news_wish){subscribe, address, sign};
}

/* Whether the words say another address takes the place of the sender's. */
static bool says_replaced(const struct mail *mail)
{
    struct found found;
    return patterns_find(mail->reader->patterns, mail->arena, "news_replace", mail->sentences.text,
                         mail->sentences.len, 0, &found);
}

static bool says_another(const struct mail *mail, const struct sign *off)
{
    struct found found;
    const struct sentence *s = off->in_subject ? NULL : &mail->sentences.list.at[off->sentence];
    return patterns_find(mail->reader->patterns, mail->arena, "news_other",
                         s == NULL ? mail->subject_sentences.text : mail->sentences.text + s->at,
                         s == NULL ? mail->subject_sentences.len : s->len, 0, &found);
}

/* Off the list, and nothing said of on: the sender, the address given, or the sender for the address. */
static void off_alone(struct mail *mail, struct wants *wants, const struct addresses_said *said, bool near,
                      const struct sign *off)
{
    if (said->count == 1 && says_replaced(mail)) {
        add_news(mail, wants, false, NULL, off);
        add_news(mail, wants, true, said->first, off);
        return;
    }
    bool whole = said->count == 1 && (near || off->in_subject);
    add_news(mail, wants, false, near || whole ? said->first : NULL, off);
    wants->news_unclear = wants->news_unclear || (said->count > 0 && !near && !whole) ||
                          (said->count == 0 && says_another(mail, off)); /* "meinen Mann": which address? */
}

/* "keinen Newsletter mehr an …": the address that is named is to get none. */
static bool no_more_to(const struct mail *mail, const char *address)
{
    static const char words[] = "mehr an ";
    const char *at = strstr(mail->text, address);
    size_t len = sizeof words - 1;
    return at != NULL && (size_t)(at - mail->text) >= len && strncasecmp(at - len, words, len) == 0;
}

/* "Nehmt alt@… raus und dafür diese hier (neu@…) rein" from the new mailbox: the sender's own address is
 * named beside the other one. */
static bool names_own(const struct mail *mail)
{
    const char *own = mail->letter->from.address;
    return own != NULL && *own != '\0' && strcasestr(mail->text, own) != NULL;
}

/* The address that stands first beside "raus" goes, the sender's own comes. */
static void swap_to_own(struct mail *mail, struct wants *wants, const struct addresses_said *said,
                        const struct sign *sign)
{
    const char *other = strcasestr(mail->text, said->first);
    const char *own = strcasestr(mail->text, mail->letter->from.address);
    bool first = other != NULL && other < own && says_replaced(mail);
    wants->news_unclear = wants->news_unclear || !first;
    add_news(mail, wants, false, said->first, sign);
    add_news(mail, wants, true, NULL, sign);
}

void news_find(struct mail *mail, struct wants *wants)
{
    const struct sign *on = news_sign(mail, true), *off = news_sign(mail, false);
    struct addresses_said said = addresses_said(mail);
    if (on != NULL && off != NULL && subject_only(on) && !subject_only(off)) {
        on = NULL;
    } else if (on != NULL && off != NULL && subject_only(off) && !subject_only(on)) {
        off = NULL;
    }
    if (on == NULL && off == NULL) {
        return;
    }
    wants->news_unclear = said.count > 1;
    bool near_off = off != NULL && !off->in_subject && said.count > 0 && said.sentence <= off->sentence + 1 &&
                    said.sentence + 2 >= off->sentence;
    bool near_on = on != NULL && said.count > 0;
    if (off != NULL && said.count == 1 && no_more_to(mail, said.first)) {
        add_news(mail, wants, false, said.first, off);
        return;
    }
    if (off != NULL && said.count == 1 && names_own(mail)) {
        swap_to_own(mail, wants, &said, off);
        return;
    }
    if (on != NULL && off != NULL) { /* another address instead: the old one is the sender's */
        wants->news_unclear = wants->news_unclear || said.count == 0;
        add_news(mail, wants, false, NULL, off);
        add_news(mail, wants, true, said.first, on);
    } else if (on != NULL) {
        if (near_on && sign_named(&mail->signs, "news_change.address", SIZE_MAX) != NULL) {
            add_news(mail, wants, false, NULL, on);
            add_news(mail, wants, true, said.first, on);
            return;
        }
        bool both =
            near_on && !on->in_subject && said.sentence != on->sentence && says_me(mail, on->sentence);
        if (both || !near_on) {
            add_news(mail, wants, true, NULL, on);
        }
        if (near_on) {
            add_news(mail, wants, true, said.first, on);
        }
    } else {
        off_alone(mail, wants, &said, near_off, off);
    }
}
