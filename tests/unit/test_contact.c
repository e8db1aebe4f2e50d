/* Telephone numbers and mail addresses in the text of a mail. */
#include "base/text.h"
#include "parsers/person/contact.h"
#include "tests/unit/check.h"

static struct arena *arena;

static const char *found(const char *words, const char *ours)
{
    struct contacts theirs, contacts;
    contacts_find(arena, ours, NULL, &theirs);
    contacts_find(arena, words, &theirs, &contacts);
    struct text all = text_new(arena, 1000);
    for (size_t i = 0; i < contacts.phones.n; i++) {
        text_printf(&all, "%s%s", all.len > 0 ? " | " : "", contacts.phones.at[i]);
    }
    for (size_t i = 0; i < contacts.addresses.n; i++) {
        text_printf(&all, "%s%s", all.len > 0 ? " | " : "", contacts.addresses.at[i]);
    }
    return all.s;
}

TEST(numbers_and_addresses)
{
    static const struct {
        const char *words, *found;
    } rows[] = {
        {"Tel. 0171 1234567", "0171 1234567"},
        {"Mobil: +49 171 / 123 45 67.", "+49 171 / 123 45 67"},
        {"(02371) 12345-67 oder 02371/765432", "(02371) 12345-67 | 02371/765432"},
        {"geboren am 03.05.1958, Telefon 02371 987654", "02371 987654"},
        {"03.05.1958\n05.06.1960\n01067 Dresden", ""},
        {"Handy 01711234567 03.05.1958", "01711234567"},
        {"Kundennummer 00000000000000000000", ""},
        {"Bestellung A0171-1234567", ""},
        {"0171 1234567, also +49 171 1234567", "0171 1234567"},
        {"> Telefon 0171 1234567", ""},
        {"Telefon 02371/217-2424 (Stadtlabor)", ""}, /* ours */
        {"Schreiben Sie an Petra.Mueller@Example.net.", "petra.mueller@example.net"},
        {"stadtlabor@example.org; @twitter; a@b", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = found(rows[i].words, "Telefon 02371/217-2424, stadtlabor@example.org");
        CHECK_ROW(str_equal(got, rows[i].found), "\"%s\": \"%s\", wanted \"%s\"", rows[i].words, got,
                  rows[i].found);
    }
}

TEST(a_list_of_members_is_cut)
{
    struct text list = text_new(arena, 4000);
    for (int i = 0; i < 50; i++) {
        text_printf(&list, "0171 55500%02d, p%d@example.org\n", i, i);
    }
    struct contacts contacts;
    contacts_find(arena, list.s, NULL, &contacts);
    CHECK_INT(contacts.phones.n, CONTACTS_MOST);
    CHECK_INT(contacts.addresses.n, CONTACTS_MOST);
}

int main(void)
{
    arena = arena_new();
    RUN(numbers_and_addresses);
    RUN(a_list_of_members_is_cut);
    arena_free(arena);
    return check_done();
}
