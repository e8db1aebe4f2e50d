#include "base/config.h"

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT, NUMBER, CHOICE, YES_NO, WORDS, CHARGE, ADDRESSES };

struct option {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *fallback; /* NULL: must be set */
    int least, most;      /* NUMBER. TEXT: at most so many bytes; 0: any */
    const char *choices;  /* CHOICE: words parted by blanks; their number is the value. TEXT: allowed words;
                            WORDS: those that may stand there, several */
};

#define AT(field) offsetof(struct config, field)
#define WORDS_TLS "implicit starttls none"
#define WORDS_WEEKDAYS "none monday tuesday wednesday thursday friday saturday sunday"
#define WORDS_TOPIC "appointment idea event_question complaint data_change privacy press other"

static const struct option options[] = {
    {"imap_host", TEXT, AT(imap_host), NULL, 0, 0, NULL},
    {"imap_port", NUMBER, AT(imap_port), "993", 1, 65535, NULL},
    {"imap_tls", CHOICE, AT(imap_tls), "implicit", 0, 0, WORDS_TLS},
    {"imap_ca_file", TEXT, AT(imap_ca_file), "", 0, 0, NULL},
    {"imap_user", TEXT, AT(imap_user), NULL, 0, 0, NULL},
    {"imap_password_file", TEXT, AT(imap_password_file), "", 0, 0, NULL},
    {"imap_inbox", TEXT, AT(imap_inbox), "INBOX", 0, 0, NULL},
    {"imap_root", TEXT, AT(imap_root), "Stadtlabor", 0, 0, NULL},
    {"imap_folder_done", TEXT, AT(imap_folder_done), "Erledigt", 0, 0, NULL},
    {"imap_folder_review", TEXT, AT(imap_folder_review), "Prüfen", 0, 0, NULL},
    {"imap_folder_automatic", TEXT, AT(imap_folder_automatic), "Automatisch", 0, 0, NULL},
    {"imap_folder_sent", TEXT, AT(imap_folder_sent), "", 0, 0, NULL},
    {"imap_size_most", NUMBER, AT(imap_size_most), "10485760", 65536, 52428800, NULL},
    {"imap_head", NUMBER, AT(imap_head), "262144", 16384, 10485760, NULL},
    {"imap_batch", NUMBER, AT(imap_batch), "100", 1, 500, NULL},
    {"imap_timeout", NUMBER, AT(imap_timeout), "60", 1, 600, NULL},
    {"imap_poll", NUMBER, AT(imap_poll), "60", 1, 3600, NULL},
    {"imap_look", NUMBER, AT(imap_look), "60", 1, 3600, NULL},
    {"imap_idle_renew", NUMBER, AT(imap_idle_renew), "1500", 10, 1740, NULL},
    {"oauth_token_file", TEXT, AT(oauth_token_file), "", 0, 0, NULL},
    {"oauth_token_url", TEXT, AT(oauth_token_url), "", 0, 0, NULL},
    {"oauth_client_id", TEXT, AT(oauth_client_id), "", 0, 0, NULL},
    {"oauth_client_secret_file", TEXT, AT(oauth_client_secret_file), "", 0, 0, NULL},
    {"oauth_scope", TEXT, AT(oauth_scope), "https://outlook.office365.com/.default", 0, 0, NULL},
    {"smtp_host", TEXT, AT(smtp_host), NULL, 0, 0, NULL},
    {"smtp_port", NUMBER, AT(smtp_port), "587", 1, 65535, NULL},
    {"smtp_tls", CHOICE, AT(smtp_tls), "starttls", 0, 0, WORDS_TLS},
    {"smtp_ca_file", TEXT, AT(smtp_ca_file), "", 0, 0, NULL},
    {"smtp_user", TEXT, AT(smtp_user), "", 0, 0, NULL},
    {"smtp_password_file", TEXT, AT(smtp_password_file), "", 0, 0, NULL},
    {"smtp_helo", TEXT, AT(smtp_helo), "", 0, 0, NULL},
    {"smtp_connections", NUMBER, AT(smtp_connections), "2", 1, 20, NULL},
    {"smtp_timeout", NUMBER, AT(smtp_timeout), "120", 1, 600, NULL},
    {"rate_per_minute", NUMBER, AT(rate_per_minute), "30", 0, 100000, NULL},
    {"lab_address", TEXT, AT(lab_address), NULL, 0, 0, NULL},
    {"lab_name", TEXT, AT(lab_name), "Stadtlabor Iserlohn", 0, 0, NULL},
    {"lab_street", TEXT, AT(lab_street), "Nordengraben 10", 0, 0, NULL},
    {"lab_city", TEXT, AT(lab_city), "58636 Iserlohn", 0, 0, NULL},
    {"lab_phone", TEXT, AT(lab_phone), "02371/217-2424", 0, 0, NULL},
    {"lab_hours", TEXT, AT(lab_hours), "Montag bis Freitag 10–16 Uhr", 0, 0, NULL},
    {"lab_hours_en", TEXT, AT(lab_hours_en), "Monday to Friday, 10 am to 4 pm", 0, 0, NULL},
    {"lab_web", TEXT, AT(lab_web), "", 0, 0, NULL},
    {"privacy_text", TEXT, AT(privacy_text), "", 0, 0, NULL},
    {"privacy_text_en", TEXT, AT(privacy_text_en), "", 0, 0, NULL},
    {"privacy_url", TEXT, AT(privacy_url), "", 0, 0, NULL},
    {"caution", NUMBER, AT(caution), "50", 0, 100, NULL},
    {"replies_per_day", NUMBER, AT(replies_per_day), "10", 1, 1000, NULL},
    {"rounds_most", NUMBER, AT(rounds_most), "3", 1, 10, NULL},
    {"conversation_days", NUMBER, AT(conversation_days), "30", 1, 365, NULL},
    {"acknowledge", YES_NO, AT(acknowledge), "no", 0, 0, NULL},
    {"acknowledge_topics", WORDS, AT(acknowledge_topics), "", 0, 0, WORDS_TOPIC},
    {"ideas_url", TEXT, AT(ideas_url), "https://beteiligung.iserlohn.de", 0, 0, NULL},
    {"charge_appointment", CHARGE, AT(charge_appointment), "", 0, 0, NULL},
    {"charge_idea", CHARGE, AT(charge_idea), "", 0, 0, NULL},
    {"charge_event_question", CHARGE, AT(charge_event_question), "", 0, 0, NULL},
    {"charge_complaint", CHARGE, AT(charge_complaint), "", 0, 0, NULL},
    {"charge_data_change", CHARGE, AT(charge_data_change), "", 0, 0, NULL},
    {"charge_privacy", CHARGE, AT(charge_privacy), "", 0, 0, NULL},
    {"charge_press", CHARGE, AT(charge_press), "", 0, 0, NULL},
    {"charge_other", CHARGE, AT(charge_other), "", 0, 0, NULL},
    {"waiting_keep_hours", NUMBER, AT(waiting_keep_hours), "24", 0, 720, NULL},
    {"waiting_last_hours", NUMBER, AT(waiting_last_hours), "24", 0, 720, NULL},
    {"reminder_days", NUMBER, AT(reminder_days), "2", 0, 30, NULL},
    {"thanks_text", TEXT, AT(thanks_text), "", 0, 500, NULL},
    {"thanks_text_en", TEXT, AT(thanks_text_en), "", 0, 500, NULL},
    {"newsletter_plus", YES_NO, AT(newsletter_plus), "no", 0, 0, NULL},
    {"newsletter_programme", CHOICE, AT(newsletter_programme), "none", 0, 0, WORDS_WEEKDAYS},
    {"newsletter_programme_hour", NUMBER, AT(newsletter_programme_hour), "9", 0, 23, NULL},
    {"newsletter_url", TEXT, AT(newsletter_url), "", 0, 0, NULL},
    {"newsletter_confirm_days", NUMBER, AT(newsletter_confirm_days), "30", 1, 365, NULL},
    {"newsletter_pause_days", NUMBER, AT(newsletter_pause_days), "365", 0, 3650, NULL},
    {"newsletter_returns_most", NUMBER, AT(newsletter_returns_most), "3", 1, 20, NULL},
    {"newsletter_recover_days", NUMBER, AT(newsletter_recover_days), "30", 1, 365, NULL},
    {"authserv_id", TEXT, AT(authserv_id), "", 0, 0, NULL},
    {"digest_to", ADDRESSES, AT(digest_to), "", 0, 0, NULL},
    {"digest_hour", NUMBER, AT(digest_hour), "7", 0, 23, NULL},
    {"digest_days", NUMBER, AT(digest_days), "7", 1, 60, NULL},
    {"retention_details_days", NUMBER, AT(retention_details_days), "30", 0, 3650, NULL},
    {"retention_names_days", NUMBER, AT(retention_names_days), "365", 0, 3650, NULL},
    {"retention_mails_days", NUMBER, AT(retention_mails_days), "365", 0, 3650, NULL},
    {"retention_letters_days", NUMBER, AT(retention_letters_days), "90", 0, 3650, NULL},
    {"retention_consent_days", NUMBER, AT(retention_consent_days), "1095", 0, 3650, NULL},
    {"retention_audit_days", NUMBER, AT(retention_audit_days), "1095", 0, 3650, NULL},
    {"store", TEXT, AT(store), "/var/lib/stadtlabor/stadtlabor.db", 0, 0, NULL},
    {"patterns_folder", TEXT, AT(patterns_folder), "", 0, 0, NULL},
    {"templates_folder", TEXT, AT(templates_folder), "", 0, 0, NULL},
    {"log_level", TEXT, AT(log_level), "info", 0, 0, "error warning info debug"},
};

enum { OPTIONS = sizeof options / sizeof *options };

const char *config_option(int i)
{
    return i >= 0 && i < OPTIONS ? options[i].name : NULL;
}

const char *config_default(int i)
{
    return i >= 0 && i < OPTIONS ? options[i].fallback : NULL;
}

/* The number of a word in "one two three", or -1. */
static int word_number(const char *words, const char *word)
{
    size_t len = strlen(word);
    int n = 0;
    for (const char *at = words; *at != '\0'; n++) {
        size_t this = strcspn(at, " ");
        if (this == len && strncmp(at, word, len) == 0) {
            return n;
        }
        at += this + (at[this] == ' ');
    }
    return -1;
}

static bool set_number(const struct option *option, const char *value, int *ret, struct error *err)
{
    char *end;
    errno = 0;
    long n = strtol(value, &end, 10);
    if (*value == '\0' || *end != '\0' || errno != 0 || n < option->least || n > option->most) {
        return fail(err, "%s = %s: right would be a whole number from %d to %d", option->name, value,
                    option->least, option->most);
    }
    *ret = (int)n;
    return true;
}

static bool check_words(const struct option *option, const char *value, struct error *err)
{
    struct arena *arena = arena_new();
    bool good = true;
    for (const char *at = value; good && *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        good = word_number(option->choices, arena_strndup(arena, at, len)) >= 0;
        at += len;
    }
    arena_free(arena);
    return good ||
           fail(err, "%s = %s: right would be words out of: %s", option->name, value, option->choices);
}

static bool check_addresses(const struct option *option, const char *value, struct error *err)
{
    for (const char *at = value; *at != '\0'; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        const char *sign = memchr(at, '@', len);
        if (sign == NULL || sign == at || sign + 1 == at + len || memchr(at, ',', len) != NULL) {
            return fail(err, "%s = %s: right would be mail addresses with blanks between them", option->name,
                        value);
        }
        at += len;
    }
    return true;
}

/* "Name; address; telephone". */
static bool check_charge(const struct option *option, const char *value, struct error *err)
{
    const char *address = strchr(value, ';'), *phone = address == NULL ? NULL : strchr(address + 1, ';');
    address = address == NULL ? "" : address + 1 + strspn(address + 1, " ");
    size_t len = strcspn(address, "; ");
    bool none = len == 0, at = memchr(address, '@', len) != NULL;
    return ((none || at) && value[0] != ';' && (phone == NULL || strchr(phone + 1, ';') == NULL)) ||
           fail(err,
                "%s = %s: right would be Name; address; telephone, as in \"Ida Weber; "
                "i.weber@example.org; 02371/217-2425\"",
                option->name, value);
}

/* "${CREDENTIALS_DIRECTORY}/x" is where systemd puts a LoadCredential file; a command started by hand
 * looks where systemd found it. */
static const char *expanded(struct arena *arena, const char *value)
{
    static const char variable[] = "${CREDENTIALS_DIRECTORY}";
    if (!str_starts(value, variable)) {
        return value;
    }
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    return arena_printf(arena, "%s%s", folder != NULL ? folder : CONFIG_CREDENTIALS,
                        value + sizeof variable - 1);
}

static bool set_option(struct arena *arena, struct config *config, const struct option *option,
                       const char *value, struct error *err)
{
    void *at = (char *)config + option->offset;
    int n;
    switch (option->kind) {
    case NUMBER:
        return set_number(option, value, at, err);
    case CHOICE:
        n = word_number(option->choices, value);
        if (n < 0) {
            return fail(err, "%s = %s: right would be one of: %s", option->name, value, option->choices);
        }
        *(int *)at = n;
        return true;
    case YES_NO:
        n = word_number("no yes", value);
        if (n < 0) {
            return fail(err, "%s = %s: right would be yes or no", option->name, value);
        }
        *(bool *)at = n == 1;
        return true;
    case WORDS:
    case ADDRESSES:
    case CHARGE:
        *(const char **)at = value;
        return option->kind == ADDRESSES ? check_addresses(option, value, err)
               : option->kind == WORDS   ? check_words(option, value, err)
                                         : check_charge(option, value, err);
    case TEXT:
        if (option->choices != NULL && word_number(option->choices, value) < 0) {
            return fail(err, "%s = %s: right would be one of: %s", option->name, value, option->choices);
        }
        if (option->most > 0 && strlen(value) > (size_t)option->most) {
            return fail(err, "%s: right would be at most %d bytes", option->name, option->most);
        }
        *(const char **)at = expanded(arena, value);
        return true;
    }
    return false;
}

static const struct option *find_option(const char *name)
{
    for (int i = 0; i < OPTIONS; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

static bool check_address(const char *address, struct error *err)
{
    const char *at = address == NULL ? NULL : strchr(address, '@');
    return (at != NULL && at != address && at[1] != '\0' && strpbrk(address, " <>\",;") == NULL) ||
           fail(err, "lab_address = %s: right would be an address such as stadtlabor@example.org",
                address == NULL ? "" : address);
}

static bool read_line(struct arena *arena, struct config *config, char *line, bool seen[], struct error *err)
{
    const char *text = str_trim(arena, line);
    if (*text == '\0' || *text == '#') {
        return true;
    }
    const char *equals = strchr(text, '=');
    if (equals == NULL) {
        return fail(err, "\"%.60s\": right would be \"name = value\"", text);
    }
    const char *name = str_trim(arena, arena_strndup(arena, text, (size_t)(equals - text)));
    const char *value = str_trim(arena, equals + 1);
    const struct option *option = find_option(name);
    if (option == NULL) {
        return fail(err, "unknown option \"%.60s\"; stadtlabor.conf(5) names them all", name);
    }
    if (seen[option - options]) {
        return fail(err, "%s is set a second time", name);
    }
    seen[option - options] = true;
    return set_option(arena, config, option, value, err) &&
           (strcmp(name, "lab_address") != 0 || check_address(config->lab_address, err));
}

/* What only makes sense together. */
static bool check_whole(const struct config *c, struct error *err)
{
    bool token = c->oauth_token_file[0] != '\0' || c->oauth_token_url[0] != '\0';
    if (c->imap_password_file[0] == '\0' && !token) {
        return fail(
            err,
            "imap_password_file is not set; right would be that, or oauth_token_file or oauth_token_url");
    }
    if (c->oauth_token_url[0] != '\0' &&
        (c->oauth_client_id[0] == '\0' || c->oauth_client_secret_file[0] == '\0')) {
        return fail(err, "oauth_token_url needs oauth_client_id and oauth_client_secret_file as well");
    }
    return true;
}

bool config_read(struct arena *arena, const char *path, struct config *ret, struct error *err)
{
    struct config config = {0};
    bool seen[OPTIONS] = {0};
    char *bytes;
    size_t len;
    if (!file_read(arena, path, CONFIG_FILE_MAX, &bytes, &len, err)) {
        return false;
    }
    int number = 0;
    for (char *line = bytes; line != NULL; number++) {
        char *end = bytes + len, *next = memchr(line, '\n', (size_t)(end - line));
        if (!utf8_valid(line, (size_t)((next == NULL ? end : next) - line))) {
            return fail(err, "%s:%d: not UTF-8 text", path, number + 1);
        }
        if (next != NULL) {
            *next++ = '\0';
        }
        if (!read_line(arena, &config, line, seen, err)) {
            return fail_within(err, "%s:%d", path, number + 1);
        }
        line = next;
    }
    for (int i = 0; i < OPTIONS; i++) {
        if (!seen[i] && options[i].fallback == NULL) {
            return fail(err, "%s: %s must be set", path, options[i].name);
        }
        if (!seen[i] && !set_option(arena, &config, &options[i], options[i].fallback, err)) {
            return false;
        }
    }
    if (!check_whole(&config, err)) {
        return fail_within(err, "%s", path);
    }
    *ret = config;
    return true;
}
