"""What can be wrong inside a kernel's body."""

from dataclasses import dataclass

from spatial.source.report import Label, Report
from spatial.source.span import Span

__all__ = [
    "MOST_ELEMENTS",
    "ArrayTooLarge",
    "BadInitialValue",
    "BitsMismatch",
    "BitsOutOfRange",
    "DivisionByZero",
    "IndexOutOfRange",
    "LiteralDoesNotFit",
    "LocalCalled",
    "NoSuchField",
    "NoSuchMethod",
    "NoSuchOperation",
    "NoSuchValue",
    "NotAssignable",
    "NotSupported",
    "Redeclared",
    "Shadowed",
    "ShapeMismatch",
    "TypeMismatch",
    "Unreachable",
    "WrongArguments",
    "WrongUse",
]

MOST_ELEMENTS = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSupported:
    """A piece of Python that is not part of the language."""

    what: str
    span: Span
    hint: str = ""
    where: str = "a kernel"

    def report(self) -> Report:
        title = f"not supported in {self.where}: {self.what}"
        return Report(code="language/not-supported", title=title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAssignable:
    """A name that a kernel cannot give a new value."""

    name: str
    why: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        title = f"`{self.name}` cannot be assigned"
        return Report(code="name/not-assignable", title=title, primary=Label(self.span, self.why), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeclared:
    """A local that is declared twice with different types."""

    name: str
    type: str
    span: Span
    first_type: str
    first: Span

    def report(self) -> Report:
        return Report(
            code="name/redeclared",
            title=f"`{self.name}` is declared with two types",
            primary=Label(self.span, f"`{self.type}` here"),
            related=(Label(self.first, f"`{self.first_type}` first"),),
            hint="use two names, or one type that holds both",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeMismatch:
    """A value of a type that does not go where it is put; `declared` is where that got its type."""

    given: str
    wanted: str
    span: Span
    hint: str = ""
    declared: Span | None = None

    def report(self) -> Report:
        return Report(
            code="type/mismatch",
            title=f"a value of type `{self.given}` does not become `{self.wanted}` by itself",
            primary=Label(self.span, f"this is `{self.given}`"),
            related=(Label(self.declared, f"the type `{self.wanted}` comes from here"),) if self.declared else (),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralDoesNotFit:
    """A literal outside the range of the type it takes; `where` tells of a number that differs between PEs."""

    value: str
    type: str
    span: Span
    hint: str = ""
    where: str = ""

    def report(self) -> Report:
        title = f"`{self.value}` does not fit `{self.type}`"
        label = f"{self.where}takes the type `{self.type}` here"
        return Report(code="type/literal", title=title, primary=Label(self.span, label), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionByZero:
    """A divisor that is surely zero."""

    span: Span
    label: str = ""

    def report(self) -> Report:
        return Report(code="type/division", title="this divides by zero", primary=Label(self.span, self.label))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchOperation:
    """An operator that its operands' types do not have; `what`, where given, says it better than their names."""

    operator: str
    types: tuple[str, ...]
    span: Span
    what: str = ""
    hint: str = ""

    def report(self) -> Report:
        of = " and ".join(f"`{type_}`" for type_ in self.types)
        title = f"`{self.operator}` {self.what or f'is not defined for {of}'}"
        label = f"the operands are {of}" if self.what else ""
        return Report(code="type/operator", title=title, primary=Label(self.span, label), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexOutOfRange:
    """An index that is certainly outside its array."""

    array: str
    shape: str
    index: str
    span: Span
    hint: str = "indices count from 0"

    def report(self) -> Report:
        return Report(
            code="array/index",
            title=f"index {self.index} is outside of `{self.array}`",
            primary=Label(self.span, f"`{self.array}` has the shape {self.shape}"),
            hint=self.hint,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeMismatch:
    """Arrays, slices or index lists whose shapes do not agree."""

    title: str
    label: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="array/shape", title=self.title, primary=Label(self.span, self.label), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayTooLarge:
    """An array of more elements than any memory has."""

    span: Span

    def report(self) -> Report:
        title = f"an array has at most 2**{MOST_ELEMENTS.bit_length() - 1} elements"
        return Report(code="array/extent", title=title, primary=Label(self.span))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongArguments:
    """A call in a kernel whose arguments are not those that are taken."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="call/arguments", title=self.title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchValue:
    """A call or a `return` whose value does not exist, or not on every way."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="call/value", title=self.title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongUse:
    """A thing used as what it is not: an array as a number, a stream array as a channel."""

    title: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="type/use", title=self.title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadInitialValue:
    """Memory that cannot begin with what is given for it."""

    name: str
    told: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="memory/initial",
            title=f"`{self.name}` cannot begin with this value",
            primary=Label(self.span, self.told),
            hint="give a number for all elements, or an array of its shape whose elements fit",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchField:
    """A field that a value does not have."""

    field: str
    type: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        title = f"`{self.type}` has no field `{self.field}`"
        return Report(code="type/field", title=title, primary=Label(self.span), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchMethod:
    """A word behind a stream's dot that streams do not have."""

    name: str
    span: Span

    def report(self) -> Report:
        title = f"a stream has no `{self.name}`"
        hint = "it has `put`, `get`, `try_put`, `try_get`, `peek`, `empty` and `full`"
        return Report(code="type/use", title=title, primary=Label(self.span), hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class BitsOutOfRange:
    """Bits that a number certainly does not have."""

    bits: str
    type: str
    width: int
    span: Span

    def report(self) -> Report:
        title = f"{self.bits} outside of a `{self.type}`"
        label = f"it has the bits 0 to {self.width - 1}"
        hint = "bits count from 0, the lowest; a slice ends before its second bound"
        return Report(code="type/bits", title=title, primary=Label(self.span, label), hint=hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class BitsMismatch:
    """A number of bits that is not the one needed."""

    title: str
    told: str
    span: Span
    hint: str = ""

    def report(self) -> Report:
        return Report(code="type/bits", title=self.title, primary=Label(self.span, self.told), hint=self.hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Statements behind one that control never passes, which `told` names."""

    span: Span
    exit: Span
    told: str

    def report(self) -> Report:
        return Report(
            code="code/unreachable",
            title="this is never reached",
            primary=Label(self.span),
            related=(Label(self.exit, self.told),),
            hint="remove it, or put the exit under an `if`",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalCalled:
    """A call of a local, which may have the name of a function."""

    name: str
    hides: bool
    span: Span
    place: Span | None

    def report(self) -> Report:
        title = f"`{self.name}` is a local here, not a function"
        if self.hides:
            title = f"the local `{self.name}` hides the function that is called here"
        return Report(
            code="name/shadowed" if self.hides else "type/use",
            title=title,
            primary=Label(self.span),
            related=(Label(self.place, "it is assigned here"),) if self.place else (),
            hint="use another name for the local" if self.hides else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadowed:
    """A local that hides a thing of the region, `what`, by its name."""

    name: str
    what: str
    span: Span

    def report(self) -> Report:
        return Report(
            code="name/shadowed",
            title=f"the local `{self.name}` hides {self.what}",
            primary=Label(self.span, f"`{self.name}` means this local in the whole kernel"),
            hint="use another name for the local",
        )
