/* exp(x) - 1 and tanh in plain arithmetic, with the digits of a small x, so that a loop over them becomes vector
   code. NaN stays NaN. Compile without -fassociative-math, as exponential.h, which goes before. */

/* For x <= 0 with x = n log 2 + r: 2^n (exp(r) - 1) + (2^n - 1), where nothing cancels. */
static inline __attribute__((always_inline)) float exp_minus_one_float(float x) {
    x = x < -87.0f ? -87.0f : x;
    const int32_t n = (int32_t)(x * 1.44269504f + 151.5f) - 151; /* rounded: what is cut off is positive */
    const float r = (x - (float)n * 0.693359375f) - (float)n * -2.12194440e-4f;
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * (r * r) + r;
    const float power = power_of_two_float(n);
    return power * p + (power - 1);
}

static inline __attribute__((always_inline)) double exp_minus_one_double(double x) {
    static const double inverse_factorials[] = {
        1.0 / 87178291200, 1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
        1.0 / 362880,      1.0 / 40320,      1.0 / 5040,      1.0 / 720,      1.0 / 120,
        1.0 / 24,          1.0 / 6,          1.0 / 2};
    x = x < -700.0 ? -700.0 : x;
    const int32_t n = (int32_t)(x * 1.4426950408889634 + 1077.5) - 1077;
    const double r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    double p = inverse_factorials[0];
    for (int i = 1; i < 13; i++) p = p * r + inverse_factorials[i];
    p = p * (r * r) + r;
    const double power = power_of_two_double(n);
    return power * p + (power - 1);
}

/* With t = exp(-2 |x|) - 1, which lies in (-1, 0], so nothing overflows. */
static inline __attribute__((always_inline)) float tanh_float(float x) {
    const float t = exp_minus_one_float(-2 * __builtin_fabsf(x));
    return __builtin_copysignf(t / (t + 2), x);
}

static inline __attribute__((always_inline)) double tanh_double(double x) {
    const double t = exp_minus_one_double(-2 * __builtin_fabs(x));
    return __builtin_copysign(t / (t + 2), x);
}
