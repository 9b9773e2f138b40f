#pragma once

// What the isolated reader asks of Linux and Swift's Glibc module lacks.

#include <spawn.h>

// Closes every descriptor from `first` up in the spawned process (glibc 2.34).
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int first);
