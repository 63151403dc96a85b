// The number at the start of a text: shared by slope_parse_number and slope_parse_cells.
#pragma once

#include "slope_number_parsing.h"

namespace slope {

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads the number at the start of [first, last) and sets `end` to the character after it.
slope_number_status parse_prefix(
    const char *first, const char *last, const char **end, double *value);

}  // namespace slope
