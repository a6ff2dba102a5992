"""The points of headings: minimum and maximum as printed, as their children or their pool give them."""

from dataclasses import replace
from fractions import Fraction

from rubric_engine.analysis.resolve.least import Part, combination_of, least_index, may_leave
from rubric_engine.analysis.resolve.outline import Draft, Outline, pools_of
from rubric_engine.rules.names.scope import Heading, Scope
from rubric_engine.syntax.tree import nodes as n

_NONE = Fraction(0)


def points_of_headings(outline: Outline, scope: Scope) -> list[Heading]:
    """Minimum and maximum of each heading; a group that prints none has the sum of its children.

    A group that prints a plain number runs from 0; one that combines, from the least its children can combine to on
    its own scale. In a pool a leaf may leave its points out, and has the pool's cap; in a penalty points run from
    minus that to 0.
    """
    reader = _Points(outline, scope)
    for at in range(len(outline.drafts) - 1, -1, -1):
        reader.read(at)
    return [reader.heading(at) for at in range(len(outline.drafts))]


class _Points:
    """Reads headings from the last to the first, so that children come before their group."""

    def __init__(self, outline: Outline, scope: Scope) -> None:
        self.outline, self.scope = outline, scope
        count = len(outline.drafts)
        self.pools = pools_of(outline)
        self.low: list[Fraction] = [_NONE] * count
        self.high: list[Fraction | None] = [None] * count
        self.left: list[Fraction] = [_NONE] * count  # the least maximum above 0 that can be left of it
        self.leaves: list[bool] = [False] * count
        self.spoils: list[bool] = [False] * count  # whether what adds it can be not rated through it
        # At an early stage, or without a fact whose readers are then left out, any leaf may leave.
        self.any_leaf = any(isinstance(one, n.Stages) for one in outline.header) or any(
            isinstance(one, n.InputClause) and one.excluded_if_missing for one, _ in outline.declared
        )

    def heading(self, at: int) -> Heading:
        """What expressions under the heading may know of it."""
        draft = self.outline.drafts[at]
        low, high = self.low[at], self.high[at]
        if high is None and draft.heading.kind == "unscored":
            return Heading(draft.code, None, low)
        penalised = self.pools[at] is not None and self.outline.drafts[self.pools[at] or 0].heading.level == "penalty"
        return Heading(draft.code, high or _NONE, low, full=-low if penalised else None)

    def read(self, at: int) -> None:
        draft, scope = self.outline.drafts[at], self.scope
        pool = self.pools[at]
        heading = draft.heading if pool in (None, at) else _in_pool(self.outline, draft, pool or 0)
        for end in (heading.low, heading.points):
            if end is not None and end.percent:
                scope.report("RUB303", end.span, left="percent", right="points", text=scope.words(end.span),
                             help="help_percent")  # fmt: skip
        counted = [child for child in draft.children if self.outline.drafts[child].heading.kind == "scored"]
        self.high[at] = top = self._top(heading, draft, counted)
        self._leaving(at, draft, counted, top or _NONE)
        if heading.low is not None:
            self.low[at] = heading.low.value
            if top is not None and heading.low.value > top:
                scope.report("RUB307", heading.low.span, low=heading.low.value, high=top,
                             text=scope.words(heading.low.span))  # fmt: skip
            return
        combination = combination_of(draft.clauses) if draft.children else None
        if combination is not None:
            parts = [self._part(child) for child in counted]
            self.low[at] = (top or _NONE) * least_index(*combination, parts)
        elif heading.points is None:
            self.low[at] = min(sum((self.low[child] for child in counted), _NONE), _NONE)

    def _top(self, heading: n.Heading, draft: Draft, counted: list[int]) -> Fraction | None:
        if heading.points is not None:
            return heading.points.value
        if draft.children and not (heading.weight is not None and combination_of(draft.clauses)):
            return sum((self.high[child] or _NONE for child in counted), _NONE)
        if heading.weight is not None:
            return Fraction(1)
        if heading.kind == "scored":
            self.scope.report("RUB213", heading.span, code=draft.code)
        return None

    def _part(self, at: int) -> Part:
        weight = self.outline.drafts[at].heading.weight
        share = Fraction(1) if weight is None or weight.value <= 0 else weight.value
        return Part(self.low[at], self.high[at] or _NONE, self.left[at], share, self.leaves[at])

    def _leaving(self, at: int, draft: Draft, counted: list[int], top: Fraction) -> None:
        """Whether the heading can leave the maximum, and the least that can be left of it while it has not."""
        own = may_leave(draft.clauses)
        self.left[at] = top
        if not draft.children:
            self.leaves[at] = own or self.any_leaf or self._left_out_above(draft)
            return
        going = [child for child in counted if self.leaves[child] or self.left[child] < (self.high[child] or _NONE)]
        combines = combination_of(draft.clauses) is not None
        needs = any(isinstance(clause, n.NeedsClause) for clause in draft.clauses)
        taking = [child for child in counted if not combines or (self.high[child] or _NONE) > 0]
        out = bool(counted) and all(self.leaves[child] for child in taking)
        lacking = needs and bool(going) if combines else any(self.spoils[child] for child in counted)
        self.leaves[at] = own or out or lacking
        silent = not any(isinstance(clause, n.NotRatedClause) for clause in draft.clauses)
        self.spoils[at] = (out or lacking) and silent
        if going and not combines:
            stays = [self.left[child] for child in counted if not self.leaves[child]]
            above = [one for one in (self.left[child] for child in counted) if one > 0]
            self.left[at] = sum(stays, _NONE) or min(above, default=top)

    def _left_out_above(self, draft: Draft) -> bool:
        """Whether a group above takes its leaves out while something is missing."""
        above = draft.parent
        while above is not None:
            clauses = self.outline.drafts[above].clauses
            if any(isinstance(clause, n.MissingClause) and may_leave([clause]) for clause in clauses):
                return True
            above = self.outline.drafts[above].parent
        return False


def _in_pool(outline: Outline, draft: Draft, pool: int) -> n.Heading:
    """A heading of a pool with the points it has there."""
    heading, head = draft.heading, outline.drafts[pool].heading
    if draft.children and heading.points is None:
        return heading
    if head.level == "bonus":
        return heading if heading.points is not None else replace(heading, points=head.points)
    written = None if heading.points is None else n.Num(-heading.points.value, span=heading.points.span)
    return replace(heading, low=written or head.low, points=n.Num(_NONE, span=heading.span))
