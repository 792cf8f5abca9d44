/*
 * closed_form: throughput of a cell where arithmetic alone knows it. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_CLOSED_FORM_H
#define GILBENCH_REPORT_CLOSED_FORM_H

#include <gilbench/profile.h>

/* Operations/s of all tasks together of one role that runs `profile` under `model` ("gil", "uv*4"), where nothing costs
 * anything but the profile's own segments, once the first round is over. NAN where no closed form is known, and for
 * workers or cores below 1. */
double closed_form_per_s(const struct profile *, const char *model, int workers, int cores);
/* The same as the length of an operation, from asking to done: its median, which is known where nothing varies. */
double closed_form_p50_s(const struct profile *, const char *model, int workers, int cores);

#endif
