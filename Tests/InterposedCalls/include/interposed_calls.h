// The file system calls of this process below one folder: written down, and failing where the simulation says so.
//
// The program that links this defines open, write, rename and the rest itself, so that its own code, Foundation and SQLite all
// come by here on their way to the C library.

#ifndef INTERPOSED_CALLS_H
#define INTERPOSED_CALLS_H

#include <stddef.h>
#include <stdint.h>

// What was done, once it was done.
enum ic_kind {
  IC_OPEN = 1,     // path; descriptor, flags of open(2)
  IC_WRITE = 2,    // descriptor, offset, bytes
  IC_TRUNCATE = 3, // descriptor, offset: the new size
  IC_SYNC = 4,     // descriptor; flags: 1 where it failed
  IC_RENAME = 5,   // path, other; flags of renameat2(2)
  IC_LINK = 6,     // path, other
  IC_UNLINK = 7,   // path
  IC_MKDIR = 8,    // path
  IC_RMDIR = 9,    // path
  IC_CLOSE = 10,   // descriptor
  IC_FAILURE = 11  // path; flags: the class of the call that was made to fail
};

// Which calls may fail: bits of ic_faults.classes.
enum ic_class {
  IC_OPENING = 1,  // open, opendir
  IC_READING = 2,  // read, pread, readdir
  IC_WRITING = 4,  // write, pwrite, ftruncate
  IC_SYNCING = 8,  // fsync, fdatasync
  IC_NAMING = 16,  // rename, link, unlink, mkdir, rmdir
  IC_LOOKING = 32  // stat, lstat, fstat
};

struct ic_record {
  int32_t kind;
  int32_t descriptor;
  int32_t flags;
  int64_t offset;
  // The number of the call, counted from the start of the recording; calls that only look are counted, too.
  int64_t call;
  const char *path;
  const char *other;
  const uint8_t *bytes;
  int64_t length;
};

struct ic_faults {
  // Calls with numbers from `first` on, before `end`, fail.
  int64_t first;
  int64_t end;
  // Of these every so manieth only; 1 for all.
  int64_t every;
  uint32_t classes;
  int32_t error;
  // A write that fails has written its first half; one of ENOSPC first says so by a short count.
  int32_t halves_writes;
  // What names files is done all the same, and only the answer is lost.
  int32_t loses_answers;
};

// Writes down what happens below the folder from here on, with calls that fail as `faults` says; NULL for none.
void ic_begin(const char *folder, const struct ic_faults *faults);
// Writes nothing down any more. The records stay until the next ic_begin.
void ic_end(void);
// While not 0, calls are written down but do not fail and are not counted.
void ic_spare(int spares);
// The records; of their texts nothing may be used after the next ic_begin.
size_t ic_count(void);
struct ic_record ic_record_at(size_t index);
// Calls that were counted, and how many of them were made to fail.
int64_t ic_calls(void);
int64_t ic_failures(void);

#endif
