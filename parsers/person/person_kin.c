/* parsers/person/person_kin.c: relations ("meine Tochter Emilia") while the mentions are walked. */
#include "parsers/person/person_parts.h"

#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* "Jonas Wischnewski (unser Sohn)", "Lakshmi, my wife,": the relation of the name before it. */
static bool in_apposition(const struct walk *w, const struct mention *m)
{
    size_t at = m->at, n = 0;
    while (at > 0 && strchr(" (,–-", w->text[at - 1]) != NULL && n < 4) {
        at--;
        n++;
    }
    return n > 0 && w->current != NOBODY && w->name_end == at &&
           (w->text[m->at] == '(' || w->text[m->at - 1] != ' ');
}

/* "mit meiner Tochter:", and below the writer's own name first: a list's head, not the daughter's name. */
bool person_heads_list(struct walk *w, const struct mention *m)
{
    bool whole = m->name.first != NULL && m->name.last != NULL;
    return whole && !m->stays &&
           ((w->writer_named && name_same(w->arena, &w->writer_name, &m->name)) ||
            (w->display_counts && name_same(w->arena, &w->display, &m->name)));
}

/* The relation is said of whom was named right before. */
static void relate(struct walk *w, const struct mention *m)
{
    bool passing = w->passing != NOBODY;
    w->current = passing ? w->passing : w->current;
    struct candidate *c = &w->all.at[w->current];
    c->is_kin = true;
    c->kin = m->kin;
    c->takes_part |= passing ? c->chained : !m->stays;
    w->last_kin = w->current;
    w->kin_end = m->sentence_end;
    w->passing = NOBODY;
}

/* "meinen Vater" and "meiner Mutter" are of one relation, and two people: 'f', 'm', or 0 for neither. */
static char parent_kind(const struct walk *w, const struct mention *m)
{
    static const char *const words[] = {"mutter", "mama", "oma", "mother", "mum", "mom",
                                        "vater",  "papa", "opa", "father", "dad"};
    enum { FATHERS = 6, WORDS_MAX = 40 };
    size_t relation =
        m->words_at > m->at ? m->words_at - m->at : m->len; /* a "Thomas" behind it is no "oma" */
    size_t len = relation < WORDS_MAX ? relation : WORDS_MAX;
    const char *said = m->kin == KIN_PARENT ? arena_strndup(w->arena, w->text + m->at, len) : "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasestr(said, words[i]) != NULL) {
            return i < FATHERS ? 'f' : 'm';
        }
    }
    return 0;
}

/* Who it is: by the name, or the relation spoken of before; NOBODY: somebody new. */
static int known_kin(struct walk *w, const struct mention *m, bool named)
{
    int i = named ? person_find_same(w, &m->name) : NOBODY;
    char parent = parent_kind(w, m);
    bool another = !named && m->stays && /* "Tochter Pia (1.6.2014). Unser Großer hat Training" */
                   (strcasestr(m->words, "groß") != NULL || strcasestr(m->words, "klein") != NULL);
    bool children = !named && m->plural && m->kin == KIN_CHILD && str_equal(m->pattern, "kin.article");
    if (i != NOBODY && i == w->writer && m->stays) {
        i = NOBODY; /* "mein Vater heißt auch Wilhelm Dellbrügge und bleibt daheim" */
    }
    for (int k = (int)w->all.n - 1; k >= 0 && i == NOBODY; k--) {
        const struct candidate *c = &w->all.at[k];
        bool relation = c->kin == m->kin || (m->folks && c->kin == KIN_PARENT) ||
                        (children && c->plural && c->kin == KIN_GRANDCHILD);
        bool other_one =
            parent != 0 && c->parent != 0 && c->parent != parent; /* "Vater … Tod meiner Mutter" */
        bool fits = c->is_kin && relation && !other_one && (!named || c->name.first == NULL) &&
                    !(another && c->birth.year != 0) &&
                    !(named && c->plural && !m->plural); /* "meine zwei Kinder. Mein Sohn Kacper" */
        i = fits ? k : i;
    }
    return i;
}

/* How far the facts are theirs: "mein verstorbener Mann (geb. 1.1.1935)", but "meine Mutter sagt". */
static size_t aside_end(const struct walk *w, const struct mention *m)
{
    size_t end = m->at + m->len, mark = end + strspn(w->text + end, " ");
    size_t aside = w->text[mark] == '(' || w->text[mark] == ',' ? end + KIN_ASIDE_MAX : end;
    return m->stays && aside < m->sentence_end ? aside : m->sentence_end;
}

/* "meine Kinder Ida und Jonas Bockelmann, geb. 27.12.2014 und 3.4.2012": a row of names, as others are. */
static void add_to_row(struct walk *w, int i, const struct mention *m)
{
    bool goes_on = w->last_named != NOBODY && w->last_named != i && w->all.at[w->last_named].plural &&
                   person_joins_last(w, w->last_named, m);
    if (goes_on && w->all.at[i].pair == NOBODY) {
        w->all.at[i].pair = w->last_named;
    }
    w->last_named = i;
}

static bool begins_sentence(const char *text, size_t at)
{
    size_t before = at;
    while (before > 0 && strchr(" \n", text[before - 1]) != NULL) {
        before--;
    }
    return before < at && (before == 0 || strchr(".!?", text[before - 1]) != NULL);
}

void person_walk_kin(struct walk *w, const struct mention *m)
{
    bool named = (m->name.first != NULL || m->name.last != NULL) && !person_heads_list(w, m);
    size_t near = utf8_before(w->text, m->at, OWN_ROLE_MAX);
    bool role = !named && person_says(w, "own_role", near, m->at, NULL);
    if (role || (!named && person_says(w, "lives_with", near, m->at, NULL))) {
        return; /* "ich bin die Oma"; "Mina wohnt bei meiner Schwester" */
    }
    bool again = !named && w->writer != NOBODY && w->all.at[w->writer].own_role == m->kin;
    if (m->kin == KIN_PARENT && str_equal(m->pattern, "kin.bare") && (again || person_heads_list(w, m))) {
        w->current = person_writer(w, m->at); /* "Kind: Finn, Mutter: Sabine Groß" by Sabine Groß */
        w->all.at[w->current].own_role = m->kin;
        w->all.at[w->current].row = true;
        return;
    }
    if (!named && in_apposition(w, m)) {
        relate(w, m);
        return;
    }
    w->passing = NOBODY;
    int i = known_kin(w, m, named);
    if (i != NOBODY && w->all.at[i].writer && i == w->writer) {
        return; /* "Mein Name …": the relation is the writer's own role */
    }
    if (i == NOBODY) {
        i = person_new(w, m->at);
    }
    struct candidate *c = &w->all.at[i];
    c->is_kin = true;
    c->kin = m->kin;
    c->plural |= m->plural;
    c->parent = c->parent == 0 ? parent_kind(w, m) : c->parent;
    c->row |= m->kin == KIN_PARENT && str_equal(m->pattern, "kin.bare");
    if (named) {
        struct evidence e = person_evidence(m, "text");
        person_take_name(c, &m->name, e);
        c->name_end = m->at + m->len;
        c->labelled |= m->heads && !m->stays;
        if (m->plural) {
            add_to_row(w, i, m);
        }
    }
    bool next_row = named && w->fact_end > 0 && w->current != NOBODY && m->at > 0 &&
                    (w->text[m->at - 1] == '\n' || (m->at >= 4 && str_starts(w->text + m->at - 4, "und "))) &&
                    w->all.at[w->current].birth.year != 0 && mention_only_joins(w->text, w->fact_end, m->at);
    c->takes_part |= (m->takes_part || next_row) && !m->stays;
    c->stays |= m->stays;
    c->refused |= m->refused;
    w->before_kin = w->current;
    w->last_kin = i;
    size_t end = named || m->refused ? m->sentence_end : aside_end(w, m),
           bracket = person_bracket_end(w, m->at);
    w->kin_end = bracket < end ? bracket : end;
    w->kin_heads = begins_sentence(w->text, m->at);
    w->current = i;
}

/* "Sein Bruder Emil war schon da. Wir wohnen …": what comes behind the sentence of a relation that is only
 * told of belongs to whoever was spoken of before. */
void person_leave_kin(struct walk *w, const struct mention *m)
{
    const struct candidate *kin = w->last_kin == NOBODY ? NULL : &w->all.at[w->last_kin];
    bool place = m->kind == MENTION_ADDRESS && m->address.street == NULL && m->at > 0 &&
                 w->text[m->at - 1] == '\n'; /* "… da wohnt mein Cousin\n58636 Iserlohn" */
    if (kin == NULL || w->current != w->last_kin || (m->at <= w->kin_end && !place)) {
        return;
    }
    bool unnamed = kin->refused || (kin->name.first == NULL && (kin->stays || !kin->takes_part));
    bool aside = w->kin_heads && kin->stays && !kin->takes_part && kin->birth.year == 0 && !kin->has_address;
    bool labelled = m->kind == MENTION_NAME && m->source == NAME_LABEL;
    if ((unnamed && m->kind != MENTION_NAME) || (aside && (m->kind == MENTION_ADDRESS || labelled))) {
        w->current = w->before_kin;
    }
}
