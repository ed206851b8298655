/* The C peer of ensembles: 1024 pendulums H = p^2/2 - cos(q), q from -2 to 2, 10 000 leapfrog steps of 0.05, sixteen
   trajectories at a time. Reads lines `leapfrog repetitions`, answers the nanoseconds of that many runs. */
#include <math.h>
#include <stdio.h>
#include <time.h>

enum { batch = 1024, steps = 10000, side_by_side = 16 };
static double q[batch], p[batch];

/* Not inlined, so that no repetition is optimised away. */
__attribute__((noinline)) static void advance(double *restrict q, double *restrict p, double dt) {
  for (int first = 0; first < batch; first += side_by_side)
    for (int step = 0; step < steps; step++)
      for (int k = first; k < first + side_by_side; k++) {
        double x = q[k] + 0.5 * dt * p[k];
        double y = p[k] - dt * sin(x);
        q[k] = x + 0.5 * dt * y;
        p[k] = y;
      }
}

int main(void) {
  char task[32];
  long repetitions;
  while (scanf("%31s %ld", task, &repetitions) == 2) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long r = 0; r < repetitions; r++) {
      for (int k = 0; k < batch; k++) {
        q[k] = -2 + 4.0 * k / (batch - 1);
        p[k] = 0;
      }
      advance(q, p, 0.05);
      __asm__ volatile("" ::: "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.0f\n", (to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
