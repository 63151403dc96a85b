// The processors that this process may use: those of its affinity mask, and no more than the CPU
// quotas of its control groups allow.
//
// A container limited to two processors sees every core of its host; threads beyond the quota only
// take time from each other. The quota of the process' group counts, and those of its ancestors as
// far as they are mounted here: a quota of 150 ms in a period of 100 ms allows 1.5 processors,
// which is rounded up to 2.
//
//   /proc/self/cgroup      the group of the process            /pods/a/b
//   /proc/self/mountinfo   what is mounted, and where          /pods  at  /sys/fs/cgroup
//   quotas are read from   /sys/fs/cgroup/a/b, /sys/fs/cgroup/a and /sys/fs/cgroup
//
// Sources: Linux, Documentation/admin-guide/cgroup-v2.rst (cpu.max),
// Documentation/scheduler/sched-bwc.rst (cpu.cfs_quota_us), proc_pid_mountinfo(5).
// Tests: KernelProcessorsTests, on trees of files like the system's.
#define _GNU_SOURCE
#include <ctype.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernels.h"

// One hierarchy of control groups.
typedef struct {
  const char *root;           // prepended to every path
  char group[PATH_MAX];       // the process' group in the hierarchy
  char mountRoot[PATH_MAX];   // the part of the hierarchy that is mounted
  char mountPoint[PATH_MAX];  // where it is mounted
} Hierarchy;

typedef enum { VERSION_1, VERSION_2 } Version;

static int affinityCount(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  return cores < 1 ? 1 : cores > INT_MAX ? INT_MAX : (int)cores;
}

static FILE *openUnder(const char *root, const char *path) {
  char whole[2 * PATH_MAX];
  int length = snprintf(whole, sizeof whole, "%s%s", root, path);
  return length < 0 || (size_t)length >= sizeof whole ? NULL : fopen(whole, "re");
}

// Whether `name` is one of the words of a list separated by commas.
static bool listHas(const char *list, const char *name) {
  size_t length = strlen(name);
  for (const char *word = list; word != NULL; word = strchr(word, ',')) {
    if (*word == ',') word++;
    size_t end = strcspn(word, ",");
    if (end == length && strncmp(word, name, length) == 0) return true;
    if (word[end] == '\0') return false;
  }
  return false;
}

static bool copyPath(char *target, const char *source) {
  int length = snprintf(target, PATH_MAX, "%s", source);
  return length > 0 && length < PATH_MAX;
}

// Decodes mountinfo's escapes: spaces, tabs, line ends and backslashes are a backslash and three
// octal digits.
static void unescape(char *path) {
  char *target = path;
  for (const char *at = path; *at != '\0';) {
    if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && isdigit((unsigned char)at[2]) &&
        isdigit((unsigned char)at[3])) {
      *target++ = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
      at += 4;
    } else {
      *target++ = *at++;
    }
  }
  *target = '\0';
}

// Finds the process' group: the lines of /proc/self/cgroup are `number:controllers:path`, and
// `0::path` for version 2.
static bool findGroup(Hierarchy *hierarchy, Version version) {
  FILE *file = openUnder(hierarchy->root, "/proc/self/cgroup");
  if (file == NULL) return false;
  char *line = NULL;
  size_t capacity = 0;
  bool found = false;
  while (!found && getline(&line, &capacity, file) > 0) {
    line[strcspn(line, "\n")] = '\0';
    char *controllers = strchr(line, ':');
    char *path = controllers == NULL ? NULL : strchr(controllers + 1, ':');
    if (path == NULL) continue;
    *path++ = '\0';
    controllers++;
    bool isWanted = version == VERSION_2 ? *controllers == '\0' : listHas(controllers, "cpu");
    found = isWanted && copyPath(hierarchy->group, path);
  }
  free(line);
  fclose(file);
  return found;
}

// Reads one line of /proc/self/mountinfo, `id parent device root point options … - type source
// options`; false if it is not the mount of the hierarchy.
static bool readMount(Hierarchy *hierarchy, Version version, char *line) {
  line[strcspn(line, "\n")] = '\0';
  char *separator = strstr(line, " - ");
  if (separator == NULL) return false;
  *separator = '\0';
  char *rest = NULL;
  char *type = strtok_r(separator + 3, " ", &rest);
  strtok_r(NULL, " ", &rest);
  char *options = strtok_r(NULL, " ", &rest);
  if (type == NULL || strcmp(type, version == VERSION_2 ? "cgroup2" : "cgroup") != 0) return false;
  if (version == VERSION_1 && (options == NULL || !listHas(options, "cpu"))) return false;
  char *field = strtok_r(line, " ", &rest);
  for (int skipped = 0; skipped < 3 && field != NULL; skipped++) field = strtok_r(NULL, " ", &rest);
  char *point = field == NULL ? NULL : strtok_r(NULL, " ", &rest);
  if (point == NULL) return false;
  unescape(field);
  unescape(point);
  return copyPath(hierarchy->mountRoot, field) && copyPath(hierarchy->mountPoint, point);
}

static bool findMount(Hierarchy *hierarchy, Version version) {
  FILE *file = openUnder(hierarchy->root, "/proc/self/mountinfo");
  if (file == NULL) return false;
  char *line = NULL;
  size_t capacity = 0;
  bool found = false;
  while (!found && getline(&line, &capacity, file) > 0) found = readMount(hierarchy, version, line);
  free(line);
  fclose(file);
  return found;
}

// Reads the quota and its period, in microseconds; false if the group has none.
static bool readQuota(const Hierarchy *hierarchy, Version version, const char *folder,
                      long long *quota, long long *period) {
  char path[2 * PATH_MAX];
  if (version == VERSION_2) {
    snprintf(path, sizeof path, "%s/cpu.max", folder);
    FILE *file = openUnder(hierarchy->root, path);
    if (file == NULL) return false;
    int numbers = fscanf(file, "%lld %lld", quota, period);
    fclose(file);
    return numbers == 2;
  }
  long long *targets[2] = {quota, period};
  const char *names[2] = {"cpu.cfs_quota_us", "cpu.cfs_period_us"};
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    FILE *file = openUnder(hierarchy->root, path);
    if (file == NULL) return false;
    int numbers = fscanf(file, "%lld", targets[i]);
    fclose(file);
    if (numbers != 1) return false;
  }
  return true;
}

// The smallest quota of the process' group and its ancestors, in processors, rounded up.
static int quotaCount(const char *root, Version version) {
  Hierarchy hierarchy = {.root = root};
  if (!findGroup(&hierarchy, version) || !findMount(&hierarchy, version)) return INT_MAX;
  // A container may see its group as the root of the mount, and other groups above it ("/..").
  const char *inside = hierarchy.group;
  size_t length = strcmp(hierarchy.mountRoot, "/") == 0 ? 0 : strlen(hierarchy.mountRoot);
  bool isBelow = strncmp(inside, hierarchy.mountRoot, length) == 0 &&
                 (inside[length] == '/' || inside[length] == '\0') &&
                 strncmp(inside + length, "/..", 3) != 0;
  inside = isBelow ? inside + length : "";
  char folder[2 * PATH_MAX];
  snprintf(folder, sizeof folder, "%s%s", hierarchy.mountPoint, inside);
  size_t shortest = strlen(hierarchy.mountPoint);
  int least = INT_MAX;
  for (;;) {
    long long quota, period;
    if (readQuota(&hierarchy, version, folder, &quota, &period) && quota > 0 && period > 0) {
      long long processors = (quota - 1) / period + 1;
      if (processors < least) least = (int)processors;
    }
    char *last = strrchr(folder, '/');
    if (last == NULL || (size_t)(last - folder) < shortest) return least;
    *last = '\0';
  }
}

int slope_quota_count(const char *root) {
  int first = quotaCount(root, VERSION_1), second = quotaCount(root, VERSION_2);
  return first < second ? first : second;
}

int slope_processor_count(void) {
  int affinity = affinityCount(), quota = slope_quota_count("");
  return affinity < quota ? affinity : quota;
}
