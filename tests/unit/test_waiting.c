/* The waiting list's rule: rows for each sentence of it, then many random histories in which nobody may be
 * overbooked, passed before their time, forgotten, or told twice. */
#include "base/text.h"
#include "daemon/desk/waiting.h"
#include "tests/unit/check.h"

#include <limits.h>
#include <stdlib.h>

enum { HOUR = 3600, START = 1000 * HOUR };

static struct arena *arena;
static const struct waiting_rule usual = {.keep = 24 * HOUR, .last = 24 * HOUR};

static struct waiting_list list_of(int capacity, int confirmed, const char *people)
{
    struct waiting_list list = {.starts = START, .capacity = capacity, .confirmed = confirmed};
    for (; *people != '\0'; people++) {
        int64_t party = (int64_t)list.parties.n + 1;
        *LIST_ADD(arena, &list.parties) = (struct waiting_party){.party = party, .people = *people - '0'};
    }
    return list;
}

/* "2,3": the parties that move up, counted from 1. */
static const char *up(const struct waiting_moves *moves)
{
    struct text words = text_new(arena, 200);
    for (size_t i = 0; i < moves->up.n; i++) {
        text_printf(&words, "%s%lld", i > 0 ? "," : "", (long long)moves->up.at[i].party);
    }
    return words.s;
}

TEST(places_go_to_the_list_in_order)
{
    static const struct {
        int capacity, confirmed;
        const char *waiting, *up;
    } rows[] = {
        {10, 10, "11", ""}, {10, 9, "11", "1"}, {10, 8, "111", "1,2"},   {10, 8, "21", "1"},
        {10, 9, "21", ""},  {10, 12, "1", ""},  {0, 50, "331", "1,2,3"}, {10, 8, "121", "1"},
        {4, 3, "51", "2"}, /* five never fit into four: nothing is kept for them */
        {4, 0, "5", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct waiting_list list = list_of(rows[i].capacity, rows[i].confirmed, rows[i].waiting);
        struct waiting_moves moves;
        waiting_move_up(arena, &usual, &list, 500 * HOUR, &moves);
        CHECK_ROW(str_equal(up(&moves), rows[i].up), "row %zu: \"%s\", wanted \"%s\"", i, up(&moves),
                  rows[i].up);
    }
}

TEST(a_place_is_kept_for_a_group_but_not_for_ever)
{
    struct waiting_list list = list_of(10, 9, "3121");
    struct waiting_moves moves;
    waiting_move_up(arena, &usual, &list, 500 * HOUR, &moves);
    CHECK_STR(up(&moves), "");
    CHECK_INT(moves.kept_for, 1);
    CHECK_INT(moves.look_again, 524 * HOUR);
    list.kept_for = moves.kept_for;
    list.kept_since = moves.kept_since;
    CHECK(!waiting_has_room(&usual, &list, 510 * HOUR, 1));
    waiting_move_up(arena, &usual, &list, 524 * HOUR - 1, &moves);
    CHECK_STR(up(&moves), "");
    list.confirmed = 8;
    waiting_move_up(arena, &usual, &list, 524 * HOUR, &moves);
    CHECK_STR(up(&moves), "2,4"); /* the first that fit, in order: one, then one */
    CHECK_INT(moves.kept_for, 1); /* it was kept for once; later places do not wait again */

    struct waiting_rule at_once = {.keep = 0, .last = 0};
    list = list_of(10, 9, "31");
    waiting_move_up(arena, &at_once, &list, 500 * HOUR, &moves);
    CHECK_STR(up(&moves), "2");
}

TEST(who_comes_new_waits_behind_those_who_wait)
{
    struct waiting_list list = list_of(10, 9, "");
    CHECK(waiting_has_room(&usual, &list, 500 * HOUR, 1));
    CHECK(!waiting_has_room(&usual, &list, 500 * HOUR, 2));
    list = list_of(10, 9, "2");
    CHECK(!waiting_has_room(&usual, &list, 500 * HOUR, 1));
    list.kept_for = 1;
    list.kept_since = 470 * HOUR;
    CHECK(waiting_has_room(&usual, &list, 500 * HOUR, 1));    /* it was kept for long enough */
    CHECK(!waiting_has_room(&usual, &list, START - HOUR, 1)); /* too late: staff decide who is next */
    list = list_of(4, 3, "5");
    CHECK(waiting_has_room(&usual, &list, 500 * HOUR, 1));
    list = list_of(0, 300, "");
    CHECK(waiting_has_room(&usual, &list, 500 * HOUR, 60));
}

TEST(in_the_last_hours_staff_are_told_once_a_place)
{
    struct waiting_list list = list_of(10, 9, "1");
    struct waiting_moves moves;
    int64_t late = START - 24 * HOUR;
    waiting_move_up(arena, &usual, &list, late - 1, &moves);
    CHECK_STR(up(&moves), "1");
    CHECK(!moves.tell_staff);
    waiting_move_up(arena, &usual, &list, late, &moves);
    CHECK_STR(up(&moves), "");
    CHECK(moves.tell_staff);
    list.told = moves.told;
    waiting_move_up(arena, &usual, &list, late + HOUR, &moves);
    CHECK(!moves.tell_staff);
    list.confirmed = 8; /* one more place */
    waiting_move_up(arena, &usual, &list, late + HOUR, &moves);
    CHECK(moves.tell_staff);
    waiting_move_up(arena, &usual, &list, START, &moves); /* it has begun */
    CHECK(!moves.tell_staff && moves.up.n == 0);
    list.cancelled = true;
    waiting_move_up(arena, &usual, &list, late, &moves);
    CHECK(!moves.tell_staff && moves.up.n == 0);
}

TEST(the_rule_is_told_in_words)
{
    CHECK_STR(
        waiting_rule_words(arena, &usual),
        "Wer wartet, rückt der Reihe nach auf; wer sich zusammen angemeldet hat, bleibt zusammen. Passt die "
        "Gruppe, die an der Reihe ist, noch nicht, bleiben freie Plätze höchstens 24 Stunden für sie "
        "aufgehoben, danach rücken kleinere hinter ihr nach. In der letzten Zeit vor dem Beginn (24 Stunden) "
        "rückt niemand mehr von selbst nach: dann entscheidet das Team.");
    struct waiting_rule plain = {0};
    CHECK(strstr(waiting_rule_words(arena, &plain), "gleich nach. Das gilt bis zum Beginn") != NULL);
}

/* --- histories --- */

enum { HISTORIES = 12000, STEPS = 40, PEOPLE_MAX = STEPS * 5 };
enum state { GONE, WAITS, HAS_PLACE };

/* One person's registration; the array's order is that of coming. */
struct place {
    int64_t party;
    enum state state;
    int told; /* letters "a place is yours now" */
    bool by_staff;
};

/* A house that keeps the list by the rule alone, and what is known of it independently of the rule. */
struct history {
    unsigned random;
    struct waiting_rule rule;
    struct waiting_list list; /* all but `parties`, which is made anew from `place` */
    struct place place[PEOPLE_MAX];
    int n;
    int64_t now, look_again;
    int64_t passed_first[STEPS + 1]; /* when a party whose turn it was first did not fit; -1: never */
    int64_t moved, tellings;
};

static unsigned dice(struct history *h, unsigned sides)
{
    h->random = h->random * 1664525u + 1013904223u;
    return (h->random >> 8) % sides;
}

static int counted(const struct history *h, int64_t party, enum state state)
{
    int n = 0;
    for (int i = 0; i < h->n; i++) {
        n += h->place[i].state == state && (party == 0 || h->place[i].party == party);
    }
    return n;
}

static void gather(struct history *h)
{
    memset(&h->list.parties, 0, sizeof h->list.parties);
    h->list.confirmed = counted(h, 0, HAS_PLACE);
    int64_t last = 0;
    for (int i = 0; i < h->n; i++) {
        if (h->place[i].state == WAITS && h->place[i].party != last) {
            last = h->place[i].party;
            *LIST_ADD(arena, &h->list.parties) =
                (struct waiting_party){.party = last, .people = counted(h, last, WAITS)};
        }
    }
}

static int free_now(const struct history *h)
{
    int taken = counted(h, 0, HAS_PLACE);
    return h->list.capacity == 0 ? INT_MAX : h->list.capacity > taken ? h->list.capacity - taken : 0;
}

/* Nobody ahead of `party` fits into what is free, and the one whose turn it is was kept for long enough. */
static void check_order(const struct history *h, int64_t party)
{
    bool turn = true;
    for (size_t i = 0; i < h->list.parties.n && h->list.parties.at[i].party != party; i++) {
        const struct waiting_party *ahead = &h->list.parties.at[i];
        int people = counted(h, ahead->party, WAITS);
        int64_t since = h->passed_first[ahead->party];
        CHECK_ROW(people == 0 || people > free_now(h), "party %lld is passed though it fits",
                  (long long)ahead->party);
        if (turn && people > 0 && (h->list.capacity == 0 || people <= h->list.capacity)) {
            turn = false;
            CHECK_ROW(h->rule.keep == 0 || (since >= 0 && h->now - since >= h->rule.keep),
                      "party %lld is passed before its time", (long long)ahead->party);
        }
    }
}

static void apply(struct history *h, const struct waiting_moves *moves)
{
    for (size_t i = 0; i < moves->up.n; i++) {
        const struct waiting_party *party = &moves->up.at[i];
        CHECK_INT(party->people, counted(h, party->party, WAITS));
        CHECK_ROW(party->people <= free_now(h), "overbooked by party %lld", (long long)party->party);
        check_order(h, party->party);
        for (int p = 0; p < h->n; p++) {
            if (h->place[p].party == party->party && h->place[p].state == WAITS) {
                h->place[p].state = HAS_PLACE;
                h->place[p].told++;
                h->moved++;
            }
        }
    }
    h->list.kept_for = moves->kept_for;
    h->list.kept_since = moves->kept_since;
    h->list.told = moves->told;
    h->look_again = moves->look_again;
    h->tellings += moves->tell_staff;
}

/* Whose turn it is and does not fit is noted, by the test's own reckoning. */
static void note_passed(struct history *h)
{
    for (size_t i = 0; i < h->list.parties.n; i++) {
        const struct waiting_party *party = &h->list.parties.at[i];
        if (h->list.capacity == 0 || party->people <= h->list.capacity) {
            if (free_now(h) > 0 && party->people > free_now(h) && h->passed_first[party->party] < 0) {
                h->passed_first[party->party] = h->now;
            }
            return;
        }
    }
}

static bool late(const struct history *h)
{
    return h->now >= h->list.starts - h->rule.last;
}

static void settle(struct history *h)
{
    struct waiting_moves moves, again;
    gather(h);
    bool over = h->list.cancelled || h->now >= h->list.starts;
    int told = h->list.told, free = free_now(h);
    waiting_move_up(arena, &h->rule, &h->list, h->now, &moves);
    bool quiet = over || late(h);
    CHECK(!quiet || moves.up.n == 0);
    CHECK_INT(moves.tell_staff, !over && late(h) && h->list.parties.n > 0 && free > told);
    if (!quiet) {
        note_passed(h); /* before the moves: who is passed now was passed by them at the earliest */
    }
    apply(h, &moves);
    gather(h);
    if (!quiet) {
        note_passed(h);
    }
    waiting_move_up(arena, &h->rule, &h->list, h->now, &again);
    CHECK_ROW(again.up.n == 0 && !again.tell_staff, "not settled at once");
    CHECK(h->look_again == 0 || h->look_again > h->now);
}

/* Were time to pass and nothing else to happen: nobody who fits still waits, or staff know of each place. */
static void check_never_stuck(const struct history *h)
{
    struct history *later = ARENA_NEW(arena, struct history);
    *later = *h;
    while (later->look_again != 0) {
        later->now = later->look_again;
        settle(later);
    }
    gather(later);
    if (later->list.cancelled || later->now >= later->list.starts || later->list.parties.n == 0) {
        return;
    }
    if (late(later)) {
        CHECK_ROW(later->list.told >= free_now(later), "a free place of which nobody is told");
        return;
    }
    for (size_t i = 0; i < later->list.parties.n; i++) {
        CHECK_ROW(later->list.parties.at[i].people > free_now(later), "party %lld is stuck",
                  (long long)later->list.parties.at[i].party);
    }
}

static void join(struct history *h, int64_t party)
{
    int people = (int)dice(h, 5) + 1;
    gather(h);
    if (h->list.cancelled || h->now >= h->list.starts) {
        return; /* nobody can register any more */
    }
    bool room = waiting_has_room(&h->rule, &h->list, h->now, people);
    CHECK(!room || people <= free_now(h));
    if (room) {
        check_order(h, party);
    }
    for (int i = 0; i < people; i++) {
        h->place[h->n++] = (struct place){.party = party, .state = room ? HAS_PLACE : WAITS};
    }
}

static void step(struct history *h, int64_t number)
{
    unsigned what = dice(h, 20);
    struct place *one = h->n > 0 ? &h->place[dice(h, (unsigned)h->n)] : NULL;
    if (what < 7 || one == NULL) {
        join(h, number);
    } else if (what < 11) { /* one person cancels, or is erased */
        one->state = GONE;
    } else if (what < 13) { /* … or the whole party */
        for (int i = 0; i < h->n; i++) {
            h->place[i].state = h->place[i].party == one->party ? GONE : h->place[i].state;
        }
    } else if (what == 13) {
        h->list.capacity = (int)dice(h, 12);
    } else if (what == 14 && one->state == WAITS) { /* staff let somebody in */
        one->state = HAS_PLACE;
        one->by_staff = true;
    } else if (what == 15 && dice(h, 10) == 0) {
        h->list.cancelled = true;
    } else {
        int64_t to = h->now + (int64_t)dice(h, 30 * HOUR);
        while (h->look_again != 0 && h->look_again <= to) { /* the clock wakes us */
            h->now = h->look_again;
            settle(h);
        }
        h->now = to;
    }
}

static void check_told_once(const struct history *h)
{
    for (int i = 0; i < h->n; i++) {
        CHECK_ROW(h->place[i].told <= 1, "told twice");
        for (int k = 0; k < i; k++) { /* together: one waits while another of the party has a place? */
            bool apart = h->place[k].party == h->place[i].party &&
                         h->place[k].state + h->place[i].state == WAITS + HAS_PLACE &&
                         h->place[k].state != GONE && h->place[i].state != GONE;
            CHECK_ROW(!apart || h->place[k].by_staff || h->place[i].by_staff, "a party is torn apart");
        }
    }
}

TEST(random_histories)
{
    static const int hours[] = {0, 1, 24, 48};
    int64_t moved = 0, tellings = 0;
    for (unsigned seed = 1; seed <= HISTORIES && check_failures == 0; seed++) {
        arena_reset(arena);
        struct history *h = ARENA_NEW(arena, struct history);
        h->random = seed;
        h->rule.keep = hours[dice(h, 4)] * (int64_t)HOUR;
        h->rule.last = hours[dice(h, 4)] * (int64_t)HOUR;
        h->list.starts = (int64_t)(100 + dice(h, 300)) * HOUR;
        h->list.capacity = (int)dice(h, 9) + 1;
        memset(h->passed_first, 0xff, sizeof h->passed_first);
        for (int i = 1; i <= STEPS && check_failures == 0; i++) {
            step(h, i);
            settle(h);
            check_never_stuck(h);
        }
        check_told_once(h);
        moved += h->moved;
        tellings += h->tellings;
        if (check_failures > 0) {
            printf("# in the history of seed %u\n", seed);
        }
    }
    printf("# %d histories of %d steps: %lld people moved up, staff told %lld times\n", HISTORIES, STEPS,
           (long long)moved, (long long)tellings);
    CHECK(moved > HISTORIES && tellings > HISTORIES / 20);
}

int main(void)
{
    arena = arena_new();
    RUN(places_go_to_the_list_in_order);
    RUN(a_place_is_kept_for_a_group_but_not_for_ever);
    RUN(who_comes_new_waits_behind_those_who_wait);
    RUN(in_the_last_hours_staff_are_told_once_a_place);
    RUN(the_rule_is_told_in_words);
    RUN(random_histories);
    arena_free(arena);
    return check_done();
}
