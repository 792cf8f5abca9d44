/*
 * sample: names and memory of samples. See sample.h.
 */
#include <stdlib.h>

#include <gilbench/sample.h>

const char *sample_status_name(enum sample_status status)
{
	static const char *const names[] = {"ok", "wrong", "crashed", "timeout", "unsupported"};
	return names[status];
}

void sample_release(struct sample *sample)
{
	for (int i = 0; i < sample->role_count; i++) {
		free(sample->role[i].latency);
		sample->role[i].latency = NULL;
	}
}
