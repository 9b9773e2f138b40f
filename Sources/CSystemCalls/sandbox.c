// Shuts this process up with what it has open and in memory: for code that takes hostile files apart.
#define _GNU_SOURCE
#include "CSystemCalls.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

// What AddressSanitizer finds in a child goes into a file of its own: shut up, the child could not open it.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_WATCHED
#endif
#endif

int cs_landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? (int)version : 0;
}

// A rule set without rules: nothing in the file system may be opened, made, moved or removed any more.
static int enter_landlock(void) {
  int version = cs_landlock_version();
  if (version == 0) return 0;
  // Version 1 knows 13 kinds of access, 2 and 3 one more each; those that this kernel does not know it would refuse.
  int kinds = version >= 3 ? 15 : 12 + version;
  uint64_t handled = (1ULL << kinds) - 1;
  long rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
  if (rules < 0) return 0;
  long result = syscall(SYS_landlock_restrict_self, rules, 0);
  close((int)rules);
  return result == 0 ? version : 0;
}

int cs_has_seccomp(void) {
#if defined(OWN_ARCHITECTURE) && !defined(IS_WATCHED)
  uint32_t action = SECCOMP_RET_ERRNO;
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
#else
  return 0;
#endif
}

#ifdef OWN_ARCHITECTURE

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
// The lower half of an argument; both architectures are little-endian here.
#define ARGUMENT(number) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (number)))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define DO(action) BPF_STMT(BPF_RET | BPF_K, action)
// Leaves the system call's number in place for the next line where it is another.
#define ALLOW(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), DO(SECCOMP_RET_ALLOW)
#define REFUSE SECCOMP_RET_ERRNO | EPERM

// What taking bytes apart and answering needs: memory, the clock, the one open socket, and an end.
static int enter_seccomp(void) {
  uint32_t own = (uint32_t)getpid();
  struct sock_filter filter[] = {
      LOAD(FIELD(arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0),
      DO(SECCOMP_RET_KILL_PROCESS),
      LOAD(FIELD(nr)),
      ALLOW(SYS_read), ALLOW(SYS_write), ALLOW(SYS_sendto), ALLOW(SYS_close), ALLOW(SYS_lseek),
      ALLOW(SYS_munmap), ALLOW(SYS_mremap), ALLOW(SYS_brk), ALLOW(SYS_madvise), ALLOW(SYS_futex),
      ALLOW(SYS_rt_sigreturn), ALLOW(SYS_rt_sigprocmask), ALLOW(SYS_rt_sigaction), ALLOW(SYS_sigaltstack),
      ALLOW(SYS_clock_gettime), ALLOW(SYS_clock_nanosleep), ALLOW(SYS_gettimeofday), ALLOW(SYS_restart_syscall),
      ALLOW(SYS_getpid), ALLOW(SYS_gettid), ALLOW(SYS_sched_yield), ALLOW(SYS_sched_getaffinity),
      ALLOW(SYS_getrandom), ALLOW(SYS_getrusage), ALLOW(SYS_uname), ALLOW(SYS_rseq),
      ALLOW(SYS_set_robust_list), ALLOW(SYS_exit), ALLOW(SYS_exit_group),
      // Memory, but none that can be run.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 4),
      LOAD(ARGUMENT(2)),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
      DO(REFUSE),
      DO(SECCOMP_RET_ALLOW),
      // Signals to itself, as abort(3) sends; a crash must stay one.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4),
      LOAD(ARGUMENT(0)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, own, 1, 0),
      DO(REFUSE),
      DO(SECCOMP_RET_ALLOW),
      // glibc falls back to clone, which is refused.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
      DO(SECCOMP_RET_ERRNO | ENOSYS),
      DO(REFUSE),
  };
  struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
  // All threads: a library may have started some.
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0;
}

#else

static int enter_seccomp(void) { return 0; }

#endif

int cs_enter_sandbox(void) {
#ifdef IS_WATCHED
  return -1;
#endif
  // Nobody may look into this process, nor it become more than it is.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
  enter_landlock();
  return enter_seccomp() ? 0 : -1;
}
