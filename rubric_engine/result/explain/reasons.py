"""One sentence a reason, in the reader's language. Standard library only."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rubric_engine.plan.cells import CellName, cell_named
from rubric_engine.result.explain.wording import by_whom, local_text, phrase, points_text, share_text, title_text
from rubric_engine.result.outcome import Reason, ReasonKind, ShownFact

# Told in words of their own, not among the values.
_ASIDE = ("threshold", "places")
_POLICIES = (
    "excluded", "not applicable", "use base", "not rated points", "not rated excluded", "not rated not applicable",
)  # fmt: skip
_EFFECTS = ("full points", "excluded", "zero")  # of a decision that gives no points
# What a reader of a table already sees in its other columns, or only wants in the explanation.
_LEFT_OUT = (ReasonKind.NEXT_ROW, ReasonKind.SUM, ReasonKind.EVIDENCE)
_EVIDENCE = (ReasonKind.EVIDENCE, ReasonKind.EVIDENCE_MISSING, ReasonKind.EVIDENCE_REFUSED)


def sentences(reasons: Iterable[Reason], language: str) -> Iterator[str]:
    """The reasons as sentences; a line of a table and the next better one share theirs. A bare sum says nothing."""
    told = list(reasons)
    only_sum = all(reason.kind in (ReasonKind.SUM, ReasonKind.KEPT_WORTH) for reason in told)
    at = 0
    while at < len(told):
        reason = told[at]
        at += 1
        if reason.kind is ReasonKind.SUM and only_sum:
            continue
        text = sentence(reason, language)
        if at < len(told) and reason.kind is ReasonKind.ROW and told[at].kind is ReasonKind.NEXT_ROW:
            text += "; " + sentence(told[at], language)
            at += 1
        yield text


def brief(reasons: Iterable[Reason], language: str) -> tuple[str, ...]:
    """The reasons as a cell of a table tells them, beside the points and the headings below."""
    told = (reason for reason in reasons if reason.kind not in _LEFT_OUT)
    # The weights of a mean are the explanation's.
    bare = (replace(reason, facts=()) if reason.kind is ReasonKind.COMBINED else reason for reason in told)
    return tuple(dict.fromkeys(sentence(reason, language) for reason in bare))


def common_reason(kind: ReasonKind, label: str, language: str) -> str:
    """Why many units lost points, without the figures of any: ``evidence missing: Decision``."""
    if kind is ReasonKind.REQUIREMENT:
        return phrase("requirement_bare", language, label=label)
    return phrase(str(kind), language, label=label) if kind in _EVIDENCE else label


def sentence(reason: Reason, language: str) -> str:
    """One step, with the values it looked at and the author's reason."""
    if reason.kind in _EVIDENCE:
        return _evidence_sentence(reason, language)
    text = _opening(reason, language)
    if reason.kind not in (ReasonKind.NEXT_ROW, ReasonKind.MISSING, ReasonKind.POLICY):
        seen = _seen(reason, language)
        if seen:
            text += f" ({seen})" if reason.kind is ReasonKind.NOT_APPLICABLE else f": {seen}"
    if reason.because and reason.kind is not ReasonKind.AS_PRINTED:
        text += f" ({reason.because})"
    places = next((fact.text for fact in reason.facts if fact.name == "places"), "")
    return f"{text} ({phrase('places', language, places=places)})" if places else text


def _opening(reason: Reason, language: str) -> str:
    values = {
        "label": reason.label,
        "amount": "?" if reason.amount is None else points_text(reason.amount, language),
        "value": "?" if reason.value is None else points_text(reason.value, language),
        "because": reason.because,
    }
    key = str(reason.kind)
    match reason.kind:
        case ReasonKind.ROW:
            key = "row" if reason.label else "row_bare"
            if _is_one_level(reason):
                values["label"] = fact_list(reason.facts, language)
        case ReasonKind.NEXT_ROW:
            values["facts"] = fact_list(reason.facts, language)
            key = "next_unmet" if reason.facts else "next"
        case ReasonKind.FORMULA:
            key = reason.effect if reason.effect in ("proportion", "proportion below", "start") else "row"
            values |= {fact.name: local_text(fact.text, language) for fact in reason.facts if fact.name == "threshold"}
            key = key if reason.label or key == "start" else "row_bare"
            if _is_one_fact(reason):
                values["label"] = fact_list(reason.facts, language)
        case ReasonKind.POLICY | ReasonKind.NOT_RATED | ReasonKind.COMBINED | ReasonKind.POOL:
            key, more = _of_group(reason, language)
            values |= more
        case ReasonKind.NOT_APPLICABLE:
            key = reason.effect
            values["label"] = phrase("heading" if reason.label else "whole", language, label=reason.label)
        case ReasonKind.LIMIT:
            if reason.amount is None:
                key = "limit_open"
            elif reason.amount == reason.value:
                key = "limit_idle"
        case ReasonKind.KEPT_WORTH:
            values |= {fact.name: local_text(fact.text, language) for fact in reason.facts}
        case ReasonKind.MISSING:
            # The words for a cell have a comma of their own.
            comma = "; " if any(cell_named(fact.name) for fact in reason.facts) else ", "
            values["facts"] = comma.join(waited_words(fact, language) for fact in reason.facts)
        case ReasonKind.DECIDED:
            key = "decided by" if reason.label else "decided bare"
            values |= {"label": by_whom(reason.label, language), "amount": _decided(reason, values["amount"], language)}
        case ReasonKind.NOT_DUE:
            key = "not due" if reason.label else "not due bare"
        case ReasonKind.MET | ReasonKind.NOT_MET:
            key = "holds" if reason.kind is ReasonKind.MET else "fails"
        case _:
            pass
    return phrase(key, language, **values)


def _decided(reason: Reason, points: str, language: str) -> str:
    """What was decided of a heading: its points, or what becomes of it."""
    return points if reason.effect not in _EFFECTS else phrase(f"decided {reason.effect}", language)


def _of_group(reason: Reason, language: str) -> tuple[str, dict[str, str]]:
    """The sentence for a policy, a group that combines, or a pool, with what goes into it."""
    match reason.kind:
        case ReasonKind.POLICY if reason.effect == "substituted":
            fact = reason.facts[0] if reason.facts else ShownFact("", "", "")
            value = local_text(fact.text, language)
            return "policy substituted", {"name": fact_name(fact, language), "value": value}
        case ReasonKind.POLICY:
            names = ", ".join(fact_name(fact, language) for fact in reason.facts)
            key = f"policy {reason.effect}" if reason.effect in _POLICIES else "policy points"
            return key, {"facts": f" ({names})" if names else ""}
        case ReasonKind.NOT_RATED:
            if reason.effect in ("part", "nothing"):
                return f"not rated {reason.effect}", {}
            return "not rated" if reason.amount is not None else "not rated bare", _shares(reason, language)
        case ReasonKind.COMBINED:
            index = _shares(reason, language).get("value", "?")
            key = "row" if reason.effect == "zero" else "combined"
            return key, {"label": phrase(f"combine {reason.effect}", language), "value": index}
        case _:
            sizes = {"amount": reason.amount, "value": reason.value}
            told = {name: points_text(abs(size), language) for name, size in sizes.items() if size is not None}
            key = "penalty" if reason.effect == "penalty" else "bonus"
            told["label"] = title_text(reason.label, key, language)
            return key if reason.amount else "no_pool", told


def _shares(reason: Reason, language: str) -> dict[str, str]:
    shares = {"amount": reason.amount, "value": reason.value}
    return {name: share_text(share, language) for name, share in shares.items() if share is not None}


def _is_one_level(reason: Reason) -> bool:
    """A level is told best by the fact itself."""
    return reason.kind is ReasonKind.ROW and reason.effect == "levels" and len(reason.facts) == 1


def _is_one_fact(reason: Reason) -> bool:
    """A formula that is a fact and no more."""
    names = [fact.name for fact in reason.facts if fact.name not in _ASIDE]
    return reason.kind is ReasonKind.FORMULA and names == [reason.label]


def _seen(reason: Reason, language: str) -> str:
    """The number looked at and the facts behind it; the number alone where it is one of them."""
    if reason.kind is ReasonKind.KEPT_WORTH or _is_one_level(reason) or _is_one_fact(reason):
        return ""
    facts = fact_list(reason.facts, language)
    if reason.kind not in (ReasonKind.ROW, ReasonKind.FORMULA) or reason.value is None:
        return facts
    value = share_text(reason.value, language) if reason.percent else points_text(reason.value, language)
    if not facts or value in (local_text(fact.text, language) for fact in reason.facts):
        return facts or value
    return phrase("from", language, value=value, facts=facts)


def _evidence_sentence(reason: Reason, language: str) -> str:
    pieces = [phrase(str(reason.kind), language, label=reason.label)]
    for fact in reason.facts:
        status = phrase(fact.label, language) if fact.label else ""
        reference = fact.text
        pieces.append(f"{reference} – {status}" if reference and status else reference or status)
    if reason.because:
        pieces.append(reason.because)
    if reason.kind is not ReasonKind.EVIDENCE:
        if reason.effect in ("ask for explanation", "warn"):
            pieces.append(phrase(reason.effect, language))
        elif reason.amount:
            pieces.append(phrase("takes", language, amount=points_text(reason.amount, language)))
        elif reason.amount is not None:
            pieces.append(phrase("takes_nothing", language))
    return "; ".join(pieces)


def fact_list(facts: Iterable[ShownFact], language: str) -> str:
    """``label = value`` pairs."""
    return "; ".join(_fact(fact, language) for fact in facts if fact.name not in _ASIDE)


def _fact(fact: ShownFact, language: str) -> str:
    if fact.name.startswith("heading "):
        return fact_name(fact, language)
    text = local_text(fact.text, language) if fact.text else phrase("no_value", language)
    return f"{fact_name(fact, language)} = {text}"


def fact_name(fact: ShownFact, language: str) -> str:
    """What people call it; its name in the rubric where it has no label."""
    what, _, code = fact.name.partition(" ")
    if fact.name == "total":
        return phrase("the_total", language)
    if fact.name == "maximum of total":
        return phrase("maximum of", language, code=phrase("the_total", language))
    if what in ("points", "maximum", "index", "dropped") and code.startswith("of "):
        return phrase(f"{what} of", language, code=code.removeprefix("of "))
    if what == "heading" and code:
        return f"{code} {fact.label}".strip()
    if what == "judged" and code:
        return phrase("judgement_of", language, code=code)
    if what == "decision" and code:
        return phrase("decision_of", language, code=code)
    cell = cell_named(fact.name)
    return fact.label or fact.name if cell is None else _cell_words(cell, fact.label, language)


def _cell_words(cell: CellName, label: str, language: str) -> str:
    """``Late reports, row 2: Days`` from the label ``Late reports [2]: Days``."""
    register, mark, column = label.partition(f" [{cell.row}]")
    column = column.removeprefix(":").strip()
    if not mark:
        register, column = cell.register, cell.column
    return phrase("cell" if column else "one_rating", language, label=register, row=str(cell.row),
                  column=column)  # fmt: skip


def waited_words(fact: ShownFact, language: str) -> str:
    """What people call something waited for; of ratings that are too few, how many there are."""
    name = fact_name(fact, language)
    return f"{name} ({local_text(fact.text, language)})" if fact.text else name
