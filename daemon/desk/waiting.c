#include "daemon/desk/waiting.h"

#include <limits.h>

int waiting_free(const struct waiting_list *list)
{
    if (list->capacity == 0) {
        return INT_MAX;
    }
    return list->confirmed < list->capacity ? list->capacity - list->confirmed : 0;
}

/* A party that could fit when everybody else left. */
static bool can_ever_fit(const struct waiting_list *list, const struct waiting_party *party)
{
    return list->capacity == 0 || party->people <= list->capacity;
}

/* Whose turn it is: the first that is not larger than the event; NULL: nobody's. */
static const struct waiting_party *whose_turn(const struct waiting_list *list)
{
    for (size_t i = 0; i < list->parties.n; i++) {
        if (can_ever_fit(list, &list->parties.at[i])) {
            return &list->parties.at[i];
        }
    }
    return NULL;
}

static bool is_late(const struct waiting_rule *rule, const struct waiting_list *list, int64_t now)
{
    return now >= list->starts - rule->last;
}

/* Takes the parties that fit out of `list`, in order; stops at the first that does not when `strict`. */
static void take(struct arena *arena, struct waiting_list *list, bool strict, struct waiting_moves *moves)
{
    size_t left = 0;
    bool stopped = false;
    for (size_t i = 0; i < list->parties.n; i++) {
        struct waiting_party party = list->parties.at[i];
        if (!stopped && party.people <= waiting_free(list)) {
            *LIST_ADD(arena, &moves->up) = party;
            list->confirmed += party.people;
        } else {
            stopped = stopped || (strict && can_ever_fit(list, &party));
            list->parties.at[left++] = party;
        }
    }
    list->parties.n = left;
}

/* Keeps what is free for the party whose turn it is, as long as the rule allows. */
static void keep(struct arena *arena, const struct waiting_rule *rule, struct waiting_list *list, int64_t now,
                 struct waiting_moves *moves)
{
    const struct waiting_party *first = whose_turn(list);
    if (first == NULL || first->party != moves->kept_for) {
        moves->kept_for = moves->kept_since = 0;
    }
    if (first == NULL || waiting_free(list) == 0) {
        return; /* what is noted for the first stays: it is kept for once, not once a place */
    }
    if (moves->kept_for == 0) {
        moves->kept_for = first->party;
        moves->kept_since = now;
    }
    if (now - moves->kept_since >= rule->keep) {
        take(arena, list, false, moves);
    } else {
        moves->look_again = moves->kept_since + rule->keep;
    }
}

/* When it becomes staff's matter: an earlier look than that changes nothing more. */
static void look_when_late(const struct waiting_rule *rule, const struct waiting_list *list,
                           struct waiting_moves *moves)
{
    int64_t late = list->starts - rule->last;
    if (list->parties.n > 0 && waiting_free(list) > 0 &&
        (moves->look_again == 0 || moves->look_again > late)) {
        moves->look_again = late;
    }
}

void waiting_move_up(struct arena *arena, const struct waiting_rule *rule, const struct waiting_list *list,
                     int64_t now, struct waiting_moves *ret)
{
    struct waiting_moves moves = {.kept_for = list->kept_for, .kept_since = list->kept_since};
    struct waiting_list work = *list;
    memset(&work.parties, 0, sizeof work.parties);
    for (size_t i = 0; i < list->parties.n; i++) {
        *LIST_ADD(arena, &work.parties) = list->parties.at[i];
    }
    if (!list->cancelled && now < list->starts) {
        if (is_late(rule, list, now)) {
            moves.told = work.parties.n > 0 ? waiting_free(list) : 0;
            moves.tell_staff = moves.told > list->told;
        } else {
            take(arena, &work, true, &moves);
            keep(arena, rule, &work, now, &moves);
            look_when_late(rule, &work, &moves);
        }
    }
    *ret = moves;
}

bool waiting_has_room(const struct waiting_rule *rule, const struct waiting_list *list, int64_t now,
                      int people)
{
    if (people > waiting_free(list)) {
        return false;
    }
    const struct waiting_party *first = whose_turn(list);
    if (first == NULL) {
        return true;
    }
    bool passed = list->kept_for == first->party && now - list->kept_since >= rule->keep;
    return passed && !is_late(rule, list, now);
}

static const char *hours_words(struct arena *arena, int64_t seconds)
{
    int64_t hours = (seconds + 3599) / 3600;
    return hours == 1                      ? "eine Stunde"
           : hours % 24 == 0 && hours > 48 ? arena_printf(arena, "%lld Tage", (long long)(hours / 24))
                                           : arena_printf(arena, "%lld Stunden", (long long)hours);
}

char *waiting_rule_words(struct arena *arena, const struct waiting_rule *rule)
{
    const char *kept =
        rule->keep == 0
            ? "rücken kleinere hinter ihr gleich nach"
            : arena_printf(arena,
                           "bleiben freie Plätze höchstens %s für sie aufgehoben, danach rücken kleinere "
                           "hinter ihr nach",
                           hours_words(arena, rule->keep));
    const char *late =
        rule->last == 0
            ? "Das gilt bis zum Beginn der Veranstaltung."
            : arena_printf(arena,
                           "In der letzten Zeit vor dem Beginn (%s) rückt niemand mehr von selbst "
                           "nach: dann entscheidet das Team.",
                           hours_words(arena, rule->last));
    return arena_printf(arena,
                        "Wer wartet, rückt der Reihe nach auf; wer sich zusammen angemeldet hat, bleibt "
                        "zusammen. Passt die Gruppe, die an der Reihe ist, noch nicht, %s. %s",
                        kept, late);
}
