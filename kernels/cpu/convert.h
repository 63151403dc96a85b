// Conversions between 16-bit floats and Float, Double and integers, in plain C that vectorises.
// Every one rounds once, to nearest, ties to even, and keeps infinities, signed zeros and
// subnormals; a NaN stays a (quiet) NaN with the payload that fits, as the processor's own.
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

// Marat Dukhan's branch-free forms (github.com/Maratyszcza/FP16): the exponent is moved by integer
// arithmetic for normal numbers, by a subtraction of 0.5 for subnormal ones.
SLOPE_FN float slope_float_of_half(uint16_t half) {
  uint32_t word = (uint32_t)half << 16, sign = word & 0x80000000u, doubled = word + word;
  float normal = slope_float_of_bits((doubled >> 4) + (0xE0u << 23)) * 0x1.0p-112f;
  float subnormal = slope_float_of_bits((doubled >> 17) | (126u << 23)) - 0.5f;
  uint32_t magnitude = slope_bits_of_float(doubled < (1u << 27) ? subnormal : normal);
  return slope_float_of_bits(sign | magnitude);
}

SLOPE_FN uint16_t slope_half_of_float(float value) {
  uint32_t word = slope_bits_of_float(value), doubled = word + word;
  // Overflows to infinity where the half does, then scales so that the addition of `bias` rounds at
  // the half's last bit.
  float scaled = (slope_float_of_bits(word & 0x7FFFFFFFu) * 0x1.0p+112f) * 0x1.0p-110f;
  uint32_t bias = doubled & 0xFF000000u;
  bias = bias < 0x71000000u ? 0x71000000u : bias;
  uint32_t rounded = slope_bits_of_float(slope_float_of_bits((bias >> 1) + 0x07800000u) + scaled);
  uint32_t number = ((rounded >> 13) & 0x7C00u) + (rounded & 0xFFFu);
  uint32_t nan = 0x7E00u | ((word >> 13) & 0x3FFu);
  return (uint16_t)(((word >> 16) & 0x8000u) | (doubled > 0xFF000000u ? nan : number));
}

SLOPE_FN float slope_float_of_bfloat(uint16_t bfloat) {
  return slope_float_of_bits((uint32_t)bfloat << 16);
}

SLOPE_FN uint16_t slope_bfloat_of_float(float value) {
  uint32_t word = slope_bits_of_float(value);
  uint32_t rounded = (word + 0x7FFFu + ((word >> 16) & 1)) >> 16;
  uint32_t nan = (word >> 16) | 0x40u;
  return (uint16_t)((word & 0x7FFFFFFFu) > 0x7F800000u ? nan : rounded);
}

// Rounds to odd: truncated, with the last bit set if anything was lost, so that a later rounding to
// 16 bits sees on which side of a tie the Double lies.
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

// Integers beyond 53 bits get their low bits folded into one that tells them from a tie.
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
