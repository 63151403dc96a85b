// The cells of a delimited text, in one pass: numbers become numbers at once, other text is
// numbered by a table of the column's distinct words. include/slope_table_parsing.h describes the
// arguments and shows the result. Reference: CSVRecord, which reads a record at a time, and from
// which messages about faulty records come.

#include "slope_table_parsing.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "decimal_digits.hpp"
#include "distinct_words.hpp"
#include "number_parsing.hpp"

namespace {

using slope::Words;
using slope::is_digit;

// The number of bytes that are `c`. Counted in bytes first, which makes it fast.
size_t count_of(const char *text, size_t count, char c) {
  size_t total = 0;
  while (count > 0) {
    const size_t block = count < 128 ? count : 128;
    uint8_t found = 0;
    for (size_t index = 0; index < block; ++index) found += text[index] == c;
    total += found;
    text += block;
    count -= block;
  }
  return total;
}

struct Free {
  void operator()(void *memory) const { std::free(memory); }
};

struct Column {
  std::unique_ptr<uint64_t, Free> values;
  std::unique_ptr<uint8_t, Free> tags;
  Words words;
};

}  // namespace

struct slope_cells {
  size_t rows = 0;
  size_t bytes = 0;
  size_t lines = 0;
  std::vector<Column> columns;
  std::vector<slope_line_step> steps;
  slope::Texts texts;
};

namespace {

// 10ⁿ, exact up to n = 22.
constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

class Parser {
 public:
  Parser(const char *text, size_t count, slope_text_format format, const uint8_t *uses,
         size_t columns, slope_cells *cells)
      : first_(text), last_(text + count), format_(format), uses_(uses), columns_(columns),
        cells_(cells) {
    for (const char c : {format.delimiter, '\n', '\r', '"'}) stops_[static_cast<uint8_t>(c)] = true;
  }

  void parse() {
    const char *row = first_;
    while (row != last_) {
      const size_t line = line_;
      if (is_line_end(*row)) {
        if (columns_ > 1) {
          row = after_line_end(row);
          continue;
        }
        if (uses_[0] != slope_column_skipped) put(0, slope_cell_missing, 0);
        row = after_line_end(row);
      } else {
        const char *next = parse_row(row);
        if (next == nullptr) {
          line_ = line;
          break;
        }
        row = next;
      }
      auto &steps = cells_->steps;
      if (steps.empty() || steps.back().line + (cells_->rows - steps.back().row) != line) {
        steps.push_back({cells_->rows, line});
      }
      ++cells_->rows;
    }
    cells_->bytes = static_cast<size_t>(row - first_);
    cells_->lines = line_;
  }

 private:
  const char *const first_;
  const char *const last_;
  const slope_text_format format_;
  const uint8_t *const uses_;
  const size_t columns_;
  slope_cells *const cells_;
  size_t line_ = 0;
  // Where a field without quotes ends, or is at fault.
  bool stops_[256] = {};

  static bool reads_numbers(uint8_t use) {
    return use == slope_column_any || use == slope_column_numbers;
  }
  static bool is_line_end(char c) { return c == '\n' || c == '\r'; }
  bool is_blank(char c) const { return (c == ' ' || c == '\t') && c != format_.delimiter; }
  bool ends_field(const char *p) const {
    return p == last_ || *p == format_.delimiter || is_line_end(*p);
  }
  const char *skip_blanks(const char *p) const {
    while (p != last_ && is_blank(*p)) ++p;
    return p;
  }

  const char *after_line_end(const char *p) {
    ++line_;
    return *p == '\r' && p + 1 != last_ && p[1] == '\n' ? p + 2 : p + 1;
  }

  void put(size_t column, slope_cell_tag tag, uint64_t value) {
    Column &target = cells_->columns[column];
    target.values.get()[cells_->rows] = value;
    target.tags.get()[cells_->rows] = tag;
  }

  // Reads the row at `p`; the start of the next, or null if it is none of the table.
  const char *parse_row(const char *p) {
    for (size_t column = 0; column < columns_; ++column) {
      p = skip_blanks(p);
      p = p != last_ && *p == '"' ? parse_quoted(p, column) : parse_plain(p, column);
      if (p == nullptr) return nullptr;
      const bool is_end = p == last_ || *p != format_.delimiter;
      if (is_end != (column + 1 == columns_)) return nullptr;
      if (!is_end) ++p;
    }
    return p == last_ ? p : after_line_end(p);
  }

  const char *parse_plain(const char *p, size_t column) {
    const uint8_t use = uses_[column];
    if (reads_numbers(use)) {
      // Where the decimal mark also separates fields, only quotes make it part of a number.
      const char decimal = format_.decimal == format_.delimiter ? 0 : format_.decimal;
      const char *end = put_number(p, last_, column, decimal);
      if (end != nullptr) {
        end = skip_blanks(end);
        if (ends_field(end)) return end;
      }
    }
    const char *const start = p;
    while (p != last_ && !stops_[static_cast<uint8_t>(*p)]) ++p;
    if (p != last_ && *p == '"') return nullptr;
    if (use == slope_column_skipped) return p;
    const char *end = p;
    while (end != start && is_blank(end[-1])) --end;
    put_word(start, end, column);
    return p;
  }

  const char *parse_quoted(const char *p, size_t column) {
    const char *const start = ++p;
    const size_t line = line_;
    bool has_doubled_quotes = false;
    for (;; ++p) {
      if (p == last_) return nullptr;
      if (*p == '"') {
        if (p + 1 == last_ || p[1] != '"') break;
        has_doubled_quotes = true;
        ++p;
      } else if (*p == '\n' || (*p == '\r' && !(p + 1 != last_ && p[1] == '\n'))) {
        ++line_;
      }
    }
    const char *const end = p;
    p = skip_blanks(p + 1);
    if (!ends_field(p)) return nullptr;
    if (uses_[column] == slope_column_skipped) return p;
    const char *content = start;
    while (content != end && (*content == ' ' || *content == '\t')) ++content;
    if (content == end) {
      put(column, slope_cell_missing, 0);
      return p;
    }
    if (reads_numbers(uses_[column]) && !has_doubled_quotes) {
      const char *after = put_number(content, end, column, format_.decimal);
      while (after != nullptr && after != end && (*after == ' ' || *after == '\t')) ++after;
      if (after == end) return p;
    }
    if (!has_doubled_quotes) {
      put_word(start, end, column, line);
      return p;
    }
    std::string text;
    for (const char *q = start; q != end; ++q) {
      text.push_back(*q);
      if (*q == '"') ++q;
    }
    Words &words = cells_->columns[column].words;
    const uint64_t number = words.number_of(text.data(), text.size(), line, cells_->texts);
    put(column, slope_cell_word, number);
    return p;
  }

  void put_word(const char *start, const char *end, size_t column) {
    put_word(start, end, column, line_);
  }

  void put_word(const char *start, const char *end, size_t column, size_t line) {
    if (start == end) {
      put(column, slope_cell_missing, 0);
      return;
    }
    const size_t count = static_cast<size_t>(end - start);
    const uint64_t number =
        cells_->columns[column].words.number_of(start, count, line, cells_->texts);
    put(column, is_padded(start, end) ? slope_cell_padded : slope_cell_word, number);
  }

  // Whether the text is digits, of which the first of several is a zero.
  static bool is_padded(const char *p, const char *end) {
    if (end - p < 2 || *p != '0') return false;
    for (; p != end; ++p) {
      if (!is_digit(*p)) return false;
    }
    return true;
  }

  // Stores the number at the start of [p, limit), and returns the character after it; null if there
  // is none. Digits that begin with a zero are none unless the column is of numbers.
  const char *put_number(
      const char *const p, const char *const limit, size_t column, char decimal) {
    const char *q = p;
    const bool is_negative = q != limit && *q == '-';
    // Signs are as good as random: no branch.
    q += is_negative | (q != limit && *q == '+');
    const char *const digits = q;
    uint64_t mantissa = 0;
    q = slope::read_digits(q, limit, &mantissa);
    const ptrdiff_t integer_digits = q - digits;
    const bool has_point = q != limit && decimal != 0 && *q == decimal;
    if (!has_point) {
      if (integer_digits == 0) return nullptr;
      const bool has_exponent = q != limit && (*q == 'e' || *q == 'E');
      if (!has_exponent) {
        if (uses_[column] == slope_column_any && integer_digits > 1 && *digits == '0' &&
            digits == p) {
          return nullptr;
        }
        const uint64_t limit_value = uint64_t(INT64_MAX) + (is_negative ? 1 : 0);
        // 19 digits are below 2^64; a negative zero is no integer.
        if (integer_digits <= 19 && mantissa <= limit_value && !(is_negative && mantissa == 0)) {
          put(column, slope_cell_integer, is_negative ? 0 - mantissa : mantissa);
          return q;
        }
      }
    } else {
      ++q;
      const char *const fraction = q;
      q = slope::read_digits(q, limit, &mantissa);
      const ptrdiff_t fraction_digits = q - fraction;
      const bool has_exponent = q != limit && (*q == 'e' || *q == 'E');
      const ptrdiff_t all = integer_digits + fraction_digits;
      if (!has_exponent && all > 0 && fraction_digits <= 27 &&
          (all <= 19 || all - slope::leading_zeros(digits, q, decimal) <= 19)) {
        double value = 0;
        bool is_rounded = mantissa != 0 && fraction_digits > 0 &&
                          slope::divide_by_power_of_ten(
                              mantissa, static_cast<int>(fraction_digits), &value);
        if (!is_rounded && mantissa <= (uint64_t(1) << 53) && fraction_digits <= 22) {
          // Both operands are exact, so that the quotient is rounded once.
          value = static_cast<double>(mantissa) / powers_of_ten[fraction_digits];
          is_rounded = true;
        }
        if (is_rounded) {
          put_double(column, std::copysign(value, is_negative ? -1.0 : 1.0));
          return q;
        }
      }
    }
    return put_any_number(p, limit, column, decimal);
  }

  const char *put_any_number(const char *p, const char *limit, size_t column, char decimal) {
    double value = 0;
    const char *end = p;
    if (decimal == '.') {
      if (slope::parse_prefix(p, limit, &end, &value) != slope_number_ok) return nullptr;
    } else {
      // A copy of what can be a number, with a point.
      const char *q = p;
      std::string copy;
      while (q != limit && (is_digit(*q) || (decimal != 0 && *q == decimal) || *q == '+' ||
                            *q == '-' || *q == 'e' || *q == 'E')) {
        copy.push_back(*q == decimal ? '.' : *q);
        ++q;
      }
      const char *const start = copy.data();
      const auto status = slope::parse_prefix(start, start + copy.size(), &end, &value);
      if (status != slope_number_ok) return nullptr;
      end = p + (end - start);
    }
    put_double(column, value);
    return end;
  }

  void put_double(size_t column, double value) {
    uint64_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    put(column, slope_cell_number, bits);
  }
};

template <typename T>
bool allocate(std::unique_ptr<T, Free> &memory, size_t count) {
  memory.reset(static_cast<T *>(std::malloc(count * sizeof(T))));
  return memory != nullptr;
}

// Gives back what is allocated beyond `count`.
template <typename T>
T *shrunk(std::unique_ptr<T, Free> &memory, size_t count) {
  T *const taken = memory.release();
  if (taken == nullptr) return nullptr;
  void *const smaller = std::realloc(taken, (count == 0 ? 1 : count) * sizeof(T));
  return static_cast<T *>(smaller == nullptr ? taken : smaller);
}

}  // namespace

slope_cells *slope_parse_cells(
    const char *text, size_t count, slope_text_format format, const uint8_t *uses,
    size_t columns) {
  try {
    auto cells = std::make_unique<slope_cells>();
    cells->columns.resize(columns);
    // A row takes at least one byte per column and ends a line; the last may lack its line end.
    const size_t lines = count_of(text, count, '\n') + count_of(text, count, '\r');
    const size_t capacity = std::min(count / columns, lines) + 1;
    for (size_t column = 0; column < columns; ++column) {
      if (uses[column] == slope_column_skipped) continue;
      Column &target = cells->columns[column];
      if (!allocate(target.values, capacity) || !allocate(target.tags, capacity)) return nullptr;
    }
    Parser(text, count, format, uses, columns, cells.get()).parse();
    return cells.release();
  } catch (const std::bad_alloc &) {
    return nullptr;
  }
}

void slope_cells_free(slope_cells *cells) { delete cells; }

size_t slope_cells_row_count(const slope_cells *cells) { return cells->rows; }

size_t slope_cells_byte_count(const slope_cells *cells) { return cells->bytes; }

size_t slope_cells_line_count(const slope_cells *cells) { return cells->lines; }

const slope_line_step *slope_cells_line_steps(const slope_cells *cells, size_t *count) {
  *count = cells->steps.size();
  return cells->steps.data();
}

uint64_t *slope_cells_take_values(slope_cells *cells, size_t column) {
  return shrunk(cells->columns[column].values, cells->rows);
}

uint8_t *slope_cells_take_tags(slope_cells *cells, size_t column) {
  return shrunk(cells->columns[column].tags, cells->rows);
}

void slope_return_freed_memory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

void slope_cells_count_tags(const slope_cells *cells, size_t column, size_t counts[5]) {
  std::memset(counts, 0, 5 * sizeof counts[0]);
  const uint8_t *const tags = cells->columns[column].tags.get();
  if (tags == nullptr) return;
  for (size_t row = 0; row < cells->rows; ++row) ++counts[tags[row]];
}

size_t slope_cells_word_count(const slope_cells *cells, size_t column) {
  return cells->columns[column].words.count();
}

slope_word slope_cells_word(const slope_cells *cells, size_t column, size_t word) {
  return cells->columns[column].words[word];
}

bool slope_cells_has_other_bytes(const slope_cells *cells, size_t column) {
  return cells->columns[column].words.has_other_bytes();
}

struct slope_word_numbers {
  slope::NumberedWords words;
};

slope_word_numbers *slope_word_numbers_create() { return new (std::nothrow) slope_word_numbers; }

void slope_word_numbers_free(slope_word_numbers *numbers) { delete numbers; }

void slope_word_numbers_find(
    const slope_word_numbers *all, const slope_cells *cells, size_t column, int32_t *numbers) {
  const Words &words = cells->columns[column].words;
  for (size_t index = 0; index < words.count(); ++index) {
    numbers[index] = all == nullptr ? -1 : all->words.number_of(words.hash(index), words[index]);
  }
}

void slope_word_numbers_add(
    slope_word_numbers *all, const slope_cells *cells, size_t column, size_t word, int32_t number) {
  if (all == nullptr) return;
  const Words &words = cells->columns[column].words;
  try {
    all->words.add(words.hash(word), words[word], number);
  } catch (const std::bad_alloc &) {
    // It will be found to have no number.
  }
}

bool slope_has_odd_quotes(const char *text, size_t count) {
  // Most files have none at all.
  return std::memchr(text, '"', count) != nullptr && (count_of(text, count, '"') & 1);
}

size_t slope_last_record_end(const char *text, size_t count) {
  bool in_quotes = slope_has_odd_quotes(text, count);
  for (size_t end = count; end > 0; --end) {
    const char c = text[end - 1];
    if (!in_quotes && (c == '\n' || (c == '\r' && end < count && text[end] != '\n'))) return end;
    if (c == '"') in_quotes = !in_quotes;
  }
  return 0;
}

size_t slope_next_record_end(const char *text, size_t count, size_t from, bool in_quotes) {
  for (size_t index = from; index < count; ++index) {
    const char c = text[index];
    if (c == '"') in_quotes = !in_quotes;
    if (in_quotes) continue;
    if (c == '\n') return index + 1;
    if (c == '\r' && index + 1 < count && text[index + 1] != '\n') return index + 1;
  }
  return count;
}
