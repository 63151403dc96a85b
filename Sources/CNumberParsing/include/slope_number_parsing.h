// Decimal numbers from text, by std::from_chars: exact to the last bit, whatever the locale.
#ifndef SLOPE_NUMBER_PARSING_H
#define SLOPE_NUMBER_PARSING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Why a text is, or is not, a number.
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
enum slope_number_status slope_parse_number(const char *text, size_t count, double *value);

/// What stopped `slope_parse_rows`.
enum slope_rows_end {
  /// Every byte was read, or the last row is not ended within the text.
  slope_rows_end_of_text = 0,
  /// `capacity` rows were read.
  slope_rows_full = 1,
  /// A row that is not clean and numeric, or is blank; the caller reads it and says why.
  slope_rows_unclean = 2
};

struct slope_rows {
  /// Rows read.
  size_t row_count;
  /// Bytes read: the place where the next row begins.
  size_t byte_count;
  enum slope_rows_end end;
};

/// Reads rows of exactly `columns` numbers, separated by commas and ended by LF, CR or CRLF, into
/// `values` ([rows, columns], row-major). A number may be quoted, and have blanks (space, tab)
/// around it. A row is read only if its end lies in text[0 ..< count], and a CR only if the byte
/// after it does.
///
/// Precondition: `values` holds capacity · columns doubles, and columns > 0.
struct slope_rows slope_parse_rows(
    const char *text, size_t count, size_t columns, double *values, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif
