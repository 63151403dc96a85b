// The cells of a delimited text (CSV), column by column.
//
//   text       5.1,3, setosa\n4.9,,virginica\n …
//   column 0   values  5.1, 4.9     tags  number, number
//   column 1   values  3,   –       tags  integer, missing
//   column 2   values  0,   1       tags  word, word        words  "setosa", "virginica"
#ifndef SLOPE_TABLE_PARSING_H
#define SLOPE_TABLE_PARSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a cell holds, and what its 64-bit value is.
enum slope_cell_tag {
  /// Nothing, or blanks; the value is 0.
  slope_cell_missing = 0,
  /// A decimal integer of 64 bits; the value is an int64_t.
  slope_cell_integer = 1,
  /// Another finite decimal number; the value is a double.
  slope_cell_number = 2,
  /// Other text; the value is the number of the word.
  slope_cell_word = 3,
  /// Digits that begin with a zero, such as 007, which are text; the value is that of a word.
  slope_cell_padded = 4
};

/// How the cells of a column are read.
enum slope_column_use {
  /// Not at all.
  slope_column_skipped = 0,
  /// Numbers as numbers.
  slope_column_any = 1,
  /// Everything as words.
  slope_column_words = 2,
  /// Numbers as numbers, also digits that begin with a zero.
  slope_column_numbers = 3
};

struct slope_text_format {
  char delimiter;  // between fields
  char decimal;    // the point of numbers, another character than the delimiter unless quoted
};

/// The cells of some rows.
struct slope_cells;

/// One distinct word of a column.
struct slope_word {
  const char *text;    // [count] bytes in the cells
  size_t count;
  size_t first_line;   // of the word's first cell, from 0, relative to the parsed text
};

/// A row that does not begin on the line after the row before it.
struct slope_line_step {
  size_t row;
  size_t line;  // from 0, relative to the parsed text
};

/// Reads the rows of `text`, which begins and ends where a record does, with fields of RFC 4180 and
/// lines ended by LF, CR or CRLF; blanks (space, tab unless it is the delimiter) around a field are
/// not part of it. Blank lines are skipped, but in a text of one column they are missing cells.
///
/// Stops before a row that is not one of `columns` fields, see slope_cells_byte_count. Returns null
/// if there is no memory.
struct slope_cells *slope_parse_cells(
    const char *text,      // [count] bytes, not terminated
    size_t count,
    struct slope_text_format format,
    const uint8_t *uses,   // [columns], each a slope_column_use
    size_t columns);

void slope_cells_free(struct slope_cells *cells);

/// The number of rows that were read.
size_t slope_cells_row_count(const struct slope_cells *cells);

/// The bytes that were read: `count`, or the offset of the row that is no record of the table.
size_t slope_cells_byte_count(const struct slope_cells *cells);

/// The line ends in the bytes that were read.
size_t slope_cells_line_count(const struct slope_cells *cells);

/// The rows that are not on the line after the row before them; the first row is always one.
const struct slope_line_step *slope_cells_line_steps(
    const struct slope_cells *cells, size_t *count);

/// The 64-bit values of a column, [rows], for the caller to free; null if the column was skipped.
uint64_t *slope_cells_take_values(struct slope_cells *cells, size_t column);

/// The tags of a column, [rows], for the caller to free; null if the column was skipped.
uint8_t *slope_cells_take_tags(struct slope_cells *cells, size_t column);

/// Gives memory that was freed, but lies between memory in use, back to the system.
void slope_return_freed_memory(void);

/// The number of cells of a column with each tag.
void slope_cells_count_tags(
    const struct slope_cells *cells, size_t column, size_t counts[5]);

size_t slope_cells_word_count(const struct slope_cells *cells, size_t column);

/// Words are numbered in the order of their first cells.
struct slope_word slope_cells_word(
    const struct slope_cells *cells, size_t column, size_t word);

/// Whether a word of a column has a byte that is NUL or not ASCII.
bool slope_cells_has_other_bytes(const struct slope_cells *cells, size_t column);

/// Words of a column in several texts, with the numbers that a caller gave them.
struct slope_word_numbers;

/// Null if there is no memory; then no word has a number.
struct slope_word_numbers *slope_word_numbers_create(void);

void slope_word_numbers_free(struct slope_word_numbers *all);

/// Sets `numbers` to the number of each word of the column, -1 where it has none.
void slope_word_numbers_find(
    const struct slope_word_numbers *all, const struct slope_cells *cells, size_t column,
    int32_t *numbers);

/// Gives a word that has none a number; it still has none if there is no memory.
void slope_word_numbers_add(
    struct slope_word_numbers *all, const struct slope_cells *cells, size_t column, size_t word,
    int32_t number);

/// The offset after the last record that ends in the text, where an even number of quotes precedes
/// it; 0 if none does. A CR at the end of the text ends no record, since an LF may follow.
size_t slope_last_record_end(const char *text, size_t count);

/// The offset after the first record that ends at or after `from`; `count` if none does.
/// `in_quotes` says whether an odd number of quotes precedes `from`.
size_t slope_next_record_end(const char *text, size_t count, size_t from, bool in_quotes);

/// Whether the number of quotes in the text is odd.
bool slope_has_odd_quotes(const char *text, size_t count);

#ifdef __cplusplus
}
#endif

#endif
