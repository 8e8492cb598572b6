"""Names of C++ that do not clash."""

import re

__all__ = ["LIBRARY", "Names", "identifier", "is_reserved"]

WORDS = """
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t class compl const
    const_cast constexpr continue decltype default delete do double dynamic_cast else enum explicit export extern false
    float for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private
    protected public register reinterpret_cast return short signed sizeof static static_assert static_cast struct switch
    template this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile wchar_t
    while xor xor_eq half hls std spatial main ap_int ap_uint ap_fixed ap_ufixed linux unix
    assert errno stdin stdout stderr alloca offsetof strdupa strndupa NULL NAN INFINITY BUFSIZ MAXFLOAT hls_thread_local
    within least greatest absolute minimum maximum window floor_div floor_mod to_integer
"""
RESERVED = frozenset(WORDS.split())
MACROS = re.compile(
    r"E[A-Z0-9]{2,}|M_(E|PI|LN|LOG|SQRT|[12]_)\w*|[FRWX]_(OK|U?T?LOCK|TEST)|(MAP|MADV|FP|LC|PROT|SEEK)_[A-Z]\w*"
    r"|U?INT\w*_C|[A-Z]\w*_(MAX|MIN|WIDTH|ENDIAN)"
)
FUNCTIONS = """
    abort abs access acos acosh alarm asin asinh atan atan2 atanh atexit atof atoi atol bcmp bcopy bsearch bzero calloc
    cbrt ceil chdir chmod clock close copysign cos cosh creat ctime div drem dup erf erfc execv exit exp exp2 expm1
    fabs fclose fdim fdopen feof ferror fflush ffs fgetc fgets fileno floor fma fmax fmin fmod fopen fork fprintf fputc
    fputs fread free frexp fscanf fseek fsync ftell fwrite gamma getc getchar getenv getpid gets gettimeofday htonl
    hypot ilogb index ioctl isalpha isdigit j0 j1 jn kill labs ldexp ldiv lgamma link llabs llrint llround log log10
    log1p log2 logb lrint lround lseek malloc memchr memcmp memcpy memmove memset mkdir mktime mmap modf munmap nan
    nearbyint nextafter nice open pause perror pipe poll pow printf putc putchar puts qsort raise rand random read
    realloc recv remainder remove rename rewind rindex rint round scalb scanf select send setenv setjmp signal
    significand sin sinh sleep snprintf socket sprintf sqrt srand sscanf stat strcat strchr strcmp strcpy strdup strlen
    strstr strtod strtok strtol sync system tan tanh tgamma time times tmpfile toascii tolower toupper trunc ungetc
    unlink usleep wait write y0 y1 yn
"""
LIBRARY = frozenset(FUNCTIONS.split())
"""Functions in C: a function of a design must neither take the place of one nor be taken for it."""


def identifier(text: str) -> str:
    """A name of C++ made from any text, that is no macro."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_") or "value"
    return f"n_{name}" if name[0].isdigit() or MACROS.fullmatch(name) else name


def is_reserved(name: str) -> bool:
    """Whether a name means something in C++ or in our text."""
    return name in RESERVED


class Names:
    """The names in use, in scopes inside each other: a name that a scope gave is free again when it is closed."""

    def __init__(self) -> None:
        self._scopes: list[set[str]] = [set()]

    def fresh(self, text: str) -> str:
        """A name like this one that nothing visible has; it is visible from here on."""
        base = identifier(text)
        name, number = base, 1
        while is_reserved(name) or any(name in scope for scope in self._scopes):
            number += 1
            name = f"{base}_{number}"
        self._scopes[-1].add(name)
        return name

    def fresh_everywhere(self, text: str) -> str:
        """A name that is visible in all scopes."""
        name = self.fresh(text)
        self._scopes[0].add(name)
        return name

    def release(self, name: str) -> None:
        """Takes back a name that was not needed after all."""
        self._scopes[-1].discard(name)

    def enter(self) -> None:
        """Opens a scope."""
        self._scopes.append(set())

    def leave(self) -> None:
        """Closes the scope."""
        self._scopes.pop()
