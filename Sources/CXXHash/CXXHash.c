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

// The state's own type stays in this file.
leaven_xxh3_stream *leaven_xxh3_stream_new(void) {
  XXH3_state_t *state = XXH3_createState();
  if (state != NULL) XXH3_128bits_reset(state);
  return (leaven_xxh3_stream *)state;
}

void leaven_xxh3_stream_add(leaven_xxh3_stream *stream, const void *bytes, size_t length) {
  XXH3_128bits_update((XXH3_state_t *)stream, bytes, length);
}

leaven_hash128 leaven_xxh3_stream_value(const leaven_xxh3_stream *stream) {
  XXH128_hash_t hash = XXH3_128bits_digest((const XXH3_state_t *)stream);
  return (leaven_hash128){.low = hash.low64, .high = hash.high64};
}

void leaven_xxh3_stream_free(leaven_xxh3_stream *stream) { XXH3_freeState((XXH3_state_t *)stream); }
