"""The service in examples/ as its clients and authors meet it, and what an application builds on."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from rubric_engine import RubricError, check_text, compile_rubric, load_rubric

ROOT = Path(__file__).parents[1]
TEXT = """rubric "Tasks" id t.tasks
version 3
total 10 points

criterion 1 "Tasks done" 10 points
  input planned "Planned": count, at least 1
  input done "Done": count, at most planned
  score in proportion to done / planned
"""


@pytest.fixture
def client() -> Any:
    testing = pytest.importorskip("fastapi.testclient", reason="the service needs fastapi and httpx")
    spec = importlib.util.spec_from_file_location("scoring_service", ROOT / "examples" / "scoring-service" / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return testing.TestClient(module.app)


def published(client: Any, text: str = TEXT, **query: str) -> Any:
    return client.post("/rubrics", content=text, headers={"content-type": "text/plain"}, params=query)


def test_a_rubric_is_published_and_scores(client: Any) -> None:
    answer = published(client)
    assert answer.status_code == 201
    assert (answer.json()["id"], answer.json()["version"]) == ("t.tasks", "3")
    result = client.post("/rubrics/t.tasks/3/score", json={"inputs": {"planned": 4, "done": 3}})
    assert result.json()["total"]["published"] == "7.5"
    assert "7,5" in client.post(
        "/rubrics/t.tasks/3/explain", json={"inputs": {"planned": 4, "done": 3}}, params={"language": "vi"}
    ).json()["text"]
    assert client.get("/rubrics/t.tasks/3/schema").json()["properties"]["inputs"]["properties"].keys() == {
        "planned", "done",
    }  # fmt: skip


def test_a_wrong_rubric_is_a_422_with_places(client: Any) -> None:
    answer = published(client, TEXT.replace("total 10", "total 11"), language="vi")
    assert answer.status_code == 422
    (found,) = answer.json()["detail"]
    assert (found["code"], found["start"]["line"], found["severity"]) == ("RUB401", 3, "error")
    assert found["message"].startswith("`tổng điểm` ghi 11 điểm") or "11" in found["message"]


def test_another_text_needs_another_version(client: Any) -> None:
    assert published(client).status_code == 201
    assert published(client).status_code == 201
    assert published(client, TEXT.replace("Tasks done", "Tasks finished")).status_code == 409


def test_a_wrong_submission_is_a_422_with_paths(client: Any) -> None:
    published(client)
    answer = client.post(
        "/rubrics/t.tasks/3/score", json={"inputs": {"planned": 0, "doen": 3}}, params={"language": "vi"}
    )
    assert answer.status_code == 422
    assert [one["path"] for one in answer.json()["detail"]] == ["inputs.doen", "inputs.planned"]
    assert client.post("/rubrics/no/1/score", json={}).status_code == 404


# ---------------------------------------------------------------- what it stands on


def test_findings_are_data_in_the_language_asked_for() -> None:
    checked = check_text(TEXT.replace("criterion 1", "criterion 1."))
    for language in ("en", "vi"):
        (found,) = checked.findings(language)
        assert (found.code, found.line, found.column) == ("RUB109", 5, 12)
        assert found.mend is not None
        place = found.mend.place
        text = checked.source.text
        mended = text[: place.start.offset] + found.mend.replacement + text[place.end.offset :]
        assert check_text(mended).ok
    assert checked.findings("en")[0].message != checked.findings("vi")[0].message
    with pytest.raises(ValueError, match="there are: en, vi"):
        checked.findings("fr")
    with pytest.raises(RubricError) as caught:
        checked.compile()
    assert caught.value.findings("vi") == checked.findings("vi")


def test_a_finding_carries_its_submission() -> None:
    text = TEXT.replace("count, at least 1", "count")
    (found,) = check_text(text).findings()
    assert found.code == "RUB414"
    assert found.submission["inputs"] == {"planned": 0, "done": 0}
    assert found.to_dict()["severity"] == "error"


def test_what_was_checked_is_compiled_without_checking_again(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = check_text(TEXT)
    monkeypatch.setattr("rubric_engine.engine.check_text", None)
    rubric = checked.compile()
    assert rubric == compile_checked(TEXT, monkeypatch)
    assert (rubric.id, rubric.title, rubric.version) == ("t.tasks", "Tasks", "3")
    assert rubric.digest.startswith("sha256:")


def compile_checked(text: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.undo()
    return compile_rubric(text)


def test_a_language_without_words_is_refused() -> None:
    result = load_rubric(ROOT / "rubrics" / "health" / "cha2ds2-vasc.rubric").evaluate({"inputs": {}})
    with pytest.raises(ValueError, match="no words in 'fr'"):
        result.explain(language="fr")
