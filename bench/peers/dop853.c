/* The C peer of adaptive integration: the pendulum H = p^2/2 - cos(q) by Dormand-Prince 8(5,3), rtol = atol = 1e-12, from
   (1, 0) to t = 100, steps chosen as in DOP853 without stabilisation. Reads lines `dop853 repetitions`, answers the
   nanoseconds of that many runs; `evaluations 1` answers how often a run evaluates the field. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const double A[12][11] = {
    {0},
    {5.26001519587677318785587544488e-2},
    {1.97250569845378994544595329183e-2, 5.91751709536136983633785987549e-2},
    {2.95875854768068491816892993775e-2, 0, 8.87627564304205475450678981324e-2},
    {2.41365134159266685502369798665e-1, 0, -8.84549479328286085344864962717e-1, 9.24834003261792003115737966543e-1},
    {3.7037037037037037037037037037e-2, 0, 0, 1.70828608729473871279604482173e-1, 1.25467687566822425016691814123e-1},
    {3.7109375e-2, 0, 0, 1.70252211019544039314978060272e-1, 6.02165389804559606850219397283e-2, -1.7578125e-2},
    {3.70920001185047927108779319836e-2, 0, 0, 1.70383925712239993810214054705e-1, 1.07262030446373284651809199168e-1,
     -1.53194377486244017527936158236e-2, 8.27378916381402288758473766002e-3},
    {6.24110958716075717114429577812e-1, 0, 0, -3.36089262944694129406857109825e0, -8.68219346841726006818189891453e-1,
     2.75920996994467083049415600797e1, 2.01540675504778934086186788979e1, -4.34898841810699588477366255144e1},
    {4.77662536438264365890433908527e-1, 0, 0, -2.48811461997166764192642586468e0, -5.90290826836842996371446475743e-1,
     2.12300514481811942347288949897e1, 1.52792336328824235832596922938e1, -3.32882109689848629194453265587e1,
     -2.03312017085086261358222928593e-2},
    {-9.3714243008598732571704021658e-1, 0, 0, 5.18637242884406370830023853209e0, 1.09143734899672957818500254654e0,
     -8.14978701074692612513997267357e0, -1.85200656599969598641566180701e1, 2.27394870993505042818970056734e1,
     2.49360555267965238987089396762e0, -3.0467644718982195003823669022e0},
    {2.27331014751653820792359768449e0, 0, 0, -1.05344954667372501984066689879e1, -2.00087205822486249909675718444e0,
     -1.79589318631187989172765950534e1, 2.79488845294199600508499808837e1, -2.85899827713502369474065508674e0,
     -8.87285693353062954433549289258e0, 1.23605671757943030647266201528e1, 6.43392746015763530355970484046e-1}};
static const double B[12] = {5.42937341165687622380535766363e-2, 0, 0, 0, 0, 4.45031289275240888144113950566e0,
                             1.89151789931450038304281599044e0, -5.8012039600105847814672114227e0,
                             3.1116436695781989440891606237e-1, -1.52160949662516078556178806805e-1,
                             2.01365400804030348374776537501e-1, 4.47106157277725905176885569043e-2};
static const double E5[12] = {0.1312004499419488073250102996e-1, 0, 0, 0, 0, -0.1225156446376204440720569753e+1,
                              -0.4957589496572501915214079952, 0.1664377182454986536961530415e+1,
                              -0.3503288487499736816886487290, 0.3341791187130174790297318841,
                              0.8192320648511571246570742613e-1, -0.2235530786388629525884427845e-1};
static const double E3[12] = {-0.18980075407240761, 0, 0, 0, 0, 4.45031289275240888, 1.89151789931450038,
                              -5.80120396001058478, -0.42268232132379192, -0.15216094966251608, 0.20136540080403035,
                              0.02265179219836082};

enum { dimension = 2, stages = 12 };
static long evaluations;

static inline void field(const double *x, double *out) {
  out[0] = x[1];
  out[1] = -sin(x[0]);
  evaluations++;
}

/* Not inlined, so that no repetition is optimised away. */
__attribute__((noinline)) static void solve(double *x, double end, double rtol, double atol) {
  double k[stages + 1][dimension], at[dimension], next[dimension], t = 0, h = 0.02;
  int rejected = 0;
  field(x, k[0]);
  while (t < end) {
    double step = fmin(h, end - t), e5 = 0, e3 = 0;
#pragma GCC unroll 12
    for (int s = 1; s < stages; s++) {
      for (int i = 0; i < dimension; i++) {
        double sum = 0;
#pragma GCC unroll 12
        for (int j = 0; j < s; j++)
          if (A[s][j] != 0) sum += A[s][j] * k[j][i];
        at[i] = x[i] + step * sum;
      }
      field(at, k[s]);
    }
    for (int i = 0; i < dimension; i++) {
      double sum = 0, fifth = 0, third = 0;
#pragma GCC unroll 12
      for (int j = 0; j < stages; j++) {
        if (B[j] != 0) sum += B[j] * k[j][i];
        if (E5[j] != 0) fifth += E5[j] * k[j][i];
        if (E3[j] != 0) third += E3[j] * k[j][i];
      }
      next[i] = x[i] + step * sum;
      double scale = atol + rtol * fmax(fabs(x[i]), fabs(next[i]));
      e5 += (fifth / scale) * (fifth / scale);
      e3 += (third / scale) * (third / scale);
    }
    double error = step * e5 / sqrt((e5 + 0.01 * e3) * dimension);
    double factor = 0.9 / sqrt(sqrt(sqrt(error)));
    if (error <= 1) {
      t += step;
      h = step * fmin(rejected ? 1 : 10, fmax(0.2, factor));
      rejected = 0;
      memcpy(x, next, sizeof next);
      field(x, k[0]);
    } else {
      h = step * fmax(0.2, factor);
      rejected = 1;
    }
  }
}

int main(void) {
  char task[32];
  long repetitions;
  while (scanf("%31s %ld", task, &repetitions) == 2) {
    struct timespec from, to;
    double x[dimension];
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (long r = 0; r < repetitions; r++) {
      evaluations = 0;
      x[0] = 1;
      x[1] = 0;
      solve(x, 100, 1e-12, 1e-12);
      __asm__ volatile("" : : "r"(x) : "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (strcmp(task, "evaluations") == 0) printf("%ld\n", evaluations);
    else if (strcmp(task, "state") == 0) printf("%.17g\n", x[0]);
    else printf("%.0f\n", (to.tv_sec - from.tv_sec) * 1e9 + (to.tv_nsec - from.tv_nsec));
    fflush(stdout);
  }
  return 0;
}
