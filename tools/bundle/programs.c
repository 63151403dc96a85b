// One program for three, which share Swift's libraries, OpenBLAS and Slope: it is the one by whose name
// it is called. SwiftPM names the entry of an executable module MODULE_main, and makes it main when it
// links.
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
  fprintf(stderr, "%s is none of the programs within\n", name);
  return 64;
}

// The static C++ library asks for it, and glibc has it since 2.36 only; nothing here calls it.
uint32_t arc4random(void) {
  uint32_t number;
  if (getrandom(&number, sizeof number, 0) != sizeof number) abort();
  return number;
}
