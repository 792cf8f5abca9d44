/*
 * engine: what all models share. Layer 3 (execution); private to src/model.
 *
 * A cell being run is a `struct engine`. Its memory has two parts. The shared one (one arena, the same under
 * every model) holds what must be seen by all workers and by the starter afterwards:
 *
 *	gun | per role: job, shared memory of the workload, counter of claims | per task: slot | histograms of
 *	latencies | of waits for the lock
 *
 * The private one is an array of `struct worker`, one per task: the task as its workload sees it, and counts
 * kept in locals' stead until the worker publishes them into its slot, once.
 *
 * One run, in order (frame.c):
 *
 *	arena.c     memory, jobs, the workloads' setup (companions start here)
 *	crew.start  create the workers; each runs task_setup and comes to the line
 *	gun         all at the line; read the clock; fire
 *	crew.work   what the starting thread does itself (seq, loops)
 *	gun         all at the finish; companions' time, memory
 *	crew.join   release and collect the workers
 *	answer.c    sums, checks, the sample
 */
#ifndef GILBENCH_MODEL_ENGINE_H
#define GILBENCH_MODEL_ENGINE_H

#include <pthread.h>
#include <sys/types.h>

#include <gilbench/gun.h>
#include <gilbench/hist.h>
#include <gilbench/model.h>
#include <gilbench/shm.h>

/* Most companions of one cell. The exact value does not matter. */
#define COMPANION_MAX 64

/* Processor time and context switches. */
struct usage {
	double cpu_s;
	double ctx_voluntary, ctx_involuntary;
};

/* What a worker leaves behind. Written by its own worker before it stands at the finish, read by the starter
 * after that. Padded to lines of its own. */
struct slot {
	_Alignas(SHM_LINE_BYTES) uint64_t ops; /* finished, and finished in time */
	uint64_t done;                         /* finished at all: more than ops where a window ended first */
	uint64_t sum;                          /* task_result of all that are done */
	uint64_t end_ns;                       /* when the last counted operation ended; 0: none did */
	uint64_t left_ns;                      /* when it published */
	uint64_t open_from, open_to;           /* operations claimed and not done: from .. to - 1 */
	bool has_published;
	struct usage usage;
	uint64_t gil_held_ns, gil_wait_ns, gil_longest_wait_ns;
	uint64_t gil_acquisitions, gil_switches, gil_forced;
};

/* The next operation of one role. Every worker adds, relaxed: the counter orders nothing, it only gives every
 * number to one worker. */
struct claims {
	_Alignas(SHM_LINE_BYTES) _Atomic uint64_t next;
	char padding[SHM_LINE_BYTES - sizeof(uint64_t)];
};

/* What a client of one task did; lies in shared memory. Written by the companion, read after the finish. */
struct client {
	_Alignas(SHM_LINE_BYTES) uint64_t ops;
};

/* No operation has this number: no batch is as long, and no window lasts until it. */
#define CLAIMS_END (UINT64_MAX / 2)

struct engine;

/* One role being run. */
struct lane {
	struct engine *engine;
	const struct role *role;
	struct job *job;
	struct claims *claims;
	int first;              /* index of its first task among the cell's */
	struct client *clients; /* one per task; NULL where the tasks are their own clients */
	struct hist *client_hists;
	bool is_set_up;
};

struct companion {
	pid_t pid;
	int pidfd; /* while it is watched */
	/* In shared memory; polled, for it is waited for only once. */
	_Atomic uint32_t *state;
	double cpu_before_s;
};

/* One task being run. */
struct worker {
	_Alignas(SHM_LINE_BYTES) struct task task; /* first: a task's address is its worker's */
	struct lane *lane;
	struct slot *slot;
	struct hist *hist; /* NULL: latency is not wanted */
	struct claims *claims;
	uint64_t run_next, run_end; /* claimed and not begun: see worker.c */
	uint64_t run_length, run_began_ns;
	uint64_t limit;    /* operations of its role in all; CLAIMS_END for a window */
	uint64_t stop_ns;  /* UINT64_MAX for a batch */
	uint64_t began_ns; /* when the present operation began, or was due */
	uint64_t start_ns; /* of the cell */
	double period_ns;  /* open loop: between two operations of its role that are due; 0: closed */
	uint64_t ops, done, sum, end_ns;
	bool has_open;
	bool is_set_up;
	bool claims_runs;
	bool reads_clock;        /* per operation: for its latency or because a window may end */
	struct trace_ring *ring; /* NULL: what it does is not recorded */
	bool counts_ticks;       /* into `ticks`, since the last TRACE_TICKS */
	unsigned ticks;
	struct gil_thread gil; /* gil.gil is NULL without a lock */
	struct usage usage_before;
	pthread_t thread;
	pid_t pid;
	char padding[SHM_LINE_BYTES];
};

/* What a model does with workers. */
struct crew {
	const struct task_ops *ops;
	bool has_processes;
	bool is_one_task;
	/* Workers run truly at the same time: very short operations are claimed by the run. */
	bool claims_runs;
	/* A loop's tasks write one after another: one histogram per role stays in the cache. */
	bool shares_histogram;
	/* 0, or -errno with a sentence in engine->error; then what was created has already been taken back.
	 */
	int (*start)(struct engine *);
	/* NULL, or what the starting thread does between gun and finish. */
	void (*work)(struct engine *);
	/* NULL, or look for the dead while waiting: true when one has died (sentence in engine->error) and
	 * the others have been ended. */
	bool (*has_lost)(struct engine *);
	/* NULL, or wake whoever waits, so that it looks at engine->is_lost. Called by another thread, between
	 * gun and finish, and more than once. */
	void (*wake_all)(struct engine *);
	/* NULL, or end the system calls in which workers block after a window's end. */
	void (*interrupt)(struct engine *);
	/* Workers have been released (or called off): collect them. */
	void (*join)(struct engine *);
	/* NULL, or proportional set size of workers that are processes of their own, in bytes. */
	double (*workers_rss)(const struct engine *);
};

struct engine {
	const struct execution *execution;
	const struct crew *crew;
	struct sample *sample;
	struct arena arena;
	struct gun *gun;
	int lane_count;
	struct lane lane[ROLE_MAX];
	int task_count;
	int at_line; /* workers that wait at the line in threads or processes of their own */
	struct worker *workers;
	struct slot *slots;
	struct hist *hists;
	int hist_count;
	struct hist *waits;       /* per task; NULL where nobody takes the times of a lock */
	_Atomic uint32_t *failed; /* shared: a job_fail has happened; set by who writes the sentence */
	struct companion companion[COMPANION_MAX];
	int companion_count;
	int self_companion; /* in a companion: its index */
	/* A companion has died: waits end. Set by the watcher, read by threads of this process whose wait was
	 * interrupted; sequentially consistent, for nobody looks often. */
	_Atomic bool is_lost;
	pthread_t watcher;
	bool is_watched;
	int watch_end_fd;
	char scratch[256];
	int scratch_fd;
	struct usage starter_usage; /* what a loop's own thread and its pool used */
	struct gil *gil;
	void *model; /* the model's own */
	char error[256];
};

/* frame.c: run a cell with this crew, fill in the sample. Returns what model.run returns. */
int engine_run(const struct execution *, struct sample *, const struct crew *, struct gil *, void *model);

/* arena.c */
int arena_prepare(struct engine *);
void arena_dismiss(struct engine *);
/* Calls the workloads' setup, in order of roles. 0, or -1 (sentence in the job's error). */
int lanes_setup(struct engine *);
void lanes_teardown(struct engine *);
/* Is there a lock, and does its policy let its times be taken? */
bool engine_has_lock_times(const struct engine *);
/* The first sentence that any job_fail left, or NULL. */
const char *lanes_error(const struct engine *);

/* worker.c */
int worker_setup(struct worker *);
void worker_teardown(struct worker *);
/* After the gun: take the clock and the stop. */
void worker_begin(struct worker *);
/* The next operation is in worker->task.op: true. False: none is left. */
bool worker_claim(struct worker *);
/* No more runs: operations of this work give way to others. */
static inline void worker_claim_singly(struct worker *w)
{
	w->claims_runs = false;
	w->run_length = 1;
}
/* Open loop: when operation `op` is due. */
static inline uint64_t worker_due_ns(const struct worker *w, uint64_t op)
{
	return w->start_ns + (uint64_t)((double)op * w->period_ns);
}
/* The claimed operation is not due yet: until when it waits, else 0. */
static inline uint64_t worker_early_until(const struct worker *w)
{
	return w->period_ns > 0 && w->began_ns > clock_now_ns() ? w->began_ns : 0;
}
/* The present operation is done. False when the window has ended. */
bool worker_done(struct worker *);
/* Everything counted goes to the slot. Once, before the finish. */
void worker_publish(struct worker *);
void worker_reset_wants(struct task *);
/* Record that this happens to the worker now, if anything is recorded. */
static inline void worker_note(struct worker *w, enum trace_kind kind, bool flag)
{
	if (__builtin_expect(w->ring != NULL, 0))
		trace_record(w->ring, clock_now_ns(), kind, flag, 0);
}

/* The same where there is more to say of it: what a wait is for, what a call does. */
void worker_note_wait(struct worker *, const struct task_wait *);
void worker_note_call(struct worker *, const struct task_call *);

/* blocking.c: perform operations until none is left, in a thread that may block. */
void blocking_run(struct worker *);
/* What the lockless blocking models supply behind the workload's verbs. */
extern const struct task_ops blocking_ops;
/* A worker in a thread or process of its own: set-up, line, operations, finish, teardown. `who` is
 * RUSAGE_THREAD or RUSAGE_SELF. */
void blocking_life(struct worker *, int who);
/* Sleeps end when they should: see blocking.c. */
void timer_slack_set(unsigned long ns);

/* threads_crew.c: one thread per task. */
int thread_crew_start(struct engine *);
void thread_crew_wake(struct engine *);
void thread_crew_join(struct engine *);

/* answer.c */
void answer_fill(struct engine *);

/* usage.c */
void usage_read(int who, struct usage *);
void usage_since(int who, const struct usage *before, struct usage *out);
void usage_add(struct usage *into, const struct usage *more);
/* Proportional set size of a process in bytes, NAN where it cannot be read. */
double usage_pss_bytes(pid_t);
/* Processor time of another process so far, in seconds. */
double usage_process_cpu_s(pid_t);

/* companion.c */
void companions_note(struct engine *);
double companions_cpu_s(const struct engine *);
/* After the workers have been released: every client has ended, so that what it counted can be read. */
void companions_settle(struct engine *);
/* Is a companion dead before its time? Sentence in engine->error. */
bool companions_have_lost(struct engine *);
void companions_end(struct engine *);
/* companion_watch.c: from before the gun until all are at the finish. */
void companions_watch(struct engine *);
void companions_unwatch(struct engine *);
/* Ends a system call that waits. Its default action would end the process, so nobody else sends it to us by
 * chance. */
#define WAKE_SIGNAL SIGUSR1
/* Between two wakings of who may not have heard the first. The exact value does not matter. */
#define WAKE_PERIOD_NS (50ull * NS_PER_MS)
/* What WAKE_SIGNAL does in this process and in those that it forks: nothing but end a system call. */
void signals_catch_wake(void);
/* A system call in which this worker waits ends with EINTR. */
void worker_interrupt(const struct worker *);
/* In a new child: die with the parent; ends at once when it is already gone. */
void die_with_parent(pid_t parent);
/* "was killed by signal 9 (Killed)", "ended with status 3". */
void describe_end(int wait_status, char *text, size_t bytes);

/* scratch.c */
int scratch_make(struct engine *);
void scratch_remove(struct engine *);

/* loop_crew.c: a crew of coroutines on one libuv loop; `has_pool`: native calls go to libuv's pool. */
int loop_run(const struct execution *, struct sample *, bool has_pool);

#endif
