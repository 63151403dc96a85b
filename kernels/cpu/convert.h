// Conversions between 16-bit floats and Float, Double and integers, in plain C that vectorises.
// Each rounds once, to nearest, ties to even, and keeps infinities, signed zeros and subnormals. A
// NaN stays a (quiet) NaN with the payload that fits, as in the processor's own conversions.
//
//             sign exponent fraction   largest    least normal   least subnormal
//   Float16     1      5       10      65504        2^-14            2^-24
//   BFloat16    1      8        7      3.39e38      2^-126           2^-133
//   Float       1      8       23      3.40e38      2^-126           2^-149
//
// There is one variant, compiled into every level of type_cast.h. Reference: Cell
// (Tests/TestSupport/ReferenceCell.swift); KernelCastTests compares every 16-bit float there is.
#ifndef SLOPE_CPU_CONVERT_H
#define SLOPE_CPU_CONVERT_H

#include <stdint.h>
#include <string.h>

#define SLOPE_FN static inline __attribute__((always_inline, unused))

SLOPE_FN float slope_float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

SLOPE_FN uint32_t slope_bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

SLOPE_FN double slope_double_of_bits(uint64_t bits) {
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

SLOPE_FN uint64_t slope_bits_of_double(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Exact. Marat Dukhan's branch-free form (github.com/Maratyszcza/FP16): the exponent is rebiased by
// integer arithmetic for normal numbers, and by a subtraction of 0.5 for subnormal ones, which have
// no exponent to rebias. Example: 0x3C00 -> 1.0, 0x0001 -> 2^-24.
SLOPE_FN float slope_float_of_half(uint16_t half) {
  uint32_t word = (uint32_t)half << 16, sign = word & 0x80000000u, doubled = word + word;
  float normal = slope_float_of_bits((doubled >> 4) + (0xE0u << 23)) * 0x1.0p-112f;
  float subnormal = slope_float_of_bits((doubled >> 17) | (126u << 23)) - 0.5f;
  uint32_t magnitude = slope_bits_of_float(doubled < (1u << 27) ? subnormal : normal);
  return slope_float_of_bits(sign | magnitude);
}

// Dukhan's form of the reverse; one rounding. Example: 65519 -> 65504, 65520 -> infinity (the tie
// goes to the even neighbour, which would be 65536).
SLOPE_FN uint16_t slope_half_of_float(float value) {
  uint32_t word = slope_bits_of_float(value), doubled = word + word;
  // The first factor overflows to infinity where the half does. After the second, the addition of a
  // power of two made from `bias` rounds at the half's last bit.
  float scaled = (slope_float_of_bits(word & 0x7FFFFFFFu) * 0x1.0p+112f) * 0x1.0p-110f;
  uint32_t bias = doubled & 0xFF000000u;
  bias = bias < 0x71000000u ? 0x71000000u : bias;
  uint32_t rounded = slope_bits_of_float(slope_float_of_bits((bias >> 1) + 0x07800000u) + scaled);
  uint32_t number = ((rounded >> 13) & 0x7C00u) + (rounded & 0xFFFu);
  uint32_t nan = 0x7E00u | ((word >> 13) & 0x3FFu);
  return (uint16_t)(((word >> 16) & 0x8000u) | (doubled > 0xFF000000u ? nan : number));
}

// Exact: a BFloat16 is the upper half of a Float.
SLOPE_FN float slope_float_of_bfloat(uint16_t bfloat) {
  return slope_float_of_bits((uint32_t)bfloat << 16);
}

// One rounding: adding 0x7FFF, and 1 more if the last kept bit is odd, carries into the kept bits
// exactly where the discarded ones are above a tie, or at one and the even neighbour is above.
// Example: 1 + 2^-8, the tie between 1 and 1 + 2^-7, -> 1.
SLOPE_FN uint16_t slope_bfloat_of_float(float value) {
  uint32_t word = slope_bits_of_float(value);
  uint32_t rounded = (word + 0x7FFFu + ((word >> 16) & 1)) >> 16;
  uint32_t nan = (word >> 16) | 0x40u;
  return (uint16_t)((word & 0x7FFFFFFFu) > 0x7F800000u ? nan : rounded);
}

// Rounds to odd: truncated, with the last bit set if anything was lost, so that a later rounding to
// 16 bits sees on which side of a tie the Double is. Two roundings to nearest would be wrong:
// 1 + 2^-11 + 2^-40 rounds to the Float 1 + 2^-11, a tie of Float16 that goes down to 1, although
// the number is nearer to 1 + 2^-10.
SLOPE_FN float slope_odd_float_of_double(double value) {
  float nearest = (float)value;
  double back = (double)nearest;
  double magnitude = value < 0 ? -value : value, backMagnitude = back < 0 ? -back : back;
  uint32_t word = slope_bits_of_float(nearest);
  uint32_t truncated = backMagnitude > magnitude ? word - 1 : word;
  return slope_float_of_bits(backMagnitude < magnitude || backMagnitude > magnitude
                                 ? truncated | 1
                                 : truncated);
}

// The same for integers of more than 53 bits: the low 12 bits are folded into the highest of them,
// which is enough to distinguish the number from a tie of any 16-bit float.
SLOPE_FN double slope_odd_double_of_int64(int64_t value) {
  int64_t folded = (value & ~(int64_t)0xFFF) | ((value & 0xFFF) != 0 ? 0x800 : 0);
  int64_t limit = (int64_t)1 << 53;
  return (double)(value >= limit || value <= -limit ? folded : value);
}

SLOPE_FN double slope_odd_double_of_uint64(uint64_t value) {
  uint64_t folded = (value & ~(uint64_t)0xFFF) | ((value & 0xFFF) != 0 ? 0x800 : 0);
  return (double)(value >> 53 != 0 ? folded : value);
}

#endif
