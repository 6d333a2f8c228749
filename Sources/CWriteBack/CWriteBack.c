#define _GNU_SOURCE
#include "CWriteBack.h"

#include <fcntl.h>

void leaven_begin_write_back(int descriptor, int64_t offset, int64_t count) {
#ifdef SYNC_FILE_RANGE_WRITE
  (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
#else
  (void)descriptor, (void)offset, (void)count;
#endif
}

void leaven_leave_cache(int descriptor, int64_t offset, int64_t count) {
#ifdef POSIX_FADV_DONTNEED
  (void)posix_fadvise(descriptor, offset, count, POSIX_FADV_DONTNEED);
#else
  (void)descriptor, (void)offset, (void)count;
#endif
}
