/* parsers/reading/reading_moves.c: who goes from one event to another, in whatever words.
 *
 * A mail that moves a booking names two events, and says of each by the words around it whether it is left
 * or taken: "vom", "statt", "mein Termin am", "da kann ich nicht" against "auf den", "sondern", "dafür"
 * (patterns/move.patterns). The verb may be any: what counts is that both directions are told apart, and that
 * the mail speaks of moving, or gives up the one for the other. */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

#include <ctype.h>

/* Votes: a marker before the name; words that give up or hold a place in its clause; any other wish there. */
enum { MARKED = 3, CLAUSE = 2, FAINT = 1, DECIDED = 2 };

/* "Die Ampel ist zu kurz grün": one word in small letters, in a sentence that knows capitals, names no event.
 */
static bool is_plain_word(const struct mail *mail, const struct event_mention *mention)
{
    bool word = mention->kind == MENTION_KEYWORD || (mention->kind == MENTION_TITLE && mention->terms == 1);
    if (!word || mention->in_subject || !islower((unsigned char)mail->text[mention->at])) {
        return false;
    }
    bool capitals = false;
    struct stretch s = sentence_stretch(mail, mention->sentence);
    for (size_t i = s.at; i < s.end; i++) {
        capitals = capitals || isupper((unsigned char)mail->text[i]);
    }
    return capitals && !is_aimed_at(mail, mention);
}

/* The one event to come that a mention names, also by the month of a series; else none. */
static struct event_set named_by(const struct mail *mail, const struct event_mention *mention)
{
    struct event_set none = {0}, fits = mention->fits;
    bool month = mention->kind == MENTION_PERIOD && mention->period == PERIOD_MONTH;
    bool names = mention->kind == MENTION_TITLE || mention->kind == MENTION_KEYWORD ||
                 mention->kind == MENTION_DATE || month;
    for (size_t i = 0; i < mail->mentions.list.n && month && event_set_count(&fits) > 1; i++) {
        const struct event_mention *title = &mail->mentions.list.at[i];
        fits = title->kind == MENTION_TITLE && event_set_meet(title->fits, fits)
                   ? event_set_both(title->fits, fits)
                   : fits;
    }
    names = names && !mention->past && !is_plain_word(mail, mention);
    return names && event_set_count(&fits) == 1 ? fits : none;
}

struct side {
    struct event_set event;
    int votes;    /* above 0: taken, below: left */
    bool instead; /* "dafür", "sondern" stand before it */
    bool left;    /* "statt", "vom" stand before it */
    bool given;   /* words that give it up stand in its clause */
    bool wished;  /* … or those of a wish alone */
    size_t at;    /* where it is first named */
};

struct move {
    struct side side[2];
    int sides;
    bool too_many;
    bool told; /* outside of a question */
};

static struct side *side_of(struct move *move, struct event_set event, size_t at)
{
    for (int i = 0; i < move->sides; i++) {
        if (event_set_same(&move->side[i].event, &event)) {
            return &move->side[i];
        }
    }
    if (move->sides == 2) {
        move->too_many = true;
        return NULL;
    }
    move->side[move->sides] = (struct side){.event = event, .at = at};
    return &move->side[move->sides++];
}

/* The words before a mention, from the one of the other event or the begin of its sentence on; and those
 * behind it. */
static void words_around(const struct mail *mail, size_t number, struct stretch *ret_before,
                         struct stretch *ret_after)
{
    const struct event_mention *mention = &mail->mentions.list.at[number];
    struct event_set named = named_by(mail, mention);
    struct stretch s = sentence_stretch(mail, mention->sentence);
    *ret_before = (struct stretch){s.at, mention->at};
    *ret_after = (struct stretch){mention->at + mention->len, s.end};
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *other = &mail->mentions.list.at[i];
        struct event_set event = named_by(mail, other);
        if (other->in_subject || other->sentence != mention->sentence || event_set_count(&event) == 0 ||
            event_set_same(&event, &named)) {
            continue;
        }
        size_t end = other->at + other->len;
        ret_before->at = end <= mention->at && end > ret_before->at ? end : ret_before->at;
        ret_after->end = other->at >= mention->at + mention->len && other->at < ret_after->end
                             ? other->at
                             : ret_after->end;
    }
}

/* What the clause of a mention says of it, by signs found there. */
static void hear_clause(const struct mail *mail, struct stretch clause, bool marked, struct side *side)
{
    bool leaves = stretch_says(mail, "move_leaves", clause), takes = false, has = false;
    for (size_t i = 0; i < mail->signs.list.n; i++) {
        const struct sign *sign = &mail->signs.list.at[i];
        size_t last = sign->at + sign->len - 1;
        if (sign->in_subject || sign->len == 0 || last < clause.at || last >= clause.end) {
            continue;
        }
        bool moves = str_equal(sign->found->pattern, "cancel.rebook"); /* from which, it does not say */
        leaves = leaves || (sign->kind == SIGN_CANCEL && !moves) || sign->kind == SIGN_CANCEL_WEAK ||
                 sign->kind == SIGN_OFF;
        has = has || (sign->kind == SIGN_ALREADY && !marked);
        takes = takes || sign->kind == SIGN_REGISTER || sign->kind == SIGN_ON;
    }
    side->given = side->given || leaves;
    side->wished = side->wished || (takes && !leaves && !has);
    side->votes += leaves || has ? -CLAUSE : takes ? FAINT : 0;
}

static void hear_mention(const struct mail *mail, size_t number, struct side *side)
{
    const struct event_mention *mention = &mail->mentions.list.at[number];
    struct stretch before, after;
    words_around(mail, number, &before, &after);
    bool instead = stretch_says(mail, "move_instead", before);
    bool from = !instead && stretch_says(mail, "move_from", before);
    bool held =
        !instead && (stretch_says(mail, "move_held", before) || stretch_says(mail, "move_held", after));
    bool to = instead || (!from && !held && stretch_says(mail, "move_to", before));
    side->instead = side->instead || instead;
    side->left = side->left || from;
    side->votes += from || held ? -MARKED : to ? MARKED : 0;
    struct stretch clause = clause_around(mail, mention->sentence, mention->at);
    side->given = side->given || stretch_says(mail, "event.elsewhere", clause) || is_elsewhere(mail, mention);
    clause.end = after.end > clause.end ? after.end : clause.end;
    hear_clause(mail, clause, to, side); /* "meine Anmeldung auf den 16. Februar" */
}

static void hear_all(const struct mail *mail, struct move *ret)
{
    *ret = (struct move){0};
    for (size_t i = 0; i < mail->mentions.list.n && !ret->too_many; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        struct event_set event = named_by(mail, mention);
        struct side *side =
            event_set_count(&event) == 1 && !mention->in_subject ? side_of(ret, event, mention->at) : NULL;
        if (side != NULL) {
            ret->told =
                ret->told || (mention->kind != MENTION_PERIOD && !mail->signs.question[mention->sentence]);
            hear_mention(mail, i, side);
        }
    }
}

/* Somebody speaks of moving, and not only asks for it: "Ginge der 12.? Dann buchen Sie mich um." */
static bool says_moving(const struct mail *mail, bool told)
{
    struct found found;
    bool asks = !told;
    for (size_t s = 0; s < mail->sentences.list.n; s++) {
        if (!sentence_says(mail, "move.word", s)) {
            continue;
        }
        bool wishes = !mail->signs.question[s] && (told || sentence_says(mail, "news_me", s));
        if (wishes || sentence_says(mail, "move_please", s)) {
            return true;
        }
        asks = true;
    }
    return !asks && patterns_find(mail->reader->patterns, mail->arena, "move.word",
                                  mail->subject_sentences.text, mail->subject_sentences.len, 0, &found);
}

/* The writer has a place, and gives it up or changes it: not somebody else. */
static bool had_place(const struct mail *mail)
{
    struct found found;
    const struct sign *had = sign_best(&mail->signs, SIGN_ALREADY, SIZE_MAX);
    bool own = had != NULL && !had->in_subject && sentence_says(mail, "statement_who.first", had->sentence);
    return mail->is_reply || own || sign_best(&mail->signs, SIGN_CANCEL, SIZE_MAX) != NULL ||
           sign_best(&mail->signs, SIGN_OFF, SIZE_MAX) != NULL || text_says(mail, "move_change", &found);
}

static void add_sign(struct mail *mail, size_t sentence, struct stretch words)
{
    *LIST_ADD(mail->arena, &mail->signs.list) =
        sign_made(mail, SIGN_REBOOK, 3, words, sentence, "rebook.moves", "reading_moves.c");
}

/* Each clause that names one of the two says it, and the sentence that speaks of moving. */
static void add_signs(struct mail *mail)
{
    struct event_set both = event_set_either(mail->moved_from, mail->moved_to);
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *mention = &mail->mentions.list.at[i];
        if (!mention->in_subject && event_set_meet(mention->fits, both)) {
            add_sign(mail, mention->sentence, clause_around(mail, mention->sentence, mention->at));
        }
    }
    for (size_t s = 0; s < mail->sentences.list.n; s++) {
        if (sentence_says(mail, "move.word", s) || sentence_says(mail, "move_change", s)) {
            add_sign(mail, s, sentence_stretch(mail, s));
            mail->signs.question[s] = false;
        }
    }
}

void moves_find(struct mail *mail)
{
    struct move move;
    hear_all(mail, &move);
    bool waits = sign_best(&mail->signs, SIGN_HESITATE, SIZE_MAX) != NULL ||
                 sign_best(&mail->signs, SIGN_CONDITION, SIZE_MAX) != NULL; /* "wenn der 12. voll ist, …" */
    if (move.sides != 2 || move.too_many || mail->persons.person.n > 1 || waits) {
        return;
    }
    int to = move.side[1].votes > move.side[0].votes ? 1 : 0;
    const struct side *taken = &move.side[to], *left = &move.side[1 - to];
    bool apart = taken->votes - left->votes >= DECIDED && (taken->votes > 0 || left->votes < 0) &&
                 (!taken->given || taken->instead || left->left);
    bool stays = sign_best(&mail->signs, SIGN_CANCEL_PART, SIZE_MAX) != NULL ||
                 sign_named(&mail->signs, "void.as_planned", SIZE_MAX) != NULL;
    bool had = had_place(mail); /* else "ich komme am 8., halt, da bin ich beim Arzt, lieber am 12." */
    bool swaps = taken->instead ? (left->given && !left->wished) || had
                                : (left->given || left->left) && taken->votes > 0 && had && !stays;
    if (apart && (says_moving(mail, move.told) || (move.told && swaps))) {
        mail->moved_from = left->event;
        mail->moved_to = taken->event;
        add_signs(mail);
    }
}
