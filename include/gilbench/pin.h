/*
 * pin: keep a process on some CPUs. Layer 1. Linux-only.
 */
#ifndef GILBENCH_PIN_H
#define GILBENCH_PIN_H

#include <stddef.h>

/* Keep this process, and all threads and processes it makes from now on, on the CPUs of a list: "0", "0,2",
 * "0-3". Call before any thread exists. 0, or -1 with one sentence in `error`. */
int pin_process(const char *cpu_list, char *error, size_t error_bytes);

#endif
