"""Signs from other notations and from word processors; the same in every language."""

# Blanks and gaps are bounded: a hostile line must not make the search slow.
NUM = r"-?[0-9]+(?:[.,][0-9]+)?(?:\s?%)?"

SIGNS: tuple[tuple[str, ...], ...] = (
    (r"==+", "="),
    (r"≥|=>", ">="),
    (r"≤|=<", "<="),
    (r"≠|<>", "!="),
    (r"×|·|∙", "*"),
    (r"÷|∶", "/"),
    (r"−", "-"),
    (r"：", ":"),
    (r"，", ","),
    (r"（", "("),
    (r"）", ")"),
    (r"\s{0,4};\s{0,4}$", ""),
    (r"\s{0,4};", ","),
    (r"[,.]\s{0,4}$", ""),
    (rf"({NUM})\s{{0,4}}[-–—]\s{{0,4}}({NUM})", r"\1 {TO} \2"),
    (r"[–—]", "-"),
    (r"\*\*", "^"),
    (r"&&?", "{AND}"),
    (r"\|\|?", "{OR}"),
    (r"!(?!=)\s{0,4}", "{NOT} "),
    (r"\[", "("),
    (r"\]", ")"),
    (r"\bmax(?:imum)?\s{1,4}(?=[\w-])", "{AT_MOST} "),
    (r"\bmin(?:imum)?\s{1,4}(?=[\w-])", "{AT_LEAST} "),
)

# A line's own signs in the way: tried after all that has a meaning.
LATE: tuple[tuple[str, ...], ...] = (
    (r"\s{0,4}[:=.](?=\s|$)", ""),
    (r",(?=\s)", ""),
    (r"\s{0,4}[()]\s{0,4}", " "),
    (r"'([^'\"]{1,200})'", r'"\1"'),
    (r"(?<=\s)[xX](?=\s)", "*"),
)
