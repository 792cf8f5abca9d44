/*
 * validate: the simulated lock beside real interpreters. Layer 4.
 *
 *	cases (data) --validate_plan--> plan --driver, validate_execute--> samples --validation_read--> findings
 *
 * A case is one piece of work in two spellings, one for each side; a figure is one number of a case, with the
 * tolerance within which the two sides must agree. A run directory is enough to judge it again: the manifest's
 * "validate" says which interpreters took part, and the plan's groups carry the names of their cases.
 */
#ifndef GILBENCH_VALIDATE_H
#define GILBENCH_VALIDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include <gilbench/cpython.h>
#include <gilbench/driver.h>
#include <gilbench/plan.h>
#include <gilbench/stats.h>
#include <gilbench/store.h>

/* The key of the manifest, and how the names of its experiments begin. */
#define VALIDATE_KEY    "validate"
#define VALIDATE_PREFIX "validate-"

/* What `spin` does by default; `mixed` calls so many turns a millisecond. */
#define FIT_ITERATIONS 20000

/* What makes an operation take the same time on both sides: the speed of an interpreter is not its lock's. */
struct fit {
	double spin_iterations; /* the interpreter's, for what `spin` does by default here */
	double echo_work_us;    /* the simulated server's, for the interpreter's time per request */
	/* What it came to: seconds of one operation, and p50 of the echo beside a busy process. */
	double spin_live_s, spin_python_s, echo_live_s, echo_python_s;
};

/* One interpreter and what it is compared with. */
struct contender {
	struct cpython python;
	char name[48];      /* in the policy of its cells: "cpython-3.11.7" */
	char label[64];     /* for people: "CPython 3.11.7" */
	const char *model;  /* "gil", or "threads" where its lock is off */
	const char *policy; /* of the simulated lock: "py2", "py3"; "" without */
	struct fit fit;
};

/* ---- before measuring ---- */

/* What this interpreter is called and compared with; takes `python` over. */
void contender_init(struct contender *, const struct cpython *python);
void contender_release(struct contender *);
/* The simulated lock that a cell of an interpreter is compared with under the model `gil`, by the cell's policy
 * ("cpython-2.7.18,check=1000"): "py2" or "py3". */
const char *contender_lock(const char *policy);
/* Where two have one name (two builds of one version), the later gets a number. */
void contenders_name(struct contender *, size_t count);

struct validate_options {
	bool is_fast;
	double scale; /* of all windows; 1. Less than that is for tests */
};

/* Finds `fit` by short runs of both sides, in turn. 0; -EINTR; or -1 with one sentence in `error`. */
int validate_fit(struct contender *c, const struct validate_options *options, execute_fn *execute,
		 void *context, char *error, size_t error_bytes);
/* The same for what computes alone, in so many rounds: each takes about 0.2 s, and on a machine with neighbours ten bring
 * it within 2 %. */
int validate_fit_spin(struct contender *c, int rounds, execute_fn *execute, void *context, char *error,
		      size_t error_bytes);
/* What it would be without measuring: both sides by their defaults. */
void validate_fit_nominal(struct contender *);
/* Adds all cells of all contenders. What an interpreter cannot do is no cell but a sentence (validate_note). */
void validate_plan(struct plan *, const struct contender *, size_t count, const struct validate_options *,
		   int usable_cpus);
/* The `index`-th sentence on what this interpreter is not asked, or NULL. Free it. */
char *validate_note(const struct contender *, const struct validate_options *, size_t index);

/* ---- measuring ---- */

/* Context of the executor. The fakes are for tests; NULL: the real ones. */
struct validate_sides {
	const struct contender *contenders;
	size_t count;
	execute_fn *live;
	int (*python)(const struct cpython *, const struct request *, struct sample *);
};

/* An execute_fn and a driver's `command`: by the cell's source, and by the interpreter in its policy. */
int validate_execute(void *sides, const struct request *, struct sample *);
char *validate_command(void *sides, const struct request *);

/* One interpreter for the manifest (new reference), and back: 0, or -1 when it says none. */
json_t *contender_to_json(const struct contender *);
int contender_from_json(const json_t *, struct contender *);
/* For the manifest (new reference), and back: 0, or -1 with a sentence. Interpreters are named by path; whoever
 * goes on measuring probes them again. */
json_t *validate_to_json(const struct contender *, size_t count, const struct validate_options *);
int validate_from_json(const json_t *, struct contender **, size_t *count, struct validate_options *,
		       char *error, size_t error_bytes);

/* ---- judging ---- */

enum measure {
	MEASURE_SPEEDUP, /* over one thread of its own side */
	MEASURE_PER_S,   /* operations of the first role */
	MEASURE_P50,     /* latency of the first role, seconds */
	MEASURE_P90,
	MEASURE_FAST_SHARE, /* of operations that took less than half an interval */
	MEASURE_LOST_SHARE, /* of operations that took half an interval and more */
	MEASURE_SWITCHES    /* voluntary context switches of the process per second */
};

/* How far the sides may be apart: a share of the interpreter's value, or points of a share. */
enum band_kind { BAND_RATIO, BAND_POINTS };

struct figure {
	const char *group, *text; /* the case it is of; what people read */
	int workers;              /* of a batch case; 0: a window has one cell a side */
	enum measure measure;
	enum band_kind kind;
	double band;
	const char *why;        /* the reason of this tolerance */
	const char *cause;      /* of a mismatch, where it is known; NULL: it is not */
	const char *experiment; /* the picture it is in */
	const char *series;     /* NULL, or which line of the picture */
	double x;               /* its place there */
	bool is_drawn_only;     /* in another picture too: not judged twice */
};

enum finding_verdict { FINDING_PASS, FINDING_FAIL, FINDING_UNDECIDED, FINDING_MISSING };

struct finding {
	const struct figure *figure;
	struct interval live, python;
	struct interval relation; /* live / python, or live - python in points (1 is 100 %) */
	enum finding_verdict verdict;
	const char *why_missing; /* FINDING_MISSING: a sentence's end; belongs to the validation */
};

/* The rule alone. A figure passes when it lies inside its band, fails when its whole interval lies outside, and
 * is undecided otherwise, also when there is no interval. */
enum finding_verdict band_judge(enum band_kind, double band, const struct interval *relation);
const char *finding_verdict_name(enum finding_verdict);

/* What a run says of one interpreter. */
struct verdicts {
	struct contender contender;
	struct finding *findings;
	size_t count;
	size_t of[FINDING_MISSING + 1]; /* figures by verdict; drawn-only ones are not counted */
	/* Of a processor, what one computing thread of ours got while nothing else of ours ran (median); NAN: not
	 * measured. */
	double processor_share;
	/* Of an interpreter whose lock is off: how fast its one thread is beside the same version with its lock, when
	 * both took part; then with whom, else NULL. */
	struct interval one_thread;
	const struct contender *one_thread_beside;
};

struct validation {
	struct validate_options options;
	struct verdicts *pythons;
	size_t count;
	struct plan plan;
};

/* Judge a run directory. 0, or -1 with one sentence; -1 with an empty sentence when it is no validation. */
int validation_read(struct validation *, const struct run *, char *error, size_t error_bytes);
void validation_release(struct validation *);

/* The numbers of one row as text; static, one row at a time. */
struct finding_text {
	char live[96], python[96], relation[16], band[16];
};
void finding_words(const struct finding *, struct finding_text *);
/* One sentence on a figure that did not pass; NULL for one that did. Free it. */
char *finding_sentence(const struct finding *, const struct verdicts *);
/* That other work ran meanwhile, in a sentence; NULL: none that was seen. Free it. */
char *busy_sentence(const struct verdicts *);
/* What one thread pays for running without the lock, in one sentence; NULL: that was not measured. Free it. */
char *one_thread_sentence(const struct verdicts *);
/* "Does the simulated lock behave like this Python?" in one or two sentences. Free it. */
char *verdicts_sentence(const struct verdicts *);
/* The table of one interpreter within 100 columns, then its sentences. */
void verdicts_print(const struct verdicts *, const struct validate_options *, FILE *);

#endif
