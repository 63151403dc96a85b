// Predictions of a model file that `mltrain fit` wrote, from C.
//
//   slope_model *model;
//   if (slope_model_open("penguins.safetensors", &model) != slope_ok) fail(slope_error_message());
//   struct slope_description about;
//   slope_model_describe(model, &about, sizeof about);
//   … one struct slope_column for each of about.column_count columns …
//   slope_predict(model, row_count, columns, about.column_count, values, row_count * about.value_count);
//   slope_model_close(model);
//
// Values are bit for bit those of `mltrain predict` on the CPU.
//
// Every function returns, whatever it is given, as long as the arrays have the elements that their counts
// name: a null pointer, a wrong count, a closed model and a broken file are errors. Nothing is printed, no
// signal is handled, and the process is never ended.
//
// All functions may be called from any number of threads at the same time, with the same model too. A model
// that is closed during a prediction of another thread ends after it.
//
// The interface only grows: functions and constants keep their meaning, structures get new members at the
// end, and the caller's size says which it knows.
#ifndef SLOPE_PREDICT_H
#define SLOPE_PREDICT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a function returns; where it is not `slope_ok`, slope_error_message says more.
enum slope_status {
  slope_ok = 0,
  /// A null pointer, a count that does not fit the model, or no model that is open.
  slope_invalid_argument = 1,
  /// The file cannot be read, or is no model.
  slope_invalid_model = 2,
  /// A cell that is not of its column's kind, or a prediction that is not a number.
  slope_invalid_rows = 3,
  /// The computation failed, for example because there is no memory for it.
  slope_failed = 4
};

/// What the cells of a column are.
enum slope_kind {
  /// Numbers.
  slope_numbers = 1,
  /// True and false: the numbers 1 and 0, or the texts.
  slope_booleans = 2,
  /// Texts. A number is the text that writes it, a whole one without a point: 3 is "3".
  slope_texts = 3,
  /// Dates, as the texts 2024-02-29 and 2024-02-29T12:30.
  slope_dates = 4
};

/// A model that is open. It is not an address: nothing is found there.
typedef struct slope_model slope_model;

/// What a model reads and predicts. All memory belongs to the model, until it is closed.
struct slope_description {
  /// The columns that are read, in the order that slope_predict wants.
  size_t column_count;
  const char *const *column_names;   // [column_count] texts in UTF-8
  const int32_t *column_kinds;       // [column_count], each a slope_kind
  /// The name of what is predicted.
  const char *target;
  /// The classes, in ascending order; none if numbers are predicted.
  size_t class_count;
  const char *const *class_names;    // [class_count] texts in UTF-8
  /// The values of a row: its prediction, or the probability of each class, in their order. The class that
  /// `mltrain predict` names is the first of the largest.
  size_t value_count;
};

/// The cells of a column, by one of the two; the other is null. The memory stays the caller's.
struct slope_column {
  const double *numbers;       // [rows]; NaN is a missing cell
  const char *const *texts;    // [rows] texts in UTF-8; null, "" and words such as "NA" are missing cells
};

/// Reads a model file and sets `*model`, to null if that fails. The caller closes it.
int slope_model_open(const char *path, slope_model **model);

/// Closes a model. Null, and a model that is closed already, are ignored.
void slope_model_close(slope_model *model);

/// Describes a model. `size` is sizeof(struct slope_description) where the caller was compiled.
int slope_model_describe(slope_model *model, struct slope_description *description, size_t size);

/// Predicts rows.
///
/// `columns` are those of the description, in its order, each with `row_count` cells. `values` gets
/// [row_count, description.value_count] numbers, row by row; after an error their contents are arbitrary.
/// Levels of a category that the model does not know count as "other", or as none of its levels.
int slope_predict(
    slope_model *model,
    size_t row_count,
    const struct slope_column *columns,
    size_t column_count,
    double *values,
    size_t value_count);  // row_count · description.value_count

/// Why the last call of this thread that failed did so: one line in UTF-8, "" if none has failed. It belongs
/// to the library and is valid until the next call of this thread. Rows are counted from 1.
const char *slope_error_message(void);

#ifdef __cplusplus
}
#endif

#endif
