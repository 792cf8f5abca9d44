/*
 * session: one invocation that measures, with its run directory from first to last. Layer 4.
 *
 *	struct session session = {.plan = &plan, .dir = dir, .command = "gilbench run cpu-scaling"};
 *	int status = session_run(&session, error, sizeof(error));
 *	... session.driver.samples ...
 *	session_release(&session);
 *
 * Around the driver's loop it creates the directory, writes the manifest at every milestone (planned,
 * calibrated, ended), times a few whole commands with hyperfine, and writes summary.csv. Prints progress and
 * warnings on stderr, nothing on stdout.
 */
#ifndef GILBENCH_SESSION_H
#define GILBENCH_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/driver.h>
#include <gilbench/experiment.h>
#include <gilbench/store.h>

struct session {
	/* The caller's. */
	struct plan *plan;
	const char *dir;                      /* where the run directory is or will be */
	const char *command;                  /* as typed */
	const struct experiment *experiments; /* those that the plan is made of */
	size_t experiment_count;
	const char *program; /* the subcommand that goes on with it by --resume; NULL: "run" */
	json_t *more;        /* NULL, or an object whose keys the caller wants to find in the manifest */
	bool has_hyperfine;  /* time whole commands too */
	const struct run
		*resumed;     /* NULL, or the earlier part of this run; must live as long as the session */
	struct driver driver; /* on_sample and the executor may be set; the rest is the session's */

	/* The session's. */
	json_t *manifest;
};

/* EXIT_DONE, EXIT_MEASUREMENT (some sample failed, or the disk did: then `error` is not empty), EXIT_USAGE
 * (the directory or the budget will not do: `error` says why) or EXIT_INTERRUPTED. */
int session_run(struct session *, char *error, size_t error_bytes);
void session_release(struct session *);

/* What this program was built from: version, compiler, cflags, commit, dirty (new reference). Asks git. */
json_t *facts_build(void);
/* results/<UTC>-<seed> below the current directory. Free it. */
char *session_standard_dir(uint64_t seed);
/* Points results/latest to a run directory that lies in results/; does nothing for others. */
void session_link_latest(const char *dir);

#endif
