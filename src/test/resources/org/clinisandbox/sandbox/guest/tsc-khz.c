/* Says how many thousand times a second this machine's time-stamp counter counts. */
#include <stdio.h>
#include <time.h>

static unsigned long long counter(void) {
  unsigned low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
  return (unsigned long long)high << 32 | low;
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(void) {
  double since = seconds();
  unsigned long long counted = counter();
  while (seconds() - since < 0.2) {
  }
  counted = counter() - counted;
  printf("%.0f\n", (double)counted / (seconds() - since) / 1000);
  return 0;
}
