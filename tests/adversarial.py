"""Rubrics and submissions made to keep the engine busy: nested, wide, chained, powered, exponential.

Each shape grows with a size, so the same generator serves a few hundred small cases in the tests and thousands of large
ones in ``benchmarks/bench_hostile.py``. No text is longer than 100 KB, no submission than 1 MB.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random

HEAD = 'rubric "Hostile" id hostile\nversion 1\n'
LONGEST_TEXT = 100_000
_MOST_LINE = 19_000


@dataclass(frozen=True)
class Hostile:
    """One text with facts for it; ``shape`` tells which of the makers it came from and how large it is."""

    shape: str
    size: int
    text: str
    submission: dict[str, object] = field(default_factory=dict)


Maker = Callable[[Random, int], tuple[str, dict[str, object]]]


def leaf(body: str, *, points: str = "10", code: str = "1") -> str:
    """A scored leaf around some clauses."""
    return f'component {code} "c{code}" {points} points\n{body}'


def given(**facts: object) -> dict[str, object]:
    """A submission of these facts."""
    return {"inputs": facts}


def _joined(parts: list[str], joint: str) -> str:
    """As many of the parts as one line may hold."""
    room, kept = _MOST_LINE, []
    for part in parts:
        room -= len(part) + len(joint)
        if room < 0:
            break
        kept.append(part)
    return joint.join(kept)


# ---------------------------------------------------------------- chains


def chain(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Operators one after the other: ``a - a - …``, products, quotients, all mixed."""
    signs = rng.choice(("+", "-", "*", "/", "+-", "*/", "+-*/"))
    atoms = rng.choice(
        (["a"], ["a", "b"], ["a", "2"], ["a", "(a + b)"], ["a", "max(a, b)"], ["a", "round(a, down to 0 places)"])
    )
    parts = [rng.choice(atoms) + " " + rng.choice(signs) for _ in range(size)]
    kept = _joined(parts, " ") + " a"
    body = "  input a, b: number, from 1 to 2\n" + f"  score min(10, max(0, {kept}))\n"
    return leaf(body), given(a="1.5", b=2)


def logic(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Long ``and``, ``or``, ``not not …``, ``when … otherwise when …``, comparisons in chains."""
    which = rng.randrange(5)
    if which == 0:
        test = _joined(
            [f"{rng.choice(('a', 'not b', '(a and b)'))}" for _ in range(size)], rng.choice((" and ", " or "))
        )
    elif which == 1:
        test = _joined(["not"] * size + ["a"], " ") if size < 3000 else "not " * 3000 + "a"
    elif which == 2:
        test = "0 <= " + _joined(["x"] * size, " <= ")
    elif which == 3:
        test = (
            f"at least {max(1, size // 2)} of ("
            + _joined([rng.choice(("a", "b", "x > 1")) for _ in range(size)], ", ")
            + ")"
        )
    else:
        chosen = _joined([f"when x = {i} then {i % 9}" for i in range(size)], " otherwise ") + " otherwise 1"
        return leaf(f"  input x: count, at most 9\n  score {chosen}\n"), given(x=3)
    body = f"  input a, b: yes/no\n  input x: count, at most 9\n  score\n    when {test}: 10\n    otherwise: 0\n"
    return leaf(body), given(a=True, b=False, x=3)


def lets(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Lets upon lets, each reading the one before once, twice or in both branches."""
    which = rng.choice(
        (
            "{p} + 1",
            "{p} * {p}",
            "{p} / ({p} + 1)",
            "{p} - {p}",
            "max({p}, {p} - 1)",
            "{p} ^ 3",
            "round({p} * {p}, down to 1 place)",
            "when b{i} then {p} otherwise 10 - {p}",
            "when {p} > {i} then {p} - 1 otherwise {p} + 1",
            "min({p} * {p}, {p} + x)",
            "({p} + {q}) / 2",
            "{p} * {q}",
            "abs({p} - {q})",
        )
    )
    lines = ["  input x: number, from 0 to 10\n"]
    facts: dict[str, object] = {"x": 3}
    names = ["x", "x"]
    for i in range(size):
        if "b{i}" in which:
            lines.append(f"  input b{i}: yes/no\n")
            facts[f"b{i}"] = bool(i % 2)
        lines.append(f"  let v{i} = " + which.format(p=names[-1], q=names[-2], i=i) + "\n")
        names.append(f"v{i}")
    lines.append(f"  score max(0, min(10, {names[-1]}))\n")
    return leaf("".join(lines)), {"inputs": facts if rng.random() < 0.5 else {}}


def truths(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Conditions upon conditions: parities, majorities, each read twice by the next."""
    which = rng.choice(
        (
            "({p} and not {b}) or (not {p} and {b})",
            "at least 2 of ({p}, {q}, {b})",
            "({p} or {b}) and ({q} or not {b})",
            "not ({p} and {b}) and ({p} or {b})",
            "({p} and {q}) or ({b} and not {q})",
            "({p} and n > {i}) or (not {p} and n < {i})",
        )
    )
    lines = ["  input n: count, at most 50\n  input s: yes/no\n"]
    facts: dict[str, object] = {"n": 4, "s": True}
    names = ["s", "s"]
    for i in range(size):
        lines.append(f"  input b{i}: yes/no\n")
        facts[f"b{i}"] = bool(i % 3)
        lines.append(f"  let t{i} = " + which.format(p=names[-1], q=names[-2], b=f"b{i}", i=i % 50) + "\n")
        names.append(f"t{i}")
    tail = rng.choice(
        (
            f"  score\n    when {names[-1]}: 10\n    otherwise: 0\n",
            f"  score by {names[-1]}\n    yes: 10\n    no: 0\n",
            f"  not applicable when {names[-1]}: full points\n  require {names[-2]}, otherwise 1\n  score 5\n",
        )
    )
    return leaf("".join(lines) + tail), {"inputs": facts if rng.random() < 0.5 else {}}


def powers(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Constants and facts raised again and again."""
    base = rng.choice(("9", "a", "1.000001", "(a + 1)", "0.1", "(1 / 3)", "(a / b)"))
    expr = base
    for _ in range(min(size, 30)):
        expr = rng.choice(
            (
                f"({expr})^{rng.choice((2, 3, 9, 64))}",
                f"({expr} * {base})",
                f"({expr} + {expr if len(expr) < 500 else base})",
            )
        )
    body = "  input a, b: number, from 1 to 9\n"
    if rng.random() < 0.5:
        return leaf(body + f"  score min(10, {expr})\n"), given(a=3, b=2)
    body += f"  let y0 = {base}\n" + "".join(
        f"  let y{i + 1} = y{i}^{rng.choice((2, 8, 64))}\n" for i in range(min(size, 60))
    )
    return leaf(body + f"  score min(10, y{min(size, 60)})\n"), given(a=3, b=2)


def nested(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Brackets, calls and choices inside one another."""
    expr = "a"
    for i in range(min(size, 45)):
        expr = rng.choice(
            (
                f"({expr})",
                f"max({expr}, {i})",
                f"(1 - {expr})",
                f"(when a > {i} then {expr} otherwise {i})",
                f"round({expr}, half-up to 1 place)",
                f"abs({expr})",
                f"({expr}) / 3",
                f"min({expr}, {expr if len(expr) < 200 else i})",
            )
        )
    return leaf(f"  input a: number, from 0 to 10\n  score max(0, min(10, {expr}))\n"), given(a=3)


def definitions(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Definitions that call one another."""
    lines = ["define d0(x) = x + 1\n"]
    lines += [
        f"define d{i}(x) = {rng.choice((f'd{i - 1}(x) + d{i - 1}(x)', f'd{i - 1}(x + 1)', f'max(d{i - 1}(x), x)'))}\n"
        for i in range(1, max(2, min(size, 300)))
    ]
    last = max(1, min(size, 300) - 1)
    return "".join(lines) + leaf(f"  input a: count, at most 9\n  score min(10, d{last}(a))\n"), given(a=3)


# ---------------------------------------------------------------- wide


def leaves(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Very many headings of one kind, their facts, a table of grades."""
    kinds = (
        "  score judged\n",
        "  input x{i}: count, at most 9\n  score by x{i}\n    0 to 4: 0\n    5 or more: 1\n",
        "  input p{i}, q{i}, r{i}, s{i}: yes/no\n  score\n    when p{i} and q{i}: 1\n"
        "    when r{i} or s{i}: 0.5\n    otherwise: 0\n",
        "  input a{i}: count\n  input b{i}: count, at most a{i}\n  not applicable when a{i} = 0: excluded\n"
        "  score full points * b{i} / a{i}\n",
        "  input n{i}: count\n  start at full points\n  deduct 0.1 for each of n{i}, at most 1\n  if missing: 0\n",
    )
    kind = rng.choice(kinds)
    mixed = rng.random() < 0.2
    parts = []
    for i in range(size):
        body = (rng.choice(kinds) if mixed else kind).replace("{i}", str(i))
        parts.append(leaf(body, points="1", code=str(i + 1)))
    text, count = _within(parts)
    table = "grades by index of total\n  A: 80% or more\n  B: 50% to below 80%\n  C: below 50%\n"
    grades = table if rng.random() < 0.5 else ""
    facts: dict[str, object] = {}
    for i in range(count):
        facts |= {
            f"x{i}": i % 7,
            f"p{i}": True,
            f"q{i}": False,
            f"r{i}": False,
            f"s{i}": False,
            f"a{i}": 4,
            f"b{i}": 1,
            f"n{i}": 3,
        }
    kept = {name: value for name, value in facts.items() if f"{name}:" in text or f"{name}," in text}
    judged = {str(i + 1): "0.5" for i in range(count)} if "score judged" in text else {}
    return f"total {count} points\n" + text + grades, {"inputs": kept, "judged": judged}


def _within(parts: list[str], room: int = LONGEST_TEXT - 2000) -> tuple[str, int]:
    kept, used = [], 0
    for part in parts:
        used += len(part)
        if used > room:
            break
        kept.append(part)
    return "".join(kept), len(kept)


def rows(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """One leaf with very many rows, levels, clauses or anchors."""
    which = rng.randrange(6)
    if which == 0:
        body, _ = _within([f"    {i} to below {i + 1}: {i % 11}\n" for i in range(size)])
        return leaf("  input x: number, from 0 to 100000\n  score by x\n" + body), given(x=3)
    if which == 1:
        names = [f"l{i}" for i in range(size)]
        kept = _joined(names, ", ").split(", ")
        body, _ = _within([f"    {name}: {i % 11}\n" for i, name in enumerate(kept)])
        return leaf(f"  input x: one of {', '.join(kept)}\n  score by x\n{body}"), given(x="l0")
    if which == 2:
        body, _ = _within([f"    when x > {i} and b{i % 12}: {i % 11}\n" for i in range(size)])
        flags = ", ".join(f"b{i}" for i in range(12))
        return leaf(f"  input x: count\n  input {flags}: yes/no\n  score\n{body}    otherwise: 0\n"), given(x=3)
    if which == 3:
        body, _ = _within(
            [f"  {rng.choice(('award', 'deduct'))} 1 when x > {i} and x < {i * 3}\n" for i in range(size)]
        )
        return leaf("  input x: count\n  score 5\n" + body), given(x=3)
    if which == 4:
        body, _ = _within([f"  not applicable when x = {i} and y = {i * 7}: excluded\n" for i in range(size)])
        return leaf("  input x, y: count\n" + body + "  score 5\n"), given(x=3, y=4)
    body, _ = _within([f"    {i}: {i % 11}\n" for i in range(size)])
    return leaf("  input x: number, from 0 to 100000\n  score by x, interpolated\n" + body), given(x=3)


def tables(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Tables of levels that give levels, one looked up in the other."""
    levels = rng.choice((2, 3, 5, 8))
    names = [f"l{i}" for i in range(levels)]
    lines = [f"levels r: {' < '.join(names)}\n"]
    count = max(1, min(size, 60))
    lines.append("table t by p, q giving r\n")
    lines += [f"  {a}, {b}: {rng.choice(names)}\n" for a in names for b in names]
    body = "  input " + ", ".join(f"x{i}" for i in range(count + 1)) + ": r\n"
    body += "  let y0 = t(x0, x1)\n" + "".join(f"  let y{i} = t(y{i - 1}, x{i + 1})\n" for i in range(1, count))
    body += f"  score by y{count - 1}\n" + "".join(f"    {name}: {i}\n" for i, name in enumerate(names))
    text = "".join(lines).replace("by p, q", "by x0, x1") + leaf(body, points=str(levels - 1))
    return text, {"inputs": {f"x{i}": rng.choice(names) for i in range(count + 1)}}


def groups(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Headings under headings with conditions at each, and headings that read one another."""
    parts, facts = [], {}
    depth = max(1, min(size, 30))
    code = ""
    for i in range(depth):
        code = f"{code}.1" if code else "1"
        body = f"  input g{i}: yes/no\n  not applicable when g{i}: {rng.choice(('excluded', 'full points'))}\n"
        parts.append(f'component {code} "h" 1 points\n' + (body if rng.random() < 0.8 else ""))
        facts[f"g{i}"] = False
    parts.append("  score judged\n")
    return "".join(parts), {"inputs": facts}


def readers(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Leaves that read the points of those before."""
    how = rng.choice(
        (
            "points of {a} + 1",
            "(points of {a} + points of {b}) / 2",
            "points of {a} * points of {b}",
            "when points of {a} > 1 then points of {b} otherwise 1 - points of {a}",
        )
    )
    parts = [
        leaf("  input x, y: number, from 0 to 1\n  score x\n", points="1", code="1"),
        leaf("  score y\n", points="1", code="2"),
    ]
    for i in range(3, 3 + size):
        read = how.format(a=i - 1, b=i - 2)
        parts.append(leaf(f"  score min(1, {read})\n", points="1", code=str(i)))
    text, _ = _within(parts)
    return text, given(x=1) if rng.random() < 0.5 else given(x=1, y="0.5")


def registers(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Registers with many rows, and reducers over reducers."""
    how = rng.choice(
        (
            "sum of (v * v) in r",
            "median of v in r if none 0",
            "sum of v in r where v > 1 and f",
            "highest v in r for each k",
            "share of r where v > 2 and (f or v < 5) if none 0%",
            "sum of (when f then v otherwise 1 / (v + 1)) in r",
        )
    )
    lines = ["  input r: list\n    column v: number, from 0 to 10\n    column f: yes/no\n    column k: text\n"]
    count = max(1, min(size, 300))
    lines += [
        f"  let s{i} = {how}{f' + s{i - 1}' if i and 'where' not in how and 'if none' not in how else ''}\n"
        for i in range(count)
    ]
    lines.append(f"  score max(0, min(10, s{count - 1} / 100))\n")
    many = min(size * 10, 12_000)
    bad = rng.random() < 0.2
    cells = [{"v": "1.25" if not bad else f"1.{i:07d}", "f": i % 2 == 0, "k": f"k{i % 97}"} for i in range(many)]
    return leaf("".join(lines)), {"inputs": {"r": cells}}


def quotients(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Sums of fractions whose denominators have nothing in common."""
    names = [f"a{i}" for i in range(max(1, min(size, 1000)))]
    lines = "".join(f"  input {name}: number, from 1 to 1000000000000000000000000\n" for name in names)
    total = _joined([f"1 / {name}" for name in names], " + ")
    facts: dict[str, object] = {name: str(10**20 + 2 * i + 1) for i, name in enumerate(names)}
    return leaf(lines + f"  score min(10, {total})\n"), {"inputs": facts}


# ---------------------------------------------------------------- nonsense


def unknown(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Very many faults: unknown names, rows that do not fit, lines that are none."""
    kinds = (
        "  score missing{i} + 1\n",
        "  award 1 when nope{i}\n",
        "what {i} is this\n",
        '  input "x{i}\n',
        "  score by x\n    a{i}: 1\n",
        "  let z = {i}\n",
        "\u202e\u0007{i}\n",
        "))){i}((((\n",
        "  input x{i}: nubmer\n",
        "  scroe judged {i}\n",
        "component {i}\n",
    )
    mixed = rng.random() < 0.5
    kind = rng.choice(kinds)
    parts = [(rng.choice(kinds) if mixed else kind).replace("{i}", str(i)) for i in range(size)]
    text, _ = _within(parts)
    return leaf("  score judged\n") + text, {}


def noise(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """Anything at all."""
    alphabet = rng.choice(
        ("abc ", 'score by when "1%\n  :(),', "\x00\x1b\u202e\n x", "((((", '"', "#\n", "—≥ă\u0301 \n", ",;: \n\t")
    )
    length = min(size * 20, LONGEST_TEXT)
    text = "".join(islice(cycle(rng.choices(alphabet, k=min(length, 997))), length))
    return text, {}


def facts(rng: Random, size: int) -> tuple[str, dict[str, object]]:
    """A small rubric and a submission that is anything but."""
    many = min(size * 20, 30_000)
    which = rng.randrange(6)
    inputs: dict[str, object]
    if which == 0:
        inputs = {f"nobody_knows_{i}": i for i in range(many)}
    elif which == 1:
        inputs = {"a": "9" * min(many * 10, 900_000), "x": "y" * 10}
    elif which == 2:
        inputs = {"r": [{"v": "x", "k": i, "zz": 1} for i in range(min(many, 15_000))]}
    elif which == 3:
        deep: object = 1
        for _ in range(min(many, 20_000)):
            deep = [deep]
        inputs = {"a": deep, "r": deep}
    elif which == 4:
        inputs = {"a": 10 ** min(many, 4000), "x": 1e308, "r": [None] * many}
    else:
        inputs = {"r": [{"v": f"0.{i}", "k": "\u202e" * 20} for i in range(min(many, 12_000))], "a\x1b[31m": 1}
    body = "  input a: count\n  input x: text, optional\n  input r: list\n    column v: number\n    column k: text\n"
    return leaf(body + "  score min(10, a + sum of v in r)\n"), {"inputs": inputs}


MAKERS: tuple[Maker, ...] = (
    chain, logic, lets, truths, powers, nested, definitions, leaves, rows, tables, groups, readers, registers,
    quotients, unknown, noise, facts,
)  # fmt: skip


def hostile(seed: int, largest: int = 5000) -> Hostile:
    """The case of that number; sizes run from 1 to ``largest``, small and large ones alike often."""
    rng = Random(seed)
    maker = MAKERS[seed % len(MAKERS)]
    size = max(1, int(largest ** rng.random()))
    body, submission = maker(rng, size)
    text = HEAD + (body if body.startswith("total") else "total 10 points\n" + body)
    return Hostile(maker.__name__, size, text[:LONGEST_TEXT], submission)
