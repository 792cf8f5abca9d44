/*
 * queueing: closed loops around a lock, and open queues. See queueing.h.
 *
 * The textbook forms are sums of products that leave the range of a double at a few hundred tasks, so each is written
 * as a recursion that stays inside it:
 *
 * - the machine repairman's chance that the lock is idle is Erlang's loss formula B(N, a) with a = Z/S, which has one:
 *   B(n) = a B(n-1) / (n + a B(n-1)), B(0) = 1; and 1 - B(n) = n / (n + a B(n-1)) has no cancellation;
 * - Takacs' sum has positive terms alone, and is summed in logarithms;
 * - the states of several cores are summed relative to the largest so far.
 *
 * Here Z is the time outside and S the time inside, as in the literature.
 */
#include <math.h>

#include <gilbench/queueing.h>

/* May a closed loop of these be asked about? */
static bool is_loop(int tasks, double z, double s)
{
	return tasks >= 1 && z >= 0 && s >= 0 && z + s > 0 && isfinite(z + s);
}

double queueing_all_constant(int tasks, double z, double s)
{
	return queueing_asymptotic(tasks, z, s).high;
}

double queueing_machine_repairman(int tasks, double z, double s)
{
	if (!is_loop(tasks, z, s))
		return NAN;
	/* Z B(n), rather than B(n), so that neither Z = 0 nor S = 0 is a special case. */
	double idle = z;
	for (int n = 1; n < tasks; n++)
		idle = z * idle / (n * s + idle);
	return tasks / (tasks * s + idle);
}

double queueing_mean_value(int tasks, double z, double s)
{
	if (!is_loop(tasks, z, s))
		return NAN;
	double queue = 0, rate = 0;
	for (int n = 1; n <= tasks; n++) {
		double response = s * (1 + queue);
		rate = n / (z + response);
		queue = rate * response;
	}
	return rate;
}

/* log(exp(x) - 1), also where exp(x) is no double. */
static double log_expm1(double x)
{
	return x > 1 ? x + log1p(-exp(-x)) : log(expm1(x));
}

/* log((1 - b)/b), b = E[exp(-j S/Z)]: constant S, exponential S. `ratio` is S/Z. */
static double log_odds_constant(int j, double ratio)
{
	return log_expm1(j * ratio);
}

static double log_odds_exponential(int j, double ratio)
{
	return log(j * ratio);
}

/*
 * X = 1/(S + p Z/N), 1/p = sum over r of C(N-1, r) prod_{j=1..r} (1 - b(j/Z))/b(j/Z). A term's logarithm follows from
 * the one before it; the sum is kept relative to the largest.
 */
static double takacs(int tasks, double z, double s, double (*log_odds)(int j, double ratio))
{
	if (!is_loop(tasks, z, s))
		return NAN;
	if (z <= 0)
		return 1 / s;
	double term = 0, largest = 0, sum = 1;
	for (int r = 1; r < tasks; r++) {
		term += log((double)(tasks - r) / r) + log_odds(r, s / z);
		if (term > largest) {
			sum = sum * exp(largest - term) + 1;
			largest = term;
		} else {
			sum += exp(term - largest);
		}
	}
	return 1 / (s + exp(-largest) / sum * z / tasks);
}

double queueing_constant_inside(int tasks, double z, double s)
{
	return takacs(tasks, z, s, log_odds_constant);
}

double queueing_exponential_inside(int tasks, double z, double s)
{
	return takacs(tasks, z, s, log_odds_exponential);
}

double queueing_locks(queueing_law *law, int tasks, int locks, double z, double s)
{
	if (locks < 1 || locks > tasks || !is_loop(tasks, z, s))
		return NAN;
	int larger = tasks % locks;
	double rate = (locks - larger) * law(tasks / locks, z, s);
	return larger > 0 ? rate + larger * law(tasks / locks + 1, z, s) : rate;
}

/* Beyond this, what is summed is scaled down. The exact value does not matter. */
#define LARGE 1e200

double queueing_cores(int tasks, int cores, double z, double s)
{
	if (cores < 1 || !is_loop(tasks, z, s))
		return NAN;
	if (z <= 0)
		return fmin(tasks, cores) / s;
	/* Weights of the states "k tasks compute or want to"; completions/s of state k are min(k, cores)/S, which
	 * times its weight is the weight before times the arrivals, (N - k + 1)/Z. */
	double weight = 1, weights = 1, done = 0;
	for (int k = 1; k <= tasks; k++) {
		double arrived = weight * (tasks - k + 1) / z;
		weight = arrived * s / fmin(k, cores);
		weights += weight;
		done += arrived;
		if (weights > LARGE) {
			weight /= LARGE;
			weights /= LARGE;
			done /= LARGE;
		}
	}
	return done / weights;
}

double queueing_released(int tasks, double work_s, double free_share)
{
	if (!(free_share >= 0 && free_share <= 1))
		return NAN;
	return queueing_machine_repairman(tasks, free_share * work_s, (1 - free_share) * work_s);
}

struct bounds queueing_asymptotic(int tasks, double z, double s)
{
	if (!is_loop(tasks, z, s))
		return (struct bounds){NAN, NAN};
	return (struct bounds){.low = tasks / (z + tasks * s), .high = fmin(1 / s, tasks / (z + s))};
}

/* N/(Z + S + (N-1) S/(1 + Z/(k S))): k = N is the lower bound, k = 1 the upper one. */
static double balanced(int tasks, double z, double s, double k)
{
	double queue = s > 0 ? (tasks - 1) * s / (1 + z / (k * s)) : 0;
	return tasks / (z + s + queue);
}

struct bounds queueing_balanced(int tasks, double z, double s)
{
	if (!is_loop(tasks, z, s))
		return (struct bounds){NAN, NAN};
	return (struct bounds){.low = balanced(tasks, z, s, tasks),
			       .high = fmin(1 / s, balanced(tasks, z, s, 1))};
}

double queueing_knee(double z, double s)
{
	return is_loop(1, z, s) ? (z + s) / s : NAN;
}

/* May an open queue be asked about: does it keep up? */
static bool keeps_up(double rate_per_s, double service_s)
{
	return rate_per_s >= 0 && service_s >= 0 && rate_per_s * service_s < 1;
}

double queueing_mg1_wait(double rate_per_s, double service_s, double square_s2)
{
	if (!keeps_up(rate_per_s, service_s) || !(square_s2 >= service_s * service_s * (1 - 1e-12)))
		return NAN;
	return rate_per_s * square_s2 / (2 * (1 - rate_per_s * service_s));
}

double queueing_md1_wait(double rate_per_s, double service_s)
{
	return queueing_mg1_wait(rate_per_s, service_s, service_s * service_s);
}

double queueing_mm1_wait(double rate_per_s, double service_s)
{
	return queueing_mg1_wait(rate_per_s, service_s, 2 * service_s * service_s);
}

double queueing_sharing_response(double rate_per_s, double service_s, double job_s)
{
	if (!keeps_up(rate_per_s, service_s) || !(job_s >= 0))
		return NAN;
	return job_s / (1 - rate_per_s * service_s);
}
