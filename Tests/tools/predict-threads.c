// predict-threads LIBRARY MODEL: opens libslope_predict.so as a plugin, and predicts rows of penguins.csv from eight
// threads at the same time, each with a model of its own and with one of all. Every prediction must be the first one's.
#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <slope_predict.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, CALLS = 200, CLASSES = 3, COLUMNS = 7 };

static int (*open_model)(const char *, slope_model **);
static void (*close_model)(slope_model *);
static int (*describe)(slope_model *, struct slope_description *, size_t);
static int (*predict)(slope_model *, size_t, const struct slope_column *, size_t, double *, size_t);
static const char *(*message)(void);

static const char *path;
static slope_model *common;
static double wanted[CLASSES];

static int predicted(slope_model *model, double *values) {
  struct slope_description about;
  if (describe(model, &about, sizeof about) != slope_ok) return 0;
  if (about.column_count != COLUMNS || about.value_count != CLASSES) return 0;
  const double number = 39.1;
  const char *text = "Torgersen";
  struct slope_column columns[COLUMNS] = {{0}};
  for (size_t i = 0; i < COLUMNS; i++) {
    if (about.column_kinds[i] == slope_texts) columns[i].texts = &text;
    else columns[i].numbers = &number;
  }
  return predict(model, 1, columns, COLUMNS, values, CLASSES) == slope_ok;
}

static void *work(void *unused) {
  (void)unused;
  slope_model *own;
  if (open_model(path, &own) != slope_ok) return "open";
  for (int i = 0; i < CALLS; i++) {
    double values[CLASSES];
    if (!predicted(i % 2 ? own : common, values)) return "predict";
    if (memcmp(values, wanted, sizeof values) != 0) return "other values";
    // Messages are those of the thread.
    slope_model *none;
    if (open_model("", &none) == slope_ok || none != NULL || message()[0] == 0) return "message";
  }
  close_model(own);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 3) return fprintf(stderr, "usage: predict-threads LIBRARY MODEL\n"), 64;
  void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fprintf(stderr, "%s\n", dlerror()), 1;
  *(void **)&open_model = dlsym(library, "slope_model_open");
  *(void **)&close_model = dlsym(library, "slope_model_close");
  *(void **)&describe = dlsym(library, "slope_model_describe");
  *(void **)&predict = dlsym(library, "slope_predict");
  *(void **)&message = dlsym(library, "slope_error_message");
  path = argv[2];
  if (open_model(path, &common) != slope_ok) return fprintf(stderr, "%s\n", message()), 1;
  if (!predicted(common, wanted) || !isfinite(wanted[0])) return fprintf(stderr, "%s\n", message()), 1;
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) pthread_create(&threads[i], NULL, work, NULL);
  int status = 0;
  for (int i = 0; i < THREADS; i++) {
    void *fault;
    pthread_join(threads[i], &fault);
    if (fault != NULL) status = fprintf(stderr, "thread %d: %s\n", i, (const char *)fault) > 0;
  }
  close_model(common);
  return status;
}
