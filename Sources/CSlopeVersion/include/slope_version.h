// The commit that the library was built from.
#ifndef SLOPE_VERSION_H
#define SLOPE_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/// The commit's hash in hexadecimal; empty if the source was no checkout of git.
const char *slope_commit(void);

/// Whether the checkout had changes that were not committed.
int slope_has_changes(void);

#ifdef __cplusplus
}
#endif

#endif
