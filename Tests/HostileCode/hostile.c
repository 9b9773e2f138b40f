#define _GNU_SOURCE
#include "HostileCode.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int listening = -1;
static struct sockaddr_in address;
static pid_t parent;

void hostile_prepare(void) {
  parent = getppid();
  listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  bind(listening, (struct sockaddr *)&address, size);
  listen(listening, 1);
  getsockname(listening, (struct sockaddr *)&address, &size);
}

static char path[4096];
static const char *in(const char *folder, const char *name) {
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static int read_a_file(const char *folder) { (void)folder; return open("/etc/passwd", O_RDONLY) >= 0; }
static int read_through_openat2(const char *folder) {
  (void)folder;
  unsigned long long how[3] = {0, 0, 0};
  return syscall(437, AT_FDCWD, "/etc/passwd", how, sizeof how) >= 0;
}
static int read_the_memory_of_the_parent(const char *folder) {
  (void)folder;
  snprintf(path, sizeof path, "/proc/%d/mem", (int)parent);
  return open(path, O_RDONLY) >= 0;
}
static int write_into_the_spool(const char *folder) { return open(in(folder, "new"), O_WRONLY | O_CREAT, 0600) >= 0; }
static int overwrite_a_label_file(const char *folder) { return open(in(folder, "labels.tsv"), O_WRONLY | O_TRUNC) >= 0; }
static int remove_a_file(const char *folder) { return unlink(in(folder, "labels.tsv")) == 0; }
static int rename_a_file(const char *folder) {
  char other[4096];
  snprintf(other, sizeof other, "%s/other", folder);
  return rename(in(folder, "labels.tsv"), other) == 0;
}
static int make_a_link(const char *folder) { return symlink("/etc/passwd", in(folder, "link")) == 0; }
static int make_a_folder(const char *folder) { return mkdir(in(folder, "folder"), 0700) == 0; }
static int change_rights(const char *folder) { return chmod(in(folder, "labels.tsv"), 0666) == 0; }
static int list_a_folder(const char *folder) { return open(folder, O_RDONLY | O_DIRECTORY) >= 0; }
static int connect_to_the_network(const char *folder) {
  (void)folder;
  int end = socket(AF_INET, SOCK_STREAM, 0);
  return end >= 0 && connect(end, (struct sockaddr *)&address, sizeof address) == 0;
}
static int accept_connections(const char *folder) { (void)folder; return listen(listening, 5) == 0; }
static int talk_to_a_local_service(const char *folder) { (void)folder; return socket(AF_UNIX, SOCK_DGRAM, 0) >= 0; }
static int start_a_process(const char *folder) {
  (void)folder;
  pid_t child = fork();
  if (child == 0) _exit(0);
  if (child > 0) waitpid(child, NULL, 0);
  return child > 0;
}
static int start_a_thread(const char *folder) {
  (void)folder;
  return syscall(SYS_clone, CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | SIGCHLD, NULL) > 0;
}
static int run_a_program(const char *folder) {
  (void)folder;
  // Where it works, the program ends this one with 1.
  char *words[] = {"false", NULL};
  execv("/bin/false", words);
  return 0;
}
static int trace_the_parent(const char *folder) { (void)folder; return ptrace(PTRACE_SEIZE, parent, NULL, NULL) == 0; }
static int signal_the_parent(const char *folder) { (void)folder; return kill(parent, 0) == 0; }
static int signal_a_thread_of_the_parent(const char *folder) {
  (void)folder;
  return syscall(SYS_tgkill, parent, parent, 0) == 0;
}
static int raise_its_limits(const char *folder) {
  (void)folder;
  struct rlimit limit;
  if (syscall(SYS_prlimit64, 0, RLIMIT_CORE, NULL, &limit) != 0) return 0;
  return syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, NULL) == 0;
}
static int multiply_descriptors(const char *folder) { (void)folder; return dup(0) >= 0; }
static int open_a_pipe(const char *folder) {
  (void)folder;
  int ends[2];
  return pipe(ends) == 0;
}
static int run_memory(const char *folder) {
  (void)folder;
  return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
static int make_memory_runnable(const char *folder) {
  (void)folder;
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page != MAP_FAILED && mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}
static int become_dumpable(const char *folder) { (void)folder; return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }
static int change_the_working_folder(const char *folder) { return chdir(folder) == 0; }
static int make_a_file_in_memory(const char *folder) { (void)folder; return syscall(SYS_memfd_create, "x", 0) >= 0; }
static int make_a_name_space(const char *folder) { (void)folder; return unshare(CLONE_NEWUSER) == 0; }
static int queue_input_and_output(const char *folder) {
  (void)folder;
  char setup[256] = {0};
  // Without the sandbox this may be switched off: then there is nothing to show.
  return syscall(425, 1, setup) >= 0;
}

static const struct {
  const char *name;
  int (*attempt)(const char *folder);
} attempts[] = {
#define ATTEMPT(name) {#name, name}
    ATTEMPT(read_a_file), ATTEMPT(read_through_openat2), ATTEMPT(read_the_memory_of_the_parent),
    ATTEMPT(write_into_the_spool), ATTEMPT(overwrite_a_label_file), ATTEMPT(remove_a_file), ATTEMPT(rename_a_file),
    ATTEMPT(make_a_link), ATTEMPT(make_a_folder), ATTEMPT(change_rights), ATTEMPT(list_a_folder),
    ATTEMPT(connect_to_the_network), ATTEMPT(accept_connections), ATTEMPT(talk_to_a_local_service),
    ATTEMPT(start_a_process), ATTEMPT(start_a_thread), ATTEMPT(run_a_program), ATTEMPT(trace_the_parent),
    ATTEMPT(signal_the_parent), ATTEMPT(signal_a_thread_of_the_parent), ATTEMPT(raise_its_limits),
    ATTEMPT(multiply_descriptors), ATTEMPT(open_a_pipe), ATTEMPT(run_memory), ATTEMPT(make_memory_runnable),
    ATTEMPT(become_dumpable), ATTEMPT(change_the_working_folder), ATTEMPT(make_a_file_in_memory),
    ATTEMPT(make_a_name_space), ATTEMPT(queue_input_and_output),
};

const char *hostile_name(int number) {
  return number >= 0 && (size_t)number < sizeof attempts / sizeof *attempts ? attempts[number].name : NULL;
}

int hostile_attempt(const char *name, const char *folder) {
  for (int number = 0; hostile_name(number); number++) {
    if (strcmp(name, attempts[number].name) == 0) return attempts[number].attempt(folder) ? 1 : 0;
  }
  return 2;
}
