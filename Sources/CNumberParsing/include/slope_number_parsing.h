// Decimal numbers from text, by std::from_chars: correctly rounded, whatever the locale.
#ifndef SLOPE_NUMBER_PARSING_H
#define SLOPE_NUMBER_PARSING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Whether a text is a number.
enum slope_number_status {
  slope_number_ok = 0,
  /// The text, or the rest of it, is not a decimal number.
  slope_number_invalid = 1,
  /// A decimal number whose magnitude exceeds the largest double.
  slope_number_overflow = 2
};

/// Reads the whole of text[0 ..< count] as one decimal number: an optional sign, digits with an
/// optional point, an optional exponent. Blanks, "inf", "nan", hexadecimal and digit separators
/// are invalid; a magnitude below the smallest subnormal is a zero of its sign.
enum slope_number_status slope_parse_number(
    const char *text,  // [count] bytes, not terminated
    size_t count,
    double *value);    // [1], set if the result is slope_number_ok

#ifdef __cplusplus
}
#endif

#endif
