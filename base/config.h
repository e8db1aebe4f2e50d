/* base/config.h: one configuration file, `name = value` a line, `#` comments.
 *
 * The options are one table (config.c): name, kind, default, limits. An unknown, repeated or bad
 * option is refused with file, line and what would be right. Every option is explained in
 * config/stadtlabor.conf; a test holds that file against the table. Secrets never stand in it:
 * options that end in _file name files. "${CREDENTIALS_DIRECTORY}/name" is the one variable that is
 * replaced: systemd's LoadCredential= sets it; for commands started by hand it is
 * SYSCONFDIR/stadtlabor/credentials, which the unit loads from. */
#ifndef STADTLABOR_BASE_CONFIG_H
#define STADTLABOR_BASE_CONFIG_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

enum config_tls { CONFIG_TLS_IMPLICIT, CONFIG_TLS_STARTTLS, CONFIG_TLS_NONE };

/* Strings are never NULL: "" means not set. Times in seconds, sizes in bytes. */
struct config {
    /* the mailbox */
    const char *imap_host;
    int imap_port;
    int imap_tls; /* enum config_tls */
    const char *imap_ca_file, *imap_user, *imap_password_file;
    const char *imap_inbox, *imap_root, *imap_folder_done, *imap_folder_review, *imap_folder_automatic;
    const char *imap_folder_sent; /* "": special use \Sent */
    int imap_size_most, imap_head, imap_batch, imap_timeout, imap_poll, imap_look, imap_idle_renew;
    /* access tokens (XOAUTH2) */
    const char *oauth_token_file, *oauth_token_url, *oauth_client_id, *oauth_client_secret_file, *oauth_scope;
    /* the relay */
    const char *smtp_host;
    int smtp_port;
    int smtp_tls;
    const char *smtp_ca_file, *smtp_user, *smtp_password_file, *smtp_helo;
    int smtp_connections, smtp_timeout;
    int rate_per_minute; /* 0: no limit */
    /* the lab */
    const char *lab_address, *lab_name, *lab_street, *lab_city, *lab_phone, *lab_hours, *lab_hours_en,
        *lab_web, *privacy_text, *privacy_text_en, *privacy_url;
    /* what is decided */
    int caution, replies_per_day, rounds_most, conversation_days;
    bool acknowledge;
    const char *acknowledge_topics; /* words, between blanks */
    const char *ideas_url;
    const char *digest_to; /* addresses, between blanks */
    int digest_hour, digest_days;
    /* who is in charge: "Name; address; telephone", the latter two may be missing */
    const char *charge_appointment, *charge_idea, *charge_event_question, *charge_complaint,
        *charge_data_change, *charge_privacy, *charge_press, *charge_other;
    /* places */
    int waiting_keep_hours, waiting_last_hours;
    int reminder_days; /* before the event; 0: no reminder */
    const char *thanks_text, *thanks_text_en;
    /* the newsletter */
    bool newsletter_plus;       /* tokens behind a "+" in our address */
    const char *newsletter_url; /* "https://…/": a subscriber's token is put behind it */
    int newsletter_programme;   /* ISO weekday of the letter that writes itself; 0: none */
    int newsletter_programme_hour;
    int newsletter_confirm_days; /* a yes to the question counts so long */
    int newsletter_pause_days;   /* before others may put an address in again; 0: never */
    int newsletter_returns_most, newsletter_recover_days; /* issues in a row that come back; pause then */
    const char *authserv_id;
    /* how long what is kept; 0: for ever */
    int retention_details_days, retention_names_days, retention_mails_days, retention_letters_days,
        retention_consent_days, retention_audit_days;
    /* files */
    const char *store, *patterns_folder, *templates_folder;
    const char *log_level;
};

enum { CONFIG_FILE_MAX = 256 * 1024 };

#define CONFIG_DEFAULT_FILE STADTLABOR_SYSCONFDIR "/stadtlabor.conf"
#define CONFIG_CREDENTIALS STADTLABOR_SYSCONFDIR "/credentials"

bool config_read(struct arena *arena, const char *path, struct config *ret, struct error *err);

/* For the tests of config/stadtlabor.conf and its man page: the i-th option's name, NULL at the end;
 * its default, NULL: must be set. */
const char *config_option(int i);
const char *config_default(int i);

#endif
