/*
 * virtual_json: costs and recordings as a manifest has them.
 *
 *	{"costs": {"switch_ns": 2000, ..., "free": 1.08, "handoff_sigma": 0.5, "wakeup_sigma": 0.5,
 *	           "depth": [...], "signal": 0.2, "origin": {"switch": "measured", ...}, "text": "switch=2us ...", "origin_text": "..."},
 *	 "recordings": [{"cast", "params", "error"} or
 *	                {"cast", "params", "roles": [{"name", "workload", "tasks", "tick_ns", "segments": [
 *	                     {"kind": "gil", "spread": "constant", "mean_ns", "sigma", "values": [ns, ...]}]}]}]}
 *
 * Texts are for readers; numbers are what a run that is gone on with is made of.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "driver/recordings.h"

/* ---- costs ---------------------------------------------------------------------------------------------- */

static const char *const origins[] = {
	[COST_ASSUMED] = "assumed", [COST_MEASURED] = "measured", [COST_SAID] = "said"};

static void round_number(double *x)
{
	*x = round(*x * 1e6) / 1e6;
}

void virtual_round_costs(struct costs *c)
{
	double *const numbers[] = {&c->free_factor, &c->handoff_sigma, &c->wakeup_sigma, &c->signal};
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		round_number(numbers[i]);
	for (int i = 0; i < COST_DEPTHS; i++)
		round_number(&c->depth[i]);
}

static json_t *costs_to_json(const struct costs *c)
{
	json_t *origin = json_object(), *depth = json_array();
	for (int i = 0; i < COST_DEPTHS; i++)
		json_array_append_new(depth, json_real(c->depth[i]));
	char *text = costs_text(c), *origin_text = costs_origin_text(c);
	for (int i = 0; i < COSTS; i++)
		json_object_set_new(origin, cost_name((enum cost)i), json_string(origins[c->origin[i]]));
	json_t *object =
		json_pack("{s:I, s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:o, s:f, s:o, s:s, s:s}", "switch_ns",
			  (json_int_t)c->switch_ns, "wakeup_ns", (json_int_t)c->wakeup_ns, "handoff_ns",
			  (json_int_t)c->handoff_ns, "poll_ns", (json_int_t)c->poll_ns, "slice_ns",
			  (json_int_t)c->slice_ns, "free", c->free_factor, "handoff_sigma", c->handoff_sigma,
			  "wakeup_sigma", c->wakeup_sigma, "depth", depth, "signal", c->signal, "origin",
			  origin, "text", text, "origin_text", origin_text);
	free(text);
	free(origin_text);
	return object;
}

static enum cost_origin origin_of(const json_t *origins_object, enum cost cost)
{
	const char *word = json_string_value(json_object_get(origins_object, cost_name(cost)));
	for (size_t i = 0; word != NULL && i < ARRAY_LEN(origins); i++)
		if (strcmp(origins[i], word) == 0)
			return (enum cost_origin)i;
	return COST_ASSUMED;
}

/* A run that does not say keeps the standard ones. */
static int depths_from_json(struct costs *c, const json_t *array)
{
	if (array == NULL)
		return 0;
	if (json_array_size(array) != COST_DEPTHS)
		return -1;
	for (size_t i = 0; i < COST_DEPTHS; i++) {
		c->depth[i] = json_number_value(json_array_get(array, i));
		if (!(c->depth[i] >= 0 && c->depth[i] <= 1))
			return -1;
	}
	return 0;
}

static int costs_from_json(struct costs *c, const json_t *object)
{
	json_int_t switch_ns, wakeup_ns, handoff_ns, poll_ns, slice_ns;
	costs_standard(c);
	/* Unpacking does not change the object. */
	if (json_unpack((json_t *)(uintptr_t)object, "{s:I, s:I, s:I, s:I, s:I, s:F, s:F, s:F, s?F}",
			"switch_ns", &switch_ns, "wakeup_ns", &wakeup_ns, "handoff_ns", &handoff_ns,
			"poll_ns", &poll_ns, "slice_ns", &slice_ns, "free", &c->free_factor, "handoff_sigma",
			&c->handoff_sigma, "wakeup_sigma", &c->wakeup_sigma, "signal", &c->signal) != 0)
		return -1;
	c->switch_ns = switch_ns;
	c->wakeup_ns = wakeup_ns;
	c->handoff_ns = handoff_ns;
	c->poll_ns = poll_ns;
	c->slice_ns = slice_ns;
	bool is_sane = c->handoff_sigma >= 0 && c->wakeup_sigma >= 0 && c->signal >= 0;
	for (int i = 0; i < COSTS; i++) {
		c->origin[i] = origin_of(json_object_get(object, "origin"), (enum cost)i);
		is_sane &= cost_is_valid(c, (enum cost)i);
	}
	return is_sane ? depths_from_json(c, json_object_get(object, "depth")) : -1;
}

/* ---- recordings ----------------------------------------------------------------------------------------- */

static const char *const spreads[] = {[SPREAD_CONSTANT] = "constant",
				      [SPREAD_EXPONENTIAL] = "exp",
				      [SPREAD_LOGNORMAL] = "lognormal",
				      [SPREAD_EMPIRICAL] = "recorded"};

static json_t *segment_to_json(const struct segment *s)
{
	json_t *values = json_array();
	for (size_t i = 0; i < s->value_count; i++)
		json_array_append_new(values, json_integer((json_int_t)s->values[i]));
	return json_pack("{s:s, s:s, s:I, s:f, s:o}", "kind", segment_kind_name(s->kind), "spread",
			 spreads[s->spread], "mean_ns", (json_int_t)s->mean_ns, "sigma", s->sigma, "values",
			 values);
}

static json_t *role_to_json(const struct profile_role *role)
{
	json_t *segments = json_array();
	for (size_t i = 0; i < role->profile.count; i++)
		json_array_append_new(segments, segment_to_json(&role->profile.segment[i]));
	return json_pack("{s:s, s:s, s:i, s:I, s:o}", "name", role->name, "workload", role->workload, "tasks",
			 role->tasks, "tick_ns", (json_int_t)role->profile.tick_ns, "segments", segments);
}

static json_t *recording_to_json(const struct recording *r)
{
	json_t *object = json_pack("{s:s, s:s}", "cast", r->cast, "params", r->params), *roles = json_array();
	for (int i = 0; i < r->profiles.count; i++)
		json_array_append_new(roles, role_to_json(&r->profiles.role[i]));
	json_object_set_new(object, "roles", roles);
	if (r->error != NULL)
		json_object_set_new(object, "error", json_string(r->error));
	return object;
}

/* The index of a word among names, or -1. */
static int index_of(const char *word, const char *const names[], int count)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static int kind_of(const char *word)
{
	for (int kind = 0; kind < SEGMENT_KINDS; kind++)
		if (strcmp(segment_kind_name((enum segment_kind)kind), word) == 0)
			return kind;
	return -1;
}

static int read_values(struct segment *s, const json_t *values)
{
	s->value_count = json_array_size(values);
	if (s->value_count > SEGMENT_VALUES_MAX || (s->value_count == 0) != (s->spread != SPREAD_EMPIRICAL))
		return -1;
	s->values = s->value_count > 0 ? xcalloc(s->value_count, sizeof(*s->values)) : NULL;
	for (size_t i = 0; i < s->value_count; i++) {
		s->values[i] = json_integer_value(json_array_get(values, i));
		if (s->values[i] < (i > 0 ? s->values[i - 1] : 0) || s->values[i] > SEGMENT_MAX_NS)
			return -1;
	}
	return 0;
}

static int read_segment(struct segment *s, const json_t *object)
{
	const char *kind, *spread;
	json_int_t mean_ns;
	json_t *values;
	*s = (struct segment){0};
	if (json_unpack((json_t *)(uintptr_t)object, "{s:s, s:s, s:I, s:F, s:o}", "kind", &kind, "spread",
			&spread, "mean_ns", &mean_ns, "sigma", &s->sigma, "values", &values) != 0)
		return -1;
	int known_kind = kind_of(kind), known_spread = index_of(spread, spreads, ARRAY_LEN(spreads));
	if (known_kind < 0 || known_spread < 0 || mean_ns < 0 || mean_ns > SEGMENT_MAX_NS)
		return -1;
	s->kind = (enum segment_kind)known_kind;
	s->spread = (enum segment_spread)known_spread;
	s->mean_ns = mean_ns;
	return read_values(s, values);
}

static int read_role(struct profile_role *role, const json_t *object)
{
	const char *name, *workload;
	json_int_t tick_ns;
	json_t *segments;
	if (json_unpack((json_t *)(uintptr_t)object, "{s:s, s:s, s:i, s:I, s:o}", "name", &name, "workload",
			&workload, "tasks", &role->tasks, "tick_ns", &tick_ns, "segments", &segments) != 0 ||
	    json_array_size(segments) > SEGMENT_MAX || role->tasks < 1)
		return -1;
	snprintf(role->name, sizeof(role->name), "%s", name);
	snprintf(role->workload, sizeof(role->workload), "%s", workload);
	role->profile.tick_ns = tick_ns;
	for (size_t i = 0; i < json_array_size(segments); i++) {
		/* Counted before it is read: a half-read one is released, too. */
		role->profile.count++;
		if (read_segment(&role->profile.segment[i], json_array_get(segments, i)) != 0)
			return -1;
	}
	return 0;
}

static int read_recording(struct virtual_runner *runner, const json_t *object)
{
	const char *cast, *params, *error = NULL;
	json_t *roles;
	if (json_unpack((json_t *)(uintptr_t)object, "{s:s, s:s, s:o, s?s}", "cast", &cast, "params", &params,
			"roles", &roles, "error", &error) != 0 ||
	    json_array_size(roles) > ROLE_MAX)
		return -1;
	struct recording *recording = recording_add(runner, cast, params);
	recording->error = error != NULL ? xstrdup(error) : NULL;
	for (size_t i = 0; i < json_array_size(roles); i++) {
		recording->profiles.count++;
		if (read_role(&recording->profiles.role[i], json_array_get(roles, i)) != 0)
			return -1;
	}
	return 0;
}

/* ---- both ----------------------------------------------------------------------------------------------- */

json_t *virtual_to_json(const struct virtual_runner *runner)
{
	json_t *recordings = json_array();
	for (size_t i = 0; i < runner->recording_count; i++)
		json_array_append_new(recordings, recording_to_json(&runner->recordings[i]));
	return json_pack("{s:o, s:o}", "costs", costs_to_json(&runner->costs), "recordings", recordings);
}

int virtual_from_json(struct virtual_runner *runner, const json_t *object, char *error, size_t error_bytes)
{
	const json_t *recordings = json_object_get(object, "recordings"), *entry;
	size_t i;
	*runner = (struct virtual_runner){0};
	int status = costs_from_json(&runner->costs, json_object_get(object, "costs"));
	json_array_foreach (recordings, i, entry)
		if (status == 0)
			status = read_recording(runner, entry);
	if (status == 0)
		return 0;
	virtual_release(runner);
	snprintf(error, error_bytes, "what it says of virtual time cannot be read");
	return -1;
}
