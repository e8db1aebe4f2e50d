#include "parsers/robot/report_plain.h"

#include "base/text.h"
#include "base/utf8.h"
#include "parsers/robot/report_field.h"

#include <string.h>

enum {
    NOTICE_LEAST = 12,           /* bytes; a cut that leaves less cut a head, not a returned letter */
    PLACES_MAX = 500,            /* addresses of one notice, again and again */
    NAMED_MAX = 100,             /* different ones */
    RETURNED_HEAD_LINES = 400,   /* lines of a returned head looked at */
    CERTAIN_PLACE = 5,           /* the weight of recipient.line */
    WORDS_OF_ONE_MAX = 4 * 1024, /* bytes said of one recipient */
};

/* An address in the notice, in the order of place. */
struct place {
    const char *address;
    size_t at;
    int rank;
};

/* Twice the pattern's weight. Our own address and the reporter's stand in notices for other reasons:
 * they count only in a certain place, and less than what any other place says. */
enum { RANK_ANYWHERE = 2, RANK_OWN_CERTAIN = 3 };

static int rank_of(int weight, bool own)
{
    return !own ? 2 * weight : weight >= CERTAIN_PLACE ? RANK_OWN_CERTAIN : 0;
}

typedef LIST(struct place) places;

static size_t letters_in(const char *s, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        n += s[i] != ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '-' && s[i] != '=';
    }
    return n;
}

void report_notice_cut(struct arena *arena, const struct patterns *patterns, const char *text,
                       struct report_notice *ret)
{
    size_t most = utf8_cut(text, REPORT_NOTICE_MAX);
    struct found found;
    for (size_t from = 0; patterns_find(patterns, arena, "returned", text, most, from, &found);
         from = found.at + found.len) {
        if (letters_in(text, found.at) >= NOTICE_LEAST) {
            most = found.at;
            break;
        }
    }
    ret->text = arena_strndup(arena, text, most);
    ret->returned = text + most;
}

/* ---- failed addresses ---- */

static bool is_bystander(const struct founds *bystanders, struct arena *arena, const char *address, int rank)
{
    for (size_t i = 0; i < bystanders->n; i++) {
        const struct found *b = &bystanders->at[i];
        bool daemon = str_equal(b->pattern, "bystander.daemon");
        if ((!daemon || rank < CERTAIN_PLACE) &&
            str_equal(report_address(arena, found_group(b, "address")), address)) {
            return true;
        }
    }
    return false;
}

static bool is_ours_or_reporters(struct arena *arena, const struct letter *letter, const char *address)
{
    const char *from = letter->from.address, *to = report_address(arena, letter->to);
    return (from != NULL && str_equal_nocase(from, address)) || (to != NULL && str_equal(to, address));
}

static places find_places(struct arena *arena, const struct patterns *patterns, const char *notice,
                          const struct letter *letter)
{
    places list = {0};
    struct founds founds, bystanders;
    size_t len = strlen(notice);
    patterns_find_all(patterns, arena, "recipient", notice, len, &founds);
    patterns_find_all(patterns, arena, "bystander", notice, len, &bystanders);
    for (size_t i = 0; i < founds.n && list.n < PLACES_MAX; i++) {
        const struct found_group *group = found_group_place(&founds.at[i], "address");
        const char *address = group == NULL ? NULL : report_address(arena, group->value);
        if (address == NULL || is_bystander(&bystanders, arena, address, founds.at[i].weight)) {
            continue;
        }
        int rank = rank_of(founds.at[i].weight, is_ours_or_reporters(arena, letter, address));
        *LIST_ADD(arena, &list) = (struct place){.address = address, .at = group->at, .rank = rank};
    }
    return list;
}

static struct named_recipient *find_named(struct named_recipients *named, const char *address)
{
    for (size_t i = 0; i < named->list.n; i++) {
        if (str_equal(named->list.at[i].recipient, address)) {
            return &named->list.at[i];
        }
    }
    return NULL;
}

/* Of several addresses each owns the words from its name to the next one's; names come more than
 * once: in a list, and in the transcript below it. */
static void share_words(struct arena *arena, const char *notice, const places *list,
                        struct named_recipients *named)
{
    size_t n = named->list.n;
    struct text *words = arena_alloc(arena, n * sizeof *words);
    for (size_t i = 0; i < n; i++) {
        words[i] = text_new(arena, WORDS_OF_ONE_MAX);
    }
    for (size_t i = 0; i < list->n; i++) {
        struct named_recipient *one = find_named(named, list->at[i].address);
        size_t end = i + 1;
        while (end < list->n && (find_named(named, list->at[end].address) == NULL ||
                                 str_equal(list->at[end].address, list->at[i].address))) {
            end++;
        }
        size_t to = end < list->n ? list->at[end].at : strlen(notice);
        if (one != NULL) {
            text_addn(&words[one - named->list.at], notice + list->at[i].at, to - list->at[i].at);
            i = end - 1;
        }
    }
    for (size_t i = 0; i < n; i++) {
        named->list.at[i].words = words[i].len > 0 ? words[i].s : notice;
    }
}

void report_named_recipients(struct arena *arena, const struct patterns *patterns, const char *notice,
                             const struct letter *letter, struct named_recipients *ret)
{
    *ret = (struct named_recipients){0};
    places list = find_places(arena, patterns, notice, letter);
    int best = 0;
    for (size_t i = 0; i < list.n; i++) {
        best = list.at[i].rank > best ? list.at[i].rank : best;
    }
    for (size_t i = 0; i < list.n && ret->list.n < NAMED_MAX; i++) {
        if (list.at[i].rank == best && find_named(ret, list.at[i].address) == NULL) {
            *LIST_ADD(arena, &ret->list) =
                (struct named_recipient){.recipient = list.at[i].address, .words = notice};
        }
    }
    ret->sure = best > RANK_ANYWHERE;
    if (ret->list.n > 1) {
        share_words(arena, notice, &list, ret);
    }
}

/* ---- the returned letter ---- */

/* Headers that name whom a letter was for, the surest first: what providers note on arrival, then
 * what we wrote. */
static const char *const naming[] = {
    "X-HmXmrOriginalRecipient",
    "X-Failed-Recipients",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "Delivered-To",
    "X-Rcpt-To",
    "To",
};

static int naming_rank(const char *name)
{
    int n = sizeof naming / sizeof *naming;
    for (int i = 0; i < n; i++) {
        if (str_equal_nocase(name, naming[i])) {
            return n - i;
        }
    }
    return 0;
}

/* "Received: … for <a@b>; date" */
static const char *received_for(struct arena *arena, const char *value)
{
    const char *at = strstr(value, " for ");
    return at == NULL ? NULL : report_address(arena, arena_strndup(arena, at + 5, strcspn(at + 5, ";")));
}

void report_returned_head(struct arena *arena, const char *text, struct returned_head *ret)
{
    *ret = (struct returned_head){0};
    struct report_field field;
    const char *received = NULL;
    int fields = 0, best = 0;
    for (int line = 0; line < RETURNED_HEAD_LINES && report_field_next(arena, &text, &field); line++) {
        if (field.blank && fields > 1) {
            break;
        }
        if (field.name == NULL) {
            continue;
        }
        fields++;
        int rank = naming_rank(field.name);
        const char *address = rank > best ? report_address(arena, field.value) : NULL;
        if (address != NULL) {
            ret->recipient = address;
            best = rank;
        }
        if (str_equal_nocase(field.name, "Message-ID") && ret->message_id == NULL) {
            ret->message_id = report_message_id(arena, field.value);
        } else if (str_equal_nocase(field.name, "Received") && received == NULL) {
            received = received_for(arena, field.value);
        }
        ret->names_original |= str_equal_nocase(field.name, naming[0]);
    }
    ret->recipient = ret->recipient != NULL ? ret->recipient : received;
}
