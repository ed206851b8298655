/* The C peer of many bodies: leapfrog and Yoshida's method of order 4 for `nbody` (softened gravity in space) and `fput`
   (a chain with cubic forces and fixed ends). Reads lines `system:method:N:batch:steps repetitions` and answers the
   nanoseconds of that many runs; `first:system:… 1` answers q[0] of the last trajectory at the end. Starts and
   parameters are those of bench/many-motions.ts. Trajectory after trajectory, each step with one evaluation of the force
   a kick, drifts of neighbouring steps not joined. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { most_bodies = 512, most_length = 4096 };
static double mass[most_bodies], force[3 * most_length];

static void start(int gravity, int n, int run, double *q, double *p) {
  if (gravity) {
    for (int i = 0; i < 3 * n; i++) {
      q[i] = 4 * sin(12.9898 * (i + 1)) + 1e-3 * run;
      p[i] = 0.3 * sin(78.233 * (i + 1)) / n;
    }
    for (int i = 0; i < n; i++) mass[i] = (1 + 0.5 * sin(i + 1)) / n;
  } else {
    for (int i = 0; i < n; i++) {
      q[i] = (1 + 1e-3 * run) * sin(M_PI * (i + 1) / (n + 1));
      p[i] = 0;
    }
  }
}

static inline void gravity_force(int n, const double *restrict q, double *restrict f) {
  for (int i = 0; i < 3 * n; i++) f[i] = 0;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++) {
      double x = q[3 * i] - q[3 * j], y = q[3 * i + 1] - q[3 * j + 1], z = q[3 * i + 2] - q[3 * j + 2];
      double r2 = x * x + y * y + z * z + 0.01;
      double w = mass[i] * mass[j] / (r2 * sqrt(r2));
      f[3 * i] -= w * x, f[3 * i + 1] -= w * y, f[3 * i + 2] -= w * z;
      f[3 * j] += w * x, f[3 * j + 1] += w * y, f[3 * j + 2] += w * z;
    }
}

/* V(r) = r^2/2 + 0.3 r^4/4 of neighbours */
static inline double tension(double r) { return r + 0.3 * r * r * r; }

static inline void chain_force(int n, const double *restrict q, double *restrict f) {
  f[0] = tension(q[1] - q[0]) - tension(q[0]);
  for (int i = 1; i < n - 1; i++) f[i] = tension(q[i + 1] - q[i]) - tension(q[i] - q[i - 1]);
  f[n - 1] = tension(-q[n - 1]) - tension(q[n - 1] - q[n - 2]);
}

static inline void drift(int gravity, int n, double *restrict q, const double *restrict p, double h) {
  if (gravity)
    for (int i = 0; i < n; i++)
      for (int k = 0; k < 3; k++) q[3 * i + k] += h * p[3 * i + k] / mass[i];
  else
    for (int i = 0; i < n; i++) q[i] += h * p[i];
}

static inline void kick(int gravity, int n, const double *restrict q, double *restrict p, double h) {
  if (gravity) gravity_force(n, q, force);
  else chain_force(n, q, force);
  int entries = gravity ? 3 * n : n;
  for (int i = 0; i < entries; i++) p[i] += h * force[i];
}

/* Not inlined, so that no repetition is optimised away. */
__attribute__((noinline)) static void advance(int gravity, int fourth, int n, long steps, double *q, double *p, double dt) {
  const double outer = 1 / (2 - cbrt(2)), inner = 1 - 2 * outer;
  const double weights[3] = {outer, inner, outer}, one[1] = {1};
  for (long step = 0; step < steps; step++)
    for (int k = 0; k < (fourth ? 3 : 1); k++) {
      double h = dt * (fourth ? weights[k] : one[k]);
      drift(gravity, n, q, p, h / 2);
      kick(gravity, n, q, p, h);
      drift(gravity, n, q, p, h / 2);
    }
}

int main(void) {
  char line[96];
  static double q[3 * most_length], p[3 * most_length];
  while (fgets(line, sizeof line, stdin)) {
    char *task = line, system[16], method[16];
    int n, batch, ask = strncmp(line, "first:", 6) == 0;
    long steps, repetitions;
    if (ask) task += 6;
    if (sscanf(task, "%15[^:]:%15[^:]:%d:%d:%ld %ld", system, method, &n, &batch, &steps, &repetitions) != 6) return 1;
    int gravity = strcmp(system, "nbody") == 0, fourth = strcmp(method, "yoshida4") == 0;
    if (n < 2 || n > (gravity ? most_bodies : most_length)) return 1;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long r = 0; r < repetitions; r++)
      for (int run = 0; run < batch; run++) {
        start(gravity, n, run, q, p);
        advance(gravity, fourth, n, steps, q, p, 0.01);
        __asm__ volatile("" : : "r"(q), "r"(p) : "memory");
      }
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (ask) printf("%.17g\n", q[0]);
    else printf("%.0f\n", (to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
