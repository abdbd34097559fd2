/* The two loops that show what a machine can do at best: independent multiply-adds that stay in registers, and a
   stream of two arrays into a third. */
#if defined(__AVX512F__)
#define BYTES 64
#elif defined(__AVX__)
#define BYTES 32
#else
#define BYTES 16
#endif

enum { LANES = BYTES / sizeof(float), CHAINS = 12 };
typedef float vector __attribute__((vector_size(BYTES)));

static volatile float one = 1.0f, little = 1e-30f;

/* Returns the number of multiply-adds. */
double multiply_add(long rounds) {
    vector sum[CHAINS], factor = {0}, term = {0};
    factor += one;
    term += little;
    for (int k = 0; k < CHAINS; k++) sum[k] = term;
    for (long i = 0; i < rounds; i++) {
#pragma GCC unroll 12
        for (int k = 0; k < CHAINS; k++) sum[k] = sum[k] * factor + term;
    }
    for (int k = 1; k < CHAINS; k++) sum[0] += sum[k];
    one = sum[0][0] > 2 ? 2.0f : 1.0f;
    return (double)rounds * CHAINS * LANES;
}

void triad(float *restrict target, const float *restrict x, const float *restrict y, long count) {
    for (long i = 0; i < count; i++) target[i] = x[i] + 3 * y[i];
}
