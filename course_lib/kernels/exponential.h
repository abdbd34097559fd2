/* exp and log in plain arithmetic, so that a loop over them becomes vector code: x = n log 2 + r, then
   exp(x) = 2^n exp(r) with a Taylor polynomial for exp(r), |r| <= log(2) / 2. 2^n is built in two halves because
   n may lie just outside the exponents. NaN stays NaN. Compile without -fassociative-math: the two parts of
   log 2 must be subtracted one after the other. */
#include <stdint.h>
#include <string.h>

static inline __attribute__((always_inline)) float power_of_two_float(int32_t n) {
    const uint32_t bits = (uint32_t)(n + 127) << 23;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline __attribute__((always_inline)) float exp_float(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -104.0f ? -104.0f : x;
    const int32_t n = (int32_t)(x * 1.44269504f + 151.5f) - 151; /* rounded: what is cut off is positive */
    const float r = (x - (float)n * 0.693359375f) - (float)n * -2.12194440e-4f;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return p * power_of_two_float(n >> 1) * power_of_two_float(n - (n >> 1));
}

static inline __attribute__((always_inline)) double power_of_two_double(int32_t n) {
    const uint64_t bits = (uint64_t)(int64_t)(n + 1023) << 52;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline __attribute__((always_inline)) double exp_double(double x) {
    static const double inverse_factorials[] = {
        1.0 / 87178291200, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
        1.0 / 362880,      1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,
        1.0 / 24,          1.0 / 6,          1.0 / 2,         1.0,            1.0};
    x = x > 710.0 ? 710.0 : x;
    x = x < -746.0 ? -746.0 : x;
    const int32_t n = (int32_t)(x * 1.4426950408889634 + 1077.5) - 1077;
    const double r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    double p = inverse_factorials[0];
    for (int i = 1; i < 15; i++) p = p * r + inverse_factorials[i];
    return p * power_of_two_double(n >> 1) * power_of_two_double(n - (n >> 1));
}

/* log(1 + t) for t from 0 to 1: twice the series of atanh(t / (2 + t)), whose argument stays below 1/3. */
static inline __attribute__((always_inline)) float log_one_plus_float(float t) {
    const float s = t / (2 + t), square = s * s;
    float p = 1.0f / 15;
    for (int odd = 13; odd > 0; odd -= 2) p = p * square + 1.0f / odd;
    return 2 * s * p;
}

static inline __attribute__((always_inline)) double log_one_plus_double(double t) {
    const double s = t / (2 + t), square = s * s;
    double p = 1.0 / 33;
    for (int odd = 31; odd > 0; odd -= 2) p = p * square + 1.0 / odd;
    return 2 * s * p;
}
