"""A scoring service in one file: authors check and publish rubrics, clients score by them.

    pip install rubric-engine fastapi uvicorn
    uvicorn app:app

What an author or a client got wrong comes back as data with its place, in the language asked for (`?language=vi`).
"""

from typing import Annotated, Any

from fastapi import Body, FastAPI, HTTPException, Query

from rubric_engine import CompiledRubric, SubmissionError, check_text

app = FastAPI(title="Scoring by written rules")
_rubrics: dict[tuple[str, str], CompiledRubric] = {}

Language = Annotated[str | None, Query(pattern="^(en|vi)$")]


@app.post("/rubrics", status_code=201)
def publish(text: Annotated[str, Body(media_type="text/plain")], language: Language = None) -> dict[str, Any]:
    """Check a rubric and keep it under its id and version; a text with errors is answered with its findings."""
    checked = check_text(text)
    findings = [finding.to_dict() for finding in checked.findings(language)]
    if checked.rubric is None:
        raise HTTPException(422, findings)
    rubric = checked.compile()
    kept = _rubrics.setdefault((rubric.id, rubric.version), rubric)
    if kept.digest != rubric.digest:
        raise HTTPException(409, "another text has this id and version: give it a new version")
    return {"id": rubric.id, "version": rubric.version, "digest": rubric.digest, "findings": findings}


@app.get("/rubrics/{name}/{version}/schema")
def schema(name: str, version: str) -> dict[str, Any]:
    """The JSON Schema of a submission."""
    return _rubric(name, version).json_schema()


@app.post("/rubrics/{name}/{version}/score")
def score(name: str, version: str, submission: dict[str, Any], language: Language = None) -> dict[str, Any]:
    """The whole result; a faulty submission is answered with every problem and its place."""
    rubric = _rubric(name, version)
    try:
        return rubric.evaluate(submission).to_dict()
    except SubmissionError as error:
        speak = language or rubric.language
        problems = [
            {"path": one.path, "code": one.code, "message": one.message(speak), "help": one.help_text(speak)}
            for one in error.problems
        ]
        raise HTTPException(422, problems) from None


@app.post("/rubrics/{name}/{version}/explain")
def explain(name: str, version: str, submission: dict[str, Any], language: Language = None) -> dict[str, str]:
    """Why, for people."""
    try:
        result = _rubric(name, version).evaluate(submission)
    except SubmissionError as error:
        raise HTTPException(422, str(error)) from None
    return {"text": result.explain(language=language)}


def _rubric(name: str, version: str) -> CompiledRubric:
    found = _rubrics.get((name, version))
    if found is None:
        raise HTTPException(404, "no such rubric")
    return found
