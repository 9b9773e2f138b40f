// The Linux system calls that Swift's Glibc module does not import, and a signal handler, which Swift cannot write.
#pragma once

#include <spawn.h>
#include <stddef.h>

// rename(2) that fails with EEXIST where `to` exists. Returns 0, or -1 with errno set.
int cs_rename_no_replace(const char *_Nonnull from, const char *_Nonnull to);

// Swaps two existing names atomically. Returns 0, or -1 with errno set.
int cs_rename_exchange(const char *_Nonnull from, const char *_Nonnull to);

// 1 where some process holds the file open for writing, 0 where none does, -1 where this cannot be told: asks for a
// read lease, which the kernel grants only without writers, and gives it back at once.
int cs_has_writer(const char *_Nonnull path);

// Writes the number of every signal of the list that arrives, as one byte, to `descriptor`. A signal with a mark in
// `once` has its default effect again after its first arrival. Returns 0, or -1 with errno set.
//
// The number of one marked `once` goes to `stop_descriptor`, too, unless that is -1.
int cs_send_signals_to(
    int descriptor, int stop_descriptor, const int *_Nonnull signals, const unsigned char *_Nonnull once, size_t count);

// Has a signal that the program brings on itself (SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT) write "crashed" to
// `descriptor` before it ends the process as it would have.
void cs_note_crashes_on(int descriptor);

// From here on this process can compute and answer on what it has open, and nothing else: no file, no process, no network.
// Returns 0; -1 where the kernel has no system call filter, and only part of that holds.
int cs_enter_sandbox(void);

// Sets what was written to a file on its way to the disk, without waiting.
void cs_begin_writing_out(int descriptor);

// Forks this process, which must have one thread: the new one is a child of this one's parent, which waits for it. Returns
// 0 in the new process, its number in this one, or -1 with errno set.
int cs_fork_for_parent(void);

// Closes every descriptor from `first` up in the spawned process (glibc 2.34).
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *_Nonnull actions, int first);

// Gives memory that malloc keeps for later back to the system.
void cs_trim_heap(void);

// Hands an open descriptor to whoever holds the other end of a socket. Returns 0, or -1 with errno set.
int cs_send_descriptor(int socket, int descriptor);

// Waits for one. Returns it, or -1 where the other end is closed or sent something else.
int cs_receive_descriptor(int socket);

// Version of Landlock that the kernel has; 0 where it has none.
int cs_landlock_version(void);

// 1 where the kernel filters system calls, else 0.
int cs_has_seccomp(void);

// A file that lies in memory, has no name, and goes with its last descriptor. Returns that, or -1 with errno set.
int cs_memory_file(void);
