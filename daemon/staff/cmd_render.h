/* daemon/staff/cmd_render.h: `stadtlabor render`, the template engine alone.
 *
 *     stadtlabor render TEMPLATE.mustache DATA.json [--partials DIR] [--text] [--strict]
 *     stadtlabor render --letters [KIND] [--language de|en] [--templates DIR]
 *
 * The first prints a template over JSON, escaped for HTML unless --text; partials are
 * DIR/NAME.mustache. The second prints our letters over their sample data: what a citizen
 * would read, for whoever changes a letter. */
#ifndef STADTLABOR_STAFF_CMD_RENDER_H
#define STADTLABOR_STAFF_CMD_RENDER_H

/* Exit status: 0 done, 1 not done (reason on stderr), 2 wrong usage. */
int cmd_render(int argc, char **argv);

#endif
