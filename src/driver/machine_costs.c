/*
 * machine_costs: the costs of virtual time, measured by real models at real work. See calibration.h.
 *
 * The simulator stands for the live models, so what it is charged with is what those pay: each cost is read off a cell
 * that pays for little else, run as any other (`gilbench once`, so it can be run again by hand). In rounds, one cell
 * after the other, for a neighbour who comes and goes should not fall on one cost alone; the median of the rounds
 * counts. Processor time, not time, wherever it serves: a neighbour takes time, but not this process's time.
 *
 *	switch   two threads pass a token on ONE CPU: processor time for each switch, with the system call (to wake, to
 *	         wait) that makes a task give way: so it is in every switch but those at the end of a slice
 *	wakeup   a thread that sleeps 5 ms at a time beside a busy one: how late it is, and the slack, which the waits
 *	         of tasks do not have; the kernel uses all of it on a core that nothing else wakes
 *	handoff  from a drop of the simulated lock until its waiter runs, who has slept for 2 ms on another CPU. Shorter
 *	         than the interval: the waiter's own clock does not wake it
 *	poll     processor time per wait that ended on a loop that little else keeps busy: waits are short, work is none.
 *	         They end a few at a time here. It is no constant: one wait at a time costs about four times that, and of
 *	         hundreds together each a quarter
 *	slice    two busy threads on one CPU that look at the clock: the median time without a gap
 *
 * What it does not know: how costs change with the number of cores (cold caches, other sockets).
 */
#include <errno.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/calibration.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

/* Odd, so that a median is one of them; enough that two may be spoilt. */
#define ROUNDS 5

/* A median this many times the lowest round was spoilt by neighbours: a host in two moods makes a factor of two. */
#define DISTURBED_FACTOR 3

/* A cell takes half a second. More than this is a machine that does not answer. */
#define DEADLINE_S 10

/* A cell, and how a cost is read off its sample: NAN when it does not say. */
struct probe {
	const char *how;
	const char *cast, *params, *model;
	int workers;
	uint64_t ops;    /* batch, or */
	double window_s; /* window */
	bool is_on_one_cpu;
	bool needs_two_cpus;
	const char *cast_alone; /* where there is one CPU; NULL: the same */
	double (*value_ns)(const struct sample *);
	uint64_t (*count)(const struct sample *);
	double (*sigma)(const struct sample *); /* NULL: a constant */
};

/* ---- what a sample says ---- */

static double switches(const struct sample *s)
{
	return s->ctx_voluntary + s->ctx_involuntary;
}

static double ns_per_switch(const struct sample *s)
{
	return s->cpu_s * 1e9 / switches(s);
}

static uint64_t count_switches(const struct sample *s)
{
	return switches(s) > 0 ? (uint64_t)switches(s) : 0;
}

static double ns_per_op(const struct sample *s)
{
	return s->cpu_s * 1e9 / (double)s->role[0].ops;
}

static uint64_t count_ops(const struct sample *s)
{
	return s->role[0].ops;
}

/* Of the first role's latencies. */
static double quantile_ns(const struct sample *s, double q)
{
	return s->role[0].latency != NULL ? hist_quantile_inside(s->role[0].latency, q) : (double)NAN;
}

static double median_ns(const struct sample *s)
{
	return quantile_ns(s, 0.5);
}

static double median_and_slack_ns(const struct sample *s)
{
	return median_ns(s) + COST_SLACK_NS;
}

static uint64_t count_latencies(const struct sample *s)
{
	return s->role[0].latency != NULL ? s->role[0].latency->count : 0;
}

/* Of a logarithm that is normal, 16 and 84 % lie one standard deviation off. Neighbours make wake-ups longer and never
 * shorter: where the upper half is the wider one, it is theirs. */
static double sigma_of_log(const struct sample *s)
{
	double low_ns = quantile_ns(s, 0.16), high_ns = quantile_ns(s, 0.84);
	return fmin(log(high_ns / low_ns) / 2, log(median_ns(s) / low_ns));
}

static const struct probe probes[COST_FREE] = {
	[COST_SWITCH] = {.how = "a token between two threads on one CPU: processor time per switch",
			 .cast = "handoff",
			 .params = "",
			 .model = "threads",
			 .workers = 2,
			 .ops = 20000,
			 .is_on_one_cpu = true,
			 .value_ns = ns_per_switch,
			 .count = count_switches},
	[COST_WAKEUP] = {.how = "sleeps of 5 ms beside a busy thread: how late, and 50 us of slack",
			 .cast = "ticker:1,spin:1",
			 .cast_alone = "ticker:1",
			 .params = "ticker.period_ms=5 ticker.work_us=0",
			 .model = "threads",
			 .workers = 2,
			 .window_s = 0.5,
			 .value_ns = median_and_slack_ns,
			 .count = count_latencies,
			 .sigma = sigma_of_log},
	[COST_HANDOFF] = {.how = "a drop of the lock after 2 ms, until its waiter runs on another CPU",
			  .cast = "wake",
			  .params = "pin=yes hold_us=2000",
			  .model = "gil",
			  .workers = 2,
			  .ops = 200,
			  .needs_two_cpus = true,
			  .value_ns = median_ns,
			  .count = count_latencies,
			  .sigma = sigma_of_log},
	[COST_POLL] = {.how = "16 tasks that only wait, about 20 us each, on a loop: processor time per wait",
		       .cast = "mixed",
		       .params = "work_ms=0 wait_ms=0.02 spread=exp",
		       .model = "uv",
		       .workers = 16,
		       .window_s = 0.1,
		       .value_ns = ns_per_op,
		       .count = count_ops},
	[COST_SLICE] = {.how = "two busy threads on one CPU: a turn without a gap in the clock",
			.cast = "turns",
			.params = "gap_ms=0.1 most_ms=100",
			.model = "threads",
			.workers = 2,
			.window_s = 0.25,
			.is_on_one_cpu = true,
			.value_ns = median_ns,
			.count = count_latencies},
};

/* ---- rounds ---- */

/* What the rounds of one cost gave. */
struct rounds {
	double value_ns[ROUNDS], sigma[ROUNDS];
	int done;
};

struct measuring {
	execute_fn *execute;
	void *context;
	bool has_two_cpus;
	char one_cpu[16]; /* as --affinity takes it */
	uint64_t seed;
	struct rounds rounds[COST_FREE];
};

/* The last CPU that may be used: the first is where machines put what serves devices. */
static void choose_cpu(struct measuring *m)
{
	cpu_set_t cpus;
	int last = 0;
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			last = cpu;
	snprintf(m->one_cpu, sizeof(m->one_cpu), "%d", last);
}

static struct cell cell_of(const struct measuring *m, const struct probe *probe)
{
	bool is_alone = !m->has_two_cpus && probe->cast_alone != NULL;
	return (struct cell){.experiment = "costs",
			     .cast = is_alone ? probe->cast_alone : probe->cast,
			     .params = probe->params,
			     .model = probe->model,
			     .policy = "",
			     .workers = is_alone ? 1 : probe->workers,
			     .kind = probe->window_s > 0 ? CELL_WINDOW : CELL_BATCH,
			     .window_s = probe->window_s};
}

static void take_round(struct rounds *rounds, struct cost_figure *figure, const struct probe *probe,
		       const struct sample *sample)
{
	double value_ns = probe->value_ns(sample);
	double sigma = probe->sigma != NULL ? probe->sigma(sample) : 0;
	if (sample->status != SAMPLE_OK) {
		snprintf(figure->reason, sizeof(figure->reason), "%.190s", sample->error);
	} else if (!(value_ns > 0) || !isfinite(value_ns) || !isfinite(sigma)) {
		snprintf(figure->reason, sizeof(figure->reason), "the cell ended before it had measured");
	} else {
		rounds->value_ns[rounds->done] = value_ns;
		rounds->sigma[rounds->done++] = sigma;
		figure->count += probe->count(sample);
	}
}

/* 0 or -EINTR. */
static int measure_once(struct measuring *m, enum cost cost, struct cost_figure *figure)
{
	const struct probe *probe = &probes[cost];
	if (probe->needs_two_cpus && !m->has_two_cpus) {
		snprintf(figure->reason, sizeof(figure->reason),
			 "it needs two usable CPUs, and there is one");
		return 0;
	}
	struct cell cell = cell_of(m, probe);
	struct request request = {.cell = &cell,
				  .ops = probe->ops,
				  .seed = ++m->seed,
				  .affinity = probe->is_on_one_cpu ? m->one_cpu : NULL,
				  .deadline_s = DEADLINE_S};
	struct sample sample;
	int status = m->execute(m->context, &request, &sample);
	if (status == 0) {
		take_round(&m->rounds[cost], figure, probe, &sample);
		sample_release(&sample);
	}
	return status;
}

static int measure_rounds(struct measuring *m, struct calibration *to)
{
	for (int round = 0; round < ROUNDS; round++) {
		for (enum cost cost = 0; cost < COST_FREE; cost++) {
			log_progress("round %d of %d: %s", round + 1, ROUNDS, cost_name(cost));
			int status = measure_once(m, cost, &to->figure[cost]);
			if (status != 0)
				return status;
		}
	}
	log_progress_end();
	return 0;
}

/* ---- what they say together ---- */

/* Three digits: the rounds agree in no more. */
static int64_t rounded(double ns)
{
	double step = ns >= 1 ? pow(10, floor(log10(ns)) - 2) : 1;
	return step > 1 ? (int64_t)(round(ns / step) * step) : (int64_t)round(ns);
}

static void settle_sigma(struct costs *costs, enum cost cost, const struct rounds *rounds)
{
	double sigma = round(100 * median(rounds->sigma, (size_t)rounds->done)) / 100;
	if (cost == COST_WAKEUP)
		costs->wakeup_sigma = sigma;
	else if (cost == COST_HANDOFF)
		costs->handoff_sigma = sigma;
}

static void take_range(struct cost_figure *figure, const struct rounds *rounds)
{
	figure->lowest_ns = figure->highest_ns = rounds->value_ns[0];
	for (int i = 1; i < rounds->done; i++) {
		figure->lowest_ns = fmin(figure->lowest_ns, rounds->value_ns[i]);
		figure->highest_ns = fmax(figure->highest_ns, rounds->value_ns[i]);
	}
}

/* The standard value is nearer to the truth than a neighbour's time slice. */
static bool was_disturbed(struct cost_figure *figure, double middle_ns)
{
	if (middle_ns <= DISTURBED_FACTOR * figure->lowest_ns)
		return false;
	snprintf(figure->reason, sizeof(figure->reason),
		 "others ran: rounds from %.3g us to %.3g us; calibrate again when they have ended",
		 figure->lowest_ns / 1e3, figure->highest_ns / 1e3);
	return true;
}

/* The median of its rounds; the standard value where they gave none, or one that cannot be. */
static bool settle(struct calibration *to, enum cost cost, const struct rounds *rounds)
{
	struct cost_figure *figure = &to->figure[cost];
	if (rounds->done == 0)
		return false;
	figure->reason[0] = '\0';
	take_range(figure, rounds);
	double middle_ns = median(rounds->value_ns, (size_t)rounds->done);
	if (was_disturbed(figure, middle_ns))
		return false;
	struct costs costs = to->costs;
	*cost_ns(&costs, cost) = rounded(fmin(middle_ns, 0x1p53));
	if (!cost_is_valid(&costs, cost)) {
		snprintf(figure->reason, sizeof(figure->reason), "%.3g s is no cost that a machine has",
			 middle_ns / 1e9);
		return false;
	}
	costs.origin[cost] = COST_MEASURED;
	settle_sigma(&costs, cost, rounds);
	to->costs = costs;
	return true;
}

int calibration_measure(struct calibration *to, execute_fn *execute, void *context, char *error,
			size_t error_bytes)
{
	struct measuring m = {.execute = execute != NULL ? execute : execute_process, .context = context};
	m.has_two_cpus = host_usable_cpus() > 1;
	choose_cpu(&m);
	*to = (struct calibration){0};
	costs_standard(&to->costs);
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		to->figure[cost].how = probes[cost].how;
	int status = measure_rounds(&m, to), measured = 0;
	if (status != 0)
		return status;
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		measured += settle(to, cost, &m.rounds[cost]);
	if (measured > 0)
		return 0;
	snprintf(error, error_bytes, "no cost could be measured: %s", to->figure[COST_SWITCH].reason);
	return -1;
}
