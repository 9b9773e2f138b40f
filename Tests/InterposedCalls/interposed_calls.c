#define _GNU_SOURCE
// The headers must not redirect open to open64 and the like: both are defined here.
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE
#include "interposed_calls.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_DESCRIPTORS 4096
#define INODES 65536
// A time for files that nothing has happened to, and for the daemon a past one.
#define BEGINNING 3999900000

// The C library's function of that name.
#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int is_on, is_spared;
static char root[4096];
static size_t root_length;
static struct ic_faults faults;
static int64_t calls, failures, ticks;
static char *names[MOST_DESCRIPTORS];
static struct { ino_t inode; int64_t tick; } times[INODES];

static struct ic_record *records;
static size_t count, capacity;

static char *copy(const void *bytes, size_t length) {
  char *result = malloc(length + 1);
  if (!result) abort();
  if (length) memcpy(result, bytes, length);
  result[length] = 0;
  return result;
}

static void clear(void) {
  for (size_t index = 0; index < count; index++) {
    free((void *)records[index].path);
    free((void *)records[index].other);
    free((void *)records[index].bytes);
  }
  count = 0;
}

void ic_begin(const char *folder, const struct ic_faults *asked) {
  pthread_mutex_lock(&lock);
  clear();
  root_length = strlen(folder);
  if (root_length >= sizeof root) abort();
  memcpy(root, folder, root_length + 1);
  memset(&faults, 0, sizeof faults);
  if (asked) faults = *asked;
  calls = failures = ticks = 0;
  memset(times, 0, sizeof times);
  is_spared = 0;
  is_on = 1;
  pthread_mutex_unlock(&lock);
}

void ic_end(void) {
  pthread_mutex_lock(&lock);
  is_on = 0;
  for (int index = 0; index < MOST_DESCRIPTORS; index++) {
    free(names[index]);
    names[index] = NULL;
  }
  pthread_mutex_unlock(&lock);
}

void ic_spare(int spares) { is_spared = spares; }
size_t ic_count(void) { return count; }
struct ic_record ic_record_at(size_t index) { return records[index]; }
int64_t ic_calls(void) { return calls; }
int64_t ic_failures(void) { return failures; }

static int is_below(const char *path) {
  return is_on && path && strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

static const char *name_of(int descriptor) {
  return is_on && descriptor >= 0 && descriptor < MOST_DESCRIPTORS ? names[descriptor] : NULL;
}

// The path that a call with a folder's descriptor means; `path` itself where that is whole.
static const char *joined(int folder, const char *path, char *space) {
  if (!path || path[0] == '/' || folder == AT_FDCWD || !name_of(folder)) return path;
  size_t length = strlen(names[folder]);
  if (length + strlen(path) + 2 > 4096) abort();
  memcpy(space, names[folder], length);
  space[length] = '/';
  strcpy(space + length + 1, path);
  return space;
}

static void note(struct ic_record record) {
  pthread_mutex_lock(&lock);
  if (count == capacity) {
    capacity = capacity ? capacity * 2 : 1024;
    records = realloc(records, capacity * sizeof *records);
    if (!records) abort();
  }
  record.call = calls;
  records[count++] = record;
  pthread_mutex_unlock(&lock);
}

static void note_path(int kind, const char *path, const char *other, int flags) {
  note((struct ic_record){.kind = kind, .path = copy(path, strlen(path)),
      .other = other ? copy(other, strlen(other)) : NULL, .flags = flags, .descriptor = -1});
}

// Counts the call. Returns the error that it must fail with, or 0.
static int failing(int class, const char *path) {
  if (is_spared) return 0;
  int64_t call = calls++;
  if (call < faults.first || call >= faults.end || !(faults.classes & (uint32_t)class)) return 0;
  if (faults.every > 1 && (call - faults.first) % faults.every) return 0;
  failures++;
  note_path(IC_FAILURE, path, NULL, class);
  return faults.error;
}

// Times: the order in which things happened, whatever the machine's clock and its grain.

static void touch(ino_t inode) {
  size_t place = inode % INODES;
  for (int tries = 0; tries < INODES; tries++, place = (place + 1) % INODES) {
    if (times[place].inode == inode || times[place].inode == 0) break;
  }
  times[place].inode = inode;
  times[place].tick = ++ticks;
}

static void set_time(struct stat *status) {
  if (!S_ISREG(status->st_mode)) return;
  int64_t tick = 0;
  size_t place = status->st_ino % INODES;
  for (int tries = 0; tries < INODES && times[place].inode; tries++, place = (place + 1) % INODES) {
    if (times[place].inode == status->st_ino) tick = times[place].tick;
  }
  status->st_mtim = status->st_ctim = (struct timespec){.tv_sec = BEGINNING + tick / 1000, .tv_nsec = tick % 1000 * 1000000};
}

static int real_lstat(const char *path, struct stat *status) {
  REAL(int, "lstat", const char *, struct stat *);
  return real(path, status);
}

static int real_fstat(int descriptor, struct stat *status) {
  REAL(int, "fstat", int, struct stat *);
  return real(descriptor, status);
}

static void touch_path(const char *path) {
  struct stat status;
  if (real_lstat(path, &status) == 0) touch(status.st_ino);
}

static void touch_descriptor(int descriptor) {
  struct stat status;
  if (real_fstat(descriptor, &status) == 0) touch(status.st_ino);
}

// Opening and closing

static int real_open(int folder, const char *path, int flags, mode_t mode) {
  REAL(int, "openat", int, const char *, int, ...);
  return real(folder, path, flags, mode);
}

static int open_any(int folder, const char *path, int flags, mode_t mode) {
  char space[4096];
  const char *whole = joined(folder, path, space);
  if (!is_below(whole)) return real_open(folder, path, flags, mode);
  int error = failing(IC_OPENING, whole);
  if (error) {
    errno = error;
    return -1;
  }
  struct stat status;
  int is_new = flags & O_CREAT && real_lstat(whole, &status) != 0;
  int descriptor = real_open(folder, path, flags, mode);
  if (descriptor < 0) return descriptor;
  if (descriptor >= MOST_DESCRIPTORS) abort();
  free(names[descriptor]);
  names[descriptor] = copy(whole, strlen(whole));
  if (is_new || flags & O_TRUNC) touch_descriptor(descriptor);
  note((struct ic_record){.kind = IC_OPEN, .descriptor = descriptor, .flags = flags, .path = copy(whole, strlen(whole))});
  return descriptor;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  }

int open(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_any(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_any(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return open_any(folder, path, flags, mode); }
int __open_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_any(AT_FDCWD, path, flags, 0); }
int creat(const char *path, mode_t mode) { return open_any(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int descriptor) {
  REAL(int, "close", int);
  if (name_of(descriptor)) {
    note((struct ic_record){.kind = IC_CLOSE, .descriptor = descriptor});
    free(names[descriptor]);
    names[descriptor] = NULL;
  }
  return real(descriptor);
}

DIR *opendir(const char *path) {
  REAL(DIR *, "opendir", const char *);
  int error = is_below(path) ? failing(IC_OPENING, path) : 0;
  if (error) {
    errno = error;
    return NULL;
  }
  return real(path);
}

// Reading

ssize_t read(int descriptor, void *bytes, size_t length) {
  REAL(ssize_t, "read", int, void *, size_t);
  int error = name_of(descriptor) ? failing(IC_READING, name_of(descriptor)) : 0;
  if (error) {
    errno = error;
    return -1;
  }
  return real(descriptor, bytes, length);
}

ssize_t pread(int descriptor, void *bytes, size_t length, off_t offset) {
  REAL(ssize_t, "pread", int, void *, size_t, off_t);
  int error = name_of(descriptor) ? failing(IC_READING, name_of(descriptor)) : 0;
  if (error) {
    errno = error;
    return -1;
  }
  return real(descriptor, bytes, length, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t length, off64_t offset) {
  return pread(descriptor, bytes, length, offset);
}

// Looking

#define LOOK(name, is_ours, call) \
  int error = is_ours ? failing(IC_LOOKING, name) : 0; \
  if (error) { \
    errno = error; \
    return -1; \
  } \
  int result = call; \
  if (result == 0 && is_ours) set_time(status); \
  return result;

int stat(const char *path, struct stat *status) {
  REAL(int, "stat", const char *, struct stat *);
  LOOK(path, is_below(path), real(path, status))
}

int lstat(const char *path, struct stat *status) { LOOK(path, is_below(path), real_lstat(path, status)) }

int fstat(int descriptor, struct stat *status) {
  LOOK(name_of(descriptor), (name_of(descriptor) != NULL), real_fstat(descriptor, status))
}

int stat64(const char *path, struct stat64 *status) { return stat(path, (struct stat *)status); }
int lstat64(const char *path, struct stat64 *status) { return lstat(path, (struct stat *)status); }
int fstat64(int descriptor, struct stat64 *status) { return fstat(descriptor, (struct stat *)status); }

// Writing

static void note_write(int descriptor, off_t offset, const void *bytes, ssize_t length) {
  if (length <= 0) return;
  touch_descriptor(descriptor);
  note((struct ic_record){.kind = IC_WRITE, .descriptor = descriptor, .offset = offset,
      .bytes = (uint8_t *)copy(bytes, (size_t)length), .length = length});
}

// What is left of a write that fails: how much is written all the same, and whether its count is the answer.
static size_t part(int error, size_t length, int *is_answer) {
  *is_answer = faults.halves_writes && error == ENOSPC && length > 1;
  return faults.halves_writes ? length / 2 : 0;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
  REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
  if (!name_of(descriptor)) return real(descriptor, bytes, length, offset);
  int error = failing(IC_WRITING, name_of(descriptor)), is_answer = 0;
  size_t written = error ? part(error, length, &is_answer) : length;
  ssize_t result = written || !error ? real(descriptor, bytes, written, offset) : 0;
  note_write(descriptor, offset, bytes, result);
  if (!error || is_answer) return result;
  errno = error;
  return -1;
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
  return pwrite(descriptor, bytes, length, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
  REAL(ssize_t, "write", int, const void *, size_t);
  if (!name_of(descriptor)) return real(descriptor, bytes, length);
  int error = failing(IC_WRITING, name_of(descriptor)), is_answer = 0;
  size_t written = error ? part(error, length, &is_answer) : length;
  off_t offset = lseek(descriptor, 0, SEEK_CUR);
  if (fcntl(descriptor, F_GETFL) & O_APPEND) offset = lseek(descriptor, 0, SEEK_END);
  ssize_t result = written || !error ? real(descriptor, bytes, written) : 0;
  note_write(descriptor, offset, bytes, result);
  if (!error || is_answer) return result;
  errno = error;
  return -1;
}

int ftruncate(int descriptor, off_t size) {
  REAL(int, "ftruncate", int, off_t);
  if (!name_of(descriptor)) return real(descriptor, size);
  int error = failing(IC_WRITING, name_of(descriptor));
  if (error) {
    errno = error;
    return -1;
  }
  int result = real(descriptor, size);
  if (result == 0) {
    touch_descriptor(descriptor);
    note((struct ic_record){.kind = IC_TRUNCATE, .descriptor = descriptor, .offset = size});
  }
  return result;
}

int ftruncate64(int descriptor, off64_t size) { return ftruncate(descriptor, size); }

// Nothing is synced: the folder lies in memory, and what would be on a disk is the simulation's to say.
static int sync_any(int descriptor) {
  int error = failing(IC_SYNCING, name_of(descriptor));
  note((struct ic_record){.kind = IC_SYNC, .descriptor = descriptor, .flags = error != 0});
  if (!error) return 0;
  errno = error;
  return -1;
}

int fsync(int descriptor) {
  REAL(int, "fsync", int);
  return name_of(descriptor) ? sync_any(descriptor) : real(descriptor);
}

int fdatasync(int descriptor) {
  REAL(int, "fdatasync", int);
  return name_of(descriptor) ? sync_any(descriptor) : real(descriptor);
}

// Names

// Whether the call is made although it fails, because only its answer is lost.
static int is_made(int error) { return !error || faults.loses_answers; }

#define NAMING(call, written_down) \
  int error = failing(IC_NAMING, whole); \
  int result = -1; \
  if (is_made(error)) { \
    result = call; \
    if (result == 0) { written_down; } \
  } \
  if (error) { \
    errno = error; \
    return -1; \
  } \
  return result;

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
  char space[4096], other_space[4096];
  const char *whole = joined(from_folder, from, space), *other = joined(to_folder, to, other_space);
  if (!is_below(whole) && !is_below(other)) return real(from_folder, from, to_folder, to, flags);
  NAMING(real(from_folder, from, to_folder, to, flags), touch_path(other); note_path(IC_RENAME, whole, other, (int)flags))
}

int rename(const char *from, const char *to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
  return renameat2(from_folder, from, to_folder, to, 0);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  REAL(int, "linkat", int, const char *, int, const char *, int);
  char space[4096], other_space[4096];
  const char *whole = joined(from_folder, from, space), *other = joined(to_folder, to, other_space);
  if (!is_below(whole) && !is_below(other)) return real(from_folder, from, to_folder, to, flags);
  NAMING(real(from_folder, from, to_folder, to, flags), touch_path(other); note_path(IC_LINK, whole, other, 0))
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *path, int flags) {
  REAL(int, "unlinkat", int, const char *, int);
  char space[4096];
  const char *whole = joined(folder, path, space);
  if (!is_below(whole)) return real(folder, path, flags);
  NAMING(real(folder, path, flags), note_path(flags & AT_REMOVEDIR ? IC_RMDIR : IC_UNLINK, whole, NULL, 0))
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int folder, const char *path, mode_t mode) {
  REAL(int, "mkdirat", int, const char *, mode_t);
  char space[4096];
  const char *whole = joined(folder, path, space);
  if (!is_below(whole)) return real(folder, path, mode);
  NAMING(real(folder, path, mode), note_path(IC_MKDIR, whole, NULL, 0))
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

// One number for all runs: it is part of temporary names, and of what the index is told.
pid_t getpid(void) {
  REAL(pid_t, "getpid", void);
  return is_on ? 4242 : real();
}

// What would happen some seconds later on the machine's clock happens never: the simulation's time is another. What it holds
// would live on meanwhile, with its descriptors, beside the next daemon.
void dispatch_after(uint64_t when, void *queue, void *block) {
  (void)when;
  (void)queue;
  (void)block;
}
