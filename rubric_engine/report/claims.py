"""Points a unit claims beside those its facts and evidence support."""

from collections.abc import Iterable, Iterator, Sequence

from rubric_engine.plan.plan import Plan
from rubric_engine.report.phrases import change, points, told
from rubric_engine.report.standing import identity, identity_data
from rubric_engine.result.explain.reasons import sentence
from rubric_engine.result.explain.wording import range_text
from rubric_engine.rounds import Claim, ClaimReport, Verdict
from rubric_engine.tell.rendering.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Heading,
    Line,
    Report,
    Row,
    Sheet,
    Table,
)


def claims_report(plan: Plan, reports: Sequence[ClaimReport], language: str) -> Report:
    """Every unit in turn."""
    blocks: list[Block] = list(identity(plan, language))
    for report in reports:
        blocks += _Unit(plan, report, language).blocks(alone=len(reports) == 1)
    data: dict[str, object] = {"rubric": identity_data(plan), "units": [report.to_dict() for report in reports]}
    return Report(tuple(blocks), _sheet(reports, language), data)


class _Unit:
    def __init__(self, plan: Plan, report: ClaimReport, language: str) -> None:
        self._plan = plan
        self._report = report
        self._language = language
        self._titles = {node.code: node.title for node in plan.nodes}
        self._stages = {stage.name: stage.title or stage.name for stage in plan.stages}

    def _say(self, key: str, **values: object) -> str:
        return told(key, self._language, **values)

    def blocks(self, *, alone: bool) -> Iterator[Block]:
        report = self._report
        yield Line(self._say("unit"), report.unit) if alone else Heading(report.unit)
        if report.stage:
            yield Line(self._say("stage"), self._stages.get(report.stage, report.stage))
        if report.claims:
            agree = sum(claim.verdict is Verdict.AGREES for claim in report.claims)
            yield Line(self._say("claims agree", agree=agree, all=len(report.claims)))
        else:
            yield Line(self._say("no claims"))
        if report.differences:
            yield Heading(self._say("claims differ"), 3)
            yield self._differences(report.differences)
        unproven = report.without_accepted_evidence
        if unproven:
            yield Heading(self._say("no proof"), 3)
            yield Bullets(tuple(f"{claim.code} {claim.title}: {'; '.join(self._proof(claim))}" for claim in unproven))
        if report.group_sums:
            yield Heading(self._say("group sums"), 3)
            yield Bullets(tuple(
                self._say("group sum", code=one.code, claimed=points(one.claimed, self._language),
                          summed=points(one.summed, self._language))
                for one in report.group_sums
            ))  # fmt: skip
        yield from self._codes("need words", report.needs_explanation)
        yield from self._codes("not claimed", report.without_claim)

    def _codes(self, key: str, codes: Iterable[str]) -> Iterator[Block]:
        items = tuple(f"{code} {self._titles.get(code, '')}" for code in codes)
        if items:
            yield Heading(self._say(key), 3)
            yield Bullets(items)

    def _differences(self, claims: Sequence[Claim]) -> Table:
        columns = (
            Column(self._say("code")), Column(self._say("title"), wraps=True),
            Column(self._say("claimed"), right=True), Column(self._say("supported"), right=True),
            Column(self._say("difference"), right=True), Column(self._say("verdict"), wraps=True),
        )  # fmt: skip
        rows = [
            Row((
                claim.code, claim.title, points(claim.claimed, self._language), self._supported(claim),
                change(claim.difference, self._language), self._say(str(claim.verdict)),
            ), tuple(self._behind(claim)))
            for claim in claims
        ]  # fmt: skip
        return Table(columns, tuple(rows), self._say("reason"))

    def _supported(self, claim: Claim) -> str:
        if claim.verdict in (Verdict.NOT_APPLICABLE, Verdict.NOT_RATED, Verdict.NOT_DUE, Verdict.UNSCORED):
            return ""
        return range_text(None, claim.low, claim.high, self._language)

    def _behind(self, claim: Claim) -> Iterator[str]:
        if claim.impossible:
            yield self._say("impossible", maximum=points(claim.maximum, self._language))
        for rule in claim.rules:
            words = sentence(rule, self._language)
            yield f"{self._say('line', line=rule.line)}: {words}" if rule.line else words
        yield from self._proof(claim)
        if claim.explanation:
            yield self._say("explanation", text=claim.explanation)

    def _proof(self, claim: Claim) -> Iterator[str]:
        for one in claim.evidence:
            yield self._say("proof", name=one.title or one.name, need=self._say(str(one.need)))


def _sheet(reports: Iterable[ClaimReport], language: str) -> Sheet:
    keys = ("unit", "stage", "code", "title", "claimed", "supported", "difference", "verdict", "line", "reason",
            "no proof", "remarks")  # fmt: skip
    header = tuple(told(key, language, line="").strip() for key in keys)
    rows: list[tuple[Cell, ...]] = []
    for report in reports:
        for claim in report.claims:
            lines = ", ".join(dict.fromkeys(str(rule.line) for rule in claim.rules if rule.line))
            why = "; ".join(sentence(rule, language) for rule in claim.rules)
            proof = "; ".join(f"{one.title or one.name}: {told(str(one.need), language)}" for one in claim.evidence)
            rows.append((
                report.unit, report.stage, claim.code, claim.title, claim.claimed, claim.supported, claim.difference,
                told(str(claim.verdict), language), lines, why, proof, claim.explanation,
            ))  # fmt: skip
    return Sheet(header, tuple(rows))
