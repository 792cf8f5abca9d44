/*
 * workload: what one operation does, written once and run under every model. Layer 2; all that
 * bench/NAME.c includes of ours.
 *
 * A workload is one file that defines one `const struct workload` with WORKLOAD(NAME). Its `step` runs
 * until it must wait, never blocks, and says what it wants next; the model decides what that means (see
 * enum step).
 *
 *	#include <gilbench/workload.h>
 *
 *	enum { MS };
 *	static const struct param params[] = {
 *		[MS] = {"ms", 5, 0.001, 60000, NULL, "length of one wait, milliseconds"},
 *		{0},
 *	};
 *
 *	static enum step step(struct task *t)
 *	{
 *		if (t->phase++ == 0)
 *			return task_sleep(t, (uint64_t)(t->job->param[MS] * 1e6));
 *		task_result(t, t->op);
 *		return STEP_DONE;
 *	}
 *
 *	static uint64_t value(const struct job *job, uint64_t op) { (void)job; return op; }
 *
 *	WORKLOAD(nap) = {
 *		.name = "nap", .summary = "one pure wait", .class = WORK_WAIT,
 *		.params = params, .step = step, .value = value,
 *	};
 *
 * Order of calls in one cell:  setup (once, parent) -> task_setup (each task, inside it, after any fork,
 * before the gun) -> step ... -> task_teardown (each task) -> check (parent, after the clock has
 * stopped) -> teardown (parent).
 */
#ifndef GILBENCH_WORKLOAD_H
#define GILBENCH_WORKLOAD_H

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/clock.h>
#include <gilbench/param.h>

/* What `step` wants next. Every return from step is also a checkpoint. */
enum step {
	STEP_DONE,  /* one operation finished */
	STEP_WAIT,  /* for t->wait: a descriptor and/or a deadline, whichever first, or an event; t->woke says
		       which */
	STEP_CALL,  /* run t->call.fn without the lock */
	STEP_YIELD, /* let another go */
	STEP_END,   /* this task has no more */
};

/* Why a STEP_WAIT ended: bits. At the cell's stop every wait ends with WAKE_STOP; step is then called no
 * more. */
enum wake { WAKE_FD = 1, WAKE_DEADLINE = 2, WAKE_EVENT = 4, WAKE_STOP = 8 };

/* What a native call spends: processor time, or waiting in the kernel. */
enum call_time { CALL_CPU, CALL_WAIT };

/* A time that was not said. */
#define NOT_SAID UINT64_MAX

struct task;
struct job;

/* A counting semaphore that tasks wait for with STEP_WAIT. Lies in job->shared (task_event_init in setup).
 * Threads and processes use `sem` (process-shared); the loop uses `count` and the queue. */
struct task_event {
	sem_t sem;
	unsigned count;
	struct task *first, *last; /* waiting tasks in order of arrival, on the loop only */
};

/* A critical section's lock. Lies in job->shared (task_mutex_init in setup). */
struct task_mutex {
	pthread_mutex_t mutex;
};

struct task_wait {
	int fd;               /* -1: no descriptor */
	short events;         /* POLLIN, POLLOUT */
	uint64_t deadline_ns; /* clock_now_ns() time; 0: no deadline */
	struct task_event *event;
};

struct task_call {
	void (*fn)(struct task *); /* may use t->state, t->job, t->op; never task_lock, task_checkpoint */
	enum call_time time;
	/* -1, or the descriptor that fn blocks on. A loop polls it first. Elsewhere fn is called at once and blocks
	 * in one system call; at the cell's stop a signal ends that with EINTR, and fn returns. */
	int fd;
	short events;
};

/* What a model supplies behind the inline verbs below. */
struct task_ops {
	void (*eval_break)(struct task *, unsigned ticks); /* task_checkpoint when the breaker is raised */
	void (*lock)(struct task *, struct task_mutex *);
	void (*unlock)(struct task *, struct task_mutex *);
	void (*signal)(struct task *, struct task_event *);
	void (*release)(struct task *); /* NULL: there is no lock to let go */
};

/* One concurrent activity of one role, as its workload sees it. Only the task itself touches it while it
 * runs. */
struct task {
	struct job *job;
	int index;      /* 0 .. job->tasks - 1 */
	uint64_t op;    /* the operation being performed: claimed from the role's counter, 0, 1, 2 ... */
	unsigned phase; /* 0 when an operation begins; the workload's own after that */
	unsigned woke;  /* enum wake bits of the last STEP_WAIT */
	void *state;    /* task_bytes bytes, zeroed before task_setup */

	struct task_wait wait; /* set by step before STEP_WAIT; reset by the model before each step */
	struct task_call call; /* set by step before STEP_CALL */
	uint64_t latency_ns;   /* see task_latency; NOT_SAID when an operation begins */

	/* The model's side. */
	uint64_t sum;                    /* results so far, weighted by operation: see task_result */
	const _Atomic uint32_t *breaker; /* not 0: eval_break wants to hear of the next checkpoint */
	const struct task_ops *ops;
};

/* One role of one cell: a workload with its parameters and memory. */
struct job {
	const struct workload *workload;
	const double *param; /* values in the order of workload->params */
	int tasks;
	uint64_t ops;      /* operations in all; 0: a window, as many as fit */
	double rate_per_s; /* open loop: operations that are due per second, all tasks together; 0: closed loop */
	uint64_t seed;     /* the cell's seed: the same under every model of one block */
	void *shared; /* shared_bytes(job) bytes, zeroed, the same memory for all tasks under every model */
	void *state;  /* the workload's own, set in setup; private to each process after a fork */
	const char *scratch; /* an empty folder of this cell, removed afterwards */
	bool has_processes;  /* tasks are processes */
	uint64_t lost_ops;   /* set by check where an answer is expected to be wrong */
	bool is_refused;     /* by job_refuse */
	char error[256];     /* job_fail's sentence */
	void *harness;       /* the engine's own */
};

/* What kind of work: decides default worker lists and how charts speak of it. */
enum work_class {
	WORK_CPU,    /* interpreted or native computing */
	WORK_WAIT,   /* waiting */
	WORK_MIXED,  /* some of both */
	WORK_NOTHING /* the harness itself */
};

/* What a workload needs of a model. */
enum { NEEDS_TWO_TASKS = 1 };

struct workload {
	const char *name;    /* the file's name; the registry refuses another */
	const char *summary; /* one line */
	enum work_class class;
	bool is_stand_in; /* compiled work that stands for interpreted code */
	bool has_call;    /* an operation makes a native call (STEP_CALL): uv-pool differs from uv */
	bool has_client; /* companions perform the operations that count (companion_done), one client per task */
	unsigned needs;  /* NEEDS_... bits */
	unsigned period; /* value(op) == value(op % period), so that check computes it only `period` times; 0:
			    no */
	const struct param *params;
	size_t task_bytes;

	size_t (*shared_bytes)(const struct job *);
	int (*setup)(struct job *);       /* 0, or job_fail(...) */
	int (*task_setup)(struct task *); /* 0, or job_fail(...) */
	enum step (*step)(struct task *); /* required */
	/* What operation `op` must contribute through task_result; called after the clock has stopped.
	 * Required: the model adds it up over the operations done and compares. Compute it another way than
	 * step did where you can. */
	uint64_t (*value)(const struct job *, uint64_t op);
	/* More to prove (a counter's final value, files on disk): 0, or job_fail(...). `done` operations were
	 * done. */
	int (*check)(struct job *, uint64_t done);
	void (*task_teardown)(struct task *);
	void (*teardown)(struct job *);
};

/* Defines the workload of this file. The symbol is workload_NAME, for `sleep`, `pipe` and more are libc's
 * names. */
#define WORKLOAD(NAME)                                \
	extern const struct workload workload_##NAME; \
	const struct workload workload_##NAME

/* ---- verbs for setup
 * ------------------------------------------------------------------------------------------- */

/* Write the sentence into job->error; returns -1, so that `return job_fail(job, "cannot ...")` reads well. */
int job_fail(struct job *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same where this machine cannot have such a cell, which is no failure: the sample is `unsupported`. Call from
 * setup only. */
int job_refuse(struct job *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * Start a helper process (a server, a client): `fn` runs in it, calls companion_ready() when the gun may be
 * fired, and returns or is killed at the end of the cell. It dies with the cell; its processor time is
 * reported as companion_cpu_s and counts in no metric. Call from setup only. Blocks until it is ready (at
 * most 10 s). 0, or job_fail.
 */
int job_companion(struct job *, void (*fn)(struct job *));
void companion_ready(struct job *);
/*
 * For companions that are clients (has_client), after companion_ready: sleep until the gun is fired. True: go;
 * false: the cell was called off. Then `start_ns` and `stop_ns` are when the cell began and when its window
 * ends (UINT64_MAX for a batch), in clock_now_ns() time.
 */
bool companion_await_gun(struct job *, uint64_t *start_ns, uint64_t *stop_ns);
/* For clients: the tasks have ended, and so must the client (its function returns). Looked at once per operation
 * and while it waits, at least every 50 ms. */
bool companion_is_over(struct job *);
/* For clients: sleep until then, in pieces. False: the cell is over. */
bool companion_sleep(struct job *, uint64_t until_ns);
/* The client of task `index` has finished an operation, which took so long. Call it within the window only. */
void companion_done(struct job *, int index, uint64_t latency_ns);
/* An open-loop operation was due and is not finished when the window ends: its age then. It is no operation
 * done, but its latency is at least that, and leaving it out would hide a server that has stalled. */
void companion_undone(struct job *, int index, uint64_t age_ns);
int task_event_init(struct job *, struct task_event *, unsigned count);
int task_mutex_init(struct job *, struct task_mutex *);
/* 64 random-looking bits that depend on the cell's seed, `a` and `b` alone: the same in every model. */
uint64_t job_random(const struct job *, uint64_t a, uint64_t b);
/* Exponentially distributed with the given mean, from job_random(job, a, b). */
double job_exponential(const struct job *, uint64_t a, uint64_t b, double mean);

/* ---- verbs for step
 * -------------------------------------------------------------------------------------------- */

/* Compiled work that stands for interpreted code calls this where an interpreter would look at its eval
 * breaker (loop back-edges, calls); `ticks` is for how many ticks it stands. Costs one load and one branch
 * while nothing is asked. */
static inline void task_checkpoint(struct task *t, unsigned ticks)
{
	/* Relaxed: the breaker is a hint; whoever raised it does so again or waits. The lock orders
	 * everything else. */
	if (__builtin_expect(atomic_load_explicit(t->breaker, memory_order_relaxed) != 0, 0))
		t->ops->eval_break(t, ticks);
}

/* Contribute this operation's value to the answer; once per operation, before STEP_DONE. Weighted by the
 * operation's number, so that an operation lost, done twice, or done as another shows; commutative, so that
 * order does not. */
static inline uint64_t result_weight(uint64_t op)
{
	return 2 * op + 1;
}

static inline void task_result(struct task *t, uint64_t value)
{
	t->sum += (value + 1) * result_weight(t->op);
}

static inline enum step task_wait_until(struct task *t, uint64_t deadline_ns)
{
	t->wait.deadline_ns = deadline_ns;
	return STEP_WAIT;
}

static inline enum step task_sleep(struct task *t, uint64_t length_ns)
{
	return task_wait_until(t, clock_now_ns() + length_ns);
}

static inline enum step task_wait_fd(struct task *t, int fd, short events)
{
	t->wait.fd = fd;
	t->wait.events = events;
	return STEP_WAIT;
}

static inline enum step task_wait_event(struct task *t, struct task_event *event)
{
	t->wait.event = event;
	return STEP_WAIT;
}

static inline enum step task_call(struct task *t, void (*fn)(struct task *), enum call_time time)
{
	t->call = (struct task_call){.fn = fn, .time = time, .fd = -1};
	return STEP_CALL;
}

/* This operation took so long, instead of from its begin to its end: for operations whose latency counts from
 * elsewhere (a time stamp that came with a message, the time at which it was due). Before STEP_DONE. */
static inline void task_latency(struct task *t, uint64_t latency_ns)
{
	t->latency_ns = latency_ns;
}

/* Let the simulated lock go and take it back at once, as native code does around a call that turns out to be
 * nothing. Does nothing without a lock. May block. */
static inline void task_release(struct task *t)
{
	if (t->ops->release != NULL)
		t->ops->release(t);
}

/* Wake one waiter of the event (or let the next one pass). Never blocks. */
static inline void task_signal(struct task *t, struct task_event *event)
{
	t->ops->signal(t, event);
}

/* A critical section between tasks of this role. Never held across a return from step, never inside a
 * STEP_CALL function; may be held around a checkpoint. May block (under `gil` it drops the simulated lock
 * first). */
static inline void task_lock(struct task *t, struct task_mutex *m)
{
	t->ops->lock(t, m);
}

static inline void task_unlock(struct task *t, struct task_mutex *m)
{
	t->ops->unlock(t, m);
}

/* ---- work that stands for interpreted code (src/data/stand_in.c) ------------------------------------- */

/* Knuth's MMIX generator; any odd pair would do. */
#define ARITHMETIC_FACTOR    6364136223846793005u
#define ARITHMETIC_INCREMENT 1442695040888963407u
/* Rounds in one turn of an interpreted loop: each waits for the last, 4 to 5 cycles a round, so about 50 ns. */
#define INTERPRETED_ROUNDS 45
/* Ticks that one turn stands for: of the ten or eleven opcodes of such a loop CPython 2.7 counts four, the three of its
 * arithmetic and the jump back; loads, stores and constants go to the next opcode without counting. */
#define INTERPRETED_TICKS 4

static inline uint64_t arithmetic_round(uint64_t x)
{
	return x * ARITHMETIC_FACTOR + ARITHMETIC_INCREMENT;
}

/* `turns` turns of an interpreted loop, about 50 ns and one checkpoint each; returns what has become of `x`. */
uint64_t task_interpret(struct task *, uint64_t x, uint64_t turns);
/* What becomes of `x` after that many rounds, without running them: for `value`. A turn is INTERPRETED_ROUNDS. */
uint64_t arithmetic_after(uint64_t x, uint64_t rounds);

/* ---- a client that plays ping-pong (src/data/ping_pong.c) -------------------------------------------- */

/* How a question begins: its number, and what only that client makes of it. */
struct ping_question {
	uint64_t number, proof;
};

uint64_t ping_proof(int client, uint64_t number);

/* Plays with an echo server on loopback. The first part is the caller's, set before ping_pong_open. */
struct ping_pong {
	int index;        /* which client: part of the proof */
	size_t bytes;     /* of a question, at least sizeof(struct ping_question) */
	double work_us;   /* between an answer and the next question */
	uint64_t stop_ns; /* answers that come later do not count; set before it plays */
	/* Asked once per question and while it waits; NULL: never before stop_ns. */
	bool (*is_over)(void *context);
	void (*done)(void *context, uint64_t latency_ns); /* an answer came in time */
	void *context;

	int fd;
	char *datagram, *answer; /* one block; free(datagram) */
	uint64_t asked;          /* number of the next question */
	bool is_wrong;           /* it was answered what it had not asked */
};

/* `port` in network order. 0 or -errno. */
int ping_pong_open(struct ping_pong *, int port);
void ping_pong_ask(struct ping_pong *);
/* The number of the question that was answered, or NOT_SAID when nothing came in time or it was wrong. */
uint64_t ping_pong_hear(struct ping_pong *, int flags);
/* Ask, wait, and so on until stop_ns, or until it is over or wrong. */
void ping_pong_play(struct ping_pong *);

#endif
