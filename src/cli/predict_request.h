/*
 * predict_request: what the options of `predict` come to. Layer 5. A wrong one ends the program with one sentence and
 * status 2.
 */
#ifndef GILBENCH_CLI_PREDICT_REQUEST_H
#define GILBENCH_CLI_PREDICT_REQUEST_H

#include <stdbool.h>

#include <gilbench/numlist.h>
#include <gilbench/predict.h>

/* As typed; NULL where nothing was said. */
struct predict_options {
	struct profile_cast cast;
	const char *workload; /* instead of profiles: recorded first */
	char *workload_params;
	const char *models, *policies, *workers;
	int cores; /* 0: this machine's */
	double rate_per_s;
	bool is_regular;
	double window_s;
	struct costs costs;
	uint64_t seed;
	struct predict_goal goal;
	bool is_csv;
	const char *chart, *dir;
	/* predict_request.c's own: what the request points to. */
	char *title, *work, *params;
	int worker_list[NUMLIST_MAX];
};

void predict_options_standard(struct predict_options *);
/* Records the workload first, if one was named, which takes some seconds and is measured. */
void predict_options_resolve(struct predict_options *, struct predict_request *);
void predict_options_release(struct predict_options *, struct predict_request *);

#endif
