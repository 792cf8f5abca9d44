/*
 * compress: zlib's deflate of one block of text, as zlib.compress: native code, lock released. Under `gil` it
 * scales with the cores like threads do; on a loop it blocks every other task until it is done, and `uv-pool`
 * mends that.
 *
 * Proof: the block is compressed again by the one-call interface, and what comes out must uncompress to the
 * block. Operations cycle through 16 blocks of one shared text.
 */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include <gilbench/workload.h>

#define BLOCKS      16
#define BLOCK_SHIFT 64 /* bytes from the start of one block to that of the next */

enum { BYTES, LEVEL };
static const struct param params[] = {
	[BYTES] = {"bytes", 65536, 1, 1 << 28, NULL, "length of one block"},
	[LEVEL] = {"level", 6, 1, 9, NULL, "zlib's level: 1 fast, 9 small"},
	{0},
};

struct packing {
	z_stream stream; /* reset for each block, so that no operation allocates */
	unsigned char *out;
	uLong out_bytes;
};

static size_t shared_bytes(const struct job *job)
{
	return (size_t)job->param[BYTES] + BLOCKS * BLOCK_SHIFT;
}

static unsigned char *block_of(const struct job *job, uint64_t op)
{
	return (unsigned char *)job->shared + op % BLOCKS * BLOCK_SHIFT;
}

/* Words of a small vocabulary: compresses about as well as prose. */
static int setup(struct job *job)
{
	static const char *const words[] = {"lock ",  "thread ",   "waits ",  "and ",    "the ", "process ",
					    "of ",    "which ",    "holds ",  "switch ", "a ",   "core\n",
					    "until ", "interval ", "signal ", "runs "};
	char *text = job->shared;
	for (size_t at = 0, i = 0, bytes = shared_bytes(job); at < bytes; i++) {
		const char *word = words[job_random(job, i, 0) % 16];
		size_t length = strlen(word), room = bytes - at;
		memcpy(text + at, word, length < room ? length : room);
		at += length;
	}
	return 0;
}

static int task_setup(struct task *t)
{
	struct packing *p = t->state;
	p->out = malloc(compressBound((uLong)t->job->param[BYTES]));
	if (p->out == NULL || deflateInit(&p->stream, (int)t->job->param[LEVEL]) != Z_OK)
		return job_fail(t->job, "there is no memory to compress in");
	return 0;
}

static void pack(struct task *t)
{
	struct packing *p = t->state;
	uLong bytes = (uLong)t->job->param[BYTES];
	deflateReset(&p->stream);
	p->stream.next_in = block_of(t->job, t->op);
	p->stream.avail_in = (uInt)bytes;
	p->stream.next_out = p->out;
	p->stream.avail_out = (uInt)compressBound(bytes);
	deflate(&p->stream, Z_FINISH);
	p->out_bytes = p->stream.total_out;
}

static enum step step(struct task *t)
{
	struct packing *p = t->state;
	if (t->phase++ == 0)
		return task_call(t, pack, CALL_CPU);
	task_result(t, crc32(p->out_bytes, p->out, (uInt)p->out_bytes));
	return STEP_DONE;
}

/* 0, which no compressed block gives, when the round trip fails. */
static uint64_t value(const struct job *job, uint64_t op)
{
	uLong bytes = (uLong)job->param[BYTES], packed_bytes = compressBound(bytes), back_bytes = bytes;
	unsigned char *packed = malloc(packed_bytes), *back = malloc(bytes);
	uint64_t result = 0;
	if (packed != NULL && back != NULL &&
	    compress2(packed, &packed_bytes, block_of(job, op), bytes, (int)job->param[LEVEL]) == Z_OK &&
	    uncompress(back, &back_bytes, packed, packed_bytes) == Z_OK && back_bytes == bytes &&
	    memcmp(back, block_of(job, op), bytes) == 0)
		result = crc32(packed_bytes, packed, (uInt)packed_bytes);
	free(packed);
	free(back);
	return result;
}

static void task_teardown(struct task *t)
{
	struct packing *p = t->state;
	deflateEnd(&p->stream);
	free(p->out);
}

WORKLOAD(compress) = {
	.name = "compress",
	.summary = "zlib's deflate of text: lock released",
	.class = WORK_CPU,
	.has_call = true,
	.period = BLOCKS,
	.params = params,
	.task_bytes = sizeof(struct packing),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.task_teardown = task_teardown,
};
