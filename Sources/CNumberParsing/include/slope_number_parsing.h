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
  /// Every byte was read.
  slope_rows_end_of_text = 0,
  /// `capacity` rows were read.
  slope_rows_full = 1,
  /// A row that is not clean, is blank, or is not ended within the text; the caller looks closer.
  slope_rows_unclean = 2
};

struct slope_rows {
  /// Rows read.
  size_t row_count;
  /// Bytes read: the place where the next row begins.
  size_t byte_count;
  enum slope_rows_end end;
};

/// What a column holds.
enum slope_column_kind {
  slope_column_number = 0,
  /// Unquoted text of less than 16 MiB; its value holds where: see slope_text_range_of.
  slope_column_text = 1,
  /// Anything unquoted; it has no value.
  slope_column_skipped = 2
};

/// Reads rows of exactly `columns` fields, separated by commas and ended by LF, CR or CRLF, into
/// `values` ([rows, columns that are not skipped], row-major). A number may be quoted, and any
/// field may have blanks (space, tab) around it. A row is read only if its end lies in
/// text[0 ..< count], and one that ends in CR only if the byte behind that does.
///
/// Precondition: `values` holds capacity · columns doubles, `kinds` is a slope_column_kind for
/// each column, or null if all are numbers; 0 < columns, count < 2^40.
struct slope_rows slope_parse_rows(
    const char *text, size_t count, const uint8_t *kinds, size_t columns, double *values,
    size_t capacity);

/// Where in `text` a field of a text column lies.
struct slope_text_range {
  size_t offset;
  size_t count;
};

/// The range that `slope_parse_rows` put into the value of a text column.
struct slope_text_range slope_text_range_of(double value);

#ifdef __cplusplus
}
#endif

#endif
