"""Indices a second time: the Human Development Index in decimals, the OpenSSF Scorecard aggregate in fractions."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

_PRECISE = Context(prec=60)


class Country(NamedTuple):
    """A row of Table 1 of the Human Development Report 2021/2022, figures of 2021."""

    name: str
    published: str
    life_expectancy: str
    expected_schooling: str
    mean_schooling: str
    income: str

    @property
    def submission(self) -> dict[str, str]:
        return dict(zip(self._fields[2:], self[2:], strict=True))


# Printed figures give the printed index.
EXACT = (
    Country("Norway", "0.961", "83.2", "18.2", "13.0", "64660"),
    Country("Hong Kong, China (SAR)", "0.952", "85.5", "17.3", "12.2", "62607"),
    Country("Denmark", "0.948", "81.4", "18.7", "13.0", "60365"),
    Country("Germany", "0.942", "80.6", "17.0", "14.1", "54534"),
    Country("Liechtenstein", "0.935", "83.3", "15.2", "12.5", "146830"),
    Country("Japan", "0.925", "84.8", "15.2", "13.4", "42274"),
    Country("Thailand", "0.800", "78.7", "15.9", "8.7", "17030"),
    Country("Albania", "0.796", "76.5", "14.4", "11.3", "14131"),
    Country("China", "0.768", "78.2", "14.2", "7.6", "17504"),
    Country("Brazil", "0.754", "72.8", "15.6", "8.1", "14370"),
    Country("Colombia", "0.752", "72.8", "14.4", "8.9", "14384"),
    Country("Indonesia", "0.705", "67.6", "13.7", "8.6", "11466"),
    Country("Philippines", "0.699", "69.3", "13.1", "9.0", "8920"),
    Country("Lao People's Democratic Republic", "0.607", "68.1", "10.1", "5.4", "7700"),
    Country("Tanzania (United Republic of)", "0.549", "66.2", "9.2", "6.4", "2664"),
    Country("Nigeria", "0.535", "52.7", "10.1", "7.2", "4790"),
    Country("Chad", "0.394", "52.5", "8.0", "2.6", "1364"),
)

# The index was computed from figures with more digits than the table prints: the last digit may differ by one.
NEAR = (
    Country("Switzerland", "0.962", "84.0", "16.5", "13.9", "66933"),
    Country("Iceland", "0.959", "82.7", "19.2", "13.8", "55782"),
    Country("Australia", "0.951", "84.5", "21.1", "12.7", "49238"),
    Country("Ireland", "0.945", "82.0", "18.9", "11.6", "76169"),
    Country("Singapore", "0.939", "82.8", "16.5", "11.9", "90919"),
    Country("United States", "0.921", "77.2", "16.3", "13.7", "64765"),
    Country("Qatar", "0.855", "79.3", "12.6", "10.0", "87134"),
    Country("Cuba", "0.764", "73.7", "14.4", "12.5", "7879"),
    Country("Viet Nam", "0.703", "73.6", "13.0", "8.4", "7867"),
    Country("India", "0.633", "67.2", "11.9", "6.7", "6590"),
    Country("Cambodia", "0.593", "69.6", "11.5", "5.1", "4079"),
    Country("Côte d'Ivoire", "0.550", "58.6", "10.7", "5.2", "5217"),
    Country("Niger", "0.400", "61.6", "7.0", "2.1", "1240"),
    Country("South Sudan", "0.385", "55.0", "5.5", "5.7", "768"),
)


def _between(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    share = _PRECISE.divide(_PRECISE.subtract(value, low), _PRECISE.subtract(high, low))
    return min(max(share, Decimal(0)), Decimal(1))


def human_development(life: Decimal, expected: Decimal, mean: Decimal, income: Decimal) -> Decimal:
    """The index by technical note 1, with sixty digits, not rounded."""
    health = _between(life, Decimal(20), Decimal(85))
    years = _between(expected, Decimal(0), Decimal(18)), _between(mean, Decimal(0), Decimal(15))
    knowledge = _PRECISE.divide(_PRECISE.add(*years), Decimal(2))
    standard = _between(*(_PRECISE.ln(dollars) for dollars in (income, Decimal(100), Decimal(75_000))))
    worth = _PRECISE.multiply(_PRECISE.multiply(health, knowledge), standard)
    return _PRECISE.power(worth, _PRECISE.divide(Decimal(1), Decimal(3))) if worth else Decimal(0)


def published(index: Decimal) -> Decimal:
    """As the report prints it."""
    return index.quantize(Decimal("0.001"), ROUND_HALF_UP)


# ---------------------------------------------------------------- OpenSSF Scorecard

RISKS: dict[Fraction | int, tuple[str, ...]] = {
    10: ("dangerous_workflow", "webhooks"),
    Fraction("7.5"): (
        "binary_artifacts", "branch_protection", "code_review", "dependency_update_tool", "maintained",
        "signed_releases", "token_permissions", "vulnerabilities",
    ),
    5: ("fuzzing", "packaging", "pinned_dependencies", "sast", "sbom", "security_policy"),
    Fraction("2.5"): ("ci_tests", "cii_best_practices", "contributors", "license"),
}  # fmt: skip
WEIGHTS = {check: Fraction(weight) for weight, checks in RISKS.items() for check in checks}


def aggregate(scores: Mapping[str, int]) -> Fraction | None:
    """``GetAggregateScore`` with fractions for floats; ``None`` where the tool prints a question mark."""
    conclusive = {check: score for check, score in scores.items() if score >= 0}
    if not conclusive:
        return None
    weight = sum((WEIGHTS[check] for check in conclusive), Fraction(0))
    return sum((WEIGHTS[check] * score for check, score in conclusive.items()), Fraction(0)) / weight
