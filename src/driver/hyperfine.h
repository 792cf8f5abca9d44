/*
 * hyperfine: a second opinion on a few cells. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_HYPERFINE_H
#define GILBENCH_DRIVER_HYPERFINE_H

#include <gilbench/session.h>

/* Seconds of the budget that are kept for it; 0 without a budget. */
double hyperfine_reserve_s(const struct plan *);
/* Time whole `gilbench once` commands into DIR/hyperfine.json; says in the manifest what became of it:
 * "hyperfine.json", "absent" (no such program) or "skipped" (nothing to time, no time, or it failed). */
void hyperfine_run(struct session *);

#endif
