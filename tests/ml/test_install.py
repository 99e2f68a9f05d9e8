"""A model is there whole or not at all, and only what was published is taken."""

import hashlib

import pytest

from skills_lsp.errors import ModelError
from skills_lsp.ml import install, models
from skills_lsp.ml.models import Remote

NETWORK, TOKENIZER = b"network" * 100, b"tokenizer"


def pinned(path, data):
    return Remote(path, hashlib.sha256(data).hexdigest(), len(data))


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A cache of the hub that holds what is 'published'."""
    network = pinned("onnx/model_tiny.onnx", NETWORK)
    monkeypatch.setattr(models, "official_network", lambda: network)
    monkeypatch.setattr(models, "TOKENIZER", pinned("tokenizer.json", TOKENIZER))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    name = f"models--{models.REPOSITORY.replace('/', '--')}"
    snapshot = tmp_path / "hub" / name / "snapshots" / models.REVISION
    (snapshot / "onnx").mkdir(parents=True)
    (snapshot / "onnx" / "model_tiny.onnx").write_bytes(NETWORK)
    (snapshot / "tokenizer.json").write_bytes(TOKENIZER)
    return snapshot


def test_the_cache_of_the_hub_is_enough(hub, tmp_path):
    model = install.install(tmp_path / "models")
    assert model == models.installed(tmp_path / "models")
    assert models.damage(model) == ""
    assert model.description.made_by == "the hub's cache"
    assert model.id.startswith("all-MiniLM-L6-v2-tiny-")


def test_what_is_installed_and_whole_is_not_made_again(hub, tmp_path):
    first = install.install(tmp_path / "models")
    (hub / "tokenizer.json").unlink()
    assert install.install(tmp_path / "models") == first


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_damaged_model_is_mended(hub, tmp_path, name):
    first = install.install(tmp_path / "models")
    (first.folder / name).write_bytes(b"damaged")
    assert models.damage(first) == f"{name} is not the file that was installed"
    assert models.damage(install.install(tmp_path / "models")) == ""


def test_a_swapped_file_is_refused_and_the_old_model_stays(hub, tmp_path):
    first = install.install(tmp_path / "models")
    (hub / "onnx" / "model_tiny.onnx").write_bytes(b"evil")
    with pytest.raises(ModelError, match="is not the file that the hub published"):
        install.from_hub_cache(tmp_path / "models")
    assert models.installed(tmp_path / "models") == first
    assert [it.name for it in (tmp_path / "models").iterdir()] == ["current"]


def test_where_no_way_leads_to_a_model_each_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "nothing"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(install, "_PACKAGE", "no_such_package")
    with pytest.raises(ModelError) as told:
        install.install(tmp_path / "models")
    for part in ("cache does not hold", "HF_HUB_OFFLINE forbids", "No weights are on this disk"):
        assert part in str(told.value)
    assert models.installed(tmp_path / "models") is None


def test_weights_that_were_not_published_are_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"evil")
    with pytest.raises(ModelError, match="does not hold the published weights"):
        install.build(tmp_path / "models", weights=tmp_path)


@pytest.mark.parametrize("endpoint", ["http://hub.example", "file:///etc"])
def test_an_unsafe_address_is_refused(hub, tmp_path, monkeypatch, endpoint):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    with pytest.raises(ModelError, match="must be an https address"):
        install.from_hub(tmp_path / "models")


def test_an_interrupted_install_leaves_the_old_model(hub, tmp_path):
    first = install.install(tmp_path / "models")

    def interrupt(_what, _share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        install.from_hub_cache(tmp_path / "models", interrupt)
    assert models.installed(tmp_path / "models") == first
    assert [it.name for it in (tmp_path / "models").iterdir()] == ["current"]


def test_a_replacement_that_never_came_is_undone(hub, tmp_path):
    first = install.install(tmp_path / "models")
    first.folder.rename(tmp_path / "models" / "old-making-x")
    with models.being_made(tmp_path / "models") as made:
        assert models.installed(tmp_path / "models") == first
        (made / "model.onnx").write_bytes(NETWORK)


def test_a_disk_that_refuses_is_told(hub, tmp_path):
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match="The model cannot be written below"):
        install.install(tmp_path / "models")


def test_removing_says_whether_there_was_one(hub, tmp_path):
    install.install(tmp_path / "models")
    assert models.remove(tmp_path / "models")
    assert not models.remove(tmp_path / "models")
    assert models.installed(tmp_path / "models") is None


def fine_tuned(models_folder):
    """Put a candidate beside the model in use, as a training does."""
    with models.being_made(models_folder, "candidate") as made:
        (made / "model.onnx").write_bytes(b"tuned")
        (made / "tokenizer.json").write_bytes(TOKENIZER)
        return models.describe(made, "tuned-1", "60 picks").id


def test_a_candidate_is_used_where_a_test_asks_for_it_and_nowhere_else(hub, tmp_path):
    folder = tmp_path / "models"
    first = install.install(folder)
    fine_tuned(folder)
    assert models.chosen(folder, "tuned-1").id == "tuned-1"
    assert models.chosen(folder, "") == first
    assert models.chosen(folder, "of-an-older-test") == first


def test_a_candidate_that_was_taken_can_be_given_back(hub, tmp_path):
    folder = tmp_path / "models"
    first = install.install(folder)
    fine_tuned(folder)
    assert models.adopt(folder).id == "tuned-1"
    assert (models.installed(folder).id, models.candidate(folder)) == ("tuned-1", None)
    assert models.revert(folder).id == first.id
    with pytest.raises(ModelError, match="No other model was in use before"):
        models.revert(folder)


def test_a_candidate_can_be_dropped(hub, tmp_path):
    folder = tmp_path / "models"
    first = install.install(folder)
    fine_tuned(folder)
    assert models.revert(folder) == first
    assert models.candidate(folder) is None
    with pytest.raises(ModelError, match="no fine-tuned model"):
        models.adopt(folder)


def test_few_picks_teach_nothing(tmp_path):
    picks = [("sort this", "ruff-fix")] * 49 + [("sort this", "a-skill-that-is-gone")] * 10
    with pytest.raises(ModelError, match="49 picks of a suggestion"):
        install.train(tmp_path, {"ruff-fix": "Fix what ruff finds"}, picks)
