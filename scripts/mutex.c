// Tells the thread sanitizer of locks that it does not see.
//
// Preloaded by scripts/thread-sanitizer (Linux). A Mutex of Swift's Synchronization that nobody waits for is an atomic in
// the program itself, which the sanitizer watches; one that somebody waits for is taken and given back inside Swift's
// library, which it does not. Without these two calls every such lock looks like a race.

#define _GNU_SOURCE
#include <dlfcn.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// The sanitizer's functions are in the program, where it was built with it.
static void note(const char *name, void *mutex) {
  void (*function)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, name);
  if (function) function(mutex);
}

SWIFT void lock_slow(unsigned thread, SELF) __asm__(LOCK);
SWIFT void unlock_slow(SELF) __asm__(UNLOCK);

SWIFT void lock_slow(unsigned thread, SELF) {
  SWIFT void (*real)(unsigned, SELF) = (SWIFT void (*)(unsigned, SELF))dlsym(RTLD_NEXT, LOCK);
  real(thread, mutex);
  note("__tsan_acquire", mutex);
}

SWIFT void unlock_slow(SELF) {
  SWIFT void (*real)(SELF) = (SWIFT void (*)(SELF))dlsym(RTLD_NEXT, UNLOCK);
  note("__tsan_release", mutex);
  real(mutex);
}
