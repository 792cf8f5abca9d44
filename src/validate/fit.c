/*
 * fit: the same operation on both sides, before anything is compared.
 *
 *	spin   one thread of each side in turn, several times; the fastest of each counts, since a neighbour can only
 *	       slow it down; the interpreter's loop gets so many turns that one operation takes what ours takes
 *	echo   the baseline of each side in turn, four times, the fastest median of each; the simulated server's work
 *	       grows by the difference, which it shifts one to one, if that is more than noise, but is never
 *	       negative; two more looks say what that came to
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/log.h>
#include <gilbench/util.h>

#include "validate/cases.h"

/* Operations of a run of spin: 60 ms. */
#define SPIN_OPS    60
#define SPIN_ROUNDS 3
/* What echo has by default. */
#define ECHO_WORK_US  0.5
#define ECHO_WINDOW_S 0.25
/* A busy machine may not let a server answer at all in less. */
#define ECHO_WINDOW_LEAST_S 0.1
/* A server that takes longer per request is not an interpreter's echo, and is not imitated. */
#define ECHO_WORK_MOST_US 1000.0
#define ECHO_ROUNDS       4
#define ECHO_CHECKS       2
/* Looks at the same echo differ by as much. The default is CPython's own work, so less is no reason to change it. */
#define ECHO_NOTICE_S 1e-6
/* A run that takes longer hangs. */
#define FIT_DEADLINE_S 30

struct fitting {
	struct contender *contender;
	execute_fn *execute;
	void *context;
	double window_s;
	char *error;
	size_t error_bytes;
};

void validate_fit_nominal(struct contender *c)
{
	c->fit = (struct fit){.spin_iterations = FIT_ITERATIONS, .echo_work_us = ECHO_WORK_US};
}

/* 0, -EINTR, or -1 with a sentence. The sample must be released. */
static int run(const struct fitting *f, const struct cell *cell, uint64_t ops, struct sample *sample)
{
	const struct request request = {.cell = cell, .ops = ops, .seed = 1, .deadline_s = FIT_DEADLINE_S};
	int status = f->execute(f->context, &request, sample);
	if (status != 0)
		return status;
	if (sample->status == SAMPLE_OK && sample->wall_s > 0 && sample->role_count > 0)
		return 0;
	char *label = cell_label(cell);
	snprintf(f->error, f->error_bytes, "%s could not be timed: %s", label,
		 sample->error[0] != '\0' ? sample->error : sample_status_name(sample->status));
	free(label);
	sample_release(sample);
	return -1;
}

/* Seconds of one operation of spin. */
static int time_spin(const struct fitting *f, enum cell_source source, double *seconds)
{
	const struct cell cell = {.experiment = "fit",
				  .cast = "spin",
				  .params = "iterations=20000",
				  .model = "seq",
				  .policy = source == SOURCE_CPYTHON ? f->contender->name : "",
				  .workers = 1,
				  .kind = CELL_BATCH,
				  .source = source};
	struct sample sample;
	int status = run(f, &cell, SPIN_OPS, &sample);
	if (status != 0)
		return status;
	*seconds = fmin(*seconds, sample.wall_s / SPIN_OPS);
	sample_release(&sample);
	return 0;
}

static int fit_spin(const struct fitting *f, int rounds)
{
	struct fit *fit = &f->contender->fit;
	int status = 0;
	fit->spin_live_s = fit->spin_python_s = INFINITY;
	for (int i = 0; i < rounds && status == 0; i++) {
		status = time_spin(f, SOURCE_LIVE, &fit->spin_live_s);
		if (status == 0)
			status = time_spin(f, SOURCE_CPYTHON, &fit->spin_python_s);
	}
	if (status == 0)
		fit->spin_iterations = fmax(1, round(FIT_ITERATIONS * fit->spin_live_s / fit->spin_python_s));
	return status;
}

/* p50 of the echo beside a busy process. */
static int time_echo(const struct fitting *f, enum cell_source source, double *p50_s)
{
	char params[64];
	snprintf(params, sizeof(params), source == SOURCE_LIVE ? "busy=1 work_us=%.12g" : "busy=1",
		 f->contender->fit.echo_work_us);
	const struct cell cell = {.experiment = "fit",
				  .cast = "echo",
				  .params = params,
				  .model = f->contender->model,
				  .policy = source == SOURCE_CPYTHON ? f->contender->name
								     : f->contender->policy,
				  .workers = 1,
				  .kind = CELL_WINDOW,
				  .window_s = f->window_s,
				  .source = source};
	struct sample sample;
	int status = run(f, &cell, 0, &sample);
	if (status != 0)
		return status;
	const struct hist *latency = sample.role[0].latency;
	*p50_s = latency != NULL ? hist_quantile(latency, 0.5) / 1e9 : (double)NAN;
	sample_release(&sample);
	if (*p50_s > 0)
		return 0;
	snprintf(f->error, f->error_bytes, "the echo of %s answered nothing",
		 source == SOURCE_LIVE ? "the simulated lock" : f->contender->label);
	return -1;
}

/* Interpreted work comes in turns of about 50 ns. */
static double whole_turns_us(double us)
{
	const double turn_us = 0.05;
	return us > 0 ? round(fmin(us, ECHO_WORK_MOST_US) / turn_us) * turn_us : 0;
}

/* One look at each side. Neighbours can only make a side slow, so of several looks the fastest counts. */
static int look_at_echo(const struct fitting *f, double *live_s, double *python_s)
{
	double live_p50_s, python_p50_s;
	int status = time_echo(f, SOURCE_CPYTHON, &python_p50_s);
	if (status == 0)
		status = time_echo(f, SOURCE_LIVE, &live_p50_s);
	if (status != 0)
		return status;
	*live_s = fmin(*live_s, live_p50_s);
	*python_s = fmin(*python_s, python_p50_s);
	return 0;
}

static int fit_echo(const struct fitting *f)
{
	struct fit *fit = &f->contender->fit;
	int status = 0;
	fit->echo_live_s = fit->echo_python_s = INFINITY;
	for (int i = 0; i < ECHO_ROUNDS && status == 0; i++)
		status = look_at_echo(f, &fit->echo_live_s, &fit->echo_python_s);
	if (status != 0)
		return status;
	double more_s = fit->echo_python_s - fit->echo_live_s;
	if (fabs(more_s) < ECHO_NOTICE_S)
		return 0;
	const struct fit before = *fit;
	fit->echo_work_us = whole_turns_us(fit->echo_work_us + more_s * 1e6);
	fit->echo_live_s = INFINITY;
	for (int i = 0; i < ECHO_CHECKS && status == 0; i++)
		status = look_at_echo(f, &fit->echo_live_s, &fit->echo_python_s);
	/* The later looks may have found the interpreter faster than those that asked for more work. */
	if (fabs(fit->echo_python_s - before.echo_live_s) < fabs(fit->echo_python_s - fit->echo_live_s)) {
		fit->echo_work_us = before.echo_work_us;
		fit->echo_live_s = before.echo_live_s;
	}
	return status;
}

int validate_fit_spin(struct contender *c, int rounds, execute_fn *execute, void *context, char *error,
		      size_t error_bytes)
{
	const struct fitting f = {.contender = c,
				  .execute = execute,
				  .context = context,
				  .error = error,
				  .error_bytes = error_bytes};
	validate_fit_nominal(c);
	log_progress("fitting %s: spin", c->label);
	int status = fit_spin(&f, rounds);
	log_progress_end();
	return status;
}

int validate_fit(struct contender *c, const struct validate_options *options, execute_fn *execute,
		 void *context, char *error, size_t error_bytes)
{
	const struct fitting f = {.contender = c,
				  .execute = execute,
				  .context = context,
				  .window_s = fmax(ECHO_WINDOW_LEAST_S, ECHO_WINDOW_S * options->scale),
				  .error = error,
				  .error_bytes = error_bytes};
	int status = validate_fit_spin(c, SPIN_ROUNDS, execute, context, error, error_bytes);
	log_progress("fitting %s: echo", c->label);
	if (status == 0 && c->python.has_gil)
		status = fit_echo(&f);
	log_progress_end();
	return status;
}
