"""How much of everything one text or submission may take: set by the application that embeds the engine.

Nothing here is a time. What is beyond a limit is refused in one line, told with a count of what was left out, or left
undecided; it never hangs. Standard library only.
"""

from typing import Final

from rubric_engine.meaning.budget import CHECK_STEPS, READING_STEPS, SEARCH_STEPS
from rubric_engine.plan.record import record


@record
class Limits:
    """``characters`` of a rubric with all the files it uses; ``findings`` told of a text and ``problems`` of a
    submission or a table of units; ``units`` of one table, ``rows`` of one register or one file of a table; steps of
    narrowing and trying while a rubric is checked (``check_steps``), while a submission with
    missing facts is read (``reading_steps``) and while gaps or a next grade are looked for (``search_steps``).

    Beyond the steps a check says what is not decided, ranges are wider than they need be, and a search says that it is
    not complete.
    """

    characters: int = 2_000_000
    findings: int = 1_000
    problems: int = 10_000
    units: int = 1_000_000
    rows: int = 100_000
    check_steps: int = CHECK_STEPS
    reading_steps: int = READING_STEPS
    search_steps: int = SEARCH_STEPS


LIMITS: Final = Limits()
# At most, in UTF-8 or UTF-16: what is longer than all characters allowed need not be decoded, nor read.
BYTES_OF_A_CHARACTER: Final = 4
