// What programs that were compiled earlier rely on: the layout of the structures and the constants.
#include <slope_predict.h>

_Static_assert(offsetof(struct slope_description, column_count) == 0, "layout");
_Static_assert(offsetof(struct slope_description, column_names) == sizeof(void *), "layout");
_Static_assert(offsetof(struct slope_description, column_kinds) == 2 * sizeof(void *), "layout");
_Static_assert(offsetof(struct slope_description, target) == 3 * sizeof(void *), "layout");
_Static_assert(offsetof(struct slope_description, class_count) == 4 * sizeof(void *), "layout");
_Static_assert(offsetof(struct slope_description, class_names) == 5 * sizeof(void *), "layout");
_Static_assert(offsetof(struct slope_description, value_count) == 6 * sizeof(void *), "layout");
_Static_assert(offsetof(struct slope_column, texts) == sizeof(void *), "layout");
_Static_assert(sizeof(struct slope_column) == 2 * sizeof(void *), "layout");
_Static_assert(
    slope_invalid_argument == 1 && slope_invalid_model == 2 && slope_invalid_rows == 3
        && slope_failed == 4 && slope_numbers == 1 && slope_booleans == 2 && slope_texts == 3
        && slope_dates == 4,
    "constants");
