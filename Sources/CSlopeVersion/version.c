// Package.swift passes the two macros, when it is read in a checkout of git.
#include "slope_version.h"

#ifndef SLOPE_COMMIT
#define SLOPE_COMMIT ""
#endif
#ifndef SLOPE_HAS_CHANGES
#define SLOPE_HAS_CHANGES 0
#endif

const char *slope_commit(void) { return SLOPE_COMMIT; }

int slope_has_changes(void) { return SLOPE_HAS_CHANGES; }
