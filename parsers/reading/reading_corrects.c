/* parsers/reading/reading_corrects.c: who changes their mind about the event while writing.
 *
 *     Ich komme am 8. Dezember. Halt, da ist ja die Feier, also lieber der 12. Januar.
 *
 * A correction counts when it names one event, and exactly one other was named before it. Any other use of
 * such words is no correction; what it means then is for others to say. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

static bool names(const struct event_mention *mention)
{
    bool kind = mention->kind == MENTION_DATE || mention->kind == MENTION_TITLE;
    return kind && !mention->past;
}

/* "Stopp, da habe ich Schule. Ich nehme den Mapathon": what follows may stand in the next sentence. */
static bool breaks_off(const struct sign *sign)
{
    static const char *const words[] = {"Stop", "Halt", "Moment", "Quatsch", "Unsinn", "ach ne", "oh nein"};
    bool found = false;
    for (size_t i = 0; i < sizeof words / sizeof *words && !sign->in_subject; i++) {
        found = found || str_starts_nocase(sign->found->words, words[i]);
    }
    return found;
}

/* The last single event in the words of the correction, else the first in the sentence behind. */
static bool corrected_to(const struct mail *mail, const struct sign *sign, struct event_set *ret)
{
    const struct found_group *to = found_group_place(sign->found, "to");
    bool found = false, next = false;
    for (size_t i = 0; i < mail->mentions.list.n && to != NULL; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        bool single = names(m) && m->in_subject == sign->in_subject && event_set_count(&m->fits) == 1;
        bool here = m->at >= to->at && m->at < to->at + to->len;
        bool behind = !found && !next && breaks_off(sign) && m->sentence == sign->sentence + 1;
        if (single && (here || behind)) {
            *ret = m->fits;
            found = found || here;
            next = behind;
        }
    }
    return found || next;
}

/* The one other event that is named before the correction. */
static bool corrected_from(const struct mail *mail, const struct sign *sign, struct event_set to,
                           struct event_set *ret)
{
    struct event_set all = {0};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        bool before = m->in_subject != sign->in_subject ? m->in_subject : m->at < sign->at + sign->len;
        if (names(m) && before && !event_set_meet(m->fits, to)) {
            all = event_set_either(all, m->fits);
        }
    }
    *ret = all;
    return event_set_count(&all) == 1;
}

/* Two dates of one title. */
static bool one_series(const struct mail *mail, struct event_set from, struct event_set to)
{
    const struct event *a = event_single(mail->reader->programme, &from);
    const struct event *b = event_single(mail->reader->programme, &to);
    return a != NULL && b != NULL && str_equal(a->title, b->title);
}

/* "Meine Frau kommt zum Kochen, ich lieber zum Löten": compared, not corrected. */
static bool compares(const struct mail *mail, const struct sign *sign)
{
    return mail->persons.person.n > 1 || str_starts_nocase(sign->found->words, "lieber");
}

/* "Wenn der 8. voll ist, lieber der 12." */
static bool depends(const struct mail *mail, const struct sign *sign)
{
    return !sign->in_subject && sign_best(&mail->signs, SIGN_CONDITION, sign->sentence) != NULL;
}

void corrections_settle(struct mail *mail)
{
    size_t kept = 0;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        struct sign sign = mail->signs.list.at[i];
        struct event_set from, to = {0};
        if (str_starts(sign.found->pattern, "past.corrects")) {
            if (depends(mail, &sign) || !corrected_to(mail, &sign, &to) ||
                !corrected_from(mail, &sign, to, &from) ||
                (compares(mail, &sign) && !one_series(mail, from, to))) {
                continue;
            }
            mail->given_up = event_set_either(mail->given_up, from);
        }
        mail->signs.list.at[kept++] = sign;
    }
    mail->signs.list.n = kept;
}
