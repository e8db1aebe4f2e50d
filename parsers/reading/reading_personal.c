/* parsers/reading/reading_personal.c: what is somebody's names no event, and what names an event is nobody.
 */
#include "parsers/reading/reading_parts.h"

#include "base/text.h"

/* Whether a mention lies wholly in the words of a name; in the subject: of the sender's. */
static bool within_name(const struct mail *mail, const struct event_mention *m)
{
    const char *sender = mail->letter->from.name;
    if (m->in_subject) {
        const char *name = sender == NULL ? NULL : strcasestr(mail->subject, sender);
        size_t at = name == NULL ? 0 : (size_t)(name - mail->subject);
        return name != NULL && m->at >= at && m->at + m->len <= at + strlen(sender);
    }
    for (size_t i = 0; i < mail->persons.names.n; i++) {
        const struct evidence *name = &mail->persons.names.at[i];
        if (m->at >= name->at && m->at + m->len <= name->at + name->len) {
            return true;
        }
    }
    return false;
}

/* "Baujahr 1939, genauer am 5. April": part of a birth date. */
static bool within_birth(const struct mail *mail, const struct event_mention *m)
{
    for (size_t i = 0; i < mail->persons.person.n && !m->in_subject; i++) {
        const struct evidence *birth = &mail->persons.person.at[i].field[BIRTH_DATE].evidence;
        if (str_equal(birth->source, "text") && m->at >= birth->at &&
            m->at + m->len <= birth->at + birth->len) {
            return true;
        }
    }
    return false;
}

/* Anne Fuhr is not the guided tour, nor is Otto Sensen a sensor: what is somebody's name or birth date names
 * no event. */
void personal_drop(struct mail *mail)
{
    size_t kept = 0;
    for (size_t i = 0; i < mail->mentions.list.n; i++) {
        const struct event_mention *m = &mail->mentions.list.at[i];
        bool words =
            m->kind == MENTION_TITLE || m->kind == MENTION_KEYWORD || m->kind == MENTION_UNKNOWN_NAME;
        bool day = m->kind == MENTION_UNKNOWN_DATE || m->kind == MENTION_DATE;
        bool born = day && within_birth(mail, m);
        if (!born && (!words || m->terms > 1 || !within_name(mail, m))) {
            mail->mentions.list.at[kept++] = *m;
        }
    }
    mail->mentions.list.n = kept;
}

/* "Anmeldung für: Sichere Passwörter" names no Mr Passwörter: a name inside an event's title is none. */
void titles_drop(struct mail *mail)
{
    size_t kept = 0;
    for (size_t i = 0; i < mail->persons.person.n; i++) {
        const struct person *person = &mail->persons.person.at[i];
        bool title = false;
        for (size_t m = 0; m < mail->mentions.list.n && !title; m++) {
            const struct event_mention *mention = &mail->mentions.list.at[m];
            const struct evidence *name = &person->field[LAST_NAME].evidence;
            title = mention->kind == MENTION_TITLE && mention->len > 0 && name->len > 0 &&
                    str_equal(name->source, mention->in_subject ? "subject" : "text") &&
                    name->at < mention->at + mention->len && mention->at < name->at + name->len;
        }
        if (!title || person->field[BIRTH_DATE].value != NULL) {
            mail->persons.person.at[kept++] = *person;
        }
    }
    mail->persons.person.n = kept;
}
