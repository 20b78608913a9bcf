// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/fiber.h"

#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/engine.h"
#include "explore/host.h"
#include "explore/prologue.h"

#define GUARD_SIZE 4096u
#define DONOR_STACK (64u << 10)
#define AT_FSGSBASE 2 /* bit of AT_HWCAP2 */

/* Initial thread-local data of the main executable, and where it goes. */
static struct {
	const void *image;
	size_t image_size;
	size_t memory_size;
	size_t offset; /* below the FS base */
} tls EXPLORE_STATE;

bool fiber_slow EXPLORE_STATE;
int *fiber_errno EXPLORE_STATE;

/* Libraries whose thread-local data a program under test does not notice. */
static const char *const harmless[] = {
	"/libc.so", "/libdw.so", "/libelf.so", "/ld-linux", NULL,
};

static bool has_tls(const struct dl_phdr_info *info)
{
	for (int i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_TLS &&
		    info->dlpi_phdr[i].p_memsz)
			return true;
	return false;
}

/* Return: whether @info has thread-local data that must be kept apart. */
static int needs_tls(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	if (!has_tls(info))
		return 0;
	for (int i = 0; harmless[i]; i++)
		if (strstr(info->dlpi_name, harmless[i]))
			return 0;
	return 1;
}

static int find_tls(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];

		if (ph->p_type != PT_TLS)
			continue;
		tls.image = (const char *)info->dlpi_addr + ph->p_vaddr;
		tls.image_size = ph->p_filesz;
		tls.memory_size = ph->p_memsz;
		tls.offset = (ph->p_memsz + ph->p_align - 1) &
			     ~(ph->p_align - 1);
	}
	return 1; /* the executable comes first; look no further */
}

static uintptr_t own_fsbase(void)
{
	uintptr_t base;

	asm("mov %%fs:0,%0" : "=r"(base));
	return base;
}

int fiber_init(struct fiber *host)
{
	dl_iterate_phdr(find_tls, NULL);
	fiber_slow = !(getauxval(AT_HWCAP2) & AT_FSGSBASE);
	host->fsbase = own_fsbase();
	if (!dl_iterate_phdr(needs_tls, NULL))
		fiber_errno = &errno;
	return 0;
}

static void *donor(void *arg)
{
	__atomic_store_n((uintptr_t *)arg, own_fsbase(), __ATOMIC_RELEASE);
	host.futex_wake(arg, 1);
	for (;;)
		host.syscall(SYS_pause, 0, 0, 0, 0, 0, 0);
	return NULL;
}

static int start_donor(struct fiber *f)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, DONOR_STACK);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = host.pthread_create(&thread, &attr, donor, &f->fsbase);
	pthread_attr_destroy(&attr);
	if (err)
		return -err;
	while (!__atomic_load_n(&f->fsbase, __ATOMIC_ACQUIRE))
		host.futex_wait(&f->fsbase, 0);
	return 0;
}

int fiber_prepare(struct fiber *f)
{
	char *map;

	if (!f->stack) {
		map = mmap(NULL, GUARD_SIZE + FIBER_STACK_SIZE,
			   PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (map == MAP_FAILED)
			return -errno;
		mprotect(map, GUARD_SIZE, PROT_NONE);
		f->stack = map + GUARD_SIZE;
	}
	return f->fsbase || fiber_errno ? 0 : start_donor(f);
}

void fiber_keep(const struct fiber *f)
{
	char *top = f->stack + FIBER_STACK_SIZE;

	prologue_keep(f->sp, (size_t)(top - (char *)f->sp));
	if (f->fsbase)
		prologue_keep((char *)f->fsbase - tls.offset, tls.memory_size);
}

void fiber_start(struct fiber *f, void (*entry)(void))
{
	void **sp = (void **)(f->stack + FIBER_STACK_SIZE);
	char *block = (char *)f->fsbase - tls.offset;

	f->saved_errno = 0;
	if (tls.memory_size) {
		memcpy(block, tls.image, tls.image_size);
		memset(block + tls.image_size, 0,
		       tls.memory_size - tls.image_size);
	}
	*--sp = NULL; /* return address of entry: none */
	f->sp = sp;
	f->ip = (void *)(uintptr_t)entry;
}
