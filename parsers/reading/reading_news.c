/* parsers/reading/reading_news.c: who wants the newsletter, who no longer, and at which address.
 *
 * Each address that is named goes the way of the clause it stands in (reading_newsletter.c), else of the one
 * nearest to it; the sender's own goes the way that is left. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

#include <ctype.h>

/* ADDRESSES_MAX: more are for staff. NEAR: sentences between an address and what is wished of it. */
enum { ADDRESSES_MAX = 8, NEAR = 2 };

static bool address_byte(char c)
{
    return isalnum((unsigned char)c) || (c != '\0' && strchr(".-_+", c) != NULL) || (unsigned char)c >= 0x80;
}

struct said {
    const char *address; /* NULL: the sender's own */
    size_t at, sentence;
    const struct sign *wish; /* NULL: none is near */
    bool subscribe;
};

struct said_list {
    LIST(struct said) list;
    bool too_many;
};

/* The next mail address at or after `*at`, not the lab's. */
static bool next_address(const struct mail *mail, size_t *at, struct said *ret)
{
    const char *text = mail->text;
    size_t end = strlen(text);
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
        bool lab =
            str_equal_nocase(found, mail->reader->own_address) || str_starts_nocase(found, "stadtlabor@");
        if (whole && !lab) {
            bool own = str_equal_nocase(found, mail->letter->from.address);
            *ret = (struct said){
                .address = own ? NULL : found, .at = from, .sentence = sentence_of(&mail->sentences, from)};
            return true;
        }
    }
    return false;
}

static bool is_wish(const struct sign *sign)
{
    return (sign->kind == SIGN_SUBSCRIBE || sign->kind == SIGN_UNSUBSCRIBE) && !sign->is_void;
}

static size_t distance(const struct sign *sign, size_t at)
{
    return at < sign->at ? sign->at - at : at >= sign->at + sign->len ? at - sign->at - sign->len + 1 : 0;
}

/* The wish whose clause holds the address, else the nearest; what stands before the address counts first. */
static void find_wish(const struct mail *mail, struct said *said)
{
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        size_t apart = sign->sentence < said->sentence ? said->sentence - sign->sentence
                                                       : sign->sentence - said->sentence;
        if (!is_wish(sign) || sign->in_subject || apart > NEAR) {
            continue;
        }
        bool inside = distance(sign, said->at) == 0;
        bool nearer =
            said->wish == NULL || inside || (said->wish->at > said->at && sign->at < said->at) ||
            (distance(said->wish, said->at) > 0 && (said->wish->at > said->at) == (sign->at > said->at) &&
             distance(sign, said->at) < distance(said->wish, said->at));
        said->wish = nearer ? sign : said->wish;
    }
    said->subscribe = said->wish != NULL && said->wish->kind == SIGN_SUBSCRIBE;
}

/* What stands in the sentence before the address. */
static bool said_before(const struct mail *mail, const struct said *said, const char *group)
{
    struct stretch before = {mail->sentences.list.at[said->sentence].at, said->at};
    return stretch_says(mail, group, before);
}

static void addresses_said(const struct mail *mail, struct said_list *ret)
{
    struct said said;
    *ret = (struct said_list){0};
    for (size_t at = 0; next_address(mail, &at, &said);) {
        bool known = false;
        for (size_t i = 0; i < ret->list.n; i++) {
            const char *before = ret->list.at[i].address;
            known = known || (before == NULL ? said.address == NULL : str_equal_nocase(before, said.address));
        }
        find_wish(mail, &said);
        bool own_in_passing = said.address == NULL && (said.wish == NULL || distance(said.wish, said.at) > 0);
        if (known || own_in_passing) {
            continue;
        }
        if (ret->list.n == ADDRESSES_MAX) {
            ret->too_many = true;
            return;
        }
        if (said_before(mail, &said, "news_from")) {
            said.subscribe = false;
        } else if (said_before(mail, &said, "news_to")) {
            said.subscribe = true;
        }
        *LIST_ADD(mail->arena, &ret->list) = said;
    }
}

/* The first wish of this direction in the text, else in a subject that the text leaves alone; above the words
 * of an answer it is ours. */
static const struct sign *wish_of(const struct mail *mail, bool subscribe)
{
    const struct sign *best = NULL;
    bool text_wishes = false; /* "Newsletter-Abmeldung": "… war ein Versehen, ich möchte ihn weiter" */
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool goes_on = sign->kind == SIGN_NEWS_TOLD && str_equal(sign->found->pattern, "news_on.wish");
        text_wishes = text_wishes || (!sign->in_subject && (is_wish(sign) || goes_on));
    }
    for (size_t i = 0; i < mail->signs.list.n && best == NULL; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        bool theirs = !sign->in_subject || !mail->is_reply || mail->sentences.list.n == 0;
        bool counts = is_wish(sign) && sign->in_subject != text_wishes && theirs;
        best = counts && (sign->kind == SIGN_SUBSCRIBE) == subscribe ? sign : NULL;
    }
    return best;
}

static bool clause_says(const struct mail *mail, const struct sign *wish, const char *group)
{
    struct found found;
    const char *words = wish->found->words;
    return patterns_find(mail->reader->patterns, mail->arena, group, words, strlen(words), 0, &found);
}

static void add_news(struct mail *mail, struct wants *wants, bool subscribe, const char *address,
                     const struct sign *sign)
{
    for (size_t i = 0; i < wants->news.n; i++) {
        const struct news_wish *known = &wants->news.at[i];
        bool same = known->address == NULL ? address == NULL : str_equal_nocase(known->address, address);
        if (same) {
            wants->news_unclear = wants->news_unclear || known->subscribe != subscribe;
            return;
        }
    }
    *LIST_ADD(mail->arena, &wants->news) = (struct news_wish){subscribe, address, sign};
}

/* "Schicken Sie ihn mir und meiner Frau (…)", "… mir. Auch an …": the writer beside the address named. */
static bool writer_too(const struct mail *mail, const struct said_list *said)
{
    bool me = false, too = false;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        me = me || (sign->kind == SIGN_SUBSCRIBE && !sign->in_subject && clause_says(mail, sign, "news_me"));
    }
    for (size_t i = 0; i < said->list.n; i++) {
        too = too || sentence_says(mail, "news_both", said->list.at[i].sentence);
    }
    return me && too;
}

/* The sender's own address beside those that are named. */
static void add_own(struct mail *mail, struct wants *wants, const struct said_list *said,
                    const struct sign *on, const struct sign *off)
{
    struct found found;
    bool on_named = false, off_named = false;
    for (size_t i = 0; i < said->list.n; i++) {
        on_named = on_named || said->list.at[i].subscribe;
        off_named = off_named || !said->list.at[i].subscribe;
    }
    if (on_named && off_named) {
        return;
    }
    if (on_named && (off != NULL || text_says(mail, "news_change", &found))) {
        add_news(mail, wants, false, NULL, off != NULL ? off : on);
    } else if (off_named && (on != NULL || text_says(mail, "news_instead", &found))) {
        add_news(mail, wants, true, NULL, on != NULL ? on : off);
    }
    if (on_named && off == NULL && writer_too(mail, said)) {
        add_news(mail, wants, true, NULL, on);
    }
}

static bool names_any_event(const struct mail *mail)
{
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        if (mail->mentions.list.at[i].kind != MENTION_PERIOD) {
            return true;
        }
    }
    return false;
}

/* A plain wish to be put down (1) or taken off (-1), of which the words around must say for what. */
static int other_direction(const struct mail *mail, const struct sign *sign)
{
    bool asks = !sign->in_subject && mail->signs.question[sign->sentence];
    bool on = (sign->kind == SIGN_REGISTER && sign->weight >= 3) ||
              (sign->kind == SIGN_ON && !str_equal(sign->found->pattern, "on.open"));
    bool off = sign->kind == SIGN_CANCEL || sign->kind == SIGN_OFF ||
               (sign->kind == SIGN_CANCEL_WEAK && str_starts_nocase(sign->found->words, "ohne"));
    return sign->is_void || asks ? 0 : on ? 1 : off ? -1 : 0;
}

/* Where nothing but the newsletter is spoken of, whoever is to be put down or taken off means its list. Who
 * answers an issue of it has it. */
void news_take_others(struct mail *mail)
{
    struct found found;
    bool settled = sign_best(&mail->signs, SIGN_SUBSCRIBE, SIZE_MAX) != NULL ||
                   sign_best(&mail->signs, SIGN_UNSUBSCRIBE, SIZE_MAX) != NULL;
    bool other = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX) != NULL ||
                 sign_best(&mail->signs, SIGN_CONCERN, SIZE_MAX) != NULL || mail->dates.found.n > 0 ||
                 text_says(mail, "news_foreign", &found);
    for (size_t i = 0; i < mail->signs.list.n && !names_any_event(mail); i++) {
        struct sign *sign = &mail->signs.list.at[i];
        int direction = other_direction(mail, sign);
        if (settled) {
            bool beside = !sign->in_subject && (sign_best(&mail->signs, SIGN_SUBSCRIBE, sign->sentence) ||
                                                sign_best(&mail->signs, SIGN_UNSUBSCRIBE, sign->sentence));
            sign->is_void = sign->is_void || (direction != 0 && beside);
        } else if (!other && direction != 0 && (direction < 0 || !mail->is_reply)) {
            sign->kind = direction > 0 ? SIGN_SUBSCRIBE : SIGN_UNSUBSCRIBE;
        }
    }
}

void news_find(struct mail *mail, struct wants *wants)
{
    const struct sign *on = wish_of(mail, true), *off = wish_of(mail, false);
    if (on == NULL && off == NULL) {
        return;
    }
    struct said_list said;
    addresses_said(mail, &said);
    wants->news_unclear = said.too_many;
    for (size_t i = 0; i < said.list.n; i++) {
        const struct said *one = &said.list.at[i];
        bool subject = one->wish == NULL && (on == NULL || off == NULL);
        wants->news_unclear = wants->news_unclear || (one->wish == NULL && !subject);
        add_news(mail, wants, one->wish != NULL ? one->subscribe : on != NULL, one->address,
                 one->wish != NULL ? one->wish
                 : on != NULL      ? on
                                   : off);
    }
    if (said.list.n > 0) {
        add_own(mail, wants, &said, on, off);
        return;
    }
    bool change = on != NULL && str_equal(on->found->pattern, "news_on.change"); /* to which address? */
    wants->news_unclear = wants->news_unclear || change || (on != NULL && off != NULL);
    if (on != NULL) {
        add_news(mail, wants, true, NULL, on);
    }
    if (off != NULL) {
        const char *text = off->in_subject ? mail->subject : off->found->words;
        struct found other; /* "meinen Mann": at which address? */
        wants->news_unclear =
            wants->news_unclear ||
            patterns_find(mail->reader->patterns, mail->arena, "news_other", text, strlen(text), 0, &other);
        add_news(mail, wants, false, NULL, off);
    }
}
