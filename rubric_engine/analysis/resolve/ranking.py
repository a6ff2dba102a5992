"""``ranking`` and ``quota``: what a cohort is put in order by, and how many of it may have a grade."""

from collections.abc import Sequence

from rubric_engine.analysis.resolve.grades import SHEET
from rubric_engine.analysis.resolve.outline import Outline
from rubric_engine.model import At
from rubric_engine.plan.plan import RankingRule, RankKey, Ties
from rubric_engine.rules.expressions import as_number, resolve
from rubric_engine.rules.forms.grouping import grouping_of
from rubric_engine.rules.names.level_values import Levelled, index_of, levelled
from rubric_engine.rules.names.scope import Scope
from rubric_engine.rules.names.typed import BROKEN, Typed, number
from rubric_engine.rules.reading import reads_of
from rubric_engine.syntax.keywords import meanings, spell
from rubric_engine.syntax.tree import nodes as n


def resolve_ranking(outline: Outline, scope: Scope) -> At[RankingRule] | None:
    """The ranking of the sheet; ``None`` where there is none or it could not be read."""
    clause = outline.ranking
    if clause is None:
        return None
    if outline.rank_by is None:
        scope.report("RUB243", clause.span)
        return None
    within = grouping_of(clause.within, scope)
    keys = _keys(outline.rank_by.keys, outline, scope)
    if keys is None or (within is None) is not (clause.within is None):
        return None
    ties = outline.ties
    rule = RankingRule(
        keys=keys,
        within=within,
        ties=Ties.SHARE if ties is None else Ties(ties.kind),
        words="" if ties is None or ties.words is None else ties.words.value,
        label=scope.words(outline.rank_by.span),
        line=scope.line(clause.span),
    )
    return At(rule, clause.span)


def _keys(written: Sequence[n.RankKeyDef], outline: Outline, scope: Scope) -> tuple[RankKey, ...] | None:
    found: list[RankKey] = []
    broken = False
    for one in written:
        value = resolve(one.subject, scope, SHEET)
        given = levelled(value)
        subject = as_number(value, scope) if given is None else _place_of(value, given, scope)
        if subject.broken or not _is_level(one, outline, scope):
            broken = True
            continue
        titles = () if given is None else tuple(level.title for level in given.levels)
        key = RankKey(subject.num, scope.words(one.span), one.lowest_first, one.exact, titles)
        same = any((key.subject, key.exact) == (other.subject, other.exact) for other in found)
        if same or not reads_of(subject.num):
            scope.report("RUB344", one.span, text=scope.words(one.span), help="help_twice" if same else "help")
            broken = True
        found.append(key)
    return None if broken else tuple(found)


def _place_of(value: Typed, given: Levelled, scope: Scope) -> Typed:
    """What units are put in order by where it is a level: its place among the levels, which must be in order."""
    if not given.ordered:
        scope.report("RUB305", value.span, input=given.name, levels=" < ".join(level.name for level in given.levels))
        return BROKEN
    return number(index_of(value))


def _is_level(key: n.RankKeyDef, outline: Outline, scope: Scope) -> bool:
    """``area 4``: 4 must be an area."""
    if not key.level or not isinstance(key.subject, n.OfNode):
        return True
    code = key.subject.code.text
    found = next((draft.heading.level for draft in outline.drafts if draft.code == code), None)
    if found is None or found == key.level:
        return True
    scope.report("RUB244", key.span, code=code, level=_word(key.level, scope), found=_word(found, scope))
    return False


def _word(level: str, scope: Scope) -> str:
    """The author's word for a level: ``area``, ``lĩnh vực``; ``level 6`` as it is."""
    return spell(level.upper(), scope.language) if level.upper() in meanings() else level
