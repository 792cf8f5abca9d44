/*
 * machine: names and settings of the hardware and the system. Private to src/host.
 */
#ifndef GILBENCH_HOST_MACHINE_H
#define GILBENCH_HOST_MACHINE_H

#include <gilbench/host.h>

/* Fills cpu_model, governor, power_profile, on_battery, virtualization, kernel, libc, os, hostname,
 * load_average, memory_bytes and the clock's two numbers. */
void machine_read(struct host *);

#endif
