"""The real model, where it has been fetched: scripts/fetch_model.sh."""

import os
from pathlib import Path

import pytest

from skills_lsp.ml import models
from skills_lsp.ml.models import Model

MODELS = Path(__file__).parents[2] / ".cache" / "model" / "data" / "models"


@pytest.fixture(scope="session")
def model() -> Model:
    found = models.installed(MODELS)
    if found is None and not os.environ.get("SKILLS_LSP_REQUIRE_ALL"):
        pytest.skip("there is no model; scripts/fetch_model.sh brings it")
    assert found is not None, "there is no model; scripts/fetch_model.sh brings it"
    return found
