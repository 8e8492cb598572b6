"""Operations on numbers as the cores of an NPU compute them."""

import functools
import math

import ml_dtypes
import numpy as np

__all__ = ["dtype_of", "is_integer", "is_vector", "lanes", "scalar", "wrap"]

SIGNED = {"slt", "sle", "sgt", "sge"}
PREDICATES = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"]
COMPARE = {
    "eq": lambda a, b: a == b, "ne": lambda a, b: a != b, "lt": lambda a, b: a < b, "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "ge": lambda a, b: a >= b,
}  # fmt: skip
FLOATS = {"f32": np.float32, "bf16": ml_dtypes.bfloat16, "f16": np.float16, "f64": np.float64}


def bits(kind):
    return 64 if str(kind) == "index" else int(kind.width)


def wrap(value, width):
    half = 1 << (width - 1)
    return (int(value) + half) % (2 * half) - half if width > 1 else int(value) & 1


def unsigned(value, width):
    return int(value) % (1 << width)


def dtype_of(kind):
    text = str(kind)
    return np.dtype(FLOATS[text] if text in FLOATS else f"int{bits(kind)}")


def is_integer(kind):
    return str(kind) == "index" or str(kind).startswith("i")


def element_of(kind):
    return kind.element_type if str(kind).startswith("vector") else kind


def is_vector(kind):
    return str(kind).startswith("vector")


def lanes(op, given, kind):
    """An operation that makes a vector, or one number of a vector's lanes, which are joined in no order."""
    if op.name == "vector.reduction":
        return reduced(str(op.attributes["kind"]).split("<")[1].rstrip(">"), given[0], bits(kind))
    element = kind.element_type
    dtype = object if is_integer(element) else dtype_of(element)
    if op.name == "arith.constant":
        return np.array([op.attributes["value"].get_splat_value().value] * kind.shape[0], dtype)
    count = next(len(each) for each in given if isinstance(each, np.ndarray))
    rows = [[each[n] if isinstance(each, np.ndarray) else each for each in given] for n in range(count)]
    return np.array([scalar(op, row, element, op.operands[0].type) for row in rows], dtype)


def reduced(kind, values, width):
    name = {"add": "addi", "xor": "xori", "or": "ori", "and": "andi"}.get(kind, kind)
    return functools.reduce(lambda left, right: integer(name, [left, right], width), values[::-1])


def scalar(op, given, kind, source):
    source, name = element_of(source), op.name.partition(".")[2]
    if name == "constant":
        value = op.attributes["value"].value
        return value if is_integer(kind) else dtype_of(kind).type(value)
    if name == "select":
        return given[1] if given[0] & 1 else given[2]
    if name == "cmpi":
        predicate = PREDICATES[op.attributes["predicate"].value]
        width = bits(source)
        fixed = wrap if predicate in SIGNED or len(predicate) == 2 else unsigned
        return int(COMPARE[predicate[-2:]](fixed(given[0], width), fixed(given[1], width)))
    if name == "cmpf":
        a, b = (float(each) for each in given)
        number = op.attributes["predicate"].value
        plain = {
            1: a == b,
            2: a > b,
            3: a >= b,
            4: a < b,
            5: a <= b,
            6: a != b and not math.isnan(a + b),
            7: not math.isnan(a + b),
        }
        if number in plain:
            return int(plain[number])
        return int(math.isnan(a + b) or (number > 7 and number < 14 and plain[number - 7]))
    if name in ("extsi", "trunci", "index_cast"):
        return wrap(wrap(given[0], bits(source)), bits(kind))
    if name in ("extui", "index_castui"):
        return wrap(unsigned(given[0], bits(source)), bits(kind))
    if name in ("sitofp", "uitofp"):
        return dtype_of(kind).type(
            wrap(given[0], bits(source)) if name == "sitofp" else unsigned(given[0], bits(source))
        )
    if name == "fptosi":
        value = float(given[0])
        return wrap(int(value), bits(kind)) if math.isfinite(value) else 0
    if name in ("extf", "truncf"):
        return dtype_of(kind).type(given[0])
    if name == "bitcast":
        raw = np.array(given[0], dtype_of(source) if not is_integer(source) else f"int{bits(source)}")
        made = raw.view(dtype_of(kind))
        return made.item() if is_integer(kind) else made[()]
    if is_integer(kind):
        return integer(name, given, bits(kind))
    return real(name, given, dtype_of(kind))


def integer(name, given, width):
    a, b = ([*given, 0])[:2]
    sa, sb, ua, ub = wrap(a, width), wrap(b, width), unsigned(a, width), unsigned(b, width)
    table = {
        "addi": lambda: sa + sb, "subi": lambda: sa - sb, "muli": lambda: sa * sb, "andi": lambda: ua & ub,
        "ori": lambda: ua | ub, "xori": lambda: ua ^ ub, "shli": lambda: ua << ub, "shrsi": lambda: sa >> ub,
        "shrui": lambda: ua >> ub, "divsi": lambda: int(math.copysign(abs(sa) // abs(sb), sa * sb)) if sb else 0,
        "floordivsi": lambda: sa // sb, "remsi": lambda: int(math.fmod(sa, sb)), "divui": lambda: ua // ub,
        "remui": lambda: ua % ub, "minsi": lambda: min(sa, sb), "maxsi": lambda: max(sa, sb),
        "minui": lambda: min(ua, ub), "maxui": lambda: max(ua, ub), "absi": lambda: abs(sa),
    }  # fmt: skip
    return wrap(table[name](), width)


def real(name, given, dtype):
    a, b = ([*given, dtype.type(0)])[:2]
    table = {
        "addf": lambda: a + b, "subf": lambda: a - b, "mulf": lambda: a * b, "divf": lambda: a / b,
        "maximumf": lambda: np.maximum(a, b), "minimumf": lambda: np.minimum(a, b), "negf": lambda: -a,
        "absf": lambda: abs(a), "sqrt": lambda: np.sqrt(a), "floor": lambda: np.floor(a),
        "copysign": lambda: np.copysign(a, b), "maxnumf": lambda: np.fmax(a, b), "minnumf": lambda: np.fmin(a, b),
        "fma": lambda: a * b + given[2],
    }  # fmt: skip
    with np.errstate(all="ignore"):
        return dtype.type(table[name]())
