"""Names that both ends of a session agree on."""

STUDENT_ERROR = "StudentError"

# Exceptions that cross under their own name. Everything else, above all what test frameworks react to, is
# StudentError.
_EXCEPTION_NAMES = """
    ArithmeticError AttributeError BufferError EOFError Exception FileExistsError FileNotFoundError
    FloatingPointError ImportError IndentationError IndexError IsADirectoryError KeyError LookupError
    MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError OSError OverflowError
    PermissionError RecursionError ReferenceError RuntimeError SyntaxError TabError TimeoutError TypeError
    UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError ValueError ZeroDivisionError
"""
EXCEPTION_NAMES = frozenset(_EXCEPTION_NAMES.split())

_BINARY = "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor"
BINARY_OPERATIONS = tuple(_BINARY.split())
UNARY_OPERATIONS = ("neg", "pos", "abs", "invert")
ACCESS_OPERATIONS = ("getattr", "setattr", "delattr", "getitem", "setitem", "delitem")

OPERATIONS = frozenset(
    [*BINARY_OPERATIONS, *(f"r{name}" for name in BINARY_OPERATIONS), *UNARY_OPERATIONS, *ACCESS_OPERATIONS]
)

TEXT = "text/plain"
PNG = "image/png"

MAX_NAME = 200
MAX_MESSAGE = 4000
MAX_TRACEBACK = 16_000
MAX_SIGNATURE = 500
SEED_BYTES = 32
