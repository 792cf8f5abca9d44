/*
 * once_print: one sample as `gilbench once` prints it. Layer 5.
 */
#ifndef GILBENCH_CLI_ONCE_PRINT_H
#define GILBENCH_CLI_ONCE_PRINT_H

#include <stdio.h>

#include <gilbench/model.h>
#include <gilbench/sample.h>

void once_print(const struct sample *, const struct model *, FILE *to);

#endif
