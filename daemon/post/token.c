#include "daemon/post/token.h"

#include "base/file.h"
#include "base/text.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ANSWER_MOST = 64 * 1024, /* bytes; tokens have some 2 KB */
    EARLY_MOST_S = 5 * 60    /* a token is given up this long before its end, or a tenth of its life */
};

void token_begin(struct token_settings *settings)
{
    settings->cache = (struct token_cache){0};
    pthread_mutex_init(&settings->cache.lock, NULL);
}

static void forget(struct token_cache *cache)
{
    if (cache->value != NULL) {
        explicit_bzero(cache->value, strlen(cache->value));
        free(cache->value);
    }
    cache->value = NULL;
    cache->use_until = 0;
}

void token_end(struct token_settings *settings)
{
    forget(&settings->cache);
    pthread_mutex_destroy(&settings->cache.lock);
}

void token_refused(struct token_settings *settings)
{
    pthread_mutex_lock(&settings->cache.lock);
    forget(&settings->cache);
    pthread_mutex_unlock(&settings->cache.lock);
}

static int64_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now); /* goes on while the machine sleeps */
    return now.tv_sec;
}

static size_t take_answer(char *bytes, size_t size, size_t n, void *ctx)
{
    struct text *answer = ctx;
    text_addn(answer, bytes, size * n);
    return answer->overflow ? 0 : size * n;
}

static bool add_field(struct text *form, CURL *curl, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(curl, value, 0);
    if (escaped == NULL) {
        return false;
    }
    text_add(form, form->len > 0 ? "&" : "");
    text_add(form, name);
    text_addc(form, '=');
    text_add(form, escaped);
    explicit_bzero(escaped, strlen(escaped));
    curl_free(escaped);
    return true;
}

/* RFC 6749 4.4.2, with the client's credentials in the body as Microsoft wants them. */
static bool make_form(const struct token_settings *settings, struct text *form, CURL *curl, struct error *err)
{
    char *secret;
    if (!file_read_secret(form->arena, settings->client_secret_file, &secret, err)) {
        return false;
    }
    bool made = add_field(form, curl, "grant_type", "client_credentials") &&
                add_field(form, curl, "client_id", settings->client_id) &&
                add_field(form, curl, "client_secret", secret) &&
                (settings->scope == NULL || add_field(form, curl, "scope", settings->scope)) &&
                !form->overflow;
    explicit_bzero(secret, strlen(secret));
    return made || fail(err, "the request for an access token cannot be made");
}

/* http:// would show the secret to everybody on the way. */
static bool endpoint_is_safe(const char *endpoint, struct error *err)
{
    if (str_starts(endpoint, "https://")) {
        return true;
    }
    static const char *const here[] = {"http://127.0.0.1:", "http://127.0.0.1/", "http://[::1]:",
                                       "http://[::1]/",     "http://localhost:", "http://localhost/"};
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        if (str_starts(endpoint, here[i])) {
            return true;
        }
    }
    return fail(err, "the token endpoint must be an https:// address");
}

static bool post(const struct token_settings *settings, CURL *curl, struct text *form, struct text *answer,
                 long *ret_status, struct error *err)
{
    char why[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    curl_easy_setopt(curl, CURLOPT_URL, settings->endpoint);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, str_starts(settings->endpoint, "http://") ? "" : NULL);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, settings->timeout_s > 0 ? (long)settings->timeout_s : 30L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (settings->ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, settings->ca_file);
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)form->len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form->s);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    CURLcode code = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        return fail(err, "%s: %s", settings->endpoint,
                    answer->overflow ? "the answer is too long"
                    : why[0] != '\0' ? why
                                     : curl_easy_strerror(code));
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
    return true;
}

static bool is_token(const char *s)
{
    for (const char *c = s; c != NULL && *c != '\0'; c++) {
        if (*c <= 0x20 || *c > 0x7e) {
            return false;
        }
    }
    return s != NULL && s[0] != '\0';
}

/* RFC 6749 5.1 and 5.2. */
static bool read_answer(const struct token_settings *settings, const struct text *answer, long status,
                        struct token_cache *cache, struct error *err)
{
    json_error_t json_error;
    json_t *json = json_loadb(answer->s, answer->len, 0, &json_error);
    const char *token = json_string_value(json_object_get(json, "access_token"));
    bool done = false;
    if (status != 200 || token == NULL) {
        const char *error = json_string_value(json_object_get(json, "error"));
        const char *description = json_string_value(json_object_get(json, "error_description"));
        fail(err, "%s: no access token: HTTP %ld%s%.80s%s%.200s", settings->endpoint, status,
             error != NULL ? ", " : "", error != NULL ? error : "", description != NULL ? ": " : "",
             description != NULL ? description : "");
    } else if (!is_token(token)) {
        fail(err, "%s: the access token holds characters that no token has", settings->endpoint);
    } else {
        json_int_t life = json_integer_value(json_object_get(json, "expires_in"));
        life = life < 0 ? 0 : life > 24 * 3600 ? 24 * 3600 : life; /* not told: use it once */
        json_int_t early = life / 10 < EARLY_MOST_S ? life / 10 : EARLY_MOST_S;
        forget(cache);
        cache->value = strdup(token);
        cache->use_until = now_s() + life - early;
        done = cache->value != NULL || fail(err, "no memory");
    }
    json_decref(json);
    return done;
}

static bool ask(struct token_settings *settings, struct arena *arena, struct error *err)
{
    if (settings->endpoint == NULL || settings->client_id == NULL || settings->client_secret_file == NULL) {
        return fail(err, "neither a token file nor endpoint, client id and secret are configured");
    }
    CURL *curl = curl_easy_init();
    struct text form = text_new(arena, ANSWER_MOST), answer = text_new(arena, ANSWER_MOST);
    long status = 0;
    bool done = (curl != NULL || fail(err, "no memory")) && endpoint_is_safe(settings->endpoint, err) &&
                make_form(settings, &form, curl, err) && post(settings, curl, &form, &answer, &status, err) &&
                read_answer(settings, &answer, status, &settings->cache, err);
    explicit_bzero(form.s, form.len);
    explicit_bzero(answer.s, answer.len);
    curl_easy_cleanup(curl);
    return done;
}

bool token_get(struct token_settings *settings, struct arena *arena, char **ret, struct error *err)
{
    if (settings->file != NULL) {
        return file_read_secret(arena, settings->file, ret, err);
    }
    struct token_cache *cache = &settings->cache;
    struct arena *own = arena_new();
    pthread_mutex_lock(&cache->lock);
    bool done = (cache->value != NULL && now_s() < cache->use_until) || ask(settings, own, err);
    if (done) {
        *ret = arena_strdup(arena, cache->value);
    }
    pthread_mutex_unlock(&cache->lock);
    arena_free(own);
    return done;
}
