/*
 * predict: a request to a prediction. See predict.h.
 *
 * Cells are simulated side by side, each by one thread, and lie in the order of the request whichever was done first.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/pool.h>
#include <gilbench/util.h>

#include "predict/parts.h"
#include "report/text.h"

/* Six replicates are the least that have an interval. At 24 the most restless cells, tasks that hardly meet and wait for
 * exp(), know their throughput to some 3 % (the full width), and a default prediction takes a second. */
static const struct effort cell_effort = {
	.precision = 0.03, .ops = 2000, .events = 100000, .turns = 10, .least = STATS_LEAST, .most = 24};

/* Columns of everything that is printed. */
#define PAGE_COLUMNS 100

static void simulate(void *context, size_t index)
{
	struct prediction *p = context;
	point_simulate(p->request, p->request->cast, &cell_effort, &p->points[index]);
	size_t done = atomic_fetch_add(&p->done, 1) + 1;
	if (p->request->progress != NULL && pthread_equal(p->caller, pthread_self()))
		p->request->progress(done, p->count);
}

/* All samples in one array, for summarise(): copies that share what the points own. */
static void collect(struct prediction *p)
{
	size_t count = 0;
	for (size_t i = 0; i < p->count; i++)
		count += p->points[i].count;
	p->samples = xcalloc(count + 1, sizeof(*p->samples));
	count = 0;
	for (size_t i = 0; i < p->count; i++)
		for (unsigned k = 0; k < p->points[i].count; k++)
			p->samples[count++] = p->points[i].samples[k];
	summarise(p->samples, count, STATS_LEAST, &p->summary);
}

/* Rows of one cell are its roles, in the order of their names. */
const struct summary_row *prediction_row(const struct prediction *p, const struct point *point,
					 const char *role)
{
	for (size_t i = 0; i < p->summary.count; i++)
		if (cell_equal(&p->summary.rows[i].cell, &point->cell) &&
		    strcmp(p->summary.rows[i].role, role) == 0)
			return &p->summary.rows[i];
	return NULL;
}

static void read_row(const struct prediction *p, struct point *point)
{
	point->row = prediction_row(p, point, p->request->cast->role[0].name);
	if (point->row == NULL)
		return;
	point->per_s = point->row->throughput_per_s;
	point->p99_s = point->row->lat_p99_s;
}

static bool has_model(const struct predict_request *r, const struct model *model)
{
	for (size_t i = 0; r->models[i] != NULL; i++)
		if (r->models[i] == model)
			return true;
	return false;
}

/* The first cell that could not be simulated, as the program's error: half a table is none. */
static int check(const struct prediction *p, char *error, size_t error_bytes)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->points[i].error[0] != '\0') {
			snprintf(error, error_bytes, "%s with %d workers: %s", p->points[i].cell.model,
				 p->points[i].cell.workers, p->points[i].error);
			return -1;
		}
	return 0;
}

int predict_make(const struct predict_request *r, struct prediction **made, char *error, size_t error_bytes)
{
	struct prediction *p = xcalloc(1, sizeof(*p));
	p->request = r;
	p->caller = pthread_self();
	if (points_list(r, &p->points, &p->count, error, error_bytes) != 0) {
		free(p);
		return -1;
	}
	if (p->count > 0 && p->points[0].model->is_single)
		p->alone = &p->points[0];
	p->has_alone = p->alone != NULL && has_model(r, p->alone->model);
	pool_run(simulate, p, p->count, r->threads);
	if (check(p, error, error_bytes) != 0) {
		predict_release(p);
		return -1;
	}
	collect(p);
	for (size_t i = 0; i < p->count; i++)
		read_row(p, &p->points[i]);
	*made = p;
	return 0;
}

void predict_release(struct prediction *p)
{
	for (size_t i = 0; i < p->count; i++)
		point_release(&p->points[i]);
	free(p->points);
	free(p->samples);
	summary_release(&p->summary);
	free(p);
}

char *predict_csv(const struct prediction *p)
{
	return summary_csv(&p->summary);
}

void page_put(FILE *to, const char *text)
{
	char *wrapped = text_wrap(text, PAGE_COLUMNS, 20);
	fprintf(to, "%s\n", wrapped);
	free(wrapped);
}

void predict_print(const struct prediction *p, FILE *to)
{
	struct flip *flips = xcalloc(FLIPS_MAX, sizeof(*flips));
	struct choice choice;
	int flip_count = 0;
	const struct point *first = p->points + (p->alone != NULL && !p->has_alone);
	choose(first, p->count - (size_t)(first - p->points), p->request, &choice);
	if (choice.winner != NULL)
		flip_count = flips_find(p, &choice, flips);
	table_print(p, to);
	picture_print(p, to);
	limits_print(p, to);
	char *sentence = sentence_text(p, &choice, flips, flip_count), *trust = trust_text(p->request);
	fputs("\n", to);
	page_put(to, sentence);
	/* One line, however long: the last one is where it is looked for. */
	fprintf(to, "\n%s\n", trust);
	free(sentence);
	free(trust);
	free(flips);
}
