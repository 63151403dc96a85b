// Predicts penguins from C: the class of each, and how probable it is.
//
//   make install PREFIX=$HOME/.local
//   export PKG_CONFIG_PATH=$HOME/.local/lib/pkgconfig LD_LIBRARY_PATH=$HOME/.local/lib
//   cc Examples/c-library/predict.c $(pkg-config --cflags --libs slope_predict) -o predict
//   ./predict penguins.safetensors
#include <math.h>
#include <slope_predict.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int status) {
  if (status == slope_ok) return;
  fprintf(stderr, "predict: %s\n", slope_error_message());
  exit(1);
}

enum { ROWS = 3 };

// What is known of three penguins: NAN and NULL where something is not.
static const struct {
  const char *name;
  double numbers[ROWS];
  const char *texts[ROWS];
} known[] = {
    {"island", {0}, {"Torgersen", "Biscoe", "Dream"}},
    {"bill_length_mm", {39.1, 46.1, 50.2}, {0}},
    {"bill_depth_mm", {18.7, 13.2, 18.8}, {0}},
    {"flipper_length_mm", {181, 211, NAN}, {0}},
    {"body_mass_g", {3750, 4500, 3800}, {0}},
    {"sex", {0}, {"male", "female", NULL}},
    {"year", {2007, 2008, 2009}, {0}},
};

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: predict MODEL\n"), 64;
  slope_model *model;
  check(slope_model_open(argv[1], &model));
  struct slope_description about;
  check(slope_model_describe(model, &about, sizeof about));

  // The columns in the model's order.
  struct slope_column *columns = calloc(about.column_count, sizeof *columns);
  double *values = calloc(ROWS * about.value_count, sizeof *values);
  if (columns == NULL || values == NULL) return 1;
  for (size_t c = 0; c < about.column_count; c++) {
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
      if (strcmp(known[k].name, about.column_names[c]) != 0) continue;
      if (about.column_kinds[c] == slope_texts) columns[c].texts = known[k].texts;
      else columns[c].numbers = known[k].numbers;
    }
  }

  check(slope_predict(model, ROWS, columns, about.column_count, values, ROWS * about.value_count));
  for (size_t row = 0; row < ROWS; row++) {
    const double *of_row = values + row * about.value_count;
    size_t best = 0;
    for (size_t i = 1; i < about.class_count; i++) {
      if (of_row[i] > of_row[best]) best = i;
    }
    printf("%s %.17g\n", about.class_count > 0 ? about.class_names[best] : about.target, of_row[best]);
  }
  free(columns);
  free(values);
  slope_model_close(model);
}
