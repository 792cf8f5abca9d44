/*
 * files: writes a file, flushes it to the disk (fsync), reads it back. Each is a call that blocks, so the
 * lock is released around it, three times per operation, and tasks overlap their waits for the disk under
 * `gil` too. A loop cannot poll a file: there each call blocks all tasks, which is why asyncio programs hand
 * files to a pool
 * (`uv-pool`). The disk is shared: it may serve one flush at a time, whatever the model. Reading back comes
 * from the page cache.
 *
 * Proof: the checksum of what was read back against that of the block. Operations cycle through 16 blocks.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include <gilbench/workload.h>

#define BLOCKS      16
#define BLOCK_SHIFT 64 /* bytes from the start of one block to that of the next */

enum { BYTES };
static const struct param params[] = {
	[BYTES] = {"bytes", 65536, 1, 1 << 28, NULL, "length of the file"},
	{0},
};

/* In job->shared, before the blocks: the first error of any task, for the sentence in check. */
struct shared {
	_Atomic int error;
	unsigned char blocks[];
};

struct file {
	int fd;
	unsigned char *back;
};

static size_t shared_bytes(const struct job *job)
{
	return sizeof(struct shared) + (size_t)job->param[BYTES] + BLOCKS * BLOCK_SHIFT;
}

static const unsigned char *block_of(const struct job *job, uint64_t op)
{
	const struct shared *shared = job->shared;
	return shared->blocks + op % BLOCKS * BLOCK_SHIFT;
}

static int setup(struct job *job)
{
	struct shared *shared = job->shared;
	for (size_t i = 0; i < (size_t)job->param[BYTES] + BLOCKS * BLOCK_SHIFT; i++)
		shared->blocks[i] = (unsigned char)job_random(job, i, 0);
	return 0;
}

static int task_setup(struct task *t)
{
	struct file *f = t->state;
	char path[4096];
	snprintf(path, sizeof(path), "%s/task-%d", t->job->scratch, t->index);
	f->fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	f->back = malloc((size_t)t->job->param[BYTES]);
	if (f->fd < 0 || f->back == NULL)
		return job_fail(t->job, "cannot make %s: %s", path, strerror(errno));
	return 0;
}

static void keep_error(struct task *t, int error)
{
	struct shared *shared = t->job->shared;
	int none = 0;
	atomic_compare_exchange_strong(&shared->error, &none, error);
}

static void write_block(struct task *t)
{
	struct file *f = t->state;
	size_t bytes = (size_t)t->job->param[BYTES];
	ssize_t written = pwrite(f->fd, block_of(t->job, t->op), bytes, 0);
	if (written != (ssize_t)bytes)
		keep_error(t, written < 0 ? errno : ENOSPC);
}

static void flush(struct task *t)
{
	struct file *f = t->state;
	if (fsync(f->fd) != 0)
		keep_error(t, errno);
}

static void read_back(struct task *t)
{
	struct file *f = t->state;
	if (pread(f->fd, f->back, (size_t)t->job->param[BYTES], 0) < 0)
		keep_error(t, errno);
}

static enum step step(struct task *t)
{
	struct file *f = t->state;
	switch (t->phase++) {
	case 0:
		return task_call(t, write_block, CALL_WAIT);
	case 1:
		return task_call(t, flush, CALL_WAIT);
	case 2:
		return task_call(t, read_back, CALL_WAIT);
	default:
		task_result(t, crc32(0, f->back, (uInt)t->job->param[BYTES]));
		return STEP_DONE;
	}
}

static uint64_t value(const struct job *job, uint64_t op)
{
	return crc32(0, block_of(job, op), (uInt)job->param[BYTES]);
}

static int check(struct job *job, uint64_t done)
{
	struct shared *shared = job->shared;
	(void)done;
	if (shared->error != 0)
		return job_fail(job, "a file could not be written and read back: %s",
				strerror(shared->error));
	return 0;
}

static void task_teardown(struct task *t)
{
	struct file *f = t->state;
	close(f->fd);
	free(f->back);
}

WORKLOAD(files) = {
	.name = "files",
	.summary = "write, fsync, read back: calls that block",
	.class = WORK_WAIT,
	.has_call = true,
	.period = BLOCKS,
	.params = params,
	.task_bytes = sizeof(struct file),
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task_setup = task_setup,
	.step = step,
	.value = value,
	.check = check,
	.task_teardown = task_teardown,
};
