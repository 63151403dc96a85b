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

/// What stopped `slope_parse_rows`.
enum slope_rows_end {
  /// Every byte was read.
  slope_rows_end_of_text = 0,
  /// `capacity` rows were read.
  slope_rows_full = 1,
  /// A row is blank, does not end within the text, or is not clean; the caller reads it otherwise.
  slope_rows_unclean = 2
};

struct slope_rows {
  /// Rows read.
  size_t row_count;
  /// Bytes read: the offset of the next row.
  size_t byte_count;
  enum slope_rows_end end;
};

/// What a column holds.
enum slope_column_kind {
  slope_column_number = 0,
  /// Unquoted text of less than 16 MiB; its value holds its position: see slope_text_range_of.
  slope_column_text = 1,
  /// Anything unquoted; it has no value.
  slope_column_skipped = 2
};

/// Reads rows of exactly `columns` fields, separated by commas and ended by LF, CR or CRLF, into
/// `values` ([rows, columns that are not skipped], row-major). A number may be quoted, and any
/// field may have blanks (space, tab) around it. A row is read only if its end lies in
/// text[0 ..< count], and one that ends in CR only if the byte after that does.
///
/// Precondition: 0 < columns, count < 2^40.
struct slope_rows slope_parse_rows(
    const char *text,      // [count] bytes, not terminated
    size_t count,
    const uint8_t *kinds,  // [columns], each a slope_column_kind; null: all are numbers
    size_t columns,
    double *values,        // capacity · columns doubles
    size_t capacity);      // the most rows to read

/// The position of a field of a text column in `text`, in bytes.
struct slope_text_range {
  size_t offset;
  size_t count;
};

/// The range that `slope_parse_rows` stored as the value of a text column.
struct slope_text_range slope_text_range_of(double value);

#ifdef __cplusplus
}
#endif

#endif
