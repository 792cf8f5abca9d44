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

/* The pointers, not what they point to. */
static void forget_owned(struct role_sample *role)
{
	role->latency = role->wait = NULL;
	role->worker = NULL;
	role->worker_count = 0;
}

void sample_release(struct sample *sample)
{
	for (int i = 0; i < sample->role_count; i++) {
		free(sample->role[i].latency);
		free(sample->role[i].wait);
		free(sample->role[i].worker);
		forget_owned(&sample->role[i]);
	}
}

struct sample sample_bare(const struct sample *sample)
{
	struct sample bare = *sample;
	for (int i = 0; i < bare.role_count; i++)
		forget_owned(&bare.role[i]);
	return bare;
}
