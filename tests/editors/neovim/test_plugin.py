"""The plugin's main job, in real Neovims."""

import pytest

from tests.editors.expectations import check_recorded
from tests.editors.neovim.plugin import run_script, versions
from tests.editors.session import FAILING_LINE, FAILURE, Session

pytestmark = pytest.mark.editor


@versions
def test_lens_run_menu_rerun_search_and_reports(session: Session, version) -> None:
    seen = run_script(session, version, "main_job")

    assert seen["root"] == str(session.project)
    [diagnostic] = seen["diagnostics"]
    assert diagnostic["line"] == FAILING_LINE
    assert FAILURE in diagnostic["message"]
