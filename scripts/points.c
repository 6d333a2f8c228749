// Counts what a program does to the world outside it, and ends it, or fills its disk, at a point.
//
// Preloaded by scripts/kill-test (Linux). A point is a call that changes a file, a folder or a connection:
//
//   POINTS_LOG=FILE    a line for each point: its number, the call, what it was about
//   POINTS_KILL=N      SIGKILL as soon as the Nth call has been carried out
//   POINTS_FULL=N      from the Nth call on, whatever needs room on the disk fails with ENOSPC

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long count;
static long killed_at, full_from;
static int log_file = -1;

static long number_named(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
  killed_at = number_named("POINTS_KILL");
  full_from = number_named("POINTS_FULL");
  const char *path = getenv("POINTS_LOG");
  if (path) log_file = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  // What the program starts is not meant.
  unsetenv("LD_PRELOAD");
}

// What a descriptor is: a file of the disk, a connection, or nothing that anybody else sees.
enum { NOTHING, FILE_ON_DISK, CONNECTION };

static int kind(int descriptor) {
  struct stat status;
  if (descriptor <= 2 || syscall(SYS_newfstatat, descriptor, "", &status, AT_EMPTY_PATH) != 0) return NOTHING;
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) return FILE_ON_DISK;
  struct sockaddr_storage address;
  socklen_t length = sizeof address;
  if (!S_ISSOCK(status.st_mode) || getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) return NOTHING;
  return address.ss_family == AF_UNIX ? NOTHING : CONNECTION;
}

static void note(long number, const char *call, const char *subject) {
  char line[600];
  if (log_file < 0) return;
  int length = snprintf(line, sizeof line, "%ld\t%s\t%s\n", number, call, subject);
  syscall(SYS_write, log_file, line, length < (int)sizeof line ? length : (int)sizeof line);
}

static void note_descriptor(long number, const char *call, int descriptor) {
  char link[40], path[512];
  if (log_file < 0) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  path[length > 0 ? length : 0] = 0;
  note(number, call, path);
}

static long next(void) { return atomic_fetch_add(&count, 1) + 1; }

static void after(long number) {
  int before = errno;
  if (number == killed_at) syscall(SYS_kill, getpid(), SIGKILL);
  errno = before;
}

static int is_full(long number) { return full_from > 0 && number >= full_from; }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// A call on a descriptor. `needs_room` says whether it fails on a full disk.
#define ON_DESCRIPTOR(type, name, needs_room, parameters, ...)            \
  type name parameters {                                                  \
    static __typeof__(&name) real;                                        \
    if (!real) real = REAL(name);                                         \
    int what = kind(descriptor);                                          \
    if (what == NOTHING) return real(__VA_ARGS__);                        \
    long number = next();                                                 \
    note_descriptor(number, #name, descriptor);                           \
    if (needs_room && what == FILE_ON_DISK && is_full(number)) {          \
      errno = ENOSPC;                                                     \
      return -1;                                                          \
    }                                                                     \
    type outcome = real(__VA_ARGS__);                                     \
    after(number);                                                        \
    return outcome;                                                       \
  }

ON_DESCRIPTOR(ssize_t, write, 1, (int descriptor, const void *bytes, size_t size), descriptor, bytes, size)
ON_DESCRIPTOR(ssize_t, pwrite, 1, (int descriptor, const void *bytes, size_t size, off_t at), descriptor, bytes, size, at)
ON_DESCRIPTOR(ssize_t, pwrite64, 1, (int descriptor, const void *bytes, size_t size, off64_t at), descriptor, bytes, size, at)
ON_DESCRIPTOR(int, ftruncate, 1, (int descriptor, off_t size), descriptor, size)
ON_DESCRIPTOR(int, ftruncate64, 1, (int descriptor, off64_t size), descriptor, size)
ON_DESCRIPTOR(int, fsync, 0, (int descriptor), descriptor)
ON_DESCRIPTOR(int, fdatasync, 0, (int descriptor), descriptor)
ON_DESCRIPTOR(int, connect, 0, (int descriptor, const struct sockaddr *address, socklen_t size), descriptor, address, size)
ON_DESCRIPTOR(ssize_t, send, 0, (int descriptor, const void *bytes, size_t size, int flags), descriptor, bytes, size, flags)
ON_DESCRIPTOR(ssize_t, recv, 0, (int descriptor, void *bytes, size_t size, int flags), descriptor, bytes, size, flags)

// A call on a path.
#define ON_PATH(name, needs_room, parameters, subject, ...)               \
  int name parameters {                                                   \
    static __typeof__(&name) real;                                        \
    if (!real) real = REAL(name);                                         \
    long number = next();                                                 \
    note(number, #name, subject);                                         \
    if (needs_room && is_full(number)) {                                  \
      errno = ENOSPC;                                                     \
      return -1;                                                          \
    }                                                                     \
    int outcome = real(__VA_ARGS__);                                      \
    after(number);                                                        \
    return outcome;                                                       \
  }

ON_PATH(rename, 0, (const char *from, const char *to), to, from, to)
ON_PATH(unlink, 0, (const char *path), path, path)
ON_PATH(mkdir, 1, (const char *path, mode_t mode), path, path, mode)

// Only an open that makes a file is a point.
#define OPENING(name)                                                     \
  int name(const char *path, int flags, ...) {                            \
    static __typeof__(&name) real;                                        \
    if (!real) real = REAL(name);                                         \
    va_list rest;                                                         \
    va_start(rest, flags);                                                \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                         \
    int is_new = flags & O_CREAT && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0; \
    if (!is_new) return real(path, flags, mode);                          \
    long number = next();                                                 \
    note(number, #name, path);                                            \
    if (is_full(number)) {                                                \
      errno = ENOSPC;                                                     \
      return -1;                                                          \
    }                                                                     \
    int descriptor = real(path, flags, mode);                             \
    after(number);                                                        \
    return descriptor;                                                    \
  }

OPENING(open)
OPENING(open64)
