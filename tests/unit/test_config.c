#include "base/config.h"
#include "base/file.h"
#include "base/text.h"
#include "tests/unit/check.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHIPPED "config/stadtlabor.conf"
#define MUST                                                                                                 \
    "imap_host = imap.example.org\nimap_user = lab\nsmtp_host = smtp.example.org\n"                          \
    "lab_address = lab@example.org\n"
#define ENOUGH MUST "imap_password_file = /x\n"

static char file[] = "/tmp/test-config-XXXXXX";
static struct arena *arena;

static void written(const char *bytes, size_t len, mode_t mode)
{
    FILE *f = fopen(file, "w");
    CHECK(f != NULL && fwrite(bytes, 1, len, f) == len && fclose(f) == 0 && chmod(file, mode) == 0);
}

static bool parsed(const char *text, struct config *ret, struct error *err)
{
    written(text, strlen(text), 0600);
    return config_read(arena, file, ret, err);
}

static char *shipped(void)
{
    char *text = NULL;
    size_t len;
    struct error err = {0};
    CHECK_ROW(file_read(arena, SHIPPED, CONFIG_FILE_MAX, &text, &len, &err), "%s", err.what);
    return text;
}

static int option_number(const char *name)
{
    for (int i = 0; config_option(i) != NULL; i++) {
        if (str_equal(config_option(i), name)) {
            return i;
        }
    }
    return -1;
}

/* "#name = value" of the shipped file; a line of prose has a blank behind the "#". */
static bool offers(const char *line, char **ret_name, char **ret_value)
{
    const char *equals = strchr(line, '=');
    if (line[0] != '#' || line[1] < 'a' || line[1] > 'z' || equals == NULL) {
        return false;
    }
    *ret_name = str_trim(arena, arena_strndup(arena, line + 1, (size_t)(equals - line - 1)));
    *ret_value = str_trim(arena, equals + 1);
    return true;
}

TEST(the_shipped_file_needs_only_what_must_be_set)
{
    struct config config;
    struct error err = {0};
    CHECK(!config_read(arena, SHIPPED, &config, &err) && strstr(err.what, "must be set") != NULL);
    CHECK_ROW(parsed(arena_printf(arena, "%s%s", shipped(), ENOUGH), &config, &err), "%s", err.what);
    CHECK_STR(config.imap_folder_review, "Prüfen");
    CHECK_INT(config.rate_per_minute, 30);
    CHECK_INT(config.smtp_tls, CONFIG_TLS_STARTTLS);
    CHECK(!config.acknowledge);
}

/* Each option once, with a comment above it, its default beside it; and nothing else. */
TEST(the_shipped_file_explains_every_option)
{
    int times[256] = {0}, options = 0;
    const char *above = "";
    for (char *line = strtok(shipped(), "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *name, *value;
        if (offers(line, &name, &value)) {
            int i = option_number(name);
            CHECK_ROW(i >= 0, "\"%s\" is no option", name);
            CHECK_ROW(str_starts(above, "# "), "%s is not explained", name);
            if (i >= 0) {
                times[i]++;
                const char *fallback = config_default(i);
                CHECK_ROW(fallback == NULL || fallback[0] == '\0' || str_equal(value, fallback),
                          "%s: the file says %s, the default is %s", name, value, fallback);
                CHECK_ROW(fallback != NULL || value[0] != '\0', "%s: no example", name);
            }
        } else {
            CHECK_ROW(line[0] == '#', "\"%s\" is set", line);
        }
        above = line;
    }
    for (; config_option(options) != NULL; options++) {
        CHECK_ROW(times[options] == 1, "%s occurs %d times", config_option(options), times[options]);
    }
    CHECK(options > 40);
}

/* All examples taken as they stand must make a configuration. */
TEST(the_shipped_files_examples_are_right)
{
    struct text all = text_new(arena, CONFIG_FILE_MAX);
    for (char *line = strtok(shipped(), "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char *name, *value;
        if (offers(line, &name, &value)) {
            text_printf(&all, "%s = %s\n", name, value);
        }
    }
    struct config config;
    struct error err = {0};
    CHECK_ROW(parsed(all.s, &config, &err), "%s", err.what);
}

TEST(the_man_page_names_every_option)
{
    char *page = NULL;
    size_t len;
    struct error err = {0};
    CHECK_ROW(file_read(arena, "man/stadtlabor.conf.5", CONFIG_FILE_MAX, &page, &len, &err), "%s", err.what);
    for (int i = 0; page != NULL && config_option(i) != NULL; i++) {
        const char *fallback = config_default(i);
        char *item = fallback == NULL || fallback[0] == '\0'
                         ? arena_printf(arena, "\n.It Ic %s\n", config_option(i))
                         : arena_printf(arena, "\n.It Ic %s = %s\n", config_option(i), fallback);
        CHECK_ROW(strstr(page, item) != NULL, "missing:%s", item);
    }
    int items = 0;
    for (const char *at = page; at != NULL && (at = strstr(at, "\n.It Ic ")) != NULL; at++, items++) {
    }
    CHECK(config_option(items) == NULL && config_option(items - 1) != NULL);
}

TEST(a_bad_option_is_refused_with_file_line_and_what_would_be_right)
{
    static const struct {
        const char *text, *words[3];
    } rows[] = {
        {"\n# x\nimap_prot = 993\n", {":3: ", "unknown option \"imap_prot\"", "stadtlabor.conf(5)"}},
        {"imap_port = 993\nimap_port = 994\n", {":2: ", "imap_port is set a second time"}},
        {"imap_port = 99x\n", {":1: ", "imap_port = 99x", "a whole number from 1 to 65535"}},
        {"imap_port =\n", {":1: ", "imap_port", "a whole number from 1 to 65535"}},
        {"imap_port = 0\n", {":1: ", "from 1 to 65535"}},
        {"imap_port = 65536\n", {":1: ", "from 1 to 65535"}},
        {"imap_port = 99999999999999999999\n", {":1: ", "from 1 to 65535"}},
        {"imap_tls = ssl\n", {":1: ", "imap_tls = ssl", "implicit starttls none"}},
        {"imap_tls = implicit starttls\n", {":1: ", "right would be one of"}},
        {"acknowledge_topics = idea weather\n", {":1: ", "weather", "appointment idea"}},
        {"charge_idea = Ida; nowhere; 1\n", {":1: ", "charge_idea", "Name; address; telephone"}},
        {"charge_idea = ; ida@example.org\n", {":1: ", "charge_idea", "i.weber@example.org"}},
        {"acknowledge = true\n", {":1: ", "acknowledge = true", "yes or no"}},
        {"log_level = loud\n", {":1: ", "log_level = loud", "error warning info debug"}},
        {"imap_host imap.example.org\n", {":1: ", "\"imap_host imap.example.org\"", "name = value"}},
        {"[mailbox]\n", {":1: ", "name = value"}},
        {"= 5\n", {":1: ", "unknown option \"\""}},
        {MUST "lab_web = \xff\n", {"not UTF-8"}},
        {"imap_user = lab\n", {"imap_host must be set"}},
        {MUST, {"imap_password_file is not set", "oauth_token_file", "oauth_token_url"}},
        {MUST "oauth_token_url = https://x\n", {"oauth_client_id and oauth_client_secret_file"}},
        {"imap_host = a\nimap_user = b\nsmtp_host = c\nimap_password_file = /d\nlab_address = lab\n",
         {"lab_address = lab", "stadtlabor@example.org"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config config;
        memset(&config, 0x5a, sizeof config);
        struct config before = config;
        struct error err = {0};
        CHECK_ROW(!parsed(rows[i].text, &config, &err), "taken: %s", rows[i].text);
        CHECK_ROW(str_starts(err.what, file), "no file in: %s", err.what);
        for (int k = 0; k < 3 && rows[i].words[k] != NULL; k++) {
            CHECK_ROW(strstr(err.what, rows[i].words[k]) != NULL, "no \"%s\" in: %s", rows[i].words[k],
                      err.what);
        }
        CHECK(memcmp(&config, &before, sizeof config) == 0);
    }
}

TEST(a_file_that_cannot_be_read_is_refused)
{
    struct config config;
    struct error err = {0};
    CHECK(!config_read(arena, "/nonexistent/stadtlabor.conf", &config, &err));
    CHECK(strstr(err.what, "/nonexistent/stadtlabor.conf: ") != NULL);
    char *large = arena_alloc(arena, CONFIG_FILE_MAX + 2);
    memset(large, '#', CONFIG_FILE_MAX + 1);
    CHECK(!parsed(large, &config, &err) && strstr(err.what, "more than") != NULL);
    written(ENOUGH "\0imap_prot = 1\n", sizeof ENOUGH + 14, 0600);
    CHECK(!config_read(arena, file, &config, &err));
}

TEST(blanks_comments_and_line_ends_do_not_matter)
{
    struct config config;
    struct error err = {0};
    CHECK_ROW(
        parsed("  # a = b\n\r\n" MUST "\timap_password_file=/a b\r\nlab_name = A = B #1", &config, &err),
        "%s", err.what);
    CHECK_STR(config.imap_password_file, "/a b");
    CHECK_STR(config.lab_name, "A = B #1");
    CHECK_INT(config.imap_port, 993);
}

TEST(credentials_are_systemds_folder_or_beside_the_configuration)
{
    static const char text[] = MUST "imap_password_file = ${CREDENTIALS_DIRECTORY}/imap-password\n";
    struct config config;
    struct error err = {0};
    setenv("CREDENTIALS_DIRECTORY", "/run/credentials/stadtlabord.service", 1);
    CHECK_ROW(parsed(text, &config, &err), "%s", err.what);
    CHECK_STR(config.imap_password_file, "/run/credentials/stadtlabord.service/imap-password");
    unsetenv("CREDENTIALS_DIRECTORY");
    CHECK_ROW(parsed(text, &config, &err), "%s", err.what);
    CHECK_STR(config.imap_password_file, CONFIG_CREDENTIALS "/imap-password");
}

TEST(a_secret_that_others_may_read_is_refused)
{
    static const struct {
        mode_t mode;
        bool good;
    } rows[] = {{0600, true},  {0400, true},  {0640, true}, {0440, true},
                {0644, false}, {0660, false}, {0602, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *secret = NULL;
        struct error err = {0};
        written("geheim\r\nzweite Zeile\n", 21, rows[i].mode);
        CHECK_ROW(file_read_secret(arena, file, &secret, &err) == rows[i].good, "mode %o: %s",
                  (unsigned)rows[i].mode, err.what);
        if (rows[i].good) {
            CHECK_STR(secret, "geheim");
        } else {
            CHECK_ROW(strstr(err.what, "0600") != NULL && strstr(err.what, "geheim") == NULL, "%s", err.what);
        }
    }
}

TEST(a_secret_is_one_line_of_text)
{
    char *secret = NULL;
    struct error err = {0};
    written("", 0, 0600);
    CHECK(!file_read_secret(arena, file, &secret, &err) && secret == NULL);
    written("\ngeheim\n", 8, 0600);
    CHECK(!file_read_secret(arena, file, &secret, &err) && secret == NULL);
    written("ge\0heim\n", 8, 0600);
    CHECK(!file_read_secret(arena, file, &secret, &err) && secret == NULL);
    CHECK(strstr(err.what, "heim") == NULL);
}

int main(void)
{
    int fd = mkstemp(file);
    if (fd < 0 || close(fd) != 0) {
        return 1;
    }
    arena = arena_new();
    RUN(the_shipped_file_needs_only_what_must_be_set);
    RUN(the_shipped_file_explains_every_option);
    RUN(the_shipped_files_examples_are_right);
    RUN(the_man_page_names_every_option);
    RUN(a_bad_option_is_refused_with_file_line_and_what_would_be_right);
    RUN(a_file_that_cannot_be_read_is_refused);
    RUN(blanks_comments_and_line_ends_do_not_matter);
    RUN(credentials_are_systemds_folder_or_beside_the_configuration);
    RUN(a_secret_that_others_may_read_is_refused);
    RUN(a_secret_is_one_line_of_text);
    arena_free(arena);
    unlink(file);
    return check_done();
}
