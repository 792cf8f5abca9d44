/*
 * manifest: the text of manifest.json. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_MANIFEST_H
#define GILBENCH_DRIVER_MANIFEST_H

#include <jansson.h>

#include <gilbench/session.h>

/* Everything that is known before the first sample (new reference). */
json_t *manifest_begin(const struct session *);
/* Bring plan, warnings, status and what was measured up to date. */
void manifest_update(const struct session *, const char *status);

/* Parts, each a new reference. */
json_t *facts_versions(void);
json_t *facts_models(const struct plan *);
json_t *facts_sources(const struct plan *);
json_t *facts_experiments(const struct session *);

#endif
