"""Hypothesis strategies for syntax trees: every statement and every expression a parser can return.

A tree drawn here is *writable*: some text parses to it. It need not make sense (rows may hang under nothing, names may
be unknown); that is for ``resolve`` to say. Nothing is drawn that the author could not have typed.
"""

import string
from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st
from strategies_expr import (
    LANGUAGES,
    any_texts,
    bands,
    codes,
    dates,
    exprs,
    figures_among,
    functions,
    idents,
    maybe_expr,
    maybe_text,
    name_nodes,
    numbers,
    own_names,
    percents,
    places,
    plain_numbers,
    roundings,
    rubric_ids,
    signed_numbers,
    texts,
    things_before,
    yes_no,
)

from rubric_engine.plan.combine import CombineKind, MissingPolicy
from rubric_engine.plan.grading import PublishedForm
from rubric_engine.plan.plan import Effect, GateKind, Kind, Policy
from rubric_engine.syntax.tree import nodes as n
from rubric_engine.syntax.tree.examples import GivenRow

# ---------------------------------------------------------------- statements

header = st.one_of(
    st.builds(n.RubricHead, texts, rubric_ids),
    st.sampled_from(["1", "2013.1", "2.0.1"]).map(n.Version),
    st.builds(n.Issued, texts, maybe_text, st.none() | dates),
    st.builds(n.InForce, dates),
    st.builds(n.TotalPoints, plain_numbers, st.booleans(), st.none() | roundings, maybe_text, st.booleans()),
    st.builds(
        n.Contains,
        st.lists(
            st.tuples(st.integers(1, 99), st.sampled_from(["part", "area", "criterion", "component", "item"])),
            min_size=1,
            max_size=3,
        ).map(tuple),
        maybe_text,
    ),
    st.just(n.OnlyAccepted()),
    st.builds(n.PublishedAs, st.sampled_from(list(PublishedForm)).map(lambda form: form.value), st.none() | roundings),
    st.lists(st.builds(n.StageDef, idents, maybe_text, st.booleans(), st.booleans()), min_size=1, max_size=3).map(
        lambda stages: n.Stages(tuple(stages))
    ),
    st.builds(n.DeadlineClause, idents, maybe_text, st.none() | dates),
)


@st.composite
def headings(draw: st.DrawFn) -> n.Heading:
    """A heading of any level, with or without points."""
    depth = draw(st.integers(1, 8))
    level = f"level {depth}" if depth > 5 else ["part", "area", "criterion", "component", "item"][depth - 1]
    kind = draw(st.sampled_from(["scored", "scored", "condition", "unscored"]))
    points = draw(st.none() | plain_numbers) if kind == "scored" else None
    low = draw(st.none() | signed_numbers.filter(lambda each: not each.percent)) if points is not None else None
    weight = draw(st.none() | numbers) if kind == "scored" else None
    return n.Heading(level, depth, draw(codes), draw(maybe_text), low, points, kind, weight, draw(maybe_text))


columns = st.one_of(
    st.builds(
        n.ColumnClause,
        st.sampled_from(["guidance", "source", "data_from", "verified_by", "responsible", "note"]),
        any_texts,
    ),
    st.builds(n.ColumnClause, st.just("due"), dates),
)
_bounds = st.lists(
    st.builds(n.BoundClause, st.sampled_from(["<=", ">=", ">", "<"]), exprs), max_size=3
).map(tuple)  # fmt: skip
_scalar = st.sampled_from([str(kind.value) for kind in Kind if kind not in (Kind.LEVEL, Kind.LIST, Kind.RATINGS)])
_places = st.none() | st.integers(0, 6)
# Lists of levels that no clause declares, and that are near no type: such a name is taken for a slip of the keyboard.
list_names = st.sampled_from(["severity_of_it", "mức_độ_đáp_ứng", "_K7", "BậcXếp"]).map(n.Ident)
# What stands in for a missing value, whether its leaves leave the maximum instead, and the first stage that asks.
_asked = st.tuples(
    st.one_of(st.none(), signed_numbers, dates, yes_no, name_nodes), st.booleans(), st.none() | idents
).map(lambda tail: (tail[0], tail[1] and tail[0] is None, tail[2]))


def _levels(ordered: bool, defs: list[tuple[n.Ident, n.Text | None]]) -> tuple[n.LevelDef, ...]:
    return tuple(n.LevelDef(name, title, ordered and at > 0) for at, (name, title) in enumerate(defs))


levels = st.builds(_levels, st.booleans(), st.lists(st.tuples(idents, maybe_text), min_size=2, max_size=4))


@st.composite
def registers(draw: st.DrawFn) -> n.InputClause:
    """A register, or the ratings of several people."""
    chosen = draw(st.lists(idents, min_size=1, max_size=3).map(tuple))
    label, optional, shared = draw(maybe_text), draw(st.booleans()), draw(st.booleans())
    value, excluded, stage = draw(_asked)
    kind, places, raters = Kind.LIST, None, None
    ends: tuple[n.BoundClause, ...] = ()
    if draw(st.booleans()):
        kind, places, raters = Kind.RATINGS, draw(_places), draw(st.none() | st.integers(1, 20))
        ends = (n.BoundClause(">=", draw(exprs)), n.BoundClause("<=", draw(exprs)))
    return n.InputClause(
        chosen, label, kind.value, (), ends, places, optional, shared, False, raters, None, value, excluded, stage
    )


@st.composite
def inputs(draw: st.DrawFn) -> n.InputClause:
    """An input of any type, with whatever may follow it."""
    chosen = draw(st.lists(idents, min_size=1, max_size=3).map(tuple))
    kind = draw(_scalar | st.just("one of"))
    shared, column = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
    chosen_levels: tuple[n.LevelDef, ...] = ()
    levels_of = draw(st.none() | list_names) if kind == "one of" else None
    if kind == "one of" and levels_of is None:
        chosen_levels = draw(levels)
    labels = tuple(draw(maybe_text) for _ in chosen)
    own = any(label is not None for label in labels[:-1])
    return n.InputClause(
        chosen,
        None if own else labels[-1],
        kind,
        chosen_levels,
        draw(_bounds) if not chosen_levels else (),
        draw(_places) if not chosen_levels else None,
        draw(st.booleans()),
        shared,
        column,
        None,
        levels_of,
        *((None, False, None) if column else draw(_asked)),
        labels if own else (),
    )


effects = st.one_of(
    st.builds(n.EffectClause, st.sampled_from([Effect.SCORE.value, Effect.DEDUCT.value]), plain_numbers),
    st.builds(n.EffectClause, st.just(Effect.SHARE.value), percents),
    st.builds(n.EffectClause, st.sampled_from([Effect.EXPLAIN.value, Effect.WARN.value])),
)


@st.composite
def evidence(draw: st.DrawFn) -> n.EvidenceClause:
    """A required piece of evidence."""
    condition = draw(maybe_expr)
    since = draw(st.none() | dates)
    return n.EvidenceClause(
        draw(idents),
        draw(maybe_text),
        condition,
        draw(st.booleans()) if condition is not None else False,
        draw(st.none() | st.integers(1, 9)),
        since,
        draw(st.none() | dates) if since is not None else None,
        draw(st.none() | effects),
    )


facts = st.one_of(
    inputs(),
    registers(),
    evidence(),
    st.builds(n.LetClause, idents, exprs),
    st.builds(n.ParameterClause, idents, maybe_text, _scalar, exprs, _bounds),
    st.builds(n.ParameterClause, idents, maybe_text, st.just("one of"), exprs, st.just(()), levels),
    st.builds(n.ParameterClause, idents, maybe_text, st.just("one of"), exprs, st.just(()), st.just(()), list_names),
    st.builds(n.LevelsClause, list_names, levels),
)


@st.composite
def judged_rules(draw: st.DrawFn) -> n.ScoreJudged:
    """``score judged`` with or without its ends and steps."""
    ends = draw(st.booleans())
    low, high = (draw(signed_numbers), draw(signed_numbers)) if ends else (None, None)
    return n.ScoreJudged(low, high, draw(st.none() | plain_numbers))


_whole_rules = st.one_of(
    judged_rules(),
    st.just(n.ScoreJudged(yes_no=True)),
    st.builds(n.ScoreAllOrNothing, exprs, yes_no=st.booleans()),
    st.builds(n.ScoreFormula, exprs),
    st.builds(n.ScoreProportion, exprs, st.none() | numbers),
    st.builds(n.StartAt, exprs),
)
bases = st.one_of(
    st.builds(n.ScoreBy, exprs, st.none() | roundings, st.booleans()),
    st.builds(n.ScoreBy, exprs, st.none() | roundings, st.just(False), idents),
    st.just(n.ScoreWhen()),
    _whole_rules,
    st.builds(n.EveryLeaf, _whole_rules),
)
judged_amounts = st.builds(n.JudgedAmount, st.none() | idents, numbers, numbers, st.none() | numbers)
adjustments = st.one_of(
    st.builds(n.AdjustClause, st.booleans(), exprs, maybe_expr, maybe_expr, maybe_expr, maybe_text),
    st.builds(n.AdjustClause, st.booleans(), judged_amounts, maybe_expr, maybe_expr, maybe_expr, maybe_text),
)
limits = st.one_of(
    st.builds(n.LimitClause, st.booleans(), exprs, maybe_expr, maybe_text),
    st.builds(n.LimitClause, st.just(True), plain_numbers, exprs, maybe_text, st.just(True)),
)


@st.composite
def not_applicable(draw: st.DrawFn) -> n.NotApplicableClause:
    """``not applicable`` with any policy."""
    # NOT_DUE comes of a stage, DECIDED of a decision; nobody writes them.
    policy = draw(st.sampled_from([each for each in Policy if each not in (Policy.NOT_DUE, Policy.DECIDED)]))
    condition = draw(maybe_expr)
    return n.NotApplicableClause(
        condition,
        policy.value,
        condition is None,
        draw(codes | st.just(n.Ident("total"))) if policy is Policy.KEEP_WORTH else None,
        draw(texts) if policy is Policy.UNDECIDED else None,
    )


changes = st.one_of(adjustments, limits, st.builds(n.TotalLimit, limits))
demands = st.one_of(
    st.builds(n.RequireClause, exprs, exprs, maybe_text),
    st.builds(n.RoundedClause, roundings),
    not_applicable(),
    st.builds(n.MetWhen, exprs),
)


@st.composite
def table_keys(draw: st.DrawFn) -> n.TableKeys:
    """Several keys in one column, or a number in one: else it is a row of levels."""
    options = st.lists(idents | yes_no | bands(), min_size=1, max_size=3).map(tuple)
    columns = draw(st.lists(options, min_size=1, max_size=3).map(tuple))
    plain = all(len(column) == 1 and not isinstance(column[0], n.Band) for column in columns)
    if plain or (len(columns) == 1 and len(columns[0]) == 1):
        columns = (*columns, (draw(idents), draw(bands())))
    return n.TableKeys(columns)


row_keys = st.one_of(
    st.lists(idents | yes_no, min_size=1, max_size=3).map(lambda keys: n.LevelKeys(tuple(keys))),
    bands(),
    table_keys(),
    st.builds(n.WhenKey, exprs),
    st.just(n.OtherwiseKey()),
)
rows = st.builds(n.Row, row_keys, exprs)


@st.composite
def grade_rows(draw: st.DrawFn) -> n.GradeRowClause:
    """A row of a grade table: a band, a condition, both, or ``otherwise``."""
    name = draw(st.none() | idents)
    title = draw(texts if name is None else maybe_text)
    form = draw(st.sampled_from(["band", "both", "condition", "otherwise", "levels"]))
    if form == "levels" and name is not None:
        # One level alone after a name and a colon is a level's row.
        several = st.lists(idents, min_size=2 if title is None else 1, max_size=3).map(tuple)
        return n.GradeRowClause(name, title, None, None, False, draw(several))
    if form in ("condition", "otherwise"):
        condition = draw(exprs) if form == "condition" else None
        return n.GradeRowClause(name, title, None, condition, condition is None)
    band = draw(bands())
    if title is None and band.low == band.high and not band.exactly:
        # A bare number after a name and a colon is a level's points.
        band = replace(band, exactly=True)
    return n.GradeRowClause(name, title, band, draw(exprs) if form == "both" else None)


@st.composite
def gates(draw: st.DrawFn) -> n.GateClause:
    """A ceiling, a forced grade, a demotion or a refusal."""
    kind = draw(st.sampled_from(list(GateKind)))
    grade = draw(idents) if kind in (GateKind.CEILING, GateKind.FORCE) else None
    return n.GateClause(kind.value, grade, draw(exprs), draw(maybe_text))


_wholes = st.integers(1, 20).map(lambda count: n.Num(Fraction(count)))


@st.composite
def combinings(draw: st.DrawFn) -> n.CombineClause:
    """``combine`` with whatever its kind asks for."""
    kind = draw(st.sampled_from(list(CombineKind)))
    parameter, places, if_zero = None, None, None
    match kind:
        case CombineKind.GEOMETRIC:
            places, if_zero = draw(st.integers(0, 12)), draw(maybe_expr)
        case CombineKind.HARMONIC:
            if_zero = draw(maybe_expr)
        case CombineKind.POWER:
            parameter, places = draw(signed_numbers), draw(st.integers(0, 12))
        case CombineKind.BEST | CombineKind.DROP_LOWEST | CombineKind.DROP_HIGHEST | CombineKind.DROP_ENDS:
            parameter = draw(_wholes)
        case _:
            pass
    return n.CombineClause(kind.value, parameter, places, if_zero)


grouping = st.one_of(
    st.builds(n.Pool, st.sampled_from(["bonus", "penalty"]), maybe_text, st.none() | plain_numbers),
    combinings(),
    st.builds(n.NeedsClause, numbers),
    st.builds(n.MissingClause, st.booleans(), st.sampled_from(["excluded", "not applicable", "use base", "worst"])),
    st.builds(n.MissingClause, st.booleans(), st.just(MissingPolicy.POINTS.value), exprs),
    st.builds(n.NotRatedClause, st.sampled_from(["excluded", "not applicable", "use base", "worst"])),
    st.builds(n.NotRatedClause, st.just(MissingPolicy.POINTS.value), exprs),
)
_some_idents = st.lists(idents, min_size=1, max_size=3).map(tuple)
shared = st.one_of(
    st.builds(n.DefineClause, functions, _some_idents, exprs),
    st.builds(n.TableClause, functions, _some_idents, st.none() | list_names, st.none() | texts),
    st.builds(n.TableClause, functions, st.just(()), st.none() | list_names, texts),
    st.builds(n.ScaleClause, idents),
    st.builds(n.UseClause, texts),
)


@st.composite
def grade_tables(draw: st.DrawFn) -> n.Grades:
    """The head of a grade table; only a named one has a title."""
    name = draw(st.none() | idents)
    title = draw(maybe_text) if name is not None else None
    return n.Grades(draw(exprs), draw(st.booleans()), name, title, draw(maybe_expr))


@st.composite
def quotas(draw: st.DrawFn) -> n.QuotaClause:
    """A quota of all, of a grade, or of a grade and those above it."""
    base = draw(st.none() | idents)
    better = draw(st.booleans()) if base is not None else False
    return n.QuotaClause(draw(idents), draw(percents), base, better, draw(st.none() | idents))


@st.composite
def rank_keys(draw: st.DrawFn) -> n.RankKeyDef:
    """What units are ranked by."""
    lowest_first = draw(st.booleans())
    match draw(st.sampled_from(["exact", "level", "any"])):
        case "exact":
            return n.RankKeyDef(n.SheetTotal(), True, "", lowest_first)
        case "level":
            level = draw(st.sampled_from(["part", "area", "criterion", "component", "item", "level 6"]))
            return n.RankKeyDef(n.OfNode("points", draw(codes)), False, level, lowest_first)
        case _:
            return n.RankKeyDef(draw(exprs), False, "", lowest_first)


grading = st.one_of(grade_tables(), grade_rows(), gates(), quotas(), st.just(n.AllGrades()))
ranking = st.one_of(
    st.builds(n.RankingClause, st.none() | idents),
    st.lists(rank_keys(), min_size=1, max_size=3).map(lambda keys: n.RankBy(tuple(keys))),
    st.builds(n.TiesClause, st.sampled_from(["share", "dense"])),
    st.builds(n.TiesClause, st.just("undecided"), texts),
    st.builds(n.AskedFrom, idents),
)

_cells = st.one_of(signed_numbers, dates, yes_no, name_nodes, texts)
_given_rows = st.one_of(
    st.lists(st.tuples(idents, _cells), min_size=1, max_size=3).map(lambda cells: GivenRow(tuple(cells))),
)
_ratings = signed_numbers.map(lambda rating: GivenRow(((n.Ident("rating"), rating),)))
_given_inputs = st.one_of(
    st.builds(n.GivenInput, idents, st.lists(_given_rows, max_size=3).map(tuple)),
    st.builds(n.GivenInput, idents, st.lists(_ratings, min_size=1, max_size=3).map(tuple)),
    st.builds(n.GivenInput, idents, st.one_of(signed_numbers, dates, yes_no, name_nodes, texts, st.none())),
)
# `one_of` would lay their forms side by side, and a kind of one form would hardly ever be drawn.
_kinds_given: tuple[st.SearchStrategy[n.GivenInput | n.GivenJudged | n.GivenReference | n.GivenEvidence], ...] = (
    _given_inputs,
    st.builds(n.GivenJudged, codes, signed_numbers),
    st.builds(
        n.GivenReference,
        figures_among(exprs) | st.builds(n.Previous, things_before) | st.builds(n.DaysLate, idents),
        st.one_of(signed_numbers, dates, yes_no, name_nodes),
    ),
    st.builds(
        n.GivenEvidence, idents, texts, st.sampled_from(["submitted", "accepted", "rejected"]), st.none() | dates
    ),
)
_given = st.sampled_from(_kinds_given).flatmap(lambda kind: kind)
_states = st.sampled_from(
    ["scored", "pending", "not applicable", "not rated", "not due", "refused", "unscored"]
).map(n.Name)  # fmt: skip
_expected = st.one_of(
    st.builds(n.Expectation, st.sampled_from(["points", "maximum", "index"]), st.none() | places, signed_numbers),
    st.builds(n.Expectation, st.just("met"), codes, yes_no),
    st.builds(n.Expectation, st.just("state"), st.none() | places, _states),
    st.builds(n.Expectation, st.sampled_from(["total", "published"]), st.none(), signed_numbers),
    st.builds(
        n.Expectation,
        st.just("grade"),
        st.none() | codes | own_names.map(n.Ident),
        name_nodes | st.sampled_from(["pending", "undecided"]).map(n.Name),
    ),
)
examples = st.one_of(
    st.builds(n.Example, texts, st.none() | idents),
    st.builds(n.Given, st.lists(_given, min_size=1, max_size=4).map(tuple)),
    st.builds(n.Expect, st.lists(_expected, min_size=1, max_size=4).map(tuple)),
)

# `one_of` would lay all their forms side by side, and a family of one form would hardly ever be drawn.
_families: tuple[st.SearchStrategy[n.Statement], ...] = (
    header, headings(), columns, facts, bases, changes, demands, rows, grading, ranking, examples, grouping, shared
)  # fmt: skip
statements: st.SearchStrategy[n.Statement] = st.sampled_from(_families).flatmap(lambda family: family)

# ---------------------------------------------------------------- trees

_remarks = st.text(string.ascii_letters + string.digits + " .,:\"'đêơ#!", max_size=20).map(
    lambda text: f"# {text}".rstrip()
)


@st.composite
def trees(draw: st.DrawFn, most: int = 8) -> n.SyntaxTree:
    """A file: its first line, then any statements, with comments and blank lines anywhere."""
    head = n.RubricHead(draw(texts), draw(rubric_ids))
    body = (head, *draw(st.lists(statements, max_size=most)))
    comments: list[n.Comment] = []
    for at in range(len(body) + 1):
        comments += [n.Comment(text, at, True) for text in draw(st.lists(_remarks, max_size=1))]
        if at < len(body) and draw(st.integers(0, 4)) == 0:
            comments.append(n.Comment(draw(_remarks), at, False))
    blanks = draw(st.frozensets(st.integers(0, len(body) - 1), max_size=4))
    return n.SyntaxTree(draw(st.sampled_from(LANGUAGES)), body, n.Trivia(tuple(comments), blanks))
