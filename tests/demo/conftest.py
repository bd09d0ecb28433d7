from pathlib import Path

import pytest

from app.gateways.survey_keys import SurveyKeys


@pytest.fixture
def keys(tmp_path: Path) -> SurveyKeys:
    return SurveyKeys(tmp_path / "survey")
