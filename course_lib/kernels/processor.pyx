"""What this processor and this build offer: instruction sets, and threads through OpenMP."""

cdef extern from *:
    """
    #ifdef _OPENMP
    #include <omp.h>
    #else
    static int omp_get_max_threads(void) { return 0; }
    #endif

    #if (defined(__x86_64__) || defined(__amd64__)) && defined(__GNUC__)
    static int has_v3(void) {
        __builtin_cpu_init();
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
            && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
    }
    static int has_v4(void) {
        return has_v3() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
            && __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq")
            && __builtin_cpu_supports("avx512vl");
    }
    #else
    static int has_v3(void) { return 0; }
    static int has_v4(void) { return 0; }
    #endif
    """
    int omp_get_max_threads()
    int has_v3()
    int has_v4()


def supports(str name):
    """Tell whether this processor runs code for an instruction set."""
    if name == "x86-64-v4":
        return bool(has_v4())
    if name == "x86-64-v3":
        return bool(has_v3())
    return name == "baseline"


def default_threads():
    """Give the number of threads OpenMP would use, or 0 without OpenMP."""
    return omp_get_max_threads()
