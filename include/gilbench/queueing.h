/*
 * queueing: throughput and waits of tasks that share a lock, where a closed form knows them. Layer 3 (results).
 *
 *	double x = queueing_machine_repairman(8, 9e-3, 1e-3);	710.8 operations/s: 9 ms outside the lock, 1 ms inside
 *	struct bounds b = queueing_balanced(8, 9e-3, 1e-3);	between 601.8 and 747.7
 *
 * Pure arithmetic. Times are means in seconds, rates per second, in one operation a task is `outside_s` away (thinks,
 * waits, computes without the lock) and then asks for the lock and keeps it for `inside_s`. Tasks and cores are from 1
 * up; times from 0 up, not all of them 0 (a loop that takes no time has no throughput). What lies outside of a range is
 * answered by NAN. Nothing overflows: tested up to 1000 tasks, and the cost is linear in them.
 *
 * Sources. Machine repairman, open queues: L. Kleinrock, Queueing Systems 1 (1975). Exact mean value analysis: Reiser,
 * Lavenberg (1980). General service: L. Takacs, Introduction to the Theory of Queues (1962). Bounds: Lazowska et al.,
 * Quantitative System Performance (1984). The lock's: arithmetic on the rules of docs/policies.md.
 */
#ifndef GILBENCH_QUEUEING_H
#define GILBENCH_QUEUEING_H

#include <stdbool.h>

struct bounds {
	double low, high;
};

/*
 * A closed loop around one lock, first come, first served: operations/s of all tasks together.
 */

/* Nothing varies: min(1/inside, tasks/(outside + inside)), exactly, once the first round is over. */
double queueing_all_constant(int tasks, double outside_s, double inside_s);
/* Both exponential: the machine repairman. Also the lock that is taken in turns of a small quantum with free switches
 * (processor sharing), whatever the distribution of `inside_s`: that one depends on the mean alone. */
double queueing_machine_repairman(int tasks, double outside_s, double inside_s);
/* The same by exact mean value analysis: another way to the same number. */
double queueing_mean_value(int tasks, double outside_s, double inside_s);
/* Exponential outside, constant inside (Takacs). */
double queueing_constant_inside(int tasks, double outside_s, double inside_s);
/* Exponential outside and inside by Takacs' formula: a third way to the machine repairman. */
double queueing_exponential_inside(int tasks, double outside_s, double inside_s);

/* The law of one lock, for what is made of several. */
typedef double queueing_law(int tasks, double outside_s, double inside_s);
/* `locks` of them, each with its own share of the tasks (shares differ by one task at most), and a core for each:
 * interpreters with a lock each, processes. 1 <= locks <= tasks. */
double queueing_locks(queueing_law *law, int tasks, int locks, double outside_s, double inside_s);
/* No lock, but `cores` to compute `inside_s` on; both exponential. One core is the machine repairman. */
double queueing_cores(int tasks, int cores, double outside_s, double inside_s);
/* Of each `work_s` a share `free_share` (0 to 1) is done without the lock (a hash, an array), on a core that is free
 * (tasks <= cores): the machine repairman, with a ceiling of 1/(1 - free_share) tasks' worth. */
double queueing_released(int tasks, double work_s, double free_share);

/*
 * Whatever the distributions.
 */

/* Never above min(1/inside, tasks/(outside + inside)); never below tasks/(outside + tasks * inside), where all ask at
 * the same moment every time (a convoy in step). The floor is Amdahl's law with sigma = inside/(outside + inside). */
struct bounds queueing_asymptotic(int tasks, double outside_s, double inside_s);
/* Tighter, for exponential times: balanced job bounds of one queueing centre. */
struct bounds queueing_balanced(int tasks, double outside_s, double inside_s);
/* Where the two upper bounds meet, in tasks: (outside + inside)/inside. INFINITY when nothing is done inside. */
double queueing_knee(double outside_s, double inside_s);

/*
 * A lock with a switch interval that waiters time (CPython 3.2 and later), beside `busy` tasks that always compute. An
 * I/O task lets go of the lock `releases` times for each request, and computes `own_s` for it; a forced switch costs
 * `switch_s`. `busy` from 1 up.
 */

/* Requests/s of the I/O task: 1/(releases * busy * (interval + switch) + own). */
double queueing_interval_rate(int busy, int releases, double interval_s, double switch_s, double own_s);
/* Where the next holder is drawn at random among `busy` waiters, and not the first that came: a wait in intervals is
 * geometric. The mean is `busy` intervals under both; first come, first served has no spread. */
double queueing_random_wait_mean(int busy, double interval_s);
double queueing_random_wait_deviation(int busy, double interval_s);
/* The share of waits that are longer than so many intervals. */
double queueing_random_wait_beyond(int busy, int intervals);
/* The least whole number of intervals that a share `q` (0 < q < 1) of the waits does not exceed, in seconds. */
double queueing_random_wait_quantile(int busy, double interval_s, double q);
/* Tasks that only compute: one's share of the time, and the time in which `work_s` of the lock's work is done. */
double queueing_interval_share(int busy, double interval_s, double switch_s);
double queueing_interval_time(double work_s, double interval_s, double switch_s);
/* With priority for I/O: the I/O task finds the lock free but for `residual_s` (the rest of a bytecode, and the
 * hand-off) at each release. Its rate, and what is left for all tasks that compute, as a share of the time. */
double queueing_priority_rate(int releases, double outside_s, double own_s, double residual_s);
double queueing_priority_left(int releases, double outside_s, double own_s, double residual_s,
			      double switch_s);

/*
 * A lock with a quantum that its timer counts for the holder (Ruby), first come, first served.
 */

/* What a turn lasts: the quantum, and up to a tick more, for the timer looks once a tick. */
struct bounds queueing_quantum_turn(double quantum_s, double tick_s);
/* How long an I/O task waits that is back before its queue has gone round: `busy` turns; and if it comes back at a
 * random moment of a turn, half a turn less. */
double queueing_quantum_wait(int busy, double turn_s);
double queueing_quantum_wait_random(int busy, double turn_s);

/*
 * Open arrivals at random moments, `rate_per_s` of them, one server. Mean seconds before service begins, but for
 * sharing. NAN where more arrives than can be served.
 */
double queueing_md1_wait(double rate_per_s, double service_s);
double queueing_mm1_wait(double rate_per_s, double service_s);
/* Pollaczek-Khinchine: any service, of which the mean and the mean square (s^2) are known. */
double queueing_mg1_wait(double rate_per_s, double service_s, double service_square_s2);
/* Served in turns of a small quantum, switches free: the mean response of a job that itself takes `job_s`, whatever the
 * distribution. */
double queueing_sharing_response(double rate_per_s, double service_s, double job_s);

#endif
