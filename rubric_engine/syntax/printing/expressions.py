"""Expressions and bands as people write them: canonical words, and the fewest brackets that keep the meaning."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import assert_never

from rubric_engine.syntax.builtins import spell_function
from rubric_engine.syntax.keywords import forms, spell
from rubric_engine.syntax.printing.words import counted, counting_word, show_literal, show_name, show_rounding
from rubric_engine.syntax.tree import nodes as n

# How tightly each form binds, loosest first: what a bracket-free place of the grammar accepts.
_WHEN, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM, _SIMPLE = range(11)

# A word that asks for more, such as `highest`, reads these as what follows a name of its spelling.
_JOINING = ("AND", "BECAUSE", "IN", "IS", "IS_ONE_OF", "OF", "OR", "THEN", "TO", "WHERE")
_ORDER_WORDS = {">=": "IS_AT_LEAST", "<=": "IS_AT_MOST", ">": "IS_ABOVE", "<": "IS_BELOW"}
_SHARE_WORDS = {">=": "AT_LEAST", "<=": "AT_MOST", ">": "ABOVE", "<": "BELOW"}
_OF_NODE = {"points": "POINTS_OF", "index": "INDEX_OF", "met": "MET"}
_OF_SHEET = {"total": "TOTAL", "bonus": "BONUS", "penalty": "PENALTY"}
_REDUCERS = {
    "count": "COUNT_OF",
    "sum": "SUM_OF",
    "mean": "MEAN_OF",
    "median": "MEDIAN_OF",
    "trimmed_mean": "TRIMMED_MEAN_OF",
    "majority": "MAJORITY_OF",
    "share": "SHARE_OF",
    "first": "FIRST",
    "last": "LAST",
}
# Over a column these stand before it; over a whole list they take the word that ends in `of`.
_ENDS = {"highest": ("HIGHEST", "HIGHEST_OF"), "lowest": ("LOWEST", "LOWEST_OF")}
_AMONG = {
    "average": "AVERAGE",
    "highest": "HIGHEST",
    "lowest": "LOWEST",
    "median": "MEDIAN_OF",
    "sum": "SUM_OF",
    "deviation": "STANDARD_DEVIATION_OF",
    "rank": "RANK_OF",
    "position": "POSITION_OF",
    "percent rank": "PERCENT_RANK_OF",
    "score": "STANDARD_SCORE_OF",
    "share": "SHARE_OF_UNITS",
    "number": "NUMBER_OF_UNITS",
}


class _Room(IntEnum):
    """Which reducers may stand without brackets where an expression is printed."""

    NONE = 0  # inside the condition of another reducer
    CLOSED = 1  # where something follows that the condition of a reducer would swallow
    ANY = 2  # where the expression ends


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an expression is printed."""

    language: str
    room: _Room = _Room.ANY

    def word(self, meaning: str) -> str:
        """A keyword in the language of the place."""
        return spell(meaning, self.language)

    def before_more(self) -> "_Place":
        """The same place, but for an expression that others follow."""
        return replace(self, room=min(self.room, _Room.CLOSED))

    def fits(self, expr: n.Expr) -> bool:
        """Whether a reducer or a figure may stand here without brackets; every other expression may."""
        if not isinstance(expr, n.Reduce | n.AmongUnits | n.Previous) or _binding(expr) == _SIMPLE:
            return True
        if self.room is not _Room.CLOSED:
            return self.room is _Room.ANY
        # What follows ``if none 0`` and its kin would read as a part of it.
        match expr:
            case n.Reduce(other=None, each=None, tied=None, where=where):
                return where is None or _share_bound(expr) is not None
            case n.AmongUnits(where=None, if_all_equal=None):
                return True
            case _:
                return False


def show_expr(expr: n.Expr, language: str) -> str:
    """An expression in canonical wording."""
    return _show(expr, _Place(language))


def show_term(expr: n.Expr, language: str) -> str:
    """An expression where only arithmetic may stand bare: a proportion; a condition gets brackets."""
    return _at_least(_SUM, expr, _Place(language))


def show_bound(expr: n.Expr, language: str) -> str:
    """An arithmetic expression that something may follow."""
    return _at_least(_SUM, expr, _Place(language, _Room.CLOSED))


def show_key(expr: n.Expr, language: str) -> str:
    """What units are ranked by: a name or a figure; a formula gets brackets."""
    return _at_least(_SIMPLE, expr, _Place(language))


def show_counted(expr: n.Expr, language: str) -> str:
    """What ``for each of`` counts: the rows of a register are named without ``count of``."""
    if isinstance(expr, n.Reduce) and expr.what == "count" and expr.where is not None and expr.other is None:
        return f"{show_name(expr.of)}{_show_where(expr, language)}"
    return show_expr(expr, language)


def show_code(code: n.Ident, language: str) -> str:
    """A code as written; the whole sheet and its pools, which have none, in the words of the language."""
    return spell(_OF_SHEET[code.text], language) if code.text in _OF_SHEET else code.text


def _at_least(level: int, expr: n.Expr, place: _Place) -> str:
    """The expression as it must look where the grammar accepts only what binds at least this tightly."""
    if _binding(expr) < level or not place.fits(expr):
        return f"({show_expr(expr, place.language)})"
    return _show(expr, place)


def _binding(expr: n.Expr) -> int:
    match expr:
        case n.When():
            return _WHEN
        case n.Or():
            return _OR
        case n.And():
            return _AND
        case n.Not():
            return _NOT
        case n.Comparison() | n.Is() | n.Missing() | n.OfNode(what="unrated"):
            return _COMPARE
        case n.Sum() | n.TimeFrom():
            return _SUM
        case n.Product(words=words):
            return _SIMPLE if words else _PRODUCT
        case n.Negative():
            return _SIGN
        case n.Power() | n.Later():
            return _POWER
        case n.Reduce() | n.AmongUnits():
            return _ATOM
        case n.Previous(other=other):
            return _SIMPLE if other is None else _ATOM
        case n.Num(value=value) if value < 0:
            return _SIGN
        case (
            n.Num() | n.DateLit() | n.YesNo() | n.Name() | n.FullPoints() | n.SheetTotal() | n.NothingScoredZero()
            | n.OfNode() | n.AtLeastOf() | n.Call() | n.RoundCall() | n.Apply() | n.InexactCall() | n.DaysLate()
        ):  # fmt: skip
            return _SIMPLE
        case _:
            assert_never(expr)


def _show(expr: n.Expr, place: _Place) -> str:
    match expr:
        case n.Num() | n.DateLit() | n.YesNo():
            return show_literal(expr, place.language)
        case n.Name():
            return show_name(expr)
        case n.FullPoints():
            return place.word("FULL_POINTS")
        case n.SheetTotal(index=index):
            return f"{place.word('INDEX_OF')} {place.word('TOTAL')}" if index else place.word("TOTAL")
        case n.NothingScoredZero():
            return place.word("NOTHING_SCORED_0")
        case n.OfNode(what="unrated", code=code):
            return f"{place.word('STATE_OF')} {code.text} {place.word('IS')} {place.word('NOT_RATED')}"
        case n.OfNode(what=what, code=code):
            return f"{place.word(_OF_NODE[what])} {show_code(code, place.language)}"
        case n.Sum() | n.Product() | n.Power() | n.Negative() | n.TimeFrom() | n.Later():
            return _show_arithmetic(expr, place)
        case n.Comparison() | n.Is() | n.Missing() | n.Not() | n.And() | n.Or():
            return _show_condition(expr, place)
        case n.When(condition=condition, then=then, other=other):
            # It stands only where an expression may end, and so do its parts.
            first = f"{place.word('WHEN')} {_at_least(_OR, condition, place)}"
            second = f"{place.word('THEN')} {_at_least(_OR, then, place)}"
            return f"{first} {second} {place.word('ELSE')} {_show(other, place)}"
        case n.Reduce():
            return _show_reduce(expr, place.language)
        case n.AmongUnits() | n.Previous() | n.DaysLate():
            return show_reference(expr, place.language)
        case n.AtLeastOf() | n.Call() | n.RoundCall() | n.Apply() | n.InexactCall():
            return _show_call(expr, place.language)
        case _:
            assert_never(expr)


def _show_call(expr: n.AtLeastOf | n.Call | n.RoundCall | n.Apply | n.InexactCall, language: str) -> str:
    match expr:
        case n.AtLeastOf(number=number, args=args):
            count = show_literal(number, language)
            return f"{spell('AT_LEAST', language)} {count} {spell('OF', language)} ({_list(args, language)})"
        case n.Call(function=function, args=args):
            return f"{spell(function.upper(), language)}({_list(args, language)})"
        case n.RoundCall(arg=arg, to=to):
            return f"{spell('ROUND', language)}({show_expr(arg, language)}, {show_rounding(to, language)})"
        case n.Apply(name=name, args=args, builtin=True):
            return f"{spell_function(name.text, language)}({_list(args, language)})"
        case n.Apply(name=name, args=args):
            return f"{show_name(name)}({_list(args, language)})"
        case n.InexactCall(function=function, args=args, places=places):
            shown = f"{_list(args, language)}, {counted(places, 'PLACES', language)}"
            return f"{spell(function.upper(), language)}({shown})"
        case _:
            assert_never(expr)


def _list(args: tuple[n.Expr, ...], language: str) -> str:
    return ", ".join(show_expr(arg, language) for arg in args)


def _show_arithmetic(
    expr: n.Sum | n.Product | n.Power | n.Negative | n.TimeFrom | n.Later, place: _Place
) -> str:
    inner = place.before_more()
    match expr:
        case n.Sum(first=first, rest=rest):
            return _chain(first, rest, _PRODUCT, place)
        case n.Product(first=first, words=True):
            return f"{show_expr(first, place.language)} {place.word('OF_FULL_POINTS')}"
        case n.Product(first=first, rest=rest):
            return _chain(first, rest, _SIGN, place)
        case n.Power(base=base, exponent=exponent):
            return f"{_at_least(_ATOM, base, inner)} ^ {_at_least(_ATOM, exponent, inner)}"
        case n.Negative(arg=arg):
            return f"-{_at_least(_SIGN, arg, place)}"
        case n.TimeFrom(unit=unit, start=start, end=end):
            span = f"{_at_least(_SUM, start, inner)} {place.word('TO')} {_at_least(_SUM, end, inner)}"
            return f"{place.word(f'{unit.upper()}_FROM')} {span}"
        case n.Later(count=count, unit=unit, day=day, before=before):
            one = isinstance(count, n.Num) and count.value == 1 and not count.percent
            word = counting_word(one, f"{unit.upper()}_{'BEFORE' if before else 'AFTER'}", place.language)
            return f"{_at_least(_ATOM, count, inner)} {word} {_at_least(_ATOM, day, inner)}"
        case _:
            assert_never(expr)


def _chain(first: n.Expr, rest: tuple[tuple[str, n.Expr], ...], level: int, place: _Place) -> str:
    """Operands at one level with their signs; only the last stands where the expression ends."""
    inner = place.before_more()
    shown = _at_least(level, first, inner)
    for at, (sign, arg) in enumerate(rest, start=1):
        shown += f" {sign} {_at_least(level, arg, place if at == len(rest) else inner)}"
    return shown


def _show_condition(expr: n.Comparison | n.Is | n.Missing | n.Not | n.And | n.Or, place: _Place) -> str:
    inner = place.before_more()
    match expr:
        case n.Comparison(first=first, rest=rest, words=words):
            signs = [(place.word(_ORDER_WORDS[order]) if words else order, arg) for order, arg in rest]
            return _chain(first, tuple(signs), _SUM, place)
        case n.Is(subject=subject, choices=choices, negated=negated):
            return f"{_at_least(_SUM, subject, inner)} {_show_choices(choices, negated, place.language)}"
        case n.Missing(subject=subject, negated=negated):
            verb = place.word("IS_NOT" if negated else "IS")
            return f"{_at_least(_SUM, subject, inner)} {verb} {place.word('MISSING')}"
        case n.Not(arg=arg):
            return f"{place.word('NOT')} {_at_least(_NOT, arg, place)}"
        case n.And(args=args):
            return _chain(args[0], tuple((place.word("AND"), arg) for arg in args[1:]), _NOT, place)
        case n.Or(args=args):
            return _chain(args[0], tuple((place.word("OR"), arg) for arg in args[1:]), _AND, place)
        case _:
            assert_never(expr)


def _show_choices(choices: tuple[n.Name | n.YesNo, ...], negated: bool, language: str) -> str:
    if len(choices) == 1:
        return f"{spell('IS_NOT' if negated else 'IS', language)} {show_expr(choices[0], language)}"
    return f"{spell('IS_ONE_OF', language)} ({_list(choices, language)})"


# ---------------------------------------------------------------- registers


def _show_reduce(expr: n.Reduce, language: str) -> str:
    """``sum of (points * rate) in tasks where done if none 0``."""
    if expr.what in _ENDS:
        word = _ENDS[expr.what][expr.value is None]
    else:
        word = _REDUCERS[expr.what]
    shown = spell(word, language)
    if expr.value is not None:
        shown += f" {_show_subject(expr.value, language, signed=True)} {spell('IN', language)}"
    shown += f" {show_name(expr.of)}"
    if expr.each is not None:
        shown += f" {spell('FOR_EACH', language)} {show_name(expr.each)}"
    if expr.tied is not None:
        shown += f" {_show_tied(expr.tied, language)}"
    bound = _share_bound(expr)
    if bound is None:
        shown += _show_where(expr, language)
    else:
        order, value = bound
        shown += f" {spell(_SHARE_WORDS[order], language)} {_show_constant(value, language)}"
    if expr.other is not None:
        shown += f" {spell('IF_NONE', language)} {_show_constant(expr.other, language)}"
    return shown


def _show_subject(expr: n.Expr, language: str, *, signed: bool = False) -> str:
    """What a reducer, with its sign, or a figure is of.

    A name that would read as a part of the keyword before it gets brackets.
    """
    shown = _show_constant(expr, language) if signed else _at_least(_SIMPLE, expr, _Place(language))
    return f"({shown})" if any(shown in forms(meaning, language) for meaning in _JOINING) else shown


def _show_tied(tied: n.Expr | str, language: str) -> str:
    """``if tied highest``; the value of a name of that spelling stands in brackets."""
    words = {"highest": spell("IF_TIED_HIGHEST", language), "lowest": spell("IF_TIED_LOWEST", language)}
    if isinstance(tied, str):
        return words[tied]
    shown = f"{spell('IF_TIED', language)} {_show_constant(tied, language)}"
    return f"{spell('IF_TIED', language)} ({show_expr(tied, language)})" if shown in words.values() else shown


def _show_where(expr: n.Reduce | n.AmongUnits, language: str) -> str:
    if expr.where is None:
        return ""
    return f" {spell('WHERE', language)} {_at_least(_OR, expr.where, _Place(language, _Room.NONE))}"


def _share_bound(expr: n.Reduce) -> tuple[str, n.Expr] | None:
    """The limit in ``share of scores at least 4``, which is a condition on the one column of the ratings."""
    match expr:
        case n.Reduce(
            what="share", where=n.Comparison(first=n.Name(text="rating"), rest=((order, value),), words=False)
        ):
            return (order, value) if order in _SHARE_WORDS else None
        case _:
            return None


def _show_constant(expr: n.Expr, language: str) -> str:
    if isinstance(expr, n.Negative):
        return f"-{_at_least(_SIMPLE, expr.arg, _Place(language))}"
    return _at_least(_SIMPLE, expr, _Place(language))


# ---------------------------------------------------------------- beyond one submission


def show_reference(expr: n.AmongUnits | n.Previous | n.DaysLate, language: str) -> str:
    """A figure of the cohort, of the cycle before or of a deadline, as it is named where a submission gives it."""
    match expr:
        case n.AmongUnits():
            return _show_among(expr, language)
        case n.Previous(subject=subject, other=other):
            shown = _show_previous(subject, language)
            if other is None:
                return shown
            return f"{shown} {spell('IF_NO_PREVIOUS', language)} {_show_constant(other, language)}"
        case n.DaysLate(of=of):
            return f"{spell('DAYS_LATE_OF', language)} {show_name(of)}"
        case _:
            assert_never(expr)


def _show_previous(subject: n.Expr, language: str) -> str:
    match subject:
        case n.OfNode(what="points" | "index" as what, code=code):
            return f"{spell(f'PREVIOUS_{what.upper()}_OF', language)} {show_code(code, language)}"
        case n.SheetTotal():
            return spell("PREVIOUS_TOTAL", language)
        case _:
            return f"{spell('PREVIOUS', language)} {_show_subject(subject, language)}"


def _show_among(expr: n.AmongUnits, language: str) -> str:
    if expr.percent is not None:
        shown = f"{spell('PERCENTILE', language)} {show_literal(expr.percent, language)} {spell('OF_THOSE', language)}"
    else:
        shown = spell(_AMONG[expr.what], language)
    if expr.subject is not None:
        shown += f" {_show_subject(expr.subject, language)} {spell('AMONG_UNITS', language)}"
    if expr.within is not None:
        shown += f" {spell('WITHIN', language)} {show_name(expr.within)}"
    shown += _show_where(expr, language)
    if expr.places is not None:
        shown += f" {spell('TO', language)} {counted(expr.places, 'PLACES', language)}"
    if expr.lowest_first:
        shown += f" {spell('LOWEST_FIRST', language)}"
    if expr.if_all_equal is not None:
        shown += f" {spell('IF_ALL_EQUAL', language)} {_show_constant(expr.if_all_equal, language)}"
    return shown


# ---------------------------------------------------------------- bands


def show_band(band: n.Band, language: str) -> str:
    """A band as people write it: ``80% to below 90%``, ``90% or more``, ``on or before 2023-01-15``, ``exactly 4``."""
    match band.low, band.high:
        case None, None:
            raise ValueError("a band has at least one end")
        case low, None:
            assert low is not None
            return _one_sided(low, ">" if band.low_open else ">=", band.symbol, language)
        case None, high:
            return _one_sided(high, "<" if band.high_open else "<=", band.symbol, language)
        case low, high if low == high and not (band.low_open or band.high_open):
            point = show_literal(low, language)
            return f"{spell('EXACTLY', language)} {point}" if band.exactly else point
        case low, high:
            start = _range_end("AFTER" if isinstance(low, n.DateLit) else "ABOVE", band.low_open, low, language)
            end = _range_end("BEFORE" if isinstance(high, n.DateLit) else "BELOW", band.high_open, high, language)
            return f"{start} {spell('TO', language)} {end}"


def _range_end(meaning: str, open_end: bool, end: n.Num | n.DateLit, language: str) -> str:
    shown = show_literal(end, language)
    return f"{spell(meaning, language)} {shown}" if open_end else shown


_DATE_WORDS = {">": "AFTER", ">=": "ON_OR_AFTER", "<": "BEFORE", "<=": "ON_OR_BEFORE"}


def _one_sided(end: n.Num | n.DateLit, order: str, symbol: bool, language: str) -> str:
    shown = show_literal(end, language)
    if symbol:
        return f"{order} {shown}"
    if isinstance(end, n.DateLit):
        return f"{spell(_DATE_WORDS[order], language)} {shown}"
    match order:
        case ">=":
            return f"{shown} {spell('OR_MORE', language)}"
        case "<=":
            return f"{shown} {spell('OR_LESS', language)}"
        case ">":
            return f"{spell('ABOVE', language)} {shown}"
        case _:
            return f"{spell('BELOW', language)} {shown}"
