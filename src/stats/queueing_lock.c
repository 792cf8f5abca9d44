/*
 * queueing_lock: what the rules of a lock's turns make of waits and rates. See queueing.h.
 *
 * Arithmetic on one cycle: an I/O task that comes back to the lock finds `busy` tasks that want it, each of which keeps
 * it for one turn. Under an interval that waiters time, that is so at every release, for all that compute are always
 * there. Not in here: releases so short that no waiter is awake in time (the race of barging), and waiters whose clock
 * restarts because others switched; those make it better and worse, and are what the simulator is for.
 */
#include <math.h>

#include <gilbench/queueing.h>

static bool is_wait(int busy, double interval_s)
{
	return busy >= 1 && interval_s >= 0 && isfinite(interval_s);
}

double queueing_interval_rate(int busy, int releases, double interval_s, double switch_s, double own_s)
{
	if (!is_wait(busy, interval_s + switch_s) || !(switch_s >= 0) || releases < 0 || !(own_s >= 0))
		return NAN;
	return 1 / (releases * busy * (interval_s + switch_s) + own_s);
}

double queueing_random_wait_mean(int busy, double interval_s)
{
	return is_wait(busy, interval_s) ? busy * interval_s : NAN;
}

double queueing_random_wait_deviation(int busy, double interval_s)
{
	return is_wait(busy, interval_s) ? interval_s * sqrt((double)busy * (busy - 1)) : NAN;
}

double queueing_random_wait_beyond(int busy, int intervals)
{
	return busy >= 1 && intervals >= 0 ? pow(1 - 1.0 / busy, intervals) : NAN;
}

double queueing_random_wait_quantile(int busy, double interval_s, double q)
{
	if (!is_wait(busy, interval_s) || !(q > 0 && q < 1))
		return NAN;
	/* One busy task: every wait is one interval. */
	return interval_s * fmax(1, ceil(log1p(-q) / log1p(-1.0 / busy)));
}

double queueing_interval_share(int busy, double interval_s, double switch_s)
{
	if (!is_wait(busy, interval_s) || !(interval_s > 0) || !(switch_s >= 0))
		return NAN;
	return interval_s / (interval_s + switch_s) / busy;
}

double queueing_interval_time(double work_s, double interval_s, double switch_s)
{
	return work_s >= 0 ? work_s / queueing_interval_share(1, interval_s, switch_s) : NAN;
}

double queueing_priority_rate(int releases, double outside_s, double own_s, double residual_s)
{
	double request_s = outside_s + own_s + releases * residual_s;
	return releases >= 0 && outside_s >= 0 && own_s >= 0 && residual_s >= 0 && request_s > 0
		       ? 1 / request_s
		       : NAN;
}

/* Each release makes two switches: to the I/O task, and back. */
double queueing_priority_left(int releases, double outside_s, double own_s, double residual_s,
			      double switch_s)
{
	double rate = queueing_priority_rate(releases, outside_s, own_s, residual_s);
	return switch_s >= 0 ? 1 - rate * (own_s + 2 * releases * switch_s) : NAN;
}

struct bounds queueing_quantum_turn(double quantum_s, double tick_s)
{
	if (!(quantum_s >= 0) || !(tick_s >= 0))
		return (struct bounds){NAN, NAN};
	return (struct bounds){.low = quantum_s, .high = quantum_s + tick_s};
}

double queueing_quantum_wait(int busy, double turn_s)
{
	return is_wait(busy, turn_s) ? busy * turn_s : NAN;
}

double queueing_quantum_wait_random(int busy, double turn_s)
{
	return is_wait(busy, turn_s) ? busy * turn_s - turn_s / 2 : NAN;
}
