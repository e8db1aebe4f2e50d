#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/staff/events.h"

const char usage_events[] =
    "stadtlabor events list [--all] [--json]\n"
    "       stadtlabor events show CODE [--json]\n"
    "       stadtlabor events import FILE [--dry-run] [--yes] [--no-letters] [--note TEXT]\n"
    "       stadtlabor events add title=… start=… [NAME=VALUE]...\n"
    "       stadtlabor events edit CODE NAME=VALUE... [--dry-run] [--yes] [--no-letters] [--note TEXT]\n"
    "       stadtlabor events cancel CODE [--dry-run] [--yes] [--no-letters] [--note TEXT]\n"
    "       stadtlabor events export [FILE] [--ics] [--coming]\n"
    "NAME is a column of the table: code title keywords start end place capacity waiting_list "
    "register_until\n"
    "       min_age max_age topic required contact extra cancelled";

/* The columns may also be given as options. */
#define COLUMNS                                                                                              \
    "code title keywords start end place capacity waiting-list waiting_list register-until register_until "  \
    "min-age min_age max-age max_age topic required contact extra cancelled"
#define CHANGE "dry-run! no-letters! note"

int cmd_events(int argc, char **argv)
{
    static const struct command_part parts[] = {{"list", events_list, ""},
                                                {"show", events_show, ""},
                                                {"import", events_import, CHANGE},
                                                {"add", events_add, CHANGE " " COLUMNS},
                                                {"edit", events_edit, CHANGE " " COLUMNS},
                                                {"cancel", events_cancel, CHANGE},
                                                {"export", events_export, "ics! coming!"}};
    return command_of_parts(argc, argv, usage_events, parts, sizeof parts / sizeof *parts, NULL);
}
