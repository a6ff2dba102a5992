"""One short phrase a reason, for a table's cell. Whole sentences are the explanation's."""

from collections.abc import Mapping

from rubric_engine.meaning.exact import show_number, show_percent
from rubric_engine.result.explain.reasons import sentence
from rubric_engine.result.explain.wording import local_text
from rubric_engine.result.explain.wording import phrase as phrase_of
from rubric_engine.result.outcome import ShownFact
from rubric_engine.result.result import NodeResult, Reason, ReasonKind
from rubric_engine.tell.words import Words

# What a reader of the sheet already sees in the other columns, or only wants in the explanation.
_LEFT_OUT = (ReasonKind.NEXT_ROW, ReasonKind.SUM, ReasonKind.EVIDENCE)
_SIGNS: Mapping[ReasonKind, str] = {ReasonKind.AWARD: "+", ReasonKind.DEDUCTION: "−"}
_CHANGES = (ReasonKind.LIMIT, ReasonKind.FLOOR, ReasonKind.CAP, ReasonKind.ROUNDING)
# Policies that only make sense told in full: what was left out, what stands in.
_WHOLE = ("substituted", "use base")
_PLAIN = (ReasonKind.ROW, ReasonKind.FORMULA)
_PROOF = (ReasonKind.EVIDENCE_MISSING, ReasonKind.EVIDENCE_REFUSED)

_kinds = Words("reasons")


def short_reasons(node: NodeResult, language: str) -> str:
    """All reasons of a node that tell something the other columns do not, parted by semicolons."""
    told = (short_reason(reason, language) for reason in node.reasons if reason.kind not in _LEFT_OUT)
    return "; ".join(dict.fromkeys(phrase for phrase in told if phrase))


def common_reason(kind: ReasonKind, label: str, language: str) -> str:
    """Why many units lost points, without the figures of any: ``evidence missing: Decision``."""
    if kind not in _PROOF and kind is not ReasonKind.REQUIREMENT:
        return label
    return ": ".join(part for part in (_kinds(kind, language), label) if part)


def _piece(reason: Reason, fact: ShownFact, language: str) -> str:
    """A piece of evidence with its status, where the kind of the reason does not say it already."""
    if not fact.label or (reason.kind is ReasonKind.EVIDENCE_REFUSED and fact.label == "rejected"):
        return fact.text
    return f"{fact.text} – {phrase_of(fact.label, language)}"


def short_reason(reason: Reason, language: str) -> str:
    """``deduction −0.5: late reports (late = 2), because "…"``."""
    kind = "" if reason.kind in _PLAIN else _kinds.of(language).get(reason.kind, str(reason.kind))
    sign = _SIGNS.get(reason.kind)
    if sign is not None and reason.amount is not None:
        kind += f" {sign}{show_number(abs(reason.amount), language)}"
    seen = []
    if reason.kind in _CHANGES:
        if reason.value is not None and reason.amount is not None:
            kind += f" {show_number(reason.value, language)} → {show_number(reason.amount, language)}"
    elif reason.value is not None:
        show = show_percent if reason.percent else show_number
        seen.append(show(reason.value, language))
    if reason.kind is ReasonKind.COMBINED:
        # The other columns hold what each child has; the weights are the explanation's.
        return f"{kind}: {phrase_of(f'combine {reason.effect}', language)} ({seen[0]})" if seen else kind
    if reason.kind is ReasonKind.POLICY and reason.effect in _WHOLE:
        return sentence(reason, language)
    if reason.kind is ReasonKind.POLICY:
        return f"{kind}: {reason.label}" if reason.label else kind
    if reason.kind is ReasonKind.NOT_DUE:
        return f"{kind} {reason.label}" if reason.label else ""
    told = [fact for fact in reason.facts if fact.text and fact.name != "places"]
    if reason.kind in _PROOF:
        seen += [_piece(reason, fact, language) for fact in told]
    else:
        seen += [f"{fact.label or fact.name}: {local_text(fact.text, language)}" for fact in told]
    # A judgement's label only repeats the clause: the column beside it says the points.
    label = "" if reason.kind is ReasonKind.JUDGED else reason.label.strip()
    facts = "; ".join(seen)
    if label and facts:
        label = f"{label} ({facts})"
    phrase = ": ".join(part for part in (kind, label or facts) if part)
    return f"{phrase} – {reason.because}" if reason.because else phrase
