/*
 * hypervisor: who owns the real processors. See hypervisor.h.
 *
 * Firmware tables name the product, where there are any; a small virtual machine monitor has none, and then the
 * processor's own answer is left: x86 keeps 0x40000000 for the hypervisor to put its name there.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "host/files.h"
#include "host/hypervisor.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

/* The twelve letters that the hypervisor signs with. Asked only after the processor said that there is one:
 * without, the leaf answers anything. */
static void read_signature(char signature[13])
{
	unsigned leaf, words[3];
	__cpuid(0x40000000, leaf, words[0], words[1], words[2]);
	(void)leaf;
	memcpy(signature, words, sizeof(words));
	signature[12] = '\0';
}
#else
static void read_signature(char signature[13])
{
	signature[0] = '\0';
}
#endif

const char *hypervisor_of_signature(const char *signature)
{
	static const struct {
		const char *signature, *name;
	} known[] = {
		{"KVMKVMKVM", "kvm"},           {"Linux KVM Hv", "kvm"},     {"TCGTCGTCGTCG", "qemu"},
		{"VMwareVMware", "vmware"},     {"Microsoft Hv", "hyper-v"}, {"XenVMMXenVMM", "xen"},
		{"VBoxVBoxVBox", "virtualbox"}, {"bhyve bhyve ", "bhyve"},
	};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strcmp(signature, known[i].signature) == 0)
			return known[i].name;
	return "vm";
}

/* The name by what firmware and kernel say; NULL: nothing is said. */
static const char *by_firmware(void)
{
	static const struct {
		const char *file, *word, *name;
	} signs[] = {
		{"/proc/version", "icrosoft", "wsl"},
		{"/sys/hypervisor/type", "xen", "xen"},
		{"/sys/class/dmi/id/sys_vendor", "QEMU", "kvm"},
		{"/sys/class/dmi/id/product_name", "KVM", "kvm"},
		{"/sys/class/dmi/id/sys_vendor", "VMware", "vmware"},
		{"/sys/class/dmi/id/product_name", "VirtualBox", "virtualbox"},
		{"/sys/class/dmi/id/product_name", "Virtual Machine", "hyper-v"},
		{"/sys/class/dmi/id/product_name", "Google Compute Engine", "kvm"},
		{"/sys/class/dmi/id/sys_vendor", "Parallels", "parallels"},
	};
	char line[256];
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (host_file_line(signs[i].file, line, sizeof(line)) == 0 &&
		    strstr(line, signs[i].word) != NULL)
			return signs[i].name;
	return NULL;
}

static bool processor_is_lent(void)
{
	char flags[8192];
	if (host_file_value("/proc/cpuinfo", "flags", flags, sizeof(flags)) != 0)
		return false;
	/* One flag of a list in blanks; it may be the last. */
	const char *flag = strstr(flags, " hypervisor");
	return flag != NULL && (flag[11] == ' ' || flag[11] == '\0');
}

const char *hypervisor_name(void)
{
	const char *name = by_firmware();
	if (name != NULL)
		return name;
	if (!processor_is_lent())
		return "";
	/* A test's files tell of another machine than the one whose processor would answer. */
	char signature[13] = "";
	if (!host_files_are_a_tests())
		read_signature(signature);
	return hypervisor_of_signature(signature);
}
