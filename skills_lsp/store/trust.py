"""Trust in folders: by path and by the hash of what the user saw there."""

import apsw

from skills_lsp.errors import StoreError
from skills_lsp.store.database import rows


def trust(db: apsw.Connection, folder: str, digest: str, at: str) -> None:
    """Remember that the folder's contents with that hash may run; an older hash is forgotten."""
    if not (_is_storable(folder) and _is_storable(digest)):
        # Mending the name could make two folders one, so such a folder is never trusted.
        raise StoreError("bad-folder", "A folder with such a name cannot be trusted for good.")
    db.execute(
        "INSERT INTO trusted_folders (folder, digest, trusted_at) VALUES (?, ?, ?)"
        " ON CONFLICT (folder) DO UPDATE SET digest = excluded.digest,"
        " trusted_at = excluded.trusted_at",
        (folder, digest, at),
    )


def is_trusted(db: apsw.Connection, folder: str, digest: str) -> bool:
    """Say whether exactly these contents of this folder were trusted."""
    if not (_is_storable(folder) and _is_storable(digest)):
        return False
    query = "SELECT 1 FROM trusted_folders WHERE folder = ? AND digest = ?"
    return bool(rows(db, query, (folder, digest)))


def distrust(db: apsw.Connection, folder: str) -> None:
    """Forget the folder, whatever its contents."""
    if _is_storable(folder):
        db.execute("DELETE FROM trusted_folders WHERE folder = ?", (folder,))


def _is_storable(value: str) -> bool:
    """Say whether SQLite gives the text back as it is."""
    if not value or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
