/* The C peer of ensembles: pendulums H = p^2/2 - cos(q), q from -2 to 2, leapfrog steps of 0.05, sixteen trajectories at
   a time. Reads lines `leapfrog:batch:steps repetitions` (the batch 1 or a multiple of sixteen), answers the nanoseconds
   of that many runs. */
#include <math.h>
#include <stdio.h>
#include <time.h>

enum { most = 16384, side_by_side = 16 };
static double q[most], p[most];

/* Not inlined, so that no repetition is optimised away. */
__attribute__((noinline)) static void advance(int batch, long steps, double *restrict q, double *restrict p, double dt) {
  if (batch == 1)
    for (long step = 0; step < steps; step++) {
      double x = *q + 0.5 * dt * *p;
      *p -= dt * sin(x);
      *q = x + 0.5 * dt * *p;
    }
  for (int first = 0; first + side_by_side <= batch; first += side_by_side)
    for (long step = 0; step < steps; step++)
      for (int k = first; k < first + side_by_side; k++) {
        double x = q[k] + 0.5 * dt * p[k];
        double y = p[k] - dt * sin(x);
        q[k] = x + 0.5 * dt * y;
        p[k] = y;
      }
}

int main(void) {
  int batch;
  long steps, repetitions;
  while (scanf(" leapfrog:%d:%ld %ld", &batch, &steps, &repetitions) == 3) {
    if (batch > most || (batch != 1 && batch % side_by_side != 0)) return 1;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long r = 0; r < repetitions; r++) {
      for (int k = 0; k < batch; k++) {
        q[k] = batch == 1 ? -2 : -2 + 4.0 * k / (batch - 1);
        p[k] = 0;
      }
      advance(batch, steps, q, p, 0.05);
      __asm__ volatile("" ::: "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%.0f\n", (to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
