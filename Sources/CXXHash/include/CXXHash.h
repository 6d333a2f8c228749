#ifndef LEAVEN_CXXHASH_H
#define LEAVEN_CXXHASH_H

#include <stddef.h>
#include <stdint.h>

/// The 128-bit XXH3 hash of `length` bytes with `seed`: `low` and `high` of xxHash's own
/// XXH128_hash_t. Stable since xxHash 0.8.0.
typedef struct {
  uint64_t low;
  uint64_t high;
} leaven_hash128;

leaven_hash128 leaven_xxh3_128(const void *bytes, size_t length, uint64_t seed);

/// The 64-bit XXH3 hash of `length` bytes with `seed`.
uint64_t leaven_xxh3_64(const void *bytes, size_t length, uint64_t seed);

/// The 128-bit hash of bytes that come in parts; parts of any size give the hash of the whole.
typedef struct leaven_xxh3_stream leaven_xxh3_stream;

/// NULL when there is no memory.
leaven_xxh3_stream *leaven_xxh3_stream_new(void);
void leaven_xxh3_stream_add(leaven_xxh3_stream *stream, const void *bytes, size_t length);
leaven_hash128 leaven_xxh3_stream_value(const leaven_xxh3_stream *stream);
void leaven_xxh3_stream_free(leaven_xxh3_stream *stream);

#endif
