"""RUB411, RUB412, RUB413, RUB417: tables of bands hold every value the number can take, each once."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import islice

from rubric_engine.analysis.check.mends import band_text
from rubric_engine.analysis.check.search.shapes import stretch_of, test_within
from rubric_engine.analysis.check.subject import Place, Subject
from rubric_engine.diagnostics.shape import Diagnostic, Label, problem
from rubric_engine.model import BandRow, Bands, Node, Unit
from rubric_engine.plan import expr as x
from rubric_engine.plan.plan import Kind
from rubric_engine.solve.answers import Found
from rubric_engine.solve.lines import INFINITE, Stretch, gaps, nice_value

Making = Callable[[Fraction, Mapping[str, str]], Diagnostic]

_MOST_FINDINGS = 20  # of one kind in one table: whoever has more mends these first


def check_bands(subject: Subject) -> Iterator[Diagnostic]:
    """Every table of bands, over what its number can be where the leaf applies."""
    for node in subject.leaves:
        if isinstance(node.rule, Bands):
            place = subject.place_of(node) or subject.bare(node)
            yield from _Table(node, node.rule, place, subject).findings()


class _Table:
    """One table of bands over the stretch its number can take."""

    def __init__(self, node: Node, rule: Bands, place: Place, subject: Subject) -> None:
        self.node, self.rule, self.place, self.subject = node, rule, place, subject
        self.whole = place.stretch(rule.subject).on_grid(rule.grid)
        self.percent = rule.unit is Unit.PERCENT or any("%" in row.label for row in rule.rows)
        self.bands = [stretch_of(row).on_grid(rule.grid) for row in rule.rows]

    def findings(self) -> Iterator[Diagnostic]:
        """What is wrong with the table."""
        tried = self.subject.trials.of(self.node)
        untouched = range(0) if tried is None else [at for at in range(len(self.bands)) if at not in tried.rows]
        dead = [at for at, band in enumerate(self.bands) if band.is_empty or band.within(self.whole).is_empty]
        overlaps = list(islice(self._overlaps(set(dead)), _MOST_FINDINGS))
        yield from overlaps
        missing = gaps(self.bands, self.whole, self.rule.grid)
        percents = self._percents(set(dead), missing)
        for at, meant in percents.items():
            yield from self.judged(meant, partial(self._without_sign, at))
        if percents:
            return
        if self.rule.otherwise is None:
            for gap in missing[:_MOST_FINDINGS]:
                yield from self.judged(gap, partial(self._gap, gap))
        elif not missing or (tried is not None and len(self.bands) not in tried.rows):
            word = self.subject.words.word("OTHERWISE")
            yield problem("RUB417", self.rule.otherwise.span, row=word, help="help_otherwise")
        elif not overlaps:
            yield from self._trap(missing)
        for at in sorted({*dead, *untouched}):
            row = self.rule.rows[at]
            low, high = self._range_words()
            yield problem(
                "RUB417", row.span, row=row.label, subject=self.rule.label, low=low, high=high,
                help="help_empty" if self.bands[at].is_empty else "help_band" if at in dead else "help_tried",
            )  # fmt: skip

    # ------------------------------------------------------------ showing

    def show(self, value: Fraction) -> str:
        """A value of the subject as the rows write it."""
        return self.subject.words.amount(value, self.rule.unit, percent=self.percent)

    def _range_words(self) -> tuple[str, str]:
        ends = (self.whole.low, self.whole.high)
        return tuple("…" if end is None else self.show(end) for end in ends)  # type: ignore[return-value]

    def named(self, stretch: Stretch) -> Fraction:
        """The value of a stretch a message names."""
        share = self.percent and self.rule.unit in (Unit.PERCENT, Unit.RATIO)
        return nice_value(stretch, self.rule.grid, Fraction(1, 100) if share else Fraction(1))

    def judged(self, stretch: Stretch, make: Making) -> Iterator[Diagnostic]:
        """The finding about a stretch, with a value in it that somebody has; nothing where nobody can have one."""
        value = self.named(stretch)
        expr, confirm = self.rule.subject, self.subject.confirm
        exactly: x.Truth = x.Compare(x.Order.EQ, expr, x.Const(value))
        verdict = confirm.of_heading(self.node, self.place, [(exactly, True)])
        if not isinstance(verdict, Found):
            verdict = confirm.of_heading(self.node, self.place, [(test_within(expr, stretch), True)])
        if isinstance(verdict, Found):
            value = confirm.read(verdict.submission, self.node).number(expr)
        yield from confirm.told(verdict, lambda example: make(value, example))

    # ------------------------------------------------------------ percents without their sign

    def _percents(self, dead: set[int], missing: list[Stretch]) -> dict[int, Stretch]:
        """Rows no share reaches that, read as percents, are what the others leave open: `90 or more` for `90%`."""
        if self.rule.otherwise is not None or self.rule.unit not in (Unit.PERCENT, Unit.RATIO):
            return {}
        if self.whole.high is None or self.whole.high > 1:
            return {}
        read = {at: self._hundredth(at) for at in dead if not self.bands[at].is_empty}
        open_to = {at: [gap.within(band) for gap in missing] for at, band in read.items()}
        return {
            at: next(one for one in shared if not one.is_empty)
            for at, shared in sorted(open_to.items())
            if any(not one.is_empty for one in shared)
        }

    def _hundredth(self, at: int) -> Stretch:
        row = self.rule.rows[at]
        low, high = (None if end is None else end / 100 for end in (row.low, row.high))
        return Stretch(low, high, row.low_open, row.high_open)

    def _without_sign(self, at: int, value: Fraction, example: Mapping[str, str]) -> Diagnostic:
        row = self.rule.rows[at]
        mend = band_text(self._hundredth(at), Unit.PERCENT, True, self.subject.rubric.language)
        return problem(
            "RUB411", row.span, value=self.subject.words.amount(value, self.rule.unit, percent=True),
            subject=self.rule.label, row=row.label, mend=mend, help="help_percent", example=example,
        )  # fmt: skip

    # ------------------------------------------------------------ gaps

    def _gap(self, gap: Stretch, value: Fraction, example: Mapping[str, str]) -> Diagnostic:
        below = max((at for at, band in enumerate(self.bands) if band.end <= gap.start), key=self._end, default=None)
        above = min((at for at, band in enumerate(self.bands) if band.start >= gap.end), key=self._start, default=None)
        mended, row = self._widened(below, above)
        mend = band_text(mended, self.rule.unit, self.percent, self.subject.rubric.language)
        help_key = "help" if below is not None and above is not None else "help_end"
        if above is None and self._is_open_share():
            help_key = "help_share"
        elif gap.low is None or gap.high is None:
            help_key = "help_input" if isinstance(self.rule.subject, x.Fact) else help_key
        return problem(
            "RUB411", row.span, value=self.show(value), subject=self.rule.label, row=row.label, mend=mend,
            help=help_key, example=example, labels=self._neighbour(row, below, above),
        )  # fmt: skip

    def _end(self, at: int) -> tuple[Fraction, int]:
        return self.bands[at].end

    def _start(self, at: int) -> tuple[Fraction, int]:
        return self.bands[at].start

    def _widened(self, below: int | None, above: int | None) -> tuple[Stretch, BandRow]:
        """The row to widen over the gap, and what it should say."""
        rows = self.rule.rows
        if below is None:
            row = rows[above or 0]
            return Stretch(None, row.high, False, row.high_open), row
        row = rows[below]
        if above is None:
            return Stretch(row.low, None, row.low_open, False), row
        upper = rows[above]
        return Stretch(row.low, upper.low, row.low_open, not upper.low_open), row

    def _neighbour(self, row: BandRow, below: int | None, above: int | None) -> tuple[Label, ...]:
        if below is None or above is None:
            return ()
        return tuple(Label(self.rule.rows[at].span) for at in (below, above) if self.rule.rows[at] is not row)

    def _is_open_share(self) -> bool:
        """A ratio nobody bounded: the mend is more often a bound on the input than a wider band."""
        expr = self.rule.subject
        while isinstance(expr, x.Ref) and expr.name in self.subject.lets:
            expr = self.subject.lets[expr.name].value  # type: ignore[assignment]
        parts = (expr.left, expr.right) if isinstance(expr, x.Div) else ()
        counts = all(isinstance(part, x.Fact) and self.subject.kind_of(part.name) is Kind.COUNT for part in parts)
        return bool(parts) and counts and self.whole.high is None

    # ------------------------------------------------------------ overlaps

    def _overlaps(self, dead: set[int]) -> Iterator[Diagnostic]:
        live = sorted((at for at in range(len(self.bands)) if at not in dead), key=self._start)
        reach: int | None = None
        for at in live:
            if reach is not None:
                shared = self.bands[at].within(self.bands[reach]).within(self.whole)
                if not shared.is_empty:
                    yield from self.judged(shared, partial(self._overlap, min(at, reach), max(at, reach), shared))
            if reach is None or self._end(at) > self._end(reach):
                reach = at

    def _overlap(
        self, first: int, second: int, shared: Stretch, value: Fraction, example: Mapping[str, str]
    ) -> Diagnostic:
        early, late = self.rule.rows[first], self.rule.rows[second]
        language = self.subject.rubric.language
        mended = _without(stretch_of(late), shared)
        other = _without(stretch_of(early), shared)
        mend, instead = (
            "" if left is None else band_text(left, self.rule.unit, self.percent, language) for left in (mended, other)
        )
        if mended is None or other is None:
            help_key = "help_same" if mended is None and other is None else "help_late" if mended else "help_early"
        else:
            help_key = "help"
        return problem(
            "RUB412", late.span, value=self.show(value), first=early.label, second=late.label,
            mend=mend, other=instead,
            help=help_key, example=example, labels=(Label(early.span, "first"),),
        )  # fmt: skip

    # ------------------------------------------------------------ the trap of the last row

    def _trap(self, missing: list[Stretch]) -> Iterator[Diagnostic]:
        """Rising bands, then ``otherwise``: what lies above the best band falls to the last row."""
        rule, worth = self.rule, self.subject.constant
        top = [gap for gap in missing if gap.end == self.whole.end]
        ordered = sorted(range(len(self.bands)), key=self._start)
        if not top or len(ordered) < 2 or rule.otherwise is None or self.bands[ordered[-1]].end[0] >= INFINITE:
            return
        best, next_best = worth(rule.rows[ordered[-1]].value), worth(rule.rows[ordered[-2]].value)
        last = worth(rule.otherwise.value)
        if best is None or next_best is None or last is None or not (best > next_best and best > last):
            return
        row = rule.rows[ordered[-1]]
        wider = band_text(Stretch(row.low, None, row.low_open), rule.unit, self.percent, self.subject.rubric.language)
        points = self.subject.words.points
        span = rule.otherwise.span
        yield from self.judged(top[0], lambda value, example: problem(
            "RUB413", span, value=self.show(value), row=row.label, best=points(best),
            points=points(last), mend=wider, example=example, labels=(Label(row.span, "best"),),
        ))  # fmt: skip


def _without(band: Stretch, shared: Stretch) -> Stretch | None:
    """The band less what another row holds too; ``None`` when nothing, or two pieces, would be left."""
    if shared.start <= band.start and shared.end < band.end:
        return Stretch(shared.high, band.high, not shared.high_open, band.high_open)
    if shared.end >= band.end and shared.start > band.start:
        return Stretch(band.low, shared.low, band.low_open, not shared.low_open)
    return None
