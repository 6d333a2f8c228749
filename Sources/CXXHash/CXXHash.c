// The header-only build of xxHash: its functions are compiled into this file, so the program does
// not depend on the shared library at run time.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CXXHash.h"

leaven_hash128 leaven_xxh3_128(const void *bytes, size_t length, uint64_t seed) {
  XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, length, seed);
  return (leaven_hash128){.low = hash.low64, .high = hash.high64};
}

uint64_t leaven_xxh3_64(const void *bytes, size_t length, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, length, seed);
}
