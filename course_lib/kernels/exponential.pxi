cdef extern from "exponential.h" nogil:
    float exp_float(float)
    double exp_double(double)
    float log_one_plus_float(float)
    double log_one_plus_double(double)


cdef inline real exponential(real x) noexcept nogil:
    if real is float:
        return exp_float(x)
    else:
        return exp_double(x)


cdef inline real log_one_plus(real x) noexcept nogil:
    # For x from 0 to 1.
    if real is float:
        return log_one_plus_float(x)
    else:
        return log_one_plus_double(x)
