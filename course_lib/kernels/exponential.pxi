cdef extern from "exponential.h" nogil:
    float exp_float(float)
    double exp_double(double)


cdef inline real exponential(real x) noexcept nogil:
    if real is float:
        return exp_float(x)
    else:
        return exp_double(x)
