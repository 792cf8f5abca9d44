/*
 * engine: what the simulator's parts share. Layer 3 (execution); private to src/sim. sim.c has the whole picture.
 *
 *	events.h      what happens next
 *	ready.h       who comes next to a core
 *	cores.c       threads on cores: waking up, running, being preempted
 *	locks.c       the simulated lock over src/sync/gil_logic.h: who sleeps, who is woken, who asks
 *	tasks.c       segments of a task that is a thread
 *	loops.c       segments of tasks on event loops, and a loop's pool
 *	clients.c     clients in processes of their own
 *	operations.c  operations: claimed, due, done
 *	setup.c       memory of all that; result.c: the sample
 */
#ifndef GILBENCH_SIM_ENGINE_H
#define GILBENCH_SIM_ENGINE_H

#include <gilbench/hist.h>
#include <gilbench/sim.h>

#include "sim/events.h"
#include "sim/ready.h"
#include "sim/variate.h"
#include "sync/gil_logic.h"

/* ---- threads: whatever needs a core --------------------------------------------------------------- */

enum thread_state {
	THREAD_ASLEEP,    /* wants no core. Its event, if there is one: its sleep's end */
	THREAD_WAKING,    /* a core that was idle is its own, and comes to life. Event: it has */
	THREAD_QUEUED,    /* wants a core, and none is free */
	THREAD_SWITCHING, /* its core switches to it. Event: it has */
	THREAD_RUNNING,   /* Event, while it is_working: the end of its work */
	THREAD_ENDED,
};

enum thread_kind { THREAD_TASK, THREAD_LOOP, THREAD_POOL, THREAD_CLIENT };

struct sim_thread {
	uint32_t id; /* owner of its events */
	uint8_t state, kind;
	bool is_working;
	int32_t core;       /* where it runs, or ran last */
	int64_t due_ns;     /* while it works: the end of that */
	int64_t left_ns;    /* work that was interrupted; 0: none */
	int64_t since_ns;   /* when it got its core: what its slice counts from */
	int64_t counted_ns; /* up to when its core's time has been counted */
	int64_t used_ns;    /* processor time, counted as fair_ns is: whoever has had least comes first */
	int64_t owed_ns;    /* asleep: how far it was behind fair_ns */
	struct sim_thread *older, *newer; /* of those on cores, in the order of since_ns */
};

/* ---- tasks ------------------------------------------------------------------------------------------ */

/* Where a task is, for Little's law: every moment of every task is one of these. */
enum where { WHERE_WORK, WHERE_WAIT, WHERE_LOCK, WHERE_READY, WHERE_LATENCY, WHERES };

/* Why a task's thread runs on. */
enum why {
	WHY_BEGIN,
	WHY_WORKED,   /* the segment's work is done */
	WHY_WAITED,   /* the segment's wait is over */
	WHY_LOCK,     /* it sleeps for the lock, and was called */
	WHY_INTERVAL, /* it sleeps for the lock, and its interval passed */
	WHY_SWITCHED, /* it had let go on request, and another has the lock now */
	WHY_ASKED,    /* a drop was asked of it in the middle of its work */
	WHY_DROPPED,  /* it has let go, and whoever comes next has been woken */
};

struct sim_lock;
struct sim_loop;
struct sim_client;
struct sim_role;

struct sim_task {
	struct sim_thread
		thread;  /* first: a thread of kind THREAD_TASK is its task. On loops: the owner of a timer */
	uint8_t segment; /* the present one; the role's count: the operation is done */
	uint8_t why, where;
	bool holds;           /* the lock */
	bool is_drawn;        /* the present segment has its length: left_ns */
	bool is_early;        /* waits until its operation is due */
	bool was_forced;      /* its last drop */
	bool must_see_switch; /* it was asked to let go */
	int64_t debt_ns;      /* of processor time, for waking others while it has the lock */
	/* On a loop. */
	bool has_begun;
	bool has_polled;    /* what the end of its wait costs has been paid */
	bool is_polled_for; /* that is what the loop does for it now */
	int64_t turn_ns;    /* of the present segment: what it works at now */
	int64_t left_ns;    /* and what comes after that */
	int64_t where_ns;   /* since when it is there */
	int64_t began_ns;   /* the operation, or when that was due */
	struct variate_stream random;
	struct sim_role *role;
	struct sim_lock *lock;
	struct sim_loop *loop;
	struct sim_client *client;
	struct sim_task *next, *before; /* in a lock's sleepers, a loop's queue or its pool's */
	struct gil_party party;
	uint32_t seen;       /* the switch number when its interval began */
	int64_t deadline_ns; /* the end of its interval */
	int64_t asked_ns, taken_ns;
	uint64_t ops, held_ns, wait_ns, longest_wait_ns, acquisitions, switches, forced;
	struct hist *waits; /* NULL in large simulations: the role has all together */
};

struct sim_role {
	const struct profile_role *what;
	struct segment segment[SEGMENT_MAX];
	uint8_t segment_count;
	int64_t tick_ns;
	double scale; /* of interpreted work */
	int first;    /* index of its first task */
	bool has_client;
	/* Of a server with a client: the client's segment; and the call that answers it, if there is one. */
	uint8_t client_segment, answer_segment;
	uint64_t next_op, limit; /* claims; limit is UINT64_MAX in windows */
	int64_t due_ns;          /* open loop: when the next is due */
	double due_rest;
	int64_t period_ns; /* open loop; 0: closed */
	double period_rest;
	struct variate_stream arrivals;
	int64_t end_ns; /* of its last operation */
	struct hist *latency, *waits;
};

/* ---- locks, loops, clients ------------------------------------------------------------------------ */

struct sim_lock {
	struct gil_logic logic;
	struct sim_task *first[GIL_CLASSES],
		*last[GIL_CLASSES]; /* asleep, in the order in which their intervals end */
	uint32_t sleeping[GIL_CLASSES];
	struct sim_task *holder;       /* who has it and knows; NULL: nobody */
	struct sim_task *yielding;     /* has let go on request, and waits until another has it */
	uint32_t interval_id, tick_id; /* owners of its events */
	int64_t held_ns, held_since_ns;
};

struct sim_loop {
	struct sim_thread thread;      /* first */
	struct sim_task *first, *last; /* ready, in order */
	struct sim_task *current;
	int64_t debt_ns; /* of processor time, for waking threads of the pool */
	bool is_polling; /* asleep until something is ready */
	int64_t idle_ns, idle_since_ns;
	struct sim_pool *pool;
};

struct sim_pool_thread {
	struct sim_thread thread; /* first */
	struct sim_pool *pool;
	struct sim_task *task; /* NULL: idle */
	bool is_at_work;
	struct sim_pool_thread *next_idle;
};

struct sim_pool {
	struct sim_loop *loop;
	struct sim_pool_thread *idle;
	struct sim_task *first, *last; /* wait for a thread */
};

struct sim_client {
	struct sim_thread thread; /* first */
	struct sim_task *task;
	bool is_at_work;  /* else it has just woken up, with its answer */
	bool is_answered; /* and has not asked since */
	bool has_asked;   /* and its task has not come for the request yet */
	bool is_awaited;  /* its task waits for the request */
	bool has_begun;
	int64_t began_ns; /* its request */
};

/* ---- all of it --------------------------------------------------------------------------------------- */

struct sim {
	const struct simulation *what;
	const struct gil_policy *policy;
	int64_t now_ns, end_ns; /* end: of the window */
	struct events events;

	/* Cores that nobody has. Which, and since when, is only known where that matters (has_depth): how soon a core
	 * comes back depends on how long it was idle. */
	int idle_cores, waking_cores;
	bool has_depth;
	int32_t *idle, *idle_place; /* the idle ones; of each core: where it stands there, -1: nowhere */
	int64_t *idle_since_ns;     /* of each core */
	bool has_queue;             /* there may be more threads than cores */
	struct ready ready;         /* threads that are queued, by used_ns */
	/* What a thread that always wanted a core would have used, were all treated alike; as of when; how many want one. */
	int64_t fair_ns, fair_since_ns;
	int runnable;
	struct sim_thread *oldest, *newest; /* on cores; kept with has_queue */
	uint32_t slice_id, warmup_id;
	struct sim_thread **resuming; /* a ring: whose turn it is at this very moment */
	size_t resuming_first, resuming_count, resuming_mask;
	int64_t core_busy_ns, client_busy_ns;
	uint64_t blocked, preempted; /* voluntary and involuntary context switches */

	struct variate_stream random; /* of latencies, and of who is woken */
	int64_t slack_ns;             /* part of costs.wakeup_ns */
	int64_t signal_ns;            /* what waking a thread costs */
	int64_t post_ns;              /* a semaphore's post, while somebody is on the way */

	int task_count, live, lock_count, loop_count, pool_count, client_count, role_count, thread_count;
	struct sim_task *tasks;
	struct sim_lock *locks;
	struct sim_loop *loops;
	struct sim_pool *pools;
	struct sim_pool_thread *pool_threads;
	struct sim_client *clients;
	struct sim_role role[ROLE_MAX];
	struct sim_thread **thread; /* by id */
	uint32_t lock_ids;          /* the first lock's; each has two */

	int64_t where_ns[WHERES];
	int64_t counts_since_ns; /* the window's beginning */
	uint64_t event_count;
};

/* cores.c */
/* An idle core comes to life for it; if there is none, it queues. Returns what that costs whoever woke it, in ns of
 * processor time. */
enum waking { WAKING_AT_ONCE, WAKING_BY_SIGNAL, WAKING_BY_TIMER };
int64_t cpu_wake(struct sim *, struct sim_thread *, enum waking);
/* It runs, and lets its core go. */
void cpu_sleep(struct sim *, struct sim_thread *);
/* It runs, and works for so long; then it resumes. */
void cpu_work(struct sim *, struct sim_thread *, int64_t ns);
/* It works, and shall stop in `ns`: how much that cuts off. */
int64_t cpu_shorten(struct sim *, struct sim_thread *, int64_t ns);
void cpu_event(struct sim *, struct sim_thread *);
void cpu_slice_event(struct sim *);
/* Counts processor time up to now. */
void cpu_count(struct sim *, struct sim_thread *);
/* What a thread does when it has a core and its work is done: sim.c. */
void thread_resume(struct sim *, struct sim_thread *);

/* locks.c */
/* True: it has it. False: it sleeps, and resumes with WHY_LOCK or WHY_INTERVAL. */
bool lock_take(struct sim *, struct sim_task *);
/* Who slept for the lock is awake. True: it has it. False: it sleeps again. */
bool lock_woken(struct sim *, struct sim_task *);
/* True: it has let go and may go on. False: not yet, it resumes (WHY_DROPPED, WHY_SWITCHED). */
bool lock_drop(struct sim *, struct sim_task *, bool is_forced);
/* The same, after it has woken whoever comes next (WHY_DROPPED). */
bool lock_dropped(struct sim *, struct sim_task *);
/* A drop is asked of the holder. */
static inline bool lock_is_asked(const struct sim_task *t)
{
	return logic_is_asked(&t->lock->logic);
}
/* How far interpreted work of `left_ns` runs before its ticks are used up. */
int64_t lock_turn_ns(const struct sim *, const struct sim_task *, int64_t left_ns);
/* It has worked so long. True: its ticks are used up. */
bool lock_spend(struct sim *, struct sim_task *, int64_t ns);
void lock_interval_event(struct sim *, struct sim_lock *);
void lock_tick_event(struct sim *, struct sim_lock *);

/* tasks.c */
void task_resume(struct sim *, struct sim_task *);
/* It goes on with work of which `left_ns` are left. True: it must not, for a drop was asked of it meanwhile. */
bool task_is_asked(struct sim_task *, int64_t left_ns);
/* The event of a task that is asleep: its wait is over. */
void task_timer(struct sim *, struct sim_task *);
int64_t task_wake(struct sim *, struct sim_task *, enum why, enum waking);

/* loops.c */
void sim_loop_resume(struct sim *, struct sim_loop *);
/* A loop or a thread of its pool that was blocked in a call: that is over. */
void blocked_thread_event(struct sim *, struct sim_thread *);
/* A task of a loop is ready to run on. */
void sim_loop_ready(struct sim *, struct sim_task *, enum waking);
/* The wait of a task of a loop is over; its client has asked. */
void sim_loop_timer(struct sim *, struct sim_task *);
void sim_loop_asked(struct sim *, struct sim_task *);
void pool_resume(struct sim *, struct sim_pool_thread *);

/* clients.c */
/* Sets what the role says of clients; has_client is false where it has none. */
void client_find_answer(struct sim_role *);
/* The answer is on its way, if it was not before. */
void client_answer(struct sim *, struct sim_task *);
/* The task comes for the next request: true, it is there. False: it waits for it. */
bool client_has_asked(struct sim_task *);
/* A segment has ended, which may be the call that answers. */
static inline void client_hear(struct sim *s, struct sim_task *t)
{
	if (t->client != NULL && t->segment == t->role->answer_segment)
		client_answer(s, t);
}
void client_resume(struct sim *, struct sim_client *);

/* operations.c */
/* Claims the next operation. False: there is none. Sets is_early where it is not due yet. */
bool operation_begin(struct sim *, struct sim_task *);
void operation_done(struct sim *, struct sim_task *);
/* Open loop: the next one is due so much later. */
void operation_next_due(struct sim *, struct sim_role *);
void operation_answered(struct sim *, struct sim_task *, int64_t latency_ns);

/* setup.c */
int sim_setup(struct sim *, const struct simulation *, struct sample *);
void sim_release(struct sim *);

/* result.c */
void sim_result(struct sim *, struct sample *, struct sim_counts *);
/* The warm-up is over: everything counts from now. */
void sim_reset_counts(struct sim *);

static inline void task_is(struct sim *s, struct sim_task *t, enum where where)
{
	s->where_ns[t->where] += s->now_ns - t->where_ns;
	t->where_ns = s->now_ns;
	t->where = (uint8_t)where;
}

static inline const struct segment *task_segment(const struct sim_task *t)
{
	return &t->role->segment[t->segment];
}

static inline struct sim_task *task_of_party(struct gil_party *p)
{
	return (struct sim_task *)(void *)((char *)p - offsetof(struct sim_task, party));
}

/* Out of line for those who record nothing. */
void sim_record(struct sim *, const struct sim_task *, enum trace_kind, bool flag, int other);
static inline void sim_note(struct sim *s, const struct sim_task *t, enum trace_kind kind, bool flag)
{
	if (__builtin_expect(s->what->trace != NULL, 0))
		sim_record(s, t, kind, flag, 0);
}

#endif
