"""Hypothesis strategies for names, numbers and expressions, as a parser can return them."""

import string
import unicodedata
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from rubric_engine.syntax.keywords import all_single_words
from rubric_engine.syntax.tree import nodes as n

LANGUAGES = ("en", "vi")

_LETTERS = "abcdeghinorstxyzABKđĐêơưạếổữ"
_PROSE = string.ascii_letters + string.digits + " .,;:#%'\"()-+*/=<>?!\\{}[]_đĐăâêôơưạảếổữ“”–\u202e\U0001f600"

own_names = (
    st.builds(str.__add__, st.sampled_from(_LETTERS + "_"), st.text(_LETTERS + string.digits + "_", max_size=7))
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: text not in all_single_words() and text.strip("_"))
)
names = own_names
# In brackets any words may be a name.
_bracketed = st.sampled_from(["total", "chưa", "full points", "số chỉ tiêu đạt", "Điều 5 - khoản 2", "a, b", "yes"])
idents = st.one_of(*[own_names.map(n.Ident)] * 9, _bracketed.map(lambda text: n.Ident(text, bracketed=True)))
name_nodes = idents.map(lambda name: n.Name(name.text, bracketed=name.bracketed))
functions = own_names.map(n.Ident)
codes = st.sampled_from(
    ["1", "1.2", "1.2.3", "II.5", "II.5.1a", "TC1-CT2", "A", "I", "B1", "P1", "12.4.10", "IV.a", "3b", "Phụ-lục.1"]
).map(n.Ident)
places = codes | st.sampled_from(["bonus", "penalty"]).map(n.Ident)
rubric_ids = st.sampled_from(["ca-mau.par", "hai-phong.2025", "sample", "x1", "a.b-c.d"]).map(n.Ident)
texts = st.text(_PROSE, max_size=24).map(lambda text: n.Text(unicodedata.normalize("NFC", text)))
long_texts = st.lists(texts, min_size=2, max_size=4).map(lambda lines: n.Text("\n".join(each.value for each in lines)))
any_texts = texts | long_texts
maybe_text = st.none() | texts

_tenths = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**9), st.integers(0, 6))
values = st.one_of(st.integers(0, 100).map(Fraction), st.sampled_from([Fraction(1, 4), Fraction(1, 2)]), _tenths)
plain_numbers = values.map(n.Num)
percents = values.map(lambda value: n.Num(value, percent=True))
numbers = plain_numbers | percents
signed_numbers = numbers | numbers.map(lambda each: n.Num(-each.value, each.percent))
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(n.DateLit)
yes_no = st.booleans().map(n.YesNo)
modes = st.sampled_from(["half-up", "half-even", "up", "down", "ceiling", "floor"])
steps = st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(5), Fraction(1, 100)])
roundings = st.one_of(
    st.builds(n.RoundTo, modes, st.integers(0, 6), st.none()), st.builds(n.RoundTo, modes, st.none(), steps)
)

# ---------------------------------------------------------------- expressions

_leaves = st.one_of(
    numbers,
    dates,
    yes_no,
    name_nodes,
    st.just(n.FullPoints()),
    st.builds(n.SheetTotal, st.booleans()),
    st.just(n.NothingScoredZero()),
    st.builds(n.OfNode, st.sampled_from(["points", "index"]), places),
    st.builds(n.OfNode, st.sampled_from(["met", "unrated"]), codes),
    st.builds(n.DaysLate, idents),
)
_choices = name_nodes | yes_no


def _pairs(signs: str, args: st.SearchStrategy[n.Expr]) -> st.SearchStrategy[tuple[tuple[str, n.Expr], ...]]:
    return st.lists(st.tuples(st.sampled_from(signs.split()), args), min_size=1, max_size=3).map(tuple)


def _several(args: st.SearchStrategy[n.Expr], most: int = 3) -> st.SearchStrategy[tuple[n.Expr, ...]]:
    return st.lists(args, min_size=2, max_size=most).map(tuple)


@st.composite
def _reduced(draw: st.DrawFn, args: st.SearchStrategy[n.Expr]) -> n.Reduce:
    """A register or a list of ratings brought down to one number."""
    form = draw(st.sampled_from(["count", "share", "share_of_ratings", "column", "ratings"]))
    of, where, other = draw(idents), draw(st.none() | args), draw(st.none() | args)
    # `for each of` is another keyword: a column called `of` cannot be named there.
    each = draw(st.none() | idents.filter(lambda ident: ident.text != "of"))
    tied = draw(st.none() | st.sampled_from(["highest", "lowest"]) | args)
    match form:
        case "count":
            return n.Reduce("count", of, None, where, other)
        case "share":
            return n.Reduce("share", of, None, draw(args), other)
        case "share_of_ratings":
            order = draw(st.sampled_from([">=", "<=", ">", "<"]))
            return n.Reduce("share", of, None, n.Comparison(n.Name("rating"), ((order, draw(args)),)), other)
        case "column":
            what = draw(st.sampled_from(["sum", "highest", "lowest", "mean", "median", "majority", "first", "last"]))
            return n.Reduce(what, of, draw(args), where, other, each, tied if what == "majority" else None)
        case _:
            what = draw(st.sampled_from(["mean", "median", "trimmed_mean", "majority", "highest", "lowest"]))
            return n.Reduce(what, of, None, None, other, None, tied if what == "majority" else None)


@st.composite
def figures_among(draw: st.DrawFn, args: st.SearchStrategy[n.Expr]) -> n.AmongUnits:
    """A figure of the cohort with whatever its kind asks for."""
    plain = ["average", "highest", "lowest", "median", "sum"]
    what = draw(st.sampled_from([*plain, "deviation", "percentile", "rank", "position", "score", "share", "number"]))
    subject = None if what in ("share", "number") else draw(args)
    where = draw(args) if what == "share" else draw(st.none() | args) if what == "number" else None
    return n.AmongUnits(
        what,
        subject,
        where,
        draw(st.none() | idents),
        draw(percents) if what == "percentile" else None,
        draw(st.integers(0, 12)) if what in ("deviation", "score") else None,
        draw(st.booleans()) if what == "rank" else False,
        draw(st.none() | args) if what in ("position", "score") else None,
    )


things_before = st.one_of(
    name_nodes, st.builds(n.OfNode, st.sampled_from(["points", "index"]), places), st.just(n.SheetTotal())
)


def _deeper(args: st.SearchStrategy[n.Expr]) -> st.SearchStrategy[n.Expr]:
    built_in = st.sampled_from(["min", "max", "sum", "mean", "median", "abs", "floor", "ceiling"])
    one_word = st.tuples(st.tuples(st.sampled_from([">=", "<=", ">", "<"]), args))
    return st.one_of(
        st.builds(n.Sum, args, _pairs("+ -", args)),
        st.builds(n.Product, args, _pairs("* /", args)),
        st.builds(n.Power, args, args),
        st.builds(n.Negative, args),
        st.builds(n.Comparison, args, _pairs("< <= = != >= >", args)),
        st.builds(n.Comparison, args, one_word, st.just(True)),
        st.builds(n.Is, args, st.tuples(_choices), st.booleans()),
        st.builds(n.Is, args, st.lists(_choices, min_size=2, max_size=3).map(tuple)),
        st.builds(n.Missing, args, st.booleans()),
        st.builds(n.Not, args),
        st.builds(n.And, _several(args)),
        st.builds(n.Or, _several(args)),
        st.builds(n.AtLeastOf, st.integers(1, 5).map(lambda number: n.Num(Fraction(number))), _several(args)),
        st.builds(n.When, args, args, args),
        st.builds(n.Call, built_in, st.lists(args, min_size=1, max_size=3).map(tuple)),
        st.builds(n.RoundCall, args, roundings),
        st.builds(n.TimeFrom, st.sampled_from(["days", "months", "years"]), args, args),
        st.builds(n.Later, args, st.sampled_from(["months", "years"]), args, st.booleans()),
        _reduced(args),
        figures_among(args),
        st.builds(n.Previous, things_before, st.none() | args),
        st.builds(lambda share: n.Product(share, (("*", n.FullPoints()),), True), percents),
        st.builds(n.Apply, functions, st.lists(args, min_size=1, max_size=3).map(tuple)),
        st.builds(n.InexactCall, st.sampled_from(["ln", "exp", "sqrt"]), st.tuples(args), st.integers(0, 12)),
        st.builds(n.InexactCall, st.just("power"), st.tuples(args, args), st.integers(0, 12)),
    )


exprs: st.SearchStrategy[n.Expr] = st.recursive(_leaves, _deeper, max_leaves=8)
maybe_expr = st.none() | exprs

# ---------------------------------------------------------------- bands


@st.composite
def bands(draw: st.DrawFn) -> n.Band:
    """A band over numbers or over dates."""
    over_dates = draw(st.booleans())
    ends = dates if over_dates else signed_numbers
    low, high = draw(ends), draw(ends)
    match draw(st.sampled_from(["low", "high", "both", "point"])):
        case "low":
            return n.Band(low, None, low_open=draw(st.booleans()), symbol=draw(st.booleans()))
        case "high":
            return n.Band(None, high, high_open=draw(st.booleans()), symbol=draw(st.booleans()))
        case "both":
            if low == high:
                return n.Band(low, None)
            return n.Band(low, high, low_open=draw(st.booleans()), high_open=draw(st.booleans()))
        case _:
            return n.Band(low, low, exactly=draw(st.booleans()))
