"""Writes ``builtin/index.json`` anew: ``python -m skills_lsp.skills.indexing``."""

import json
import tomllib

from skills_lsp.skills.packaged import INDEX, files


def index_text() -> str:
    """Return what the index should hold now: one line a skill, so that a diff shows which."""
    entries = [
        {
            "name": path.stem,
            "size": path.stat().st_size,
            "data": tomllib.loads(path.read_text(encoding="utf-8")),
        }
        for path in files()
    ]
    rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    return f"[\n{rows}\n]\n"


if __name__ == "__main__":
    INDEX.write_text(index_text(), encoding="utf-8", newline="\n")
