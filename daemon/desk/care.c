#include "daemon/desk/care.h"

#include "base/text.h"
#include "daemon/desk/dispatch.h"

#include <jansson.h>

enum { TEXT_SHOWN = 450 /* bytes of the mail in a notice; below LETTER_WORD_MAX */ };

/* The n-th part of "Name; address; telephone", "" if it is not there. */
static const char *part(struct arena *arena, const char *value, int n)
{
    for (; n > 0 && *value != '\0'; n--) {
        value += strcspn(value, ";");
        value += *value == ';';
    }
    return str_trim(arena, arena_strndup(arena, value, strcspn(value, ";")));
}

static bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (; *words != '\0'; words += strspn(words, " ")) {
        size_t this = strcspn(words, " ");
        if (this == len && strncmp(words, word, len) == 0) {
            return true;
        }
        words += this;
    }
    return false;
}

void care_configured(struct arena *arena, const struct config *config, struct topic_care ret[TOPICS])
{
    const char *const configured[TOPICS] = {
        [TOPIC_OTHER] = config->charge_other,         [TOPIC_APPOINTMENT] = config->charge_appointment,
        [TOPIC_IDEA] = config->charge_idea,           [TOPIC_EVENT] = config->charge_event_question,
        [TOPIC_COMPLAINT] = config->charge_complaint, [TOPIC_DATA] = config->charge_data_change,
        [TOPIC_PRIVACY] = config->charge_privacy,     [TOPIC_PRESS] = config->charge_press,
    };
    for (int t = 0; t < TOPICS; t++) {
        const char *value = configured[t] == NULL ? "" : configured[t];
        const char *topics = config->acknowledge_topics;
        ret[t] = (struct topic_care){.name = part(arena, value, 0),
                                     .address = part(arena, value, 1),
                                     .phone = part(arena, value, 2),
                                     .acknowledge = topics != NULL && has_word(topics, topic_name(t))};
    }
}

const struct topic_care *care_named(const struct topic_care care[TOPICS], const char *name)
{
    for (int t = 0; t < TOPICS; t++) {
        bool named = care[t].name[0] != '\0' &&
                     (str_equal_nocase(care[t].name, name) || str_equal_nocase(care[t].address, name));
        if (named) {
            return &care[t];
        }
    }
    return NULL;
}

/* The beginning of the words, cut between two of them. */
static const char *beginning(struct arena *arena, const char *text)
{
    size_t len = strlen(text);
    if (len <= TEXT_SHOWN) {
        return text;
    }
    for (len = TEXT_SHOWN; len > 0 && text[len] != ' ' && text[len] != '\n'; len--) {
    }
    return arena_printf(arena, "%.*s …", (int)len, text);
}

bool care_notice(const struct desk *desk, struct arena *arena, int64_t now, const struct queue_row *entry,
                 const struct topic_care *to, const char *text, const char *actor, struct error *err)
{
    const struct config *config = desk->config;
    struct letter_plan plan = {.to = to->address, .to_name = to->name, .to_staff = true};
    struct section *section = LIST_ADD(arena, &plan.sections);
    const char *sender = entry->sender_name[0] != '\0'
                             ? arena_printf(arena, "%s <%s>", entry->sender_name, entry->sender)
                             : entry->sender;
    section->kind = "staff_entry";
    section->facts = json_pack("{sI ss ss ss ss ss ss}", "entry", (json_int_t)entry->id, "topic",
                               topic_words(entry->topic), "sender", sender, "title", entry->subject, "why",
                               entry->words, "text", beginning(arena, text), "folder",
                               arena_printf(arena, "%s/%s", config->imap_root, config->imap_folder_review));
    struct dispatch dispatch = {
        .plan = &plan,
        .seed = arena_printf(arena, "entry %lld to %s", (long long)entry->id, to->address),
        .language = "de",
        .now = now,
        .mail_id = entry->mail_id,
        .actor = actor,
    };
    struct dispatched done;
    bool good = dispatch_letter(desk, arena, &dispatch, &done, err);
    json_decref((json_t *)section->facts);
    return good;
}

bool care_entry(const struct desk *desk, struct arena *arena, const struct handled *handled, int64_t entry,
                const struct effect *effect, struct error *err)
{
    struct topic_care care[TOPICS];
    const struct known *known = handled->known;
    const struct mail_row *mail = handled->row;
    care_configured(arena, desk->config, care);
    const struct topic_care *to = &care[known->topic];
    const char *topic = topic_name(known->topic);
    if (!queue_set_topic(desk->store, entry, topic, err) ||
        (to->name[0] != '\0' && !queue_assign(desk->store, entry, to->name, err))) {
        return false;
    }
    bool from_robot = handled->decision->state == MAIL_IGNORED;
    if (to->address[0] == '\0' || from_robot || str_equal_nocase(to->address, known->sender)) {
        return true;
    }
    struct queue_row row = {.id = entry,
                            .mail_id = mail->id,
                            .words = effect->words,
                            .topic = topic,
                            .sender = mail->sender,
                            .sender_name = mail->sender_name,
                            .subject = mail->subject};
    return care_notice(desk, arena, known->now, &row, to, own_words_shown(&handled->reading->own),
                       "stadtlabord", err);
}
