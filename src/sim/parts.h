/*
 * parts: what a simulation consists of. Layer 3 (execution); private to src/sim. What is done with it: engine.h.
 */
#ifndef GILBENCH_SIM_PARTS_H
#define GILBENCH_SIM_PARTS_H

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

/* Tasks in order. */
struct sim_queue {
	struct sim_task *first, *last;
};

struct sim_loop {
	struct sim_thread thread; /* first */
	struct sim_queue turn;    /* who is still to run in this turn */
	struct sim_queue ready;   /* for the next one */
	struct sim_queue arrived; /* whom the loop will find ready when it looks */
	struct sim_task *current;
	int64_t debt_ns; /* of processor time, for waking threads of the pool */
	bool is_polling; /* asleep until something is ready */
	bool has_looked; /* since it woke up */
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
	struct sim_queue waiting; /* for a thread */
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

#endif
