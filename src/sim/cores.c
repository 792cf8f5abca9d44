/*
 * cores: threads on cores, as an operating system has them.
 *
 *	              latency                      its work
 *	asleep ──▶ waking ──▶ running ──▶ asleep
 *	   └─────▶ queued ──▶ switching ──▶ ▲ │
 *	              ▲                       │ its slice is used up, and somebody queues
 *	              └───────────────────────┘
 *
 * Who wakes up gets an idle core, which needs a while to come to life (that is the latency, and the core is taken from
 * its beginning), or queues. The queue is one for all cores. Of the queued, whoever is furthest behind a fair share of
 * the cores comes first. While a thread sleeps it gains nothing: what it was owed then, a slice at most, it is owed when
 * it comes back (as Linux' EEVDF has it; two that take turns, a client and its server, get one share together).
 * Nobody is preempted before a slice is used up (as Linux since 6.6 runs to parity), and whoever has run longer than
 * that while nobody queued is preempted at once.
 *
 * Not simulated: a queue for each core and the balancing between them, caches that cool down when a thread moves,
 * clock frequencies, two threads of execution that share a core.
 */
#include "sim/engine.h"

/* One thread more or less that wants a core: from here on everybody's fair share is another. */
static void runnable_changed(struct sim *s, int by)
{
	int64_t passed_ns = s->now_ns - s->fair_since_ns;
	int cores = s->what->cores;
	s->fair_ns += s->runnable > cores ? passed_ns * cores / s->runnable : passed_ns;
	s->fair_since_ns = s->now_ns;
	s->runnable += by;
}

/* It sleeps: what it is owed is remembered, up to a slice. */
static void settle_share(struct sim *s, struct sim_thread *th)
{
	int64_t slice_ns = s->what->costs.slice_ns;
	if (!s->has_queue)
		return;
	runnable_changed(s, -1);
	int64_t owed_ns = s->fair_ns - th->used_ns;
	th->owed_ns = owed_ns > slice_ns ? slice_ns : owed_ns < -slice_ns ? -slice_ns : owed_ns;
}

static void claim_share(struct sim *s, struct sim_thread *th)
{
	if (!s->has_queue)
		return;
	runnable_changed(s, 1);
	th->used_ns = s->fair_ns - th->owed_ns;
}

static bool is_on_core(const struct sim_thread *th)
{
	return th->state == THREAD_RUNNING || th->state == THREAD_SWITCHING;
}

void cpu_count(struct sim *s, struct sim_thread *th)
{
	if (!is_on_core(th))
		return;
	int64_t *total = th->kind == THREAD_CLIENT ? &s->client_busy_ns : &s->core_busy_ns;
	*total += s->now_ns - th->counted_ns;
	th->used_ns += s->now_ns - th->counted_ns;
	th->counted_ns = s->now_ns;
}

static void now_on_core(struct sim *s, struct sim_thread *th)
{
	th->since_ns = th->counted_ns = s->now_ns;
	if (!s->has_queue)
		return;
	th->older = s->newest;
	th->newer = NULL;
	*(s->newest != NULL ? &s->newest->newer : &s->oldest) = th;
	s->newest = th;
}

static void off_core(struct sim *s, struct sim_thread *th)
{
	cpu_count(s, th);
	if (!s->has_queue)
		return;
	*(th->older != NULL ? &th->older->newer : &s->oldest) = th->newer;
	*(th->newer != NULL ? &th->newer->older : &s->newest) = th->older;
}

/* It has a core, and does what it wants at this very moment, after those whose turn came before. */
static void resume_soon(struct sim *s, struct sim_thread *th)
{
	size_t at = (s->resuming_first + s->resuming_count++) & s->resuming_mask;
	s->resuming[at] = th;
}

static void run(struct sim *s, struct sim_thread *th)
{
	th->state = THREAD_RUNNING;
	int64_t left_ns = th->left_ns;
	th->left_ns = 0;
	if (th->kind == THREAD_TASK && ((struct sim_task *)th)->where == WHERE_READY)
		task_is(s, (struct sim_task *)th, WHERE_WORK);
	if (left_ns == 0)
		resume_soon(s, th);
	else if (th->kind != THREAD_TASK || !task_is_asked((struct sim_task *)th, left_ns))
		cpu_work(s, th, left_ns);
	else
		resume_soon(s, th);
}

static void arm_slice(struct sim *s)
{
	/* A core that is on its way is worth waiting for. */
	if (s->ready.count <= (size_t)s->waking_cores || s->oldest == NULL ||
	    events_has(&s->events, s->slice_id))
		return;
	int64_t end_ns = s->oldest->since_ns + s->what->costs.slice_ns;
	events_put(&s->events, end_ns > s->now_ns ? end_ns : s->now_ns, s->slice_id);
}

static void enqueue(struct sim *s, struct sim_thread *th)
{
	th->state = THREAD_QUEUED;
	if (th->kind == THREAD_TASK && ((struct sim_task *)th)->where != WHERE_LOCK)
		task_is(s, (struct sim_task *)th, WHERE_READY);
	ready_put(&s->ready, th->used_ns, th->id);
	arm_slice(s);
}

/* From half of its mean to one and a half: caches are sometimes warm. Were all alike, threads that take turns would keep
 * step for ever, which real ones never do. */
static int64_t switch_time(struct sim *s)
{
	return (int64_t)((double)s->what->costs.switch_ns * (0.5 + variate_uniform(&s->random)));
}

/* The core that a thread had is free: the next that queues has it, or nobody. */
static void give_core(struct sim *s, int32_t core)
{
	if (s->ready.count == 0) {
		idle_put(s, core);
		return;
	}
	struct sim_thread *th = s->thread[ready_take(&s->ready)];
	th->core = core;
	now_on_core(s, th);
	if (s->what->costs.switch_ns == 0) {
		run(s, th);
	} else {
		th->state = THREAD_SWITCHING;
		events_put(&s->events, s->now_ns + switch_time(s), th->id);
	}
	arm_slice(s);
}

int64_t cpu_wake(struct sim *s, struct sim_thread *th, enum waking how)
{
	s->event_count++;
	claim_share(s, th);
	if (s->idle_cores == 0) {
		enqueue(s, th);
		return how == WAKING_BY_SIGNAL ? s->signal_ns : 0;
	}
	th->core = idle_take(s, th);
	int64_t latency_ns = s->has_depth ? idle_latency(s, th->core, how) : 0;
	if (latency_ns > 0) {
		th->state = THREAD_WAKING;
		s->waking_cores++;
		events_put(&s->events, s->now_ns + latency_ns, th->id);
	} else {
		now_on_core(s, th);
		run(s, th);
	}
	return how == WAKING_BY_SIGNAL ? s->signal_ns : 0;
}

void cpu_sleep(struct sim *s, struct sim_thread *th)
{
	off_core(s, th);
	settle_share(s, th);
	th->state = THREAD_ASLEEP;
	s->blocked++;
	give_core(s, th->core);
}

void cpu_work(struct sim *s, struct sim_thread *th, int64_t ns)
{
	th->is_working = true;
	th->due_ns = s->now_ns + ns;
	events_put(&s->events, th->due_ns, th->id);
}

int64_t cpu_shorten(struct sim *s, struct sim_thread *th, int64_t ns)
{
	assert(th->state == THREAD_RUNNING && th->is_working);
	int64_t cut_off_ns = th->due_ns - s->now_ns - ns;
	if (cut_off_ns <= 0)
		return 0;
	th->due_ns = s->now_ns + ns;
	events_put(&s->events, th->due_ns, th->id);
	return cut_off_ns;
}

/* Whoever queues and has used least, has used more than this one. */
static bool has_used_least(struct sim *s, const struct sim_thread *th)
{
	return th->used_ns < ready_first_ns(&s->ready);
}

/* Its slice is used up. */
static void preempt(struct sim *s, struct sim_thread *th)
{
	off_core(s, th);
	if (has_used_least(s, th)) {
		now_on_core(s, th);
		return;
	}
	if (th->state == THREAD_RUNNING)
		th->left_ns = th->due_ns - s->now_ns;
	th->is_working = false;
	events_take_back(&s->events, th->id);
	s->preempted++;
	enqueue(s, th);
	give_core(s, th->core);
}

void cpu_slice_event(struct sim *s)
{
	int64_t slice_ns = s->what->costs.slice_ns;
	while (s->ready.count > (size_t)s->waking_cores && s->oldest != NULL &&
	       s->now_ns - s->oldest->since_ns >= slice_ns) {
		/* Its work ends at this very moment, by an event that comes next. */
		if (s->oldest->is_working && s->oldest->due_ns == s->now_ns)
			break;
		preempt(s, s->oldest);
	}
	arm_slice(s);
}

/* Its core has come to life. Whoever began to queue meanwhile, and has used less, goes first. */
static void awake(struct sim *s, struct sim_thread *th)
{
	s->waking_cores--;
	if (s->ready.count == 0 || has_used_least(s, th)) {
		now_on_core(s, th);
		run(s, th);
		arm_slice(s);
		return;
	}
	enqueue(s, th);
	give_core(s, th->core);
}

void cpu_event(struct sim *s, struct sim_thread *th)
{
	switch ((enum thread_state)th->state) {
	case THREAD_WAKING:
		awake(s, th);
		break;
	case THREAD_SWITCHING:
		run(s, th);
		break;
	case THREAD_RUNNING:
		th->is_working = false;
		thread_resume(s, th);
		break;
	case THREAD_ASLEEP:
		if (th->kind == THREAD_TASK)
			task_timer(s, (struct sim_task *)th);
		else
			blocked_thread_event(s, th);
		break;
	case THREAD_QUEUED:
	case THREAD_ENDED:
		assert(false && "an event of a thread that waits for none");
	}
}
