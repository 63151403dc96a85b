// Decimal numbers by std::from_chars (libstdc++ 12 and later: Lemire's fast_float, "Number Parsing
// at a Gigabyte per Second", doi:10.1002/spe.2984). include/slope_number_parsing.h describes the
// arguments.

#include "number_parsing.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <locale.h>
#include <string>
#include <system_error>

namespace slope {

namespace {

// from_chars reports the same error for too large and too small, and does not set the value:
// strtod, in the C locale, distinguishes them. Rare, so it may allocate.
slope_number_status parse_out_of_range(const char *first, const char *last, double *value) {
  static const locale_t c_locale = newlocale(LC_ALL_MASK, "C", nullptr);
  const std::string text(first, last);
  const double parsed = strtod_l(text.c_str(), nullptr, c_locale);
  if (!std::isfinite(parsed)) return slope_number_overflow;
  *value = parsed;
  return slope_number_ok;
}

}  // namespace

slope_number_status parse_prefix(
    const char *first, const char *last, const char **end, double *value) {
  const char *number = first;
  // from_chars takes no plus sign, and would read the minus of "+-1".
  if (number != last && *number == '+') {
    ++number;
    if (number != last && *number == '-') return slope_number_invalid;
  }
  // Only decimal numbers: from_chars also accepts "inf", "nan" and "nan(…)".
  const char *digits = number;
  if (digits != last && *digits == '-') ++digits;
  if (digits == last || !(is_digit(*digits) || *digits == '.')) return slope_number_invalid;
  const auto result = std::from_chars(number, last, *value);
  if (result.ec == std::errc::invalid_argument) return slope_number_invalid;
  *end = result.ptr;
  if (result.ec == std::errc::result_out_of_range) {
    return parse_out_of_range(number, result.ptr, value);
  }
  return slope_number_ok;
}

}  // namespace slope

slope_number_status slope_parse_number(const char *text, size_t count, double *value) {
  const char *end = text;
  double parsed = 0;
  const slope_number_status status = slope::parse_prefix(text, text + count, &end, &parsed);
  if (status == slope_number_invalid || end != text + count) return slope_number_invalid;
  if (status == slope_number_ok) *value = parsed;
  return status;
}
