"""The real packages whose coroutines are judged: servers, clients, bots, agents, and their tests."""

from collections.abc import Iterator
from pathlib import Path

from tests.accuracy.packages import CACHE, sdist

PACKAGES = (
    ("aiobotocore", "3.10.0"),
    ("aiohttp", "3.14.5"),
    ("anyio", "4.16.0"),
    ("asyncpg", "0.32.0"),
    ("browser_use", "0.13.14"),
    ("chainlit", "2.12.0"),
    ("crawl4ai", "0.9.5"),
    ("discord_py", "2.7.1"),
    ("distributed", "2026.8.0"),
    ("fastapi", "0.165.0"),
    ("homeassistant", "2024.3.3"),
    ("httpx", "0.28.1"),
    ("jupyter_server", "2.21.1"),
    ("langchain_core", "1.8.2"),
    ("mcp", "2.3.0"),
    ("openai", "3.54.0"),
    ("openai_agents", "0.24.0"),
    ("prefect", "3.9.1"),
    ("python_telegram_bot", "22.8"),
    ("redis", "8.1.0"),
    ("sanic", "25.12.1"),
    ("starlette", "1.10.0"),
    ("textual", "8.2.8"),
    ("tornado", "6.6.1"),
    ("websockets", "17.4"),
)
_MAX_BYTES = 200_000
"""A longer file is generated, not written."""

_MAX_FILES = 60
"""How many files of one package are taken, evenly, so that no package outweighs the others."""


def folders() -> list[Path]:
    """Return the folders of the set, fetched when they are not there."""
    return [sdist(name, version) for name, version in PACKAGES]


def python_files() -> Iterator[tuple[str, Path]]:
    """Yield the Python files of the set that hold a coroutine, with their path below the set."""
    for folder in folders():
        found = [each for each in sorted(folder.rglob("*.py")) if _is_asynchronous(each)]
        step = -(-len(found) // _MAX_FILES) or 1
        for file in found[::step]:
            yield file.relative_to(CACHE / "pypi").as_posix(), file


def _is_asynchronous(file: Path) -> bool:
    if not file.is_file() or file.stat().st_size > _MAX_BYTES:
        return False
    return b"async def" in file.read_bytes()
