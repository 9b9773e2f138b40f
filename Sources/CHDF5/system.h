#pragma once

// What the isolated reader asks of Linux and Swift's Glibc module lacks.

#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

// Closes every descriptor from `first` up in the spawned process (glibc 2.34).
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);

// An anonymous file in memory, closed on exec. Returns -1 and sets errno on failure.
static inline int system_memory_file(const char *name) { return (int)syscall(SYS_memfd_create, name, 1u); }
