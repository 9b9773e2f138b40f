#include "CStartup.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

// Address space that programs with OpenBLAS need at the least, in MiB: for want of some its initialiser, which runs before main,
// waits for ever for memory that never comes, or ends the process by SIGINT because a thread cannot be started.
#define LEAST 1024

// EX_IOERR of sysexits.h.
#define REFUSED 74

static void refuse_little_address_space(int count, char **arguments, char **environment) {
  (void)environment;
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur >= (rlim_t)LEAST << 20) return;
  const char *path = count > 0 ? arguments[0] : "", *slash = strrchr(path, '/');
  char text[512];
  int length = snprintf(text, sizeof text,
      "%.100s: too little memory may be used; found %llu MiB of address space; expected at least %d MiB. Raise the limit "
      "(ulimit -v, LimitAS= of the service).\n",
      slash ? slash + 1 : path, (unsigned long long)(limit.rlim_cur >> 20), LEAST);
  if (length > 0 && write(STDERR_FILENO, text, (size_t)length) < 0) _exit(REFUSED);
  _exit(REFUSED);
}

// The loader calls these when everything is mapped and before any library is initialised; only a program may have them.
__attribute__((used, section(".preinit_array"))) static void (*const first)(int, char **, char **) =
    refuse_little_address_space;
