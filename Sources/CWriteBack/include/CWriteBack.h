#ifndef LEAVEN_WRITE_BACK_H
#define LEAVEN_WRITE_BACK_H

#include <stdint.h>

/// Has the system begin to write a part of a file to the disk, without waiting for it; does nothing where the system
/// has no call for that. Linux has `sync_file_range`, which Swift does not see.
void leaven_begin_write_back(int descriptor, int64_t offset, int64_t count);

/// Gives back the memory in which the system keeps a part of a file, as far as that part is on the disk; what is not is
/// left alone. Does nothing where the system has no call for that (macOS).
void leaven_leave_cache(int descriptor, int64_t offset, int64_t count);

#endif
