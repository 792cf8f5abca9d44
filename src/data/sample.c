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
		struct role_sample *role = &sample->role[i];
		free(role->latency);
		free(role->wait);
		free(role->worker);
		role->latency = role->wait = NULL;
		role->worker = NULL;
		role->worker_count = 0;
	}
}
