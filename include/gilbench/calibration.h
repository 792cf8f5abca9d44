/*
 * calibration: what costs.h names, measured on this machine, and where that is kept. Layer 4.
 *
 *	struct costs costs;
 *	char note[512];
 *	calibration_load(&costs, note, sizeof(note));   // standard values, and what was measured here on top of them
 *	if (note[0] != '\0')
 *		log_warn("%s", note);
 *
 * Kept in $XDG_CONFIG_HOME/gilbench/costs.json, or ~/.config/gilbench/costs.json: docs/virtual-time.md, "Costs".
 */
#ifndef GILBENCH_CALIBRATION_H
#define GILBENCH_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <gilbench/costs.h>
#include <gilbench/driver.h>

/* How one cost came about. */
struct cost_figure {
	const char *how;              /* what was measured, in a few words */
	uint64_t count;               /* single measurements in all; 0: none */
	double lowest_ns, highest_ns; /* of the rounds, whose median is the cost */
	char reason[200];             /* why it was not measured, else "" */
};

struct calibration {
	struct costs costs; /* what could not be measured is the standard value, and COST_ASSUMED */
	struct cost_figure figure[COST_FREE]; /* no machine says what a free-threaded interpreter costs */
};

/* Wake-ups of a thread that slept on a CPU which was idle. */
struct wakes {
	double median_ns, sigma; /* how late it ran; the standard deviation of the logarithm */
	double signal_ns;        /* what waking it took whoever did it: the median; 0 of a timer */
	uint64_t count;
};

/* How it is measured; a test brings its own. */
struct calibration_ways {
	execute_fn *execute;
	/* With the sleeper's CPU idle for so long: it slept for the lock, and ran so long after the drop; or, `is_timed`,
	 * for a time, and ran so long after that and the slack. 0 or -errno (-EINVAL: a lock needs two CPUs). */
	int (*wakes)(void *context, bool is_timed, uint64_t idle_ns, struct wakes *);
	void *context; /* for both */
};

/* Measures. Blocks for about 8 s, and logs its progress; call from a program with one thread that has called
 * driver_catch_signals. `ways` NULL: the real ones. 0; -EINTR when a signal asked to stop; -1 when nothing could
 * be measured, with one sentence in `error`. Stores nothing. */
int calibration_measure(struct calibration *, const struct calibration_ways *ways, char *error,
			size_t error_bytes);

/* Where they are kept (free it); NULL when no variable says where a home is. The file need not exist. */
char *calibration_path(void);
/* What makes this machine another one, for whatever is stored beside the costs (new reference). */
json_t *calibration_machine(void);
/* Stores those that are COST_MEASURED, with the machine they are of. 0, or -1 with one sentence in `error`; then what
 * was stored before is still there. */
int calibration_save(const struct costs *, char *error, size_t error_bytes);
/* Standard values, and on top of them what is stored for this machine. False: nothing is, and all are standard
 * values; `note` says in one sentence why a file that is there was ignored, and is "" when there is none. Never
 * fails; takes some 10 ms. */
bool calibration_load(struct costs *, char *note, size_t note_bytes);

#endif
