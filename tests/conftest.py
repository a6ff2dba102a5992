"""What every test may use: the switch that rewrites golden files, and a calm profile for generated tests.

On a machine that sets ``CI`` the generated cases are the same at every run, so that a change is judged by what it
changed; everywhere else they are new each time, and go on looking.
"""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suite", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
# Tests read every rubric anew, and leave nothing in anybody's home; those of the cache say where it is.
os.environ["RUBRIC_CACHE"] = "off"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite golden files; read the difference")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be rewritten."""
    return bool(request.config.getoption("--update-golden"))
