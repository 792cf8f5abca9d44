/*
 * hash: SHA-256 of one block through libcrypto's incremental interface, as hashlib does. CPython drops the
 * lock around an update of 2048 bytes and more, and keeps it below, where dropping would cost more than
 * hashing. So under `gil` large blocks scale with the cores, small ones do not; on a loop the call blocks the
 * other tasks, and `uv-pool` takes it elsewhere.
 *
 * Proof: the same block through the one-shot function. Operations cycle through 16 blocks of one shared
 * buffer.
 */
#include <string.h>

#include <openssl/evp.h>

#include <gilbench/workload.h>

/* HASHLIB_GIL_MINSIZE of CPython: from here on the lock is released. */
#define RELEASE_BYTES 2048
/* Blocks start a cache line apart. */
#define BLOCKS     16
#define LINE_BYTES 64

enum { BYTES };
static const struct param params[] = {
	[BYTES] = {"bytes", 1 << 20, 1, 1 << 30, NULL, "length of one block"},
	{0},
};

struct hashing {
	EVP_MD *algorithm; /* each task's own, so that tasks do not share its reference count */
	EVP_MD_CTX *context;
};

static size_t shared_bytes(const struct job *job)
{
	return (size_t)job->param[BYTES] + BLOCKS * LINE_BYTES;
}

static const unsigned char *block_of(const struct job *job, uint64_t op)
{
	return (const unsigned char *)job->shared + op % BLOCKS * LINE_BYTES;
}

static int setup(struct job *job)
{
	uint64_t *words = job->shared;
	for (size_t i = 0; i < shared_bytes(job) / sizeof(*words); i++)
		words[i] = job_random(job, i, 0);
	return 0;
}

static int task_setup(struct task *t)
{
	struct hashing *h = t->state;
	h->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->context = EVP_MD_CTX_new();
	if (h->algorithm == NULL || h->context == NULL)
		return job_fail(t->job, "libcrypto offers no SHA-256");
	return 0;
}

static void update(struct task *t)
{
	struct hashing *h = t->state;
	EVP_DigestUpdate(h->context, block_of(t->job, t->op), (size_t)t->job->param[BYTES]);
}

static uint64_t digest_value(const unsigned char *digest)
{
	uint64_t first_bytes;
	memcpy(&first_bytes, digest, sizeof(first_bytes));
	return first_bytes;
}

static enum step step(struct task *t)
{
	struct hashing *h = t->state;
	unsigned char digest[EVP_MAX_MD_SIZE];
	if (t->phase++ == 0) {
		EVP_DigestInit_ex(h->context, h->algorithm, NULL);
		if (t->job->param[BYTES] >= RELEASE_BYTES)
			return task_call(t, update, CALL_CPU);
		update(t);
	}
	EVP_DigestFinal_ex(h->context, digest, NULL);
	task_result(t, digest_value(digest));
	return STEP_DONE;
}

static uint64_t value(const struct job *job, uint64_t op)
{
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};
	EVP_Digest(block_of(job, op), (size_t)job->param[BYTES], digest, NULL, EVP_sha256(), NULL);
	return digest_value(digest);
}

static void task_teardown(struct task *t)
{
	struct hashing *h = t->state;
	EVP_MD_CTX_free(h->context);
	EVP_MD_free(h->algorithm);
}

WORKLOAD(hash) = {
	.name = "hash",
	.summary = "SHA-256 as hashlib: lock released from 2048 bytes on",
	.class = WORK_CPU,
	.has_call = true,
	.period = BLOCKS,
	.params = params,
	.task_bytes = sizeof(struct hashing),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
