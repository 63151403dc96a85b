// Decimal digits, eight at a time, and the quotients that they stand for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "number_parsing.hpp"

namespace slope {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first digit is the lowest byte");

// Appends the digits at `p` to `mantissa`, modulo 2^64; the character after them.
inline const char *read_digits(const char *p, const char *limit, uint64_t *mantissa) {
  constexpr uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  if (limit - p >= 2 && is_digit(*p) && !is_digit(p[1])) {
    *mantissa = *mantissa * 10 + uint64_t(*p - '0');
    return p + 1;
  }
  while (limit - p >= 8) {
    uint64_t digits;
    std::memcpy(&digits, p, 8);
    digits ^= 0x3030303030303030;
    // The highest bit of a byte is set where it is no digit; a carry starts only at such a byte.
    const uint64_t others = ((digits + 0x7676767676767676) | digits) & 0x8080808080808080;
    const int count = others == 0 ? 8 : __builtin_ctzll(others) / 8;
    // Fewer than eight count as if zeros preceded them. Then pairs, and pairs of pairs.
    digits = count == 0 ? 0 : digits << (64 - 8 * count);
    digits = digits * 10 + (digits >> 8);
    digits = ((digits & 0x000000FF000000FF) * 0x000F424000000064 +
              ((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    *mantissa = *mantissa * powers[count] + digits;
    p += count;
    if (count < 8) return p;
  }
  while (p != limit && is_digit(*p)) *mantissa = *mantissa * 10 + uint64_t(*p++ - '0');
  return p;
}

// The zeros that a number begins with, of which [p, end) is digits and a point.
inline ptrdiff_t leading_zeros(const char *p, const char *end, char point) {
  ptrdiff_t zeros = 0;
  for (; p != end && (*p == '0' || *p == point); ++p) zeros += *p == '0';
  return zeros;
}

// 1 / 5^n for n up to 27, where 5^n < 2^63: `value` / 2^`shift`, rounded down to 63 bits.
struct Reciprocals {
  uint64_t value[28];
  int shift[28];

  constexpr Reciprocals() : value(), shift() {
    uint64_t power = 1;
    for (int n = 0; n < 28; ++n) {
      int bits = 0;
      while (power >> bits != 0) ++bits;
      shift[n] = 62 + bits;
      value[n] = static_cast<uint64_t>((static_cast<__uint128_t>(1) << shift[n]) / power);
      power *= 5;
    }
  }
};

inline constexpr Reciprocals reciprocals;

// Sets `value` to mantissa / 10^n, rounded once, where n is 1 to 27 and the mantissa is not 0.
// False for one in 250, where this way cannot tell which Double is nearest.
inline bool divide_by_power_of_ten(uint64_t mantissa, int n, double *value) {
  const int zeros = __builtin_clzll(mantissa);
  const auto product = static_cast<__uint128_t>(mantissa << zeros) * reciprocals.value[n];
  // The reciprocal lacks less than 1, the product less than 2^64: the true quotient lies between
  // `low` and `low` + 2. If both become the same Double, so does it. They are below 2^63.
  const int64_t low = static_cast<int64_t>(product >> 64);
  const double rounded = static_cast<double>(low);
  if (rounded != static_cast<double>(low + 2)) return false;
  const uint64_t bits =
      static_cast<uint64_t>(1023 + 64 - reciprocals.shift[n] - zeros - n) << 52;
  double power_of_two;
  std::memcpy(&power_of_two, &bits, sizeof power_of_two);
  *value = rounded * power_of_two;
  return true;
}

}  // namespace slope
