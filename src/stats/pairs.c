/*
 * pairs: see pairs.h.
 *
 * Both sides of a ratio come from the same block, so what drifts slowly (clock, temperature, neighbours)
 * cancels. A block in which one side is missing gives no pair.
 */
#include <math.h>
#include <string.h>

#include "stats/pairs.h"

bool is_baseline(const struct cell *cell)
{
	return strcmp(cell->model, "seq") == 0;
}

const struct sample *sample_of_block(const struct sample *const *samples, size_t count, unsigned block)
{
	for (size_t i = 0; i < count; i++)
		if (samples[i]->block == block && samples[i]->status == SAMPLE_OK)
			return samples[i];
	return NULL;
}

double role_throughput(const struct sample *sample, int role)
{
	if (sample == NULL || sample->status != SAMPLE_OK || role >= sample->role_count)
		return NAN;
	return sample->role[role].throughput_per_s;
}

void throughput_pairs(const struct sample *const *samples, size_t count, const struct sample *const *others,
		      size_t other_count, int role, double *a, double *b)
{
	for (size_t i = 0; i < count; i++) {
		a[i] = role_throughput(samples[i], role);
		b[i] = role_throughput(sample_of_block(others, other_count, samples[i]->block), role);
	}
}
