"""The one door to SQLite: history, shortcuts, trust, and the lexical index.

Every method of :class:`Store` may be called from any thread. Those that write wait for the disk
(about a third of a millisecond, up to two seconds when another program holds the lock), so a server
calls them on a thread of their own; those that only read use a connection of the calling thread and
wait for nobody.
"""

from skills_lsp.store.store import Store

__all__ = ["Store"]
