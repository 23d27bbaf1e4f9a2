/*
 * A clock that stands still: preloaded, it tells a process the microseconds since the epoch that
 * stand in the file named by TOLLGATE_CLOCK. Waiting and measuring go on by the machine's own
 * clock.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *clock_file;

static int64_t now(void) {
  if (clock_file == NULL) {
    const char *path = getenv("TOLLGATE_CLOCK");
    int file = path == NULL ? -1 : open(path, O_RDONLY);
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, 8, PROT_READ, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) {
      abort();
    }
    close(file);
    clock_file = mapped;
  }
  return *clock_file;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  int64_t micros = now();
  (void)zone;
  time->tv_sec = micros / 1000000;
  time->tv_usec = micros % 1000000;
  return 0;
}

int clock_gettime(clockid_t id, struct timespec *time) {
  if (id != CLOCK_REALTIME && id != CLOCK_REALTIME_COARSE) {
    return (int)syscall(SYS_clock_gettime, id, time);
  }
  int64_t micros = now();
  time->tv_sec = micros / 1000000;
  time->tv_nsec = micros % 1000000 * 1000;
  return 0;
}

time_t time(time_t *into) {
  time_t seconds = now() / 1000000;
  if (into != NULL) {
    *into = seconds;
  }
  return seconds;
}
