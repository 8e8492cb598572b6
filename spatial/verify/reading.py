"""Gives the operands of operations as tokens, read as integers with or without a sign."""

from spatial.ir.location import span_of
from spatial.ir.mlir import arith, ir, scf
from spatial.ir.tables import attribute_value
from spatial.source.errors import ProgramError
from spatial.verify.domain import Domain
from spatial.verify.errors import NotSymbolic
from spatial.verify.terms import Term, fits, range_of, width_of

__all__ = ["Reading"]


class Reading:
    """The values of one function: `terms` has those that carry data, all others are numbers of the run."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.terms: dict[ir.Value, Term] = {}
        self.demands: dict[ir.Value, int] = {}

    def is_data(self, value: ir.Value) -> bool:
        return value in self.terms

    def kind(self, value: ir.Value) -> ir.Type:
        """The type that a value had before it was rewritten."""
        return self.terms[value].kind if value in self.terms else value.type

    def real(self, value: ir.Value) -> ir.Value:
        """The token of a float."""
        if value in self.terms:
            return self.terms[value].token
        if isinstance(value.owner.opview if not isinstance(value.owner, ir.Block) else None, arith.ConstantOp):
            return self.domain.known(float(value.owner.attributes["value"].value))
        double, word = ir.F64Type.get(), ir.IntegerType.get_signless(64)
        wide = value if value.type == double else arith.extf(double, value)
        return self.domain.lifted(arith.bitcast(word, wide), real=True)

    def raw(self, value: ir.Value) -> Term:
        """An integer as it is: any with the same low bits."""
        return self.terms[value] if value in self.terms else self.read(value, signed=True)

    def read(self, value: ir.Value, *, signed: bool) -> Term:
        """An integer in the range of its type, with a sign or without."""
        if value not in self.terms:
            return self._lifted(value, signed)
        found = self.terms[value]
        width = width_of(found.kind)
        allowed = range_of(width, signed)
        if fits(found.range, allowed):
            return found
        token = self.domain.apply(f"wrap {'s' if signed else 'u'}{width}", [found.token])
        return Term(token=token, kind=found.kind, range=allowed)

    def own(self, value: ir.Value) -> Term:
        """An integer for an operation that only looks at low bits, or for memory."""
        return self.read(value, signed=width_of(self.kind(value)) > 1) if self.domain.wraps else self.raw(value)

    def _lifted(self, value: ir.Value, signed: bool) -> Term:
        """A number of the run as a token."""
        width, owner = width_of(value.type), value.owner
        if not isinstance(owner, ir.Block) and isinstance(owner.opview, arith.ConstantOp):
            number = int(attribute_value(owner.attributes["value"])) & ((1 << width) - 1)
            if signed and number >> width - 1:
                number -= 1 << width
            return Term(token=self.domain.known(number), kind=value.type, range=(number, number))
        if width > 64 or (width == 64 and not signed):
            token = self.domain.lifted_wide(*_words(value, signed))
        else:
            token = self.domain.lifted(_word(value, signed), real=False)
        return Term(token=token, kind=value.type, range=range_of(width, signed))

    def demand(self, value: ir.Value) -> int:
        """How many of its low bits anything that uses an integer looks at."""
        if value not in self.demands:
            width = width_of(self.kind(value))
            self.demands[value] = width
            found = [self._demanded(use.owner.opview, width) for use in value.uses]
            self.demands[value] = min(width, max(found, default=0))
        return self.demands[value]

    def _demanded(self, op: ir.OpView, width: int) -> int:
        match op:
            case arith.AddIOp() | arith.SubIOp() | arith.MulIOp() | arith.TruncIOp() | arith.SelectOp():
                return self.demand(op.result)
            case arith.ExtSIOp() | arith.ExtUIOp():
                wanted = self.demand(op.result)
                return wanted if wanted <= width else width
            case scf.YieldOp():
                return width
        return width


def _words(value: ir.Value, signed: bool) -> tuple[ir.Value, ir.Value]:
    """An integer in 128 bits, its low half first."""
    short, long = ir.IntegerType.get_signless(64), ir.IntegerType.get_signless(128)
    if isinstance(value.type, ir.IndexType):
        value = arith.index_cast(short, value)
    if value.type.width > 128 or (value.type.width == 128 and not signed):
        raise ProgramError([NotSymbolic(what="a number of more than 128 bits", span=span_of(ir.Location.current))])
    if value.type.width < 128:
        value = arith.extsi(long, value) if signed else arith.extui(long, value)
    half = arith.constant(long, ir.Attribute.parse("64 : i128"))
    return arith.trunci(short, value), arith.trunci(short, arith.shrui(value, half))


def _word(value: ir.Value, signed: bool) -> ir.Value:
    """An integer in 64 bits."""
    kind = ir.IntegerType.get_signless(64)
    if isinstance(value.type, ir.IndexType):
        return arith.index_cast(kind, value)
    if value.type.width == 64:
        return value
    return arith.extsi(kind, value) if signed else arith.extui(kind, value)
