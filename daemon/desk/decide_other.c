#include "daemon/desk/deciding.h"

/* No to what we had asked: nothing is done, and that is said once; a newsletter nobody wanted needs
 * no letter. */
void decide_decline(struct deciding *d)
{
    if (d->known->open.id != 0 && d->known->open.kind == CASE_PLACE) {
        decline_place(d);
    } else if (d->known->open.id != 0 && d->known->open.kind == CASE_CANCEL) {
        close_case(d, &d->known->open);
        add_queue(
            d, "cancel_unclear",
            "Wir haben gefragt, welche Anmeldung abgesagt wird, und die Antwort nennt keine. Bisher ist "
            "nichts abgesagt; bitte klären Sie, was gewünscht ist.");
    } else if (d->known->open.id != 0) {
        close_case(d, &d->known->open);
        add_section(d, "declined", NULL);
    } else if (d->known->newsletter.id != 0) {
        decline_newsletter(d);
    }
}

void decide_bounce(struct deciding *d, const struct intent *intent)
{
    if (returned_newsletter(d, intent) || intent->delayed || d->known->returned.id == 0) {
        return;
    }
    struct effect *effect = add_effect(d, EFFECT_QUEUE);
    effect->reason = "undeliverable";
    effect->id = d->known->returned.id;
    effect->words = arena_printf(
        d->arena,
        "Unser Brief an %s kam nicht an (%s%s%s). Bitte versuchen Sie es auf einem anderen Weg, etwa per "
        "Telefon.%s",
        d->known->returned.recipient,
        intent->severity == SEVERITY_HARD ? "die Adresse gibt es nicht" : "zurzeit nicht zustellbar",
        intent->diagnostic != NULL ? ": " : "", intent->diagnostic != NULL ? intent->diagnostic : "",
        d->known->returned.ways == NULL ? "" : d->known->returned.ways);
}
