// Numbers of a CSV file, by std::from_chars (libstdc++ 12 and later: Lemire's fast_float,
// "Number Parsing at a Gigabyte per Second", doi:10.1002/spe.2984).
//
// slope_parse_number reads one cell. slope_parse_rows reads clean numeric rows, of which files
// mostly consist, in one pass: from_chars itself finds the end of each number.
//
//   columns    number, number, text
//   text       5.1,3.5, setosa\n4.9,"3.0",virginica\n …
//   values     | 5.1 | 3.5 | offset 9, length 6 | 4.9 | 3.0 | offset 26, length 9 | …
//
// include/slope_number_parsing.h describes the arguments. Reference: CSVReader, which reads rows
// that are not clean record by record.

#include "slope_number_parsing.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <locale.h>
#include <string>
#include <system_error>

namespace {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

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

// Reads the number at the start of [first, last) and sets `end` to the character after it.
inline slope_number_status parse_prefix(
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

inline bool ends_field(char c) { return c == ',' || c == '\n' || c == '\r'; }

// A file's block has far less than 2^40 bytes, so that the value of a text field, a double, holds
// an offset in its upper 40 bits and a length in its lower 24.
constexpr int text_length_bits = 24;

inline const char *skip_blanks(const char *p, const char *last) {
  while (p != last && (*p == ' ' || *p == '\t')) ++p;
  return p;
}

}  // namespace

slope_number_status slope_parse_number(const char *text, size_t count, double *value) {
  const char *end = text;
  double parsed = 0;
  const slope_number_status status = parse_prefix(text, text + count, &end, &parsed);
  if (status == slope_number_invalid || end != text + count) return slope_number_invalid;
  if (status == slope_number_ok) *value = parsed;
  return status;
}

slope_rows slope_parse_rows(
    const char *text, size_t count, const uint8_t *kinds, size_t columns, double *values,
    size_t capacity) {
  const char *const last = text + count;
  const char *row = text;
  double *out = values;
  size_t rows = 0;
  for (; rows < capacity; ++rows) {
    if (row == last) return {rows, count, slope_rows_end_of_text};
    const slope_rows unclean = {rows, size_t(row - text), slope_rows_unclean};
    const char *p = row;
    for (size_t column = 0; column < columns; ++column) {
      p = skip_blanks(p, last);
      if (kinds && kinds[column] != slope_column_number) {
        const char *field = p;
        while (p != last && !ends_field(*p) && *p != '"') ++p;
        // One empty field is a blank line.
        if (p == last || *p == '"' || (columns == 1 && p == field)) return unclean;
        if (kinds[column] == slope_column_text) {
          const char *end = p;
          while (end != field && (end[-1] == ' ' || end[-1] == '\t')) --end;
          const uint64_t length = uint64_t(end - field);
          if (length >> text_length_bits) return unclean;
          const uint64_t bits = uint64_t(field - text) << text_length_bits | length;
          std::memcpy(out++, &bits, sizeof bits);
        }
      } else {
        const bool quoted = p != last && *p == '"';
        if (quoted) p = skip_blanks(p + 1, last);
        // A row cut off by the end of the text is unclean too: the caller reads on to the row's
        // end.
        if (parse_prefix(p, last, &p, out) != slope_number_ok) return unclean;
        ++out;
        if (quoted) {
          p = skip_blanks(p, last);
          if (p == last || *p != '"') return unclean;
          ++p;
        }
        p = skip_blanks(p, last);
      }
      if (column + 1 < columns) {
        if (p == last || *p != ',') return unclean;
        ++p;
      }
    }
    if (p == last) return unclean;
    if (*p == '\n') {
      ++p;
    } else if (*p == '\r') {
      if (p + 1 == last) return unclean;
      p += p[1] == '\n' ? 2 : 1;
    } else {
      return unclean;
    }
    row = p;
  }
  return {rows, size_t(row - text), slope_rows_full};
}

slope_text_range slope_text_range_of(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return {size_t(bits >> text_length_bits), size_t(bits & ((1u << text_length_bits) - 1))};
}
