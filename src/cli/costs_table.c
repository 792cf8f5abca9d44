/*
 * costs_table: the costs of virtual time, for people.
 *
 * How to read the table: a cost is the median of its rounds, whose lowest and highest stand beside it: how well this
 * machine agrees with itself. `sigma` is another thing, the spread of the single wake-up (of its logarithm; 0.4 means
 * that two thirds of them lie within a factor of 1.5 of the median), which virtual time draws from. `count` is of
 * single measurements: switches, waits, wake-ups, turns.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/costs_table.h"

#include <gilbench/util.h>

/* Three digits and a unit. Free it. */
static char *short_time(double ns)
{
	if (ns >= 1e6)
		return xasprintf("%.3g ms", ns / 1e6);
	if (ns >= 1e3)
		return xasprintf("%.3g us", ns / 1e3);
	return xasprintf("%.3g ns", ns);
}

/* "0.42", or "" of a cost that is constant. Free it. */
static char *sigma_text(const struct costs *costs, enum cost cost)
{
	if (cost == COST_WAKEUP)
		return xasprintf("%.2f", costs->wakeup_sigma);
	if (cost == COST_HANDOFF)
		return xasprintf("%.2f", costs->handoff_sigma);
	return xstrdup("");
}

static void print_measured(const struct calibration *calibration, enum cost cost)
{
	const struct cost_figure *figure = &calibration->figure[cost];
	char *value = cost_text(&calibration->costs, cost), *sigma = sigma_text(&calibration->costs, cost);
	char *low = short_time(figure->lowest_ns), *high = short_time(figure->highest_ns);
	char *range = xasprintf("%s .. %s", low, high);
	printf("%-9s %-9s %-20s %-6s %-8" PRIu64 " %s\n", cost_name(cost), value, range, sigma, figure->count,
	       figure->how);
	free(range);
	free(low);
	free(high);
	free(sigma);
	free(value);
}

static void print_assumed(const struct costs *costs, enum cost cost, const char *reason)
{
	char *value = cost_text(costs, cost);
	printf("%-9s %-9s %-20s %-6s %-8s %s\n", cost_name(cost), value, "assumed", "", "", reason);
	free(value);
}

/* Of a CPU that has been idle for less. */
static void print_depth(const struct costs *costs)
{
	printf("\nA hand-off to a CPU idle for less than");
	for (int i = 0; i + 1 < COST_DEPTHS; i++)
		printf("%s %g ms takes %.0f %%", i > 0 ? "," : "", (double)cost_depth_ns[i] / 1e6,
		       100 * costs->depth[i]);
	printf(" of it; the signal costs its sender %.0f %%.\n", 100 * costs->signal);
}

void costs_table_print(const struct calibration *calibration)
{
	printf("%-9s %-9s %-20s %-6s %-8s %s\n", "cost", "value", "rounds", "sigma", "count", "how");
	for (enum cost cost = 0; cost < COST_FREE; cost++) {
		if (calibration->costs.origin[cost] == COST_MEASURED)
			print_measured(calibration, cost);
		else
			print_assumed(&calibration->costs, cost, calibration->figure[cost].reason);
	}
	print_assumed(&calibration->costs, COST_FREE,
		      "needs a free-threaded interpreter; --cost free=1.10 says another");
	if (calibration->costs.origin[COST_HANDOFF] == COST_MEASURED)
		print_depth(&calibration->costs);
}

void costs_table_print_stored(void)
{
	struct costs costs;
	char note[512];
	bool is_loaded = calibration_load(&costs, note, sizeof(note));
	char *text = costs_text(&costs), *origin = costs_origin_text(&costs);
	printf("\nCosts in virtual time: %s\n", text);
	if (is_loaded)
		printf("  %s\n", origin);
	else if (note[0] != '\0')
		printf("  standard values: %s\n", note);
	else
		printf("  standard values, never measured here; `gilbench doctor --calibrate` does it in "
		       "about 10 s\n");
	free(text);
	free(origin);
}
