// PyTorch's random numbers: the stream of 32-bit words, and the algorithms that make numbers of it.
// slope_kernels.h describes the arguments.
//
// There are two engines. Philox4x32-10 (../philox.h) computes 156 blocks of four words at a time;
// its draws on devices (draw.c) take whole blocks of the same stream. PyTorch's is the Mersenne
// Twister MT19937: period 2^19937 − 1, 624 words at a time.
// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed
// uniform pseudo-random number generator", ACM TOMACS 8(1), 1998, doi:10.1145/272991.272995, with
// the initialiser of their 2002 revision, as PyTorch and NumPy use it.
//
//   state    | 0 | 1 | … | i | i + 1 | … | i + 397 | … | 623 |    refill: every word again, from
//                          \____|______________/                  words i, i + 1 and i + 397
//   output   | tempered words, in order |                         (indices modulo 624)
//                    ^ position
//
// Normals are Box–Muller transforms. Source: G. E. P. Box and M. E. Muller, "A note on the
// generation of random normal deviates", Annals of Mathematical Statistics 29(2), 1958,
// doi:10.1214/aoms/1177706645. Uniform u and v give sqrt(-2 log(1 - u)) · cos(2π v) and the same
// with sin:
//
//   block of 16   | u0 … u7 | v0 … v7 |  ->  | 8 cosines | 8 sines |
//
//   count 40      |  block 0  |  block 1  | rest |
//                                |  last 16  |   a short last block: 16 fresh uniform numbers
//                                                replace the last 16 elements
//
// The order of draws is part of the result, so words are drawn on the calling thread. What is made
// of them then, by the loops of type_random.h, is divided among threads.
// References: TorchStream (Tests), with PyTorch's own numbers; GeneratorTests.
#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "kernels.h"
#include "philox.h"

// Every rounding is PyTorch's: one with fma, two without.
#pragma STDC FP_CONTRACT OFF

enum {
  WORDS = 624,
  OFFSET = 397,
  BLOCK = 16,  // of normals
};

struct SlopeRandom {
  uint32_t state[WORDS];   // the last words of the recurrence
  uint32_t output[WORDS];  // the same words tempered: what callers receive
  int position;            // of the next output; WORDS: refill first
  bool isPhilox;           // `state` is not used
  uint64_t key, block;     // Philox: the stream, and the block that the next refill begins with
};

SlopeRandom *slope_random_create(uint32_t seed) {
  SlopeRandom *random = calloc(1, sizeof *random);
  if (random == NULL) return NULL;
  random->state[0] = seed;
  for (uint32_t i = 1; i < WORDS; i++) {
    uint32_t previous = random->state[i - 1];
    random->state[i] = 1812433253u * (previous ^ (previous >> 30)) + i;
  }
  random->position = WORDS;
  return random;
}

SlopeRandom *slope_random_create_philox(uint64_t key) {
  SlopeRandom *random = calloc(1, sizeof *random);
  if (random == NULL) return NULL;
  random->isPhilox = true;
  random->key = key;
  random->position = WORDS;
  return random;
}

SlopeRandom *slope_random_copy(const SlopeRandom *random) {
  SlopeRandom *copy = malloc(sizeof *copy);
  if (copy != NULL) memcpy(copy, random, sizeof *copy);
  return copy;
}

void slope_random_destroy(SlopeRandom *random) { free(random); }

// The recurrence: the highest bit of one word joined to the rest of the next, times the matrix A.
static uint32_t twist(uint32_t word, uint32_t next) {
  uint32_t mixed = (word & 0x80000000u) | (next & 0x7fffffffu);
  return (mixed >> 1) ^ ((0u - (next & 1u)) & 0x9908b0dfu);
}

static uint32_t temper(uint32_t word) {
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680u;
  word ^= (word << 15) & 0xefc60000u;
  return word ^ (word >> 18);
}

void slope_philox(uint64_t key, uint64_t low, uint64_t high, uint32_t *words) {
  uint32_t w0 = (uint32_t)low, w1 = (uint32_t)(low >> 32);
  uint32_t w2 = (uint32_t)high, w3 = (uint32_t)(high >> 32);
  uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    uint64_t product0 = (uint64_t)w0 * PHILOX_FACTOR_0, product2 = (uint64_t)w2 * PHILOX_FACTOR_2;
    w0 = (uint32_t)(product2 >> 32) ^ w1 ^ key0;
    w2 = (uint32_t)(product0 >> 32) ^ w3 ^ key1;
    w1 = (uint32_t)product2;
    w3 = (uint32_t)product0;
    key0 += PHILOX_STEP_0;
    key1 += PHILOX_STEP_1;
  }
  words[0] = w0;
  words[1] = w1;
  words[2] = w2;
  words[3] = w3;
}

// Computes the next 624 words.
static void refill(SlopeRandom *random) {
  random->position = 0;
  if (random->isPhilox) {
    for (int i = 0; i < WORDS; i += 4) {
      slope_philox(random->key, random->block++, 0, random->output + i);
    }
    return;
  }
  uint32_t *words = random->state;
  // Three loops, because word i needs word i + OFFSET modulo WORDS.
  for (int i = 0; i < WORDS - OFFSET; i++)
    words[i] = words[i + OFFSET] ^ twist(words[i], words[i + 1]);
  for (int i = WORDS - OFFSET; i < WORDS - 1; i++)
    words[i] = words[i + OFFSET - WORDS] ^ twist(words[i], words[i + 1]);
  words[WORDS - 1] = words[OFFSET - 1] ^ twist(words[WORDS - 1], words[0]);
  for (int i = 0; i < WORDS; i++) random->output[i] = temper(words[i]);
}

uint32_t slope_random_next(SlopeRandom *random) {
  if (random->position == WORDS) refill(random);
  return random->output[random->position++];
}

// Two words, the first as the high half.
static uint64_t next64(SlopeRandom *random) {
  uint64_t high = slope_random_next(random);
  return high << 32 | slope_random_next(random);
}

// The next words, at most `count`: those that are available without a second refill. Sets `length`.
static const uint32_t *run(SlopeRandom *random, int64_t count, int64_t *length) {
  if (random->position == WORDS) refill(random);
  *length = slope_min(count, WORDS - random->position);
  const uint32_t *words = random->output + random->position;
  random->position += (int)*length;
  return words;
}

void slope_random_skip(SlopeRandom *random, int64_t count) {
  if (random->isPhilox && count > WORDS) {
    uint64_t place = slope_random_place(random) + (uint64_t)count;
    slope_random_seek(random, NULL, place);
    return;
  }
  while (count > WORDS - random->position) {
    count -= WORDS - random->position;
    refill(random);
  }
  random->position += (int)count;
}

// MARK: Positions

uint64_t slope_random_place(const SlopeRandom *random) {
  if (!random->isPhilox) return (uint64_t)random->position;
  return 4 * random->block - WORDS + (uint64_t)random->position;
}

const uint32_t *slope_random_state(const SlopeRandom *random) { return random->state; }

void slope_random_seek(SlopeRandom *random, const uint32_t *state, uint64_t place) {
  if (random->isPhilox) {
    random->block = place / 4;
    random->position = WORDS;
    slope_random_skip(random, (int64_t)(place % 4));
    return;
  }
  memcpy(random->state, state, sizeof random->state);
  for (int i = 0; i < WORDS; i++) random->output[i] = temper(random->state[i]);
  random->position = (int)place;
}

// MARK: Uniform numbers

// out [count] in 0 ..< 1: the low 24 bits of a word for each, so that the product is exact.
static void fractionsFloat(SlopeRandom *random, float *out, int64_t count) {
  for (int64_t length; count > 0; count -= length, out += length) {
    const uint32_t *words = run(random, count, &length);
    // Below 2^24 the signed conversion is the same, and it is one instruction on every machine.
    for (int64_t i = 0; i < length; i++) out[i] = (float)(int32_t)(words[i] & 0xffffffu) * 0x1p-24f;
  }
}

// The next pairs of words, at most `count`: those that are available without a second refill. Sets
// `length`. A pair that a refill divides comes alone, in `apart`.
static const uint32_t *pairs(SlopeRandom *random, int64_t count, int64_t *length,
                             uint32_t apart[2]) {
  if (random->position == WORDS - 1) {
    apart[0] = slope_random_next(random);
    apart[1] = slope_random_next(random);
    *length = 1;
    return apart;
  }
  if (random->position == WORDS) refill(random);
  *length = slope_min(count, (WORDS - random->position) / 2);
  const uint32_t *words = random->output + random->position;
  random->position += (int)(2 * *length);
  return words;
}

// out [count] in 0 ..< 1: the low 53 bits of two words for each, the first as the high half.
static void fractionsDouble(SlopeRandom *random, double *out, int64_t count) {
  uint32_t apart[2];
  for (int64_t length; count > 0; count -= length, out += length) {
    const uint32_t *words = pairs(random, count, &length, apart);
    for (int64_t i = 0; i < length; i++)
      out[i] = slope_draw_long_fraction(words[2 * i], words[2 * i + 1]);
  }
}

// What a loop of type_random.h does to part of the numbers.
typedef struct {
  void (*transform)(void *numbers, int64_t count, double first, double second);
  char *numbers;
  int64_t size;  // bytes that the loop counts as one
  double first, second;
} Transform;

static void transformRange(void *context, int64_t start, int64_t end) {
  const Transform *work = context;
  work->transform(work->numbers + start * work->size, end - start, work->first, work->second);
}

// Fused, as in PyTorch's AVX2 build: with two roundings every second value would differ.
static void spread(SlopeDType dtype, void *out, int64_t count, double from, double to) {
  if (from == 0 && to == 1) return;
  Transform work = {slope_type(dtype)->spread, out, slope_sizes[dtype], from, to};
  slope_for_ranges(count, SLOPE_GRAIN, transformRange, &work);
}

void slope_random_uniform_float(SlopeRandom *random, float *out, int64_t count, float from,
                                float to) {
  fractionsFloat(random, out, count);
  spread(SlopeDType_float32, out, count, (double)from, (double)to);
}

void slope_random_uniform_double(SlopeRandom *random, double *out, int64_t count, double from,
                                 double to) {
  fractionsDouble(random, out, count);
  spread(SlopeDType_float64, out, count, from, to);
}

// The nearest number with `bits` significant bits, ties to even; for finite numbers.
static float rounded(float number, int bits) {
  uint32_t word, excess = (uint32_t)(24 - bits), half = 1u << (excess - 1);
  memcpy(&word, &number, sizeof word);
  word = (word + half - 1 + ((word >> excess) & 1u)) & ~(2 * half - 1);
  memcpy(&number, &word, sizeof word);
  return number;
}

void slope_random_uniform_short(SlopeRandom *random, float *out, int64_t count, int bits,
                                float from, float to) {
  slope_random_uniform_float(random, out, count, from, to);
  float lowest = rounded(from, bits), end = rounded(to, bits);
  for (int64_t i = 0; i < count; i++) {
    float value = rounded(out[i], bits);
    out[i] = value == end ? lowest : value;
  }
}

void slope_random_mask(SlopeRandom *random, float *out, int64_t count, double keep, float factor) {
  uint32_t apart[2];
  for (int64_t length; count > 0; count -= length, out += length) {
    const uint32_t *words = pairs(random, count, &length, apart);
    for (int64_t i = 0; i < length; i++)
      out[i] = slope_draw_long_fraction(words[2 * i], words[2 * i + 1]) < keep ? factor : 0;
  }
}

// MARK: Normal numbers

static void normals(SlopeDType dtype, void *out, int64_t count, double mean, double deviation) {
  Transform work = {slope_type(dtype)->normals, out, BLOCK * slope_sizes[dtype], mean, deviation};
  slope_for_ranges(count / BLOCK, SLOPE_GRAIN / BLOCK, transformRange, &work);
}

// A short last block is replaced by 16 fresh uniform numbers in the last 16 elements.
#define NORMALS(NAME, T, DTYPE, FRACTIONS)                                                       \
  void NAME(SlopeRandom *random, T *out, int64_t count, int64_t drawn, T mean,                   \
            T standardDeviation) {                                                               \
    FRACTIONS(random, out, drawn);                                                               \
    normals(DTYPE, out, count, (double)mean, (double)standardDeviation);                         \
    if (count % BLOCK == 0) return;                                                              \
    FRACTIONS(random, out + count - BLOCK, BLOCK);                                               \
    normals(DTYPE, out + count - BLOCK, BLOCK, (double)mean, (double)standardDeviation);         \
  }
NORMALS(slope_random_normal_float, float, SlopeDType_float32, fractionsFloat)
NORMALS(slope_random_normal_double, double, SlopeDType_float64, fractionsDouble)

// MARK: Integers

void slope_random_integers(SlopeRandom *random, int64_t *out, int64_t count, int64_t low,
                           uint64_t range) {
  if (range >= UINT64_C(1) << 28) {
    for (int64_t i = 0; i < count; i++) out[i] = (int64_t)((uint64_t)low + next64(random) % range);
    return;
  }
  for (int64_t length; count > 0; count -= length, out += length) {
    const uint32_t *words = run(random, count, &length);
    for (int64_t i = 0; i < length; i++) out[i] = low + (int64_t)(words[i] % (uint32_t)range);
  }
}

void slope_random_permutation(SlopeRandom *random, int64_t *out, int64_t count, bool wide) {
  for (int64_t i = 0; i < count; i++) out[i] = i;
  for (int64_t i = 0; i + 1 < count; i++) {
    uint64_t left = (uint64_t)(count - i);
    int64_t other = i + (int64_t)(wide ? next64(random) % left
                                       : slope_random_next(random) % (uint32_t)left);
    int64_t value = out[i];
    out[i] = out[other];
    out[other] = value;
  }
}
