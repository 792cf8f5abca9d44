/*
 * hypervisor: which one runs this guest. Private to src/host.
 */
#ifndef GILBENCH_HOST_HYPERVISOR_H
#define GILBENCH_HOST_HYPERVISOR_H

/* "kvm", "wsl", "vmware", ...; "vm" for one without a known name; "" on bare metal. */
const char *hypervisor_name(void);
/* The name behind a signature of x86's leaf 0x40000000. */
const char *hypervisor_of_signature(const char *signature);

#endif
