#include "daemon/staff/terminal.h"

#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { LINE_LENGTH = 512, CTRL_C = 3, CTRL_D = 4, ROWS_LEAST = 8 };

int terminal_key(void)
{
    struct termios before, raw;
    unsigned char key = 'q';
    fflush(stdout);
    if (tcgetattr(STDIN_FILENO, &before) != 0) {
        return 'q';
    }
    raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG); /* Ctrl-C comes as a key, so that nothing is left raw */
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    ssize_t n;
    do {
        n = read(STDIN_FILENO, &key, 1);
    } while (n < 0 && errno == EINTR);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return n != 1 || key == CTRL_C || key == CTRL_D ? 'q' : key;
}

/* Read byte by byte: the keys that follow are terminal_key's. */
const char *terminal_line(struct arena *arena, const char *question)
{
    struct text line = text_new(arena, LINE_LENGTH);
    char c;
    printf("%s", question);
    fflush(stdout);
    while (read(STDIN_FILENO, &c, 1) == 1 && c != '\n') {
        text_addc(&line, c);
    }
    return utf8_valid(line.s, line.len) ? str_trim(arena, line.s) : "";
}

/* How many rows of the screen these bytes take; colours ("ESC [ … m") take no place. */
static size_t rows_of(const char *line, size_t len, size_t columns)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (line[i] == '\033') {
            while (i < len && line[i] != 'm') {
                i++;
            }
        } else {
            n += (line[i] & 0xc0) != 0x80; /* each character once, by its first byte */
        }
    }
    return n == 0 ? 1 : (n + columns - 1) / columns;
}

static int ask_to_go_on(void)
{
    static const char question[] = "── mehr: Leertaste ──";
    printf("%s", question);
    int key = terminal_key();
    printf("\r%*s\r", (int)sizeof question, "");
    return key == ' ' || key == '\r' || key == '\n' ? 0 : key;
}

int terminal_pages(const char *text)
{
    struct winsize screen;
    bool known =
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &screen) == 0 && screen.ws_row >= ROWS_LEAST && screen.ws_col > 0;
    size_t most = known ? screen.ws_row - 1u : SIZE_MAX, used = 0;
    int key = 0;
    while (*text != '\0' && key == 0) {
        size_t len = strcspn(text, "\n");
        size_t rows = known ? rows_of(text, len, screen.ws_col) : 0;
        if (used > 0 && used + rows > most) {
            key = ask_to_go_on();
            used = 0;
        }
        if (key == 0) {
            printf("%.*s\n", (int)len, text);
            used += rows;
            text += len + (text[len] == '\n');
        }
    }
    return key;
}
