/*
 * sort: native code that KEEPS the lock, as list.sort does: it touches Python objects all the way, so it
 * cannot let go, and it makes no checkpoint, so under `gil` a request to drop goes unheard until the sort is
 * done. Fast as C, and yet it scales like spin. On a loop it blocks the other tasks.
 *
 * Proof: keys have 16 bits, so counting sort finds the same order another way. Operations cycle through 16
 * lists.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/workload.h>

#define KEY_COUNT 65536
/* List i starts at item i % 16 of one shared list. */
#define LISTS 16

enum { ITEMS };
static const struct param params[] = {
	[ITEMS] = {"items", 20000, 1, 1e8, NULL, "length of the list"},
	{0},
};

struct sorting {
	uint32_t *items;
};

static size_t shared_bytes(const struct job *job)
{
	return ((size_t)job->param[ITEMS] + LISTS) * sizeof(uint32_t);
}

static const uint32_t *list_of(const struct job *job, uint64_t op)
{
	return (const uint32_t *)job->shared + op % LISTS;
}

static int setup(struct job *job)
{
	uint32_t *items = job->shared;
	for (size_t i = 0; i < shared_bytes(job) / sizeof(*items); i++)
		items[i] = (uint32_t)(job_random(job, i, 0) % KEY_COUNT);
	return 0;
}

static int task_setup(struct task *t)
{
	struct sorting *s = t->state;
	s->items = malloc((size_t)t->job->param[ITEMS] * sizeof(uint32_t));
	return s->items != NULL ? 0 : job_fail(t->job, "there is no memory for the list");
}

static int compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

static enum step step(struct task *t)
{
	struct sorting *s = t->state;
	size_t count = (size_t)t->job->param[ITEMS];
	memcpy(s->items, list_of(t->job, t->op), count * sizeof(uint32_t));
	qsort(s->items, count, sizeof(uint32_t), compare);
	uint64_t result = 0;
	for (size_t place = 0; place < count; place++)
		result += (place + 1) * s->items[place];
	task_result(t, result);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	size_t place = 0;
	uint64_t result = 0, *counts = calloc(KEY_COUNT, sizeof(*counts));
	if (counts == NULL)
		return 0;
	for (size_t i = 0; i < (size_t)job->param[ITEMS]; i++)
		counts[list_of(job, op)[i]]++;
	for (uint64_t key = 0; key < KEY_COUNT; key++)
		for (; counts[key] > 0; counts[key]--)
			result += ++place * key;
	free(counts);
	return result;
}

static void task_teardown(struct task *t)
{
	struct sorting *s = t->state;
	free(s->items);
}

WORKLOAD(sort) = {
	.name = "sort",
	.summary = "native sort as list.sort: lock kept",
	.class = WORK_CPU,
	.period = LISTS,
	.params = params,
	.task_bytes = sizeof(struct sorting),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
