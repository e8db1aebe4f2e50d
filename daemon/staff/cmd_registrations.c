#include "daemon/staff/commands.h"

#include "base/text.h"
#include "daemon/staff/person_options.h"
#include "daemon/staff/registrations.h"

const char usage_registrations[] =
    "stadtlabor registrations list [EVENT] [--all] [--csv] [--json] [--output FILE]\n"
    "       stadtlabor registrations sheet EVENT [--output FILE]\n"
    "       stadtlabor registrations came ID... [--not]\n"
    "       stadtlabor registrations came EVENT [--not]\n"
    "       stadtlabor registrations add EVENT --first-name NAME --last-name NAME\n"
    "           --birth-date DAY --street STREET --postal-code CODE --city CITY\n"
    "           [--address MAIL] [--language de|en] [--place|--wait] [--no-letters]\n"
    "           \"--first-name 2=NAME\" is the second person's\n"
    "       stadtlabor registrations cancel ID... [--no-letters]\n"
    "       stadtlabor registrations move ID... EVENT [--place|--wait] [--no-letters]";

int cmd_registrations(int argc, char **argv)
{
    static const struct command_part parts[] = {
        {"list", registrations_list, "csv! output"},
        {"sheet", registrations_sheet, "output"},
        {"came", registrations_came, "not!"},
        {"add", registrations_add, "address language place! wait! no-letters! " PERSON_OPTIONS},
        {"cancel", registrations_cancel, "no-letters!"},
        {"move", registrations_move, "place! wait! no-letters!"}};
    return command_of_parts(argc, argv, usage_registrations, parts, sizeof parts / sizeof *parts, NULL);
}
