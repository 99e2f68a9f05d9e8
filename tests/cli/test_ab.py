"""``skills-lsp ab``: a whole test from a terminal."""


def test_a_test_from_beginning_to_end(cli):
    said = cli("ab", "create", "model", "--control", "old", "--treatment", "new",
               "--metric", "completion", "--metric", "rating", "--min-sample-size", "10")  # fmt: skip
    assert said.out.startswith("model runs: old against new, with 10 users of each at least.")
    group = cli("ab", "assign", "model", "ann", "--json").json
    assert cli("ab", "assign", "model", "ann", "--json").json == group
    assert group["strategy"] == {"control": "old", "treatment": "new"}[group["group"]]
    recorded = cli("ab", "record", "model", "summarise", "--user", "ann", "--ok", "--rating", "4")
    assert recorded.out == "Recorded for model: summarise, done.\n"
    (listed,) = cli("ab", "list", "--json").json
    assert listed[f"{group['group']}_outcomes"] == 1
    found = cli("ab", "analyse", "model", "--json").json
    assert found["analyses"]["rating"][group["group"]]["mean"] == 4
    assert found["message"].startswith("model (old against new): too early to say.")
    assert "model is stopped" in cli("ab", "stop", "model").out
    again = cli("ab", "record", "model", "summarise", "--ok")
    assert (again.code, again.out) == (2, "")
    assert again.err == "skills-lsp: The test 'model' takes no outcome: it is not running.\n"


def test_what_is_wrong_is_told_in_a_sentence(cli):
    assert "There is no A/B test yet." in cli("ab", "stop", "x").err
    assert "between 0 and 1" in cli("ab", "create", "x", "--ratio", "2").err
    assert "Say how it ended" in cli("ab", "record", "x", "s").err
    assert cli("ab", "list").err.startswith("There is no A/B test yet. Start one with")
