#define _GNU_SOURCE
#include "CSystemCalls.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int cs_rename_no_replace(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int cs_rename_exchange(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
}

int cs_has_writer(const char *path) {
  int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return -1;
  // A writer that comes while the lease is held makes the kernel signal us: SIGIO would end the process, SIGURG is
  // ignored by default.
  int answer = -1;
  if (fcntl(descriptor, F_SETSIG, SIGURG) == 0) {
    if (fcntl(descriptor, F_SETLEASE, F_RDLCK) == 0) {
      fcntl(descriptor, F_SETLEASE, F_UNLCK);
      answer = 0;
    } else if (errno == EAGAIN) {
      answer = 1;
    }
  }
  close(descriptor);
  return answer;
}

static volatile sig_atomic_t signal_descriptor = -1;
static volatile sig_atomic_t stop_descriptor = -1;

static void pass_signal(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe loses the byte, but then earlier bytes are waiting: the reader wakes all the same.
  ssize_t written = write(signal_descriptor, &byte, 1);
  errno = saved;
  (void)written;
}

static void pass_stop(int number) {
  pass_signal(number);
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t written = stop_descriptor >= 0 ? write(stop_descriptor, &byte, 1) : 0;
  errno = saved;
  (void)written;
}

int cs_send_signals_to(
    int descriptor, int stop, const int *signals, const unsigned char *once, size_t count) {
  signal_descriptor = descriptor;
  stop_descriptor = stop;
  for (size_t index = 0; index < count; index++) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = once[index] ? pass_stop : pass_signal;
    action.sa_flags = SA_RESTART | (once[index] ? SA_RESETHAND : 0);
    sigfillset(&action.sa_mask);
    if (sigaction(signals[index], &action, NULL) != 0) return -1;
  }
  return 0;
}

static volatile sig_atomic_t crash_descriptor = -1;

static void note_crash(int number) {
  ssize_t written = write(crash_descriptor, "crashed", 7);
  (void)written;
  // The default effect is back: returning repeats the fault, and a signal that was sent is sent again.
  raise(number);
}

void cs_note_crashes_on(int descriptor) {
  static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
  crash_descriptor = descriptor;
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_crash;
    action.sa_flags = SA_RESETHAND;
    sigaction(signals[index], &action, NULL);
  }
}

void cs_begin_writing_out(int descriptor) { sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE); }

int cs_fork_for_parent(void) {
  // All arguments but the first are 0, whose order differs between architectures.
  return (int)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
}

void cs_trim_heap(void) { malloc_trim(0); }

// Room for one descriptor beside a byte, which must be there for it to travel with.
union control {
  char bytes[CMSG_SPACE(sizeof(int))];
  struct cmsghdr alignment;
};

int cs_send_descriptor(int socket, int descriptor) {
  char byte = 0;
  struct iovec content = {&byte, 1};
  union control control = {0};
  struct msghdr message = {
      .msg_iov = &content, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptor);
  memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  ssize_t sent;
  do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent == 1 ? 0 : -1;
}

int cs_receive_descriptor(int socket) {
  char byte;
  struct iovec content = {&byte, 1};
  union control control = {0};
  struct msghdr message = {
      .msg_iov = &content, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  ssize_t received;
  do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (received < 0 && errno == EINTR);
  struct cmsghdr *header = received == 1 ? CMSG_FIRSTHDR(&message) : NULL;
  if (header == NULL || header->cmsg_type != SCM_RIGHTS) return -1;
  int descriptor;
  memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
  return descriptor;
}

int cs_memory_file(void) { return memfd_create("ambq", MFD_CLOEXEC); }
