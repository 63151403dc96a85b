// One executable for three programs, which share Swift's libraries, OpenBLAS and Slope: it runs the
// program that it is invoked as. SwiftPM names the entry point of an executable module MODULE_main,
// and renames it to main when it links.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define PROGRAMS(DO) DO(mltrain) DO(conformance) DO(flops)

#define DECLARE(NAME) int NAME##_main(int, char **);
PROGRAMS(DECLARE)

int main(int count, char **words) {
  const char *path = count > 0 ? words[0] : "";
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
#define CALL(NAME) \
  if (strcmp(name, #NAME) == 0) return NAME##_main(count, words);
  PROGRAMS(CALL)
  fprintf(stderr, "%s is not one of the programs in this executable\n", name);
  return 64;
}

// The static C++ library refers to this function, which glibc has only since 2.36. Nothing calls
// it.
uint32_t arc4random(void) {
  uint32_t number;
  if (getrandom(&number, sizeof number, 0) != sizeof number) abort();
  return number;
}
