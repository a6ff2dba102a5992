"""The rubrics of a page in the keywords of its reader, where that keeps what they show."""

from rubric_engine.diagnostics.catalogue import Page, Sample

# Pages about layout: in the canonical one, which a translation has, nothing is left to show.
_ABOUT_LAYOUT = "RUB9"


def sample_text(page: Page, sample: Sample, language: str) -> str:
    """The sample translated by the formatter; as it stands where that is impossible or would hide the fault."""
    from rubric_engine.source import SourceFile
    from rubric_engine.syntax.formatter import format_text
    from rubric_engine.syntax.parser import parse

    own = parse(SourceFile.from_text(sample.rubric)).tree.language
    if own == language or page.code.startswith(_ABOUT_LAYOUT):
        return sample.rubric
    translated = format_text(sample.rubric, to=language)
    if translated.diagnostics or _faults(translated.text, sample) != _faults(sample.rubric, sample):
        return sample.rubric
    return translated.text


def _faults(text: str, sample: Sample) -> set[str]:
    """The codes of what is wrong with a text, or with the submission that goes with it."""
    from rubric_engine.engine import check_text, compile_rubric
    from rubric_engine.facts.facts import read_json
    from rubric_engine.facts.problems import SubmissionError

    checked = check_text(text)
    found = {one.code for one in checked.diagnostics}
    if sample.submission is None or checked.rubric is None:
        return found
    try:
        compile_rubric(text).evaluate(read_json(sample.submission, checked.language))
    except SubmissionError as refused:
        return found | {problem.code for problem in refused.problems}
    return found
