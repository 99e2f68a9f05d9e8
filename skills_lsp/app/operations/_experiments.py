"""What the operations about A/B tests share: finding a test, and instants as people write them."""

from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TypeVar

from skills_lsp.app.app import App
from skills_lsp.domain.experiment import Experiment
from skills_lsp.errors import StoreError, UsageError
from skills_lsp.store import Store, ab, users

T = TypeVar("T")
_NOTHING: tuple[Experiment, ...] = ()


async def all_tests(app: App) -> tuple[Experiment, ...]:
    """Return all tests, the newest first."""
    return await app.stored(lambda store: store.query(ab.experiments, _NOTHING), _NOTHING)


async def experiment_named(app: App, name: str) -> Experiment:
    """Return a test by its name; without one the newest that there is."""
    tests = await all_tests(app)
    found = next((it for it in tests if name in ("", it.name)), None)
    if found is not None:
        return found
    if not tests:
        raise UsageError(
            "no-test", "There is no A/B test yet.", "Start one: skills-lsp ab create NAME"
        )
    names = [it.name for it in tests]
    near = get_close_matches(name, names, 1)
    hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names[:10])}."
    raise UsageError("unknown-test", f"There is no A/B test {name[:80]!r}.", hint)


async def change(app: App, body: Callable[[Store], T]) -> T:
    """Write something that the user asked for; say why when it cannot be."""
    store = app.store
    if store is None:
        raise StoreError("no-store", "Nothing can be kept: the database is not open.")
    return await app.on_store_thread(body, store)


async def take_up(app: App) -> None:
    """Let the ranking follow what has changed."""
    if app.upkeep is not None:
        await app.upkeep.experiments.refresh()


def participant(store: Store, user: str) -> str:
    """Return the id of a user by name; without one, of whoever runs this."""
    return users.user_id(users.key_of(store.path), user or users.own_name())


def instant(name: str, given: str, otherwise: datetime | None) -> datetime | None:
    """Return an instant from ISO-8601; without a zone it is UTC."""
    if not given:
        return otherwise
    try:
        at = datetime.fromisoformat(given)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        message = f"{name} is no date: {given[:40]!r}. Write 2026-01-31, or 2026-01-31T09:30."
        raise UsageError("bad-date", message) from error
