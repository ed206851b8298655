/* The C peer: reads lines `field repetitions`, answers the nanoseconds of that many evaluations of the pendulum's field
   H = p^2/2 - cos(q) on a batch of 1024 states [q, p], row-major. */
#include <math.h>
#include <stdio.h>
#include <time.h>

enum { batch = 1024 };
static double x[2 * batch], out[2 * batch];

/* Not inlined, so that no repetition is optimised away. */
__attribute__((noinline)) static void field(const double *restrict from, double *restrict to) {
  for (int k = 0; k < batch; k++) {
    to[2 * k] = from[2 * k + 1];
    to[2 * k + 1] = -sin(from[2 * k]);
  }
}

int main(void) {
  char task[32];
  long repetitions;
  for (int k = 0; k < batch; k++) {
    x[2 * k] = 6.0 * k / batch - 3.0;
    x[2 * k + 1] = 1.0 - 2.0 * k / batch;
  }
  while (scanf("%31s %ld", task, &repetitions) == 2) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long k = 0; k < repetitions; k++) {
      field(x, out);
      __asm__ volatile("" ::: "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.0f\n", (to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
