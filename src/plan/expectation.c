/*
 * expectation: reads claims and placeholders. See expectation.h for the grammar.
 *
 * A claim is words and, at its end, a text in double quotes. The words are read in one pass: model, metric,
 * then NAME=VALUE words and the range in any order. What a word means depends on nothing but itself, so each
 * mistake is answered with that word.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/expectation.h>
#include <gilbench/gil.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#define GRAMMAR                                                                                          \
	"MODEL[/MODEL] METRIC [workload=W] [role=R] [params~WORD] [policy=P] [workers=EXPR] [source=S] " \
	"LOW..HIGH \"text\""

static int set_word(char *field, size_t bytes, const char *value, const char *word, char *error,
		    size_t error_bytes)
{
	if (field[0] != '\0') {
		snprintf(error, error_bytes, "'%s': that is said twice", word);
		return -1;
	}
	if (*value == '\0' || strlen(value) >= bytes) {
		snprintf(error, error_bytes, "'%s': the value is %s", word,
			 *value == '\0' ? "empty" : "too long");
		return -1;
	}
	snprintf(field, bytes, "%s", value);
	return 0;
}

/* An EXPR that needs only the machine, or any. */
static int check_expression(const char *text, bool is_workers, char *error, size_t error_bytes)
{
	const double later = is_workers ? NAN : 1;
	const struct expression_names names = {1, 1, later, later};
	double value;
	if (expression_value(text, &names, &value, error, error_bytes) != 0)
		return -1;
	if (!isnan(value))
		return 0;
	snprintf(error, error_bytes, "'workers=%s': workers may be numbers, cores and physical", text);
	return -1;
}

static int set_model(char *field, size_t bytes, const char *name, char *error, size_t error_bytes)
{
	const struct model *model = model_find(name, error, error_bytes);
	if (model == NULL)
		return -1;
	snprintf(field, bytes, "%s", model->name);
	return 0;
}

/* "gil" or "uv/uv-pool". */
static int set_models(char *word, struct selection *s, char *error, size_t error_bytes)
{
	char *slash = strchr(word, '/');
	if (slash != NULL)
		*slash = '\0';
	s->is_ratio = slash != NULL;
	if (set_model(s->of.model, sizeof(s->of.model), word, error, error_bytes) != 0)
		return -1;
	return slash == NULL ? 0
			     : set_model(s->over.model, sizeof(s->over.model), slash + 1, error, error_bytes);
}

static int add_params(struct choice *c, const char *value, const char *word, char *error, size_t error_bytes)
{
	size_t used = strlen(c->params);
	if (*value == '\0' || used + strlen(value) + 2 > sizeof(c->params)) {
		snprintf(error, error_bytes, "'%s': the value is %s", word,
			 *value == '\0' ? "empty" : "too long");
		return -1;
	}
	snprintf(c->params + used, sizeof(c->params) - used, "%s%s", used > 0 ? " " : "", value);
	return 0;
}

/* In its one spelling, which is how rows say it. */
static int set_policy(struct choice *c, const char *value, const char *word, char *error, size_t error_bytes)
{
	struct gil_policy policy;
	if (*value != '\0' && gil_policy_parse(value, &policy, error, error_bytes) != 0)
		return -1;
	char *text = *value != '\0' ? gil_policy_text(&policy) : xstrdup("");
	int status = set_word(c->policy, sizeof(c->policy), text, word, error, error_bytes);
	free(text);
	return status;
}

static int check_source(const char *source, char *error, size_t error_bytes)
{
	for (int known = SOURCE_LIVE; known <= SOURCE_CPYTHON; known++)
		if (strcmp(cell_source_name((enum cell_source)known), source) == 0)
			return 0;
	snprintf(error, error_bytes, "'source=%s': a source is live, virtual or cpython", source);
	return -1;
}

/* One word that selects: 0, or -1. */
static int use_selector(const char *word, struct choice *c, char *error, size_t error_bytes)
{
	const struct {
		const char *name;
		char *field;
		size_t bytes;
	} fields[] = {{"workload=", c->workload, sizeof(c->workload)},
		      {"role=", c->role, sizeof(c->role)},
		      {"workers=", c->workers, sizeof(c->workers)},
		      {"source=", c->source, sizeof(c->source)}};
	if (strncmp(word, "params~", 7) == 0)
		return add_params(c, word + 7, word, error, error_bytes);
	if (strncmp(word, "policy=", 7) == 0)
		return set_policy(c, word + 7, word, error, error_bytes);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		size_t length = strlen(fields[i].name);
		if (strncmp(word, fields[i].name, length) != 0)
			continue;
		if (set_word(fields[i].field, fields[i].bytes, word + length, word, error, error_bytes) != 0)
			return -1;
		if (fields[i].field == c->source)
			return check_source(c->source, error, error_bytes);
		return fields[i].field == c->workers ? check_expression(c->workers, true, error, error_bytes)
						     : 0;
	}
	snprintf(error, error_bytes,
		 "'%s' is not understood; it may be workload=, role=, params~, policy=, workers= or source=, "
		 "or "
		 "a range "
		 "such as 0.9..1.05",
		 word);
	return -1;
}

/* Where the second model's own words say nothing, the first one's hold; but there is no policy without a lock. */
static void inherit(struct choice *over, const struct choice *of)
{
	const struct choice own = *over;
	char error[1];
	*over = *of;
	snprintf(over->model, sizeof(over->model), "%s", own.model);
	if (!model_find(own.model, error, sizeof(error))->has_lock)
		over->policy[0] = '\0';
	if (own.workload[0] != '\0')
		snprintf(over->workload, sizeof(over->workload), "%s", own.workload);
	if (own.role[0] != '\0')
		snprintf(over->role, sizeof(over->role), "%s", own.role);
	if (own.policy[0] != '\0')
		snprintf(over->policy, sizeof(over->policy), "%s", own.policy);
	if (own.params[0] != '\0')
		snprintf(over->params, sizeof(over->params), "%s", own.params);
	if (own.source[0] != '\0')
		snprintf(over->source, sizeof(over->source), "%s", own.source);
	if (own.workers[0] != '\0')
		snprintf(over->workers, sizeof(over->workers), "%s", own.workers);
}

/* A selecting word, for the first model or, after a `/`, for the second. */
static int use_either(const char *word, struct selection *s, char *error, size_t error_bytes)
{
	if (word[0] != '/')
		return use_selector(word, &s->of, error, error_bytes);
	if (s->is_ratio)
		return use_selector(word + 1, &s->over, error, error_bytes);
	snprintf(error, error_bytes, "'%s' is for the second model of MODEL/MODEL, and there is only one",
		 word);
	return -1;
}

/* Bounds that are plain numbers must be in order; what others are is known only after measuring. */
static int check_order(const struct expectation *e, char *error, size_t error_bytes)
{
	const struct expression_names later = {NAN, NAN, NAN, NAN};
	double low, high;
	if (e->low[0] == '\0' || e->high[0] == '\0' ||
	    expression_value(e->low, &later, &low, error, error_bytes) != 0 ||
	    expression_value(e->high, &later, &high, error, error_bytes) != 0 || !(low > high))
		return 0;
	snprintf(error, error_bytes, "'%s..%s': the lower bound comes first", e->low, e->high);
	return -1;
}

/* "0.9..1.05", "2..", "..1". */
static int set_range(char *word, struct expectation *e, char *error, size_t error_bytes)
{
	char *dots = strstr(word, "..");
	if (dots == NULL) {
		snprintf(error, error_bytes, "'%s' is not understood; a claim is %s", word, GRAMMAR);
		return -1;
	}
	if (e->low[0] != '\0' || e->high[0] != '\0') {
		snprintf(error, error_bytes, "'%s' is a second range", word);
		return -1;
	}
	*dots = '\0';
	const char *high = dots + 2;
	if (*word == '\0' && *high == '\0') {
		snprintf(error, error_bytes, "a range needs at least one bound, as in 0.9..1.05 or 2..");
		return -1;
	}
	if (*word != '\0' && (check_expression(word, false, error, error_bytes) != 0 ||
			      set_word(e->low, sizeof(e->low), word, word, error, error_bytes) != 0))
		return -1;
	if (*high != '\0' && (check_expression(high, false, error, error_bytes) != 0 ||
			      set_word(e->high, sizeof(e->high), high, high, error, error_bytes) != 0))
		return -1;
	return check_order(e, error, error_bytes);
}

/* Models, metric, then what selects; a word that does not select goes to `e` as the range, or is an error. */
static int use_words(char *words, struct selection *s, struct expectation *e, char *error, size_t error_bytes)
{
	char *rest = NULL;
	char *models = strtok_r(words, " \t", &rest), *metric = strtok_r(NULL, " \t", &rest);
	*s = (struct selection){0};
	if (metric == NULL) {
		snprintf(error, error_bytes, "%s %s", e != NULL ? "a claim is" : "a placeholder is",
			 e != NULL ? GRAMMAR : "{MODEL METRIC workers=2}, {ceiling workers=2} or {cores}");
		return -1;
	}
	if (set_models(models, s, error, error_bytes) != 0)
		return -1;
	s->metric = metric_find(metric, error, error_bytes);
	if (s->metric == NULL)
		return -1;
	for (char *word = strtok_r(NULL, " \t", &rest); word != NULL; word = strtok_r(NULL, " \t", &rest)) {
		bool is_range = e != NULL && strstr(word, "..") != NULL;
		int status = is_range ? set_range(word, e, error, error_bytes)
				      : use_either(word, s, error, error_bytes);
		if (status != 0)
			return -1;
	}
	if (s->is_ratio)
		inherit(&s->over, &s->of);
	return 0;
}

int selection_parse(const char *text, struct selection *s, char *error, size_t error_bytes)
{
	char *words = xstrdup(text);
	int status = use_words(words, s, NULL, error, error_bytes);
	free(words);
	return status;
}

/* The quoted text at the claim's end; cuts it off `words`. */
static int take_text(char *words, struct expectation *e, char *error, size_t error_bytes)
{
	char *open = strchr(words, '"'), *close = open != NULL ? strchr(open + 1, '"') : NULL;
	if (close == NULL || close == open + 1 || close[1 + strspn(close + 1, " \t")] != '\0') {
		snprintf(error, error_bytes,
			 "a claim ends with what it says, in double quotes, as in \"one lock, one core\"");
		return -1;
	}
	*open = *close = '\0';
	return set_word(e->text, sizeof(e->text), open + 1, "text", error, error_bytes);
}

int expectation_parse(const char *text, struct expectation *e, char *error, size_t error_bytes)
{
	char *words = xstrdup(text);
	*e = (struct expectation){0};
	int status = take_text(words, e, error, error_bytes);
	if (status == 0)
		status = use_words(words, &e->selection, e, error, error_bytes);
	free(words);
	if (status == 0 && e->low[0] == '\0' && e->high[0] == '\0') {
		snprintf(error, error_bytes, "the claim has no range, such as 0.9..1.05 or 2..");
		status = -1;
	}
	return status;
}

int placeholder_parse(const char *text, enum placeholder_kind *kind, struct selection *s, char *error,
		      size_t error_bytes)
{
	*kind = PLACEHOLDER_CORES;
	if (strcmp(text, "cores") == 0)
		return 0;
	*kind = PLACEHOLDER_METRIC;
	if (strncmp(text, "ceiling ", 8) != 0)
		return selection_parse(text, s, error, error_bytes);
	*kind = PLACEHOLDER_CEILING;
	*s = (struct selection){0};
	if (use_selector(text + 8, &s->of, error, error_bytes) == 0 && s->of.workers[0] != '\0')
		return 0;
	snprintf(error, error_bytes, "'{%s}': the ceiling is asked for as {ceiling workers=2}", text);
	return -1;
}

int answer_check(const char *answer, char *error, size_t error_bytes)
{
	for (const char *open = strchr(answer, '{'); open != NULL; open = strchr(open + 1, '{')) {
		const char *close = strchr(open, '}');
		if (close == NULL) {
			snprintf(error, error_bytes, "a { has no }");
			return -1;
		}
		char *inside = strndup(open + 1, (size_t)(close - open - 1));
		enum placeholder_kind kind;
		struct selection selection;
		int status = inside == NULL
				     ? -1
				     : placeholder_parse(inside, &kind, &selection, error, error_bytes);
		free(inside);
		if (status != 0)
			return -1;
	}
	return 0;
}
