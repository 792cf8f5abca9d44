/*
 * winner: which of several models is ahead at one place. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_WINNER_H
#define GILBENCH_REPORT_WINNER_H

#include <stdbool.h>

#include <gilbench/stats.h>

/* Most models that are compared; more could not be told apart in a picture. */
#define CONTESTANTS_MAX 16

/* A model at its best number of workers. */
struct contestant {
	const char *model; /* "gil*8" */
	int processes, workers;
	int rank; /* model_simplicity: the last thing that tells the simpler of two */
	struct interval per_s;
};

struct contest {
	struct contestant contestant[CONTESTANTS_MAX];
	int count;
};

struct contest_result {
	int winner; /* -1: nobody took part */
	/* Of the fastest over the next one; mid NAN where there was no other. */
	struct interval lead;
	int tied; /* others that cannot be told from the fastest; the winner is then the simplest of all these */
	int partner; /* one of them that is not the winner; -1: none */
};

/* One more row of `model`: kept where it is the model's fastest, or, within `error` of it, needs fewer workers. Dropped
 * when there are too many models. */
void contest_add(struct contest *, const struct contestant *, double error);
/* `error`: how far the numbers may be off (0.05 is 5 %), whatever their intervals say. */
struct contest_result contest_judge(const struct contest *, double error);
/* Of the models that are in both: does one of them have the fastest of the other at least in a tie for the lead? True
 * where they have none in common. */
bool contests_agree(const struct contest *, double error, const struct contest *other, double other_error);

#endif
