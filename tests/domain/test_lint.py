from consent.domain import lint
from tests.factories import make_notice, purpose, text

DOUBTFUL = text("The best experience.")


def test_a_fault_is_no_warning_and_a_warning_no_fault():
    title = text("Strictly necessary")
    made = make_notice(purposes=[purpose("a", title=title, description=DOUBTFUL)])

    faults = [path for path, _ in lint.faults(made) if path[0] == "purposes"]
    warnings = [path for path, _ in lint.warnings(made)]

    assert faults == [("purposes", 0, "title", "en")]
    assert warnings == [("purposes", 0, "description", "en")]
