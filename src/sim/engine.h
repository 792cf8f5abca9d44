/*
 * engine: what the simulator does with its parts (parts.h). Layer 3 (execution); private to src/sim. sim.c has the whole
 * picture.
 *
 *	events.h      what happens next
 *	ready.h       who comes next to a core; idle.c: cores that nobody has
 *	cores.c       threads on cores: waking up, running, being preempted
 *	locks.c       the simulated lock over src/sync/gil_logic.h: who has it, who asks; sleepers.c: who sleeps for it
 *	tasks.c       segments of a task that is a thread
 *	loops.c       segments of tasks on event loops, and a loop's pool
 *	clients.c     clients in processes of their own
 *	operations.c  operations: claimed, due, done
 *	check.c       what cannot be simulated; memory.c, setup.c: the parts; result.c: the sample
 */
#ifndef GILBENCH_SIM_ENGINE_H
#define GILBENCH_SIM_ENGINE_H

#include "sim/parts.h"

/* cores.c */
/* An idle core comes to life for it; if there is none, it queues. Returns what that costs whoever woke it, in ns of
 * processor time. */
enum waking { WAKING_BY_SIGNAL, WAKING_BY_TIMER };
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

/* idle.c */
void idle_put(struct sim *, int32_t core);
/* The thread's own, if that is idle, else the one that has been idle for the shortest time. There must be one. */
int32_t idle_take(struct sim *, const struct sim_thread *);
/* How long a core that has just been taken needs to come to life. */
int64_t idle_latency(struct sim *, int32_t core, enum waking);

/* sleepers.c */
/* It lies down: its interval begins, and its core is free. */
void sleepers_add(struct sim *, struct sim_task *);
/* It is awake, or about to be. */
void sleepers_remove(struct sim_lock *, struct sim_task *);
/* Sees to it that the lock hears when the next interval ends. */
void sleepers_arm(struct sim *, struct sim_lock *);
/* Wakes one (NULL: nobody), or whom the rules say. Return what that costs whoever does it, in ns. */
int64_t sleepers_call(struct sim *, struct sim_lock *, struct sim_task *);
int64_t sleepers_wake(struct sim *, struct sim_lock *, struct gil_wake);
/* Any of those who sleep on a semaphore; NULL: nobody does. */
struct sim_task *sleepers_anyone(struct sim *, const struct sim_lock *);

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
/* Where a drop is asked of a holder that does interpreted work: its turn ends at its next checkpoint. */
void lock_notice(struct sim *, struct sim_lock *);
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
/* The answer is on its way, if it was not before. Returns what sending it costs beyond the call, in ns. */
int64_t client_answer(struct sim *, struct sim_task *);
/* The task comes for the next request: true, it is there. False: it waits for it. */
bool client_has_asked(struct sim_task *);
/* A segment ends, which may be the call that answers. The same. */
static inline int64_t client_hear(struct sim *s, struct sim_task *t)
{
	return t->client != NULL && t->segment == t->role->answer_segment ? client_answer(s, t) : 0;
}
void client_resume(struct sim *, struct sim_client *);

/* operations.c */
/* Claims the next operation. False: there is none. Sets is_early where it is not due yet. */
bool operation_begin(struct sim *, struct sim_task *);
void operation_done(struct sim *, struct sim_task *);
/* Open loop: the next one is due so much later. */
void operation_next_due(struct sim *, struct sim_role *);
void operation_answered(struct sim *, struct sim_task *, int64_t latency_ns);

/* check.c */
/* 0, or -EINVAL with one sentence. */
int sim_check(const struct simulation *, struct sample *);
int64_t sim_tasks(const struct simulation *);

/* memory.c */
void sim_count_parts(struct sim *);
/* Owners of events. */
size_t sim_owners(const struct sim *);
/* 0, or -ENOMEM; histograms when tasks know their roles. */
int sim_allocate(struct sim *);
int sim_allocate_hists(struct sim *);
/* -ENOMEM, with one sentence that says how many tasks would fit. Releases. */
int sim_no_memory(struct sim *, struct sample *);
void sim_release(struct sim *);

/* setup.c */
int sim_setup(struct sim *, const struct simulation *, struct sample *);

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
