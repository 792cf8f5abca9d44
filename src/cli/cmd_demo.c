/*
 * demo: the classroom half-minute: the same second of work, computing and waiting, under five models, side by
 * side.
 *
 *	learn spin's speed (0.1 s) -> block 0 in reading order, each row shown as it comes
 *	  -> five shorter blocks in random order, which only tighten the rows -> a chart -> what it means
 *
 * On a terminal of 80 x 24 the table is drawn over itself; elsewhere each row is printed once when its first
 * sample is there, and the whole table at the end. Nothing of the terminal is changed, so Ctrl-C has nothing
 * to undo.
 */
#include <argp.h>
#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/planner.h>
#include <gilbench/registry.h>
#include <gilbench/session.h>
#include <gilbench/summary.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "cli/demo_end.h"
#include "cli/demo_plan.h"
#include "cli/demo_screen.h"

/* Spin is timed with so many operations of the standard length: about 0.1 s. */
#define LEARN_OPS        100
#define LEARN_ITERATIONS 20000

/* Blocks after the first do this part of the operations: the first one is for watching, the others for
 * precision. */
#define LATER_PART 2

/* Lines above the table, and the least terminal that holds everything. */
#define HEAD_LINES  2
#define LEAST_ROWS  24
#define LEAST_WIDTH 80

struct demo {
	struct plan plan;
	struct demo_screen screen;
	struct sample *samples; /* so far; without histograms */
	size_t count;
	bool is_live;  /* the table is drawn over itself */
	bool is_drawn; /* it stands on the terminal, with the cursor below */
	bool has_title[DEMO_PANELS];
};

/* ---- what is known so far ---- */

static void read_row(struct demo *demo, const struct summary *summary, size_t cell)
{
	const struct cell *c = &demo->plan.cells[cell].cell;
	int panel, row;
	const struct summary_row *found =
		summary_find(summary, c->experiment, c->cast, NULL, c->model, c->workers);
	if (found == NULL)
		return;
	if (!demo_place(cell, &panel, &row)) {
		if (c->workers > 1)
			demo->screen.ceiling = found->speedup.mid;
		return;
	}
	struct demo_row *r = &demo->screen.row[panel][row];
	r->status = found->status;
	r->is_here = found->samples > 0 && isfinite(found->speedup.mid);
	r->seconds = DEMO_OPS / found->throughput_per_s.mid;
	r->speedup = found->speedup;
	r->cores = found->cores_used;
}

static void read_samples(struct demo *demo)
{
	struct summary summary;
	summarise(demo->samples, demo->count, DEMO_BLOCKS, &summary);
	for (size_t cell = 0; cell < demo->plan.cell_count; cell++)
		read_row(demo, &summary, cell);
	summary_release(&summary);
}

static void keep_sample(struct demo *demo, const struct sample *sample)
{
	demo->samples[demo->count++] = sample_bare(sample);
}

/* ---- showing it ---- */

static void print_head(const struct demo *demo, unsigned block, FILE *to)
{
	fprintf(to, "The same second of work for N = %d workers: %d operations, %d ms each",
		demo->screen.workers, DEMO_OPS, DEMO_OP_MS);
	if (block < DEMO_BLOCKS)
		fprintf(to, " (%u of %d)", block + 1, DEMO_BLOCKS);
	fputs("\n\n", to);
}

/* Over the last one: each line is written to its end and the rest of the old line erased. */
static void draw(struct demo *demo, unsigned block)
{
	char *text = NULL, *rest;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);
	if (to == NULL)
		return;
	print_head(demo, block, to);
	screen_print(&demo->screen, to);
	fclose(to);
	/* The column too: Ctrl-C may have left its sign there. */
	if (demo->is_drawn)
		printf("\r\033[%dA", HEAD_LINES + SCREEN_LINES);
	rest = text;
	for (char *line; (line = strsep(&rest, "\n")) != NULL && rest != NULL;)
		printf("%s\033[K\n", line);
	fputs("\033[J", stdout);
	fflush(stdout);
	free(text);
	demo->is_drawn = true;
}

static void print_new_row(struct demo *demo, size_t cell)
{
	int panel, row;
	if (!demo_place(cell, &panel, &row))
		return;
	if (!demo->has_title[panel])
		screen_print_title(&demo->screen, panel, stdout);
	demo->has_title[panel] = true;
	screen_print_row(&demo->screen, panel, row, stdout);
	fflush(stdout);
}

static void on_sample(void *context, const struct plan *plan, size_t cell, const struct sample *sample)
{
	struct demo *demo = context;
	(void)plan;
	keep_sample(demo, sample);
	read_samples(demo);
	if (sample->block == 0)
		demo->plan.cells[cell].ops /= LATER_PART;
	/* The driver has just said on stderr what went wrong: draw below that. */
	if (sample->status != SAMPLE_OK)
		demo->is_drawn = false;
	if (demo->is_live)
		draw(demo, sample->block);
	else if (sample->block == 0)
		print_new_row(demo, cell);
}

/* ---- the whole ---- */

/* Iterations of spin per second here. 0 when it could not be measured (then `error` says why) or was
 * interrupted. */
static double learn_speed(char *error, size_t error_bytes)
{
	char params[40];
	snprintf(params, sizeof(params), "iterations=%d", LEARN_ITERATIONS);
	const struct cell cell = {.experiment = DEMO_EXPERIMENT,
				  .cast = "spin",
				  .params = params,
				  .model = "seq",
				  .policy = "",
				  .workers = 1};
	const struct request request = {.cell = &cell, .ops = LEARN_OPS, .seed = 1, .deadline_s = 20};
	struct sample sample;
	double per_s = 0;
	error[0] = '\0';
	if (execute_process(NULL, &request, &sample) != 0)
		return 0;
	if (sample.status == SAMPLE_OK && sample.wall_s > 0)
		per_s = (double)LEARN_OPS * LEARN_ITERATIONS / sample.wall_s;
	else
		snprintf(error, error_bytes, "spin could not be timed: %s", sample.error);
	sample_release(&sample);
	return per_s;
}

static bool is_terminal_big_enough(void)
{
	const char *term = getenv("TERM");
	struct winsize size;
	return isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0 &&
	       ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row >= LEAST_ROWS &&
	       size.ws_col >= LEAST_WIDTH;
}

static void demo_start(struct demo *demo, uint64_t seed, double iterations_per_s)
{
	struct host host;
	char error[200];
	host_read(&host);
	setlocale(LC_CTYPE, "");
	demo->screen = (struct demo_screen){
		.workers = demo_workers(host.physical_cores),
		.ceiling = NAN,
		.is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.title = {"CPU-bound: computing (spin)", "I/O-bound: waiting (sleep)"},
	};
	for (int panel = 0; panel < DEMO_PANELS; panel++)
		for (int row = 0; row < DEMO_ROWS; row++)
			demo->screen.row[panel][row] = (struct demo_row){
				.model = demo_models[row],
				.legend = model_find(demo_models[row], error, sizeof(error))->legend};
	demo_plan_make(&demo->plan, demo->screen.workers, seed, iterations_per_s);
	demo->samples = xcalloc(demo->plan.cell_count * DEMO_BLOCKS, sizeof(*demo->samples));
	demo->is_live = is_terminal_big_enough();
}

static void print_end(struct demo *demo, const char *dir, int status)
{
	if (demo->is_live) {
		draw(demo, DEMO_BLOCKS);
	} else {
		putchar('\n');
		print_head(demo, DEMO_BLOCKS, stdout);
		screen_print(&demo->screen, stdout);
	}
	putchar('\n');
	if (status == EXIT_INTERRUPTED) {
		printf("Interrupted. What was measured is in %s\n", dir);
		return;
	}
	demo_print_why(&demo->screen);
	demo_print_chart(dir);
	puts("Next:  make run-all   (all experiments, with a report; about 5 minutes)");
}

static int measure(struct demo *demo, uint64_t seed)
{
	char *dir = session_standard_dir(seed), error[512] = "";
	struct experiment experiment;
	demo_experiment(&experiment, demo->screen.workers);
	struct session session = {
		.plan = &demo->plan,
		.dir = dir,
		.command = "gilbench demo",
		.experiments = &experiment,
		.experiment_count = 1,
		.driver = {.on_sample = on_sample, .hook_context = demo, .is_first_in_order = true},
	};
	if (demo->is_live)
		draw(demo, 0);
	int status = session_run(&session, error, sizeof(error));
	if (status == EXIT_USAGE)
		die_usage("%s", error);
	if (error[0] != '\0')
		log_warn("%s", error);
	session_link_latest(dir);
	print_end(demo, dir, status);
	session_release(&session);
	experiment_release(&experiment);
	free(dir);
	return status;
}

static int run_demo(int argc, char **argv)
{
	const struct argp argp = {.doc = "The classroom half-minute: CPU-bound beside I/O-bound work under "
					 "five models, at most 45 s."};
	struct demo demo = {0};
	char error[300];
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, NULL);
	/* Progress has its own form here. */
	log_set_quiet(true);
	driver_catch_signals();
	double iterations_per_s = learn_speed(error, sizeof(error));
	if (iterations_per_s <= 0) {
		if (error[0] != '\0')
			log_warn("%s", error);
		return driver_is_stopped() ? EXIT_INTERRUPTED : EXIT_MEASUREMENT;
	}
	uint64_t seed = (uint64_t)time(NULL);
	demo_start(&demo, seed, iterations_per_s);
	int status = measure(&demo, seed);
	free(demo.samples);
	plan_release(&demo.plan);
	return status;
}

const struct command command_demo = {
	.name = "demo",
	.arguments = "",
	.summary = "the classroom half-minute: the same second of work, computing and waiting, under five "
		   "models",
	.rank = 1,
	.run = run_demo,
};
