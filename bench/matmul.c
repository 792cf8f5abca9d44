/*
 * matmul: the product of two dense matrices in native code with the lock released, as numpy's `a @ b`. Under
 * `gil` it scales with the cores; on a loop it blocks the other tasks, and `uv-pool` mends that.
 *
 * Proof (Freivalds): the operation contributes x'(AB)y for random x and y; value() finds it as (x'A)(By),
 * without the product. Entries are small integers, so doubles are exact and the two agree to the last bit.
 */
#include <stdlib.h>

#include <gilbench/workload.h>

/* B's rows start at row i % 16 of a longer matrix: 16 different products. */
#define PRODUCTS 16
/* Entries from 0 to 255. */
#define ENTRY_MASK 255

enum { SIZE };
static const struct param params[] = {
	[SIZE] = {"size", 128, 1, 4096, NULL, "rows and columns of each matrix"},
	{0},
};

/* In job->shared: A (size x size), then the rows that B is cut from. */
static size_t size_of(const struct job *job)
{
	return (size_t)job->param[SIZE];
}

static size_t shared_bytes(const struct job *job)
{
	return (2 * size_of(job) + PRODUCTS) * size_of(job) * sizeof(double);
}

static const double *matrix_b(const struct job *job, uint64_t op)
{
	return (const double *)job->shared + (size_of(job) + op % PRODUCTS) * size_of(job);
}

static int setup(struct job *job)
{
	double *entries = job->shared;
	for (size_t i = 0; i < shared_bytes(job) / sizeof(*entries); i++)
		entries[i] = (double)(job_random(job, i, 0) & ENTRY_MASK);
	return 0;
}

struct product {
	double *c;
	uint64_t result;
};

static int task_setup(struct task *t)
{
	struct product *p = t->state;
	p->c = malloc(size_of(t->job) * size_of(t->job) * sizeof(double));
	return p->c != NULL ? 0 : job_fail(t->job, "there is no memory for the product");
}

static uint64_t x_of(size_t row)
{
	return 2 * row + 1;
}

static uint64_t y_of(size_t column)
{
	return (column + 1) * 0x9E3779B97F4A7C15u;
}

static void multiply(struct task *t)
{
	struct product *p = t->state;
	size_t n = size_of(t->job);
	const double *a = t->job->shared, *b = matrix_b(t->job, t->op);
	p->result = 0;
	for (size_t row = 0; row < n; row++) {
		double *c = p->c + row * n;
		for (size_t column = 0; column < n; column++)
			c[column] = 0;
		for (size_t k = 0; k < n; k++)
			for (size_t column = 0; column < n; column++)
				c[column] += a[row * n + k] * b[k * n + column];
		for (size_t column = 0; column < n; column++)
			p->result += x_of(row) * (uint64_t)c[column] * y_of(column);
	}
}

static enum step step(struct task *t)
{
	struct product *p = t->state;
	if (t->phase++ == 0)
		return task_call(t, multiply, CALL_CPU);
	task_result(t, p->result);
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	size_t n = size_of(job);
	const double *a = job->shared, *b = matrix_b(job, op);
	uint64_t result = 0;
	for (size_t k = 0; k < n; k++) {
		uint64_t xa = 0, by = 0;
		for (size_t i = 0; i < n; i++) {
			xa += x_of(i) * (uint64_t)a[i * n + k];
			by += (uint64_t)b[k * n + i] * y_of(i);
		}
		result += xa * by;
	}
	return result;
}

static void task_teardown(struct task *t)
{
	struct product *p = t->state;
	free(p->c);
}

WORKLOAD(matmul) = {
	.name = "matmul",
	.summary = "dense matrix product as numpy's: lock released",
	.class = WORK_CPU,
	.has_call = true,
	.period = PRODUCTS,
	.params = params,
	.task_bytes = sizeof(struct product),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
