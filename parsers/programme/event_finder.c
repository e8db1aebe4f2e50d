/* parsers/programme/event_finder.c: a mention as event_mentions.c and event_days.c find it. */
#include "parsers/programme/event_finder.h"

enum { MENTIONS_MAX = 400 };

struct event_mention *finder_add(struct finder *f, enum event_mention_kind kind, size_t at, size_t len,
                                 struct event_set fits)
{
    struct event_set ahead = event_set_both(fits, f->upcoming);
    bool past = event_set_count(&ahead) == 0 && event_set_count(&fits) > 0;
    bool full = f->out->list.n >= MENTIONS_MAX; /* a letter names a handful */
    struct event_mention *mention =
        full ? ARENA_NEW(f->arena, struct event_mention) : LIST_ADD(f->arena, &f->out->list);
    *mention = (struct event_mention){.kind = kind,
                                      .in_subject = f->in_subject,
                                      .at = at,
                                      .len = len,
                                      .sentence = sentence_of(f->source->sentences, at),
                                      .fits = past ? fits : ahead,
                                      .ever = fits,
                                      .past = past};
    return mention;
}
