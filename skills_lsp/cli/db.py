"""``skills-lsp db``: the database file, looked after by hand."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from skills_lsp.app.app import utc_now
from skills_lsp.app.folders import user_folders
from skills_lsp.app.plain import plain
from skills_lsp.cli.columns import columns, terminal_width
from skills_lsp.cli.groups import Group
from skills_lsp.errors import UsageError
from skills_lsp.reports.layout import ago, listed, plural
from skills_lsp.store import upkeep
from skills_lsp.store.upkeep import FileStatus, Loss, Moved

F = TypeVar("F", bound=Callable[..., Any])
_NAMED = 5  # forgotten skills that are named


def _database(function: F) -> F:
    return click.option(
        "--database",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Another database than your own.",
    )(function)


_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_YES = click.option("--yes", "-y", "is_sure", is_flag=True, help="Do not ask.")


@click.group("db", cls=Group)
def command() -> None:
    """Look after the database: its state, versions, backups and size.

    None of this is needed in daily use: servers make, migrate, back up and mend the database
    themselves.
    """


@command.command("status")
@_database
@click.option("--check", "is_checked", is_flag=True, help="Read the whole file for damage.")
@_AS_JSON
def status(database: Path | None, is_checked: bool, as_json: bool) -> None:
    """Show the file, its version, what it holds, its backups.

    Exit code 1: it cannot be used, or the check found something.
    """
    path = _path(database)
    found = upkeep.status(path)
    wrong = upkeep.check(path) if is_checked and found.is_there and not found.trouble else ()
    if as_json:
        more = {"problems": list(wrong)} if is_checked else {}
        click.echo(json.dumps({**plain(found), **more}))
    else:
        click.echo(status_text(found, utc_now()))
        if is_checked and found.is_there and not found.trouble:
            click.echo("\n" + ("\n".join(wrong) if wrong else "The check found nothing wrong."))
    if found.trouble or wrong:
        raise click.exceptions.Exit(1)


@command.command("migrate")
@_database
@click.option("--to", type=int, help="The version; the newest without it.")
@_AS_JSON
def migrate(database: Path | None, to: int | None, as_json: bool) -> None:
    """Bring the database up to the newest version, after a backup.

    Servers do so by themselves when they start.
    """
    _show_move(upkeep.migrate(_path(database), utc_now(), to), as_json=as_json)


@command.command("rollback")
@_database
@click.option("--to", type=int, help="The version to go back to; without it, one step.")
@click.option("--drop-everything", is_flag=True, help="Go back to 0: the history goes as well.")
@_YES
@_AS_JSON
def rollback(
    database: Path | None, to: int | None, drop_everything: bool, is_sure: bool, as_json: bool
) -> None:
    """Take migrations back, after a backup.

    This is for an older skills-lsp, which cannot read what a newer one made. The history of version 1 stays: every use, choice and shortcut. What later versions added goes
    with their tables. The next start of this skills-lsp brings the database up again.
    """
    path = _path(database)
    if drop_everything:
        _ask(is_sure, f"This deletes the whole history in {path}; a backup is made. Go on?")
    moved = upkeep.roll_back(path, utc_now(), to, drop_everything=drop_everything)
    _show_move(moved, as_json=as_json)


@command.command("backup")
@_database
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@_AS_JSON
def backup(database: Path | None, file: Path | None, as_json: bool) -> None:
    """Copy the database, while servers may use it, and check the copy.

    Without FILE the copy goes to the other backups, of which the newest five are kept.
    """
    made = upkeep.back_up(_path(database), utc_now(), file)
    size = made.stat().st_size
    _show({"backup": str(made), "size_bytes": size}, f"Made {made} ({_size(size)}).", as_json)


@command.command("restore")
@click.argument("backup_file", metavar="[BACKUP]", required=False)
@_database
@_YES
@_AS_JSON
def restore(backup_file: str | None, database: Path | None, is_sure: bool, as_json: bool) -> None:
    """Put a backup in the place of the database.

    What was there is kept beside it. BACKUP is a file, or a name that `skills-lsp db status` lists; the newest backup without it.
    """
    path = _path(database)
    source = _backup(path, backup_file)
    _ask(is_sure, f"Replace {path} by {source.name}? What is there now is kept beside it.")
    kept = upkeep.restore(path, source, utc_now())
    then = f" What was there is now {kept}." if kept else ""
    data = {"restored": str(source), "kept": str(kept) if kept else None}
    _show(data, f"Restored {source}.{then}", as_json)


@command.command("vacuum")
@_database
@_AS_JSON
def vacuum(database: Path | None, as_json: bool) -> None:
    """Write the file anew without the room that deleted rows left."""
    before, after = upkeep.vacuum(_path(database))
    sentence = f"{_size(before)} before, {_size(after)} now."
    _show({"before_bytes": before, "after_bytes": after}, sentence, as_json)


@command.command("prune")
@_database
@click.option(
    "--older-than",
    metavar="DAYS",
    type=click.IntRange(1, 36_500),
    help="Of how many days ago or more.",
)
@click.option("--before", metavar="DATE", help="From before a day (UTC), like 2026-01-31.")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
@_YES
@_AS_JSON
def prune(
    database: Path | None,
    older_than: int | None,
    before: str | None,
    dry_run: bool,
    is_sure: bool,
    as_json: bool,
) -> None:
    """Delete old uses, after a backup.

    Every count, rate and trend is from then on that of the uses that are left: old days vanish
    from reports, and a skill with no use left is forgotten. Choices, shortcuts and trust stay.
    """
    path, now = _path(database), utc_now()
    limit = _limit(older_than, before, now)
    lost = upkeep.loss(path, limit)
    if dry_run or not lost.n_uses:
        _show({**plain(lost), "is_done": False}, loss_text(lost, limit), as_json)
        return
    if not is_sure:
        click.echo(loss_text(lost, limit), err=True)
    _ask(is_sure, "Delete them? A backup is made first.")
    with click.progressbar(
        length=lost.n_uses, label="Deleting", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        n_pruned, kept = upkeep.prune(path, limit, now, lambda n: bar.update(n - bar.pos))
    sentence = (
        f"Deleted {plural(n_pruned, 'use')}; {_there(lost.n_left)} left. Backup: {kept}\n"
        "The room is used again by what comes; skills-lsp db vacuum gives it back."
    )
    _show(
        {**plain(lost), "n_deleted": n_pruned, "backup": str(kept), "is_done": True},
        sentence,
        as_json,
    )


def status_text(it: FileStatus, now: datetime) -> str:
    """Return the state of a database in lines."""
    if not it.is_there:
        return f"There is no database {it.path} yet. The first run of a skill makes it."
    if it.trouble:
        size = _size(it.size_bytes)
        return "\n".join((f"{it.path} ({size})", "", it.trouble, *_backup_lines(it, now)))
    waiting = f", {_size(it.log_bytes)} in its log" if it.log_bytes else ""
    free = f", {_size(it.free_bytes)} free" if it.free_bytes else ""
    lines = [
        it.path,
        f"Size      {_size(it.size_bytes)}{waiting}{free}",
        f"Version   {_version(it)}",
        f"Servers   {it.n_servers or 'none'}",
        f"Holds     {_contents(it, now)}",
    ]
    lines += [
        f"! Migration {step.version} ({step.name}) was another script when it ran here."
        for step in it.migrations
        if step.is_changed
    ]
    return "\n".join((*lines, *_backup_lines(it, now)))


def loss_text(it: Loss, limit: datetime) -> str:
    """Return what pruning takes away, in sentences."""
    day = limit.strftime("%Y-%m-%d %H:%M")
    if not it.n_uses:
        return f"Nothing ended before {day} UTC; nothing to delete."
    lines = [
        f"{plural(it.n_uses, 'use')} from before {day} UTC would go, of"
        f" {plural(it.n_sessions, 'session')}, the first of {it.first_at[:10]};"
        f" {_there(it.n_left)} left.",
        "Counts, rates and trends are then those of what is left.",
    ]
    if it.forgotten:
        some = [*it.forgotten[:_NAMED]]
        rest = len(it.forgotten) - len(some)
        names = listed([*some, *([f"{rest} more"] if rest else [])])
        lines.append(f"Forgotten altogether, as they were not used since: {names}.")
    return "\n".join(lines)


def _there(n: int) -> str:
    return f"{n} {'is' if n == 1 else 'are'}"


def _version(it: FileStatus) -> str:
    if it.version == it.newest_version:
        return f"{it.version}, the newest"
    if not it.version:
        return "none yet: the file is empty. skills-lsp db migrate"
    return f"{it.version} of {it.newest_version}. The next start brings it up, or: skills-lsp db migrate"


def _contents(it: FileStatus, now: datetime) -> str:
    if not it.n_uses:
        return "no use of a skill yet"
    running = f", {it.n_running:,} running" if it.n_running else ""
    return (
        f"{plural(it.n_uses, 'use')} of {plural(it.n_skills, 'skill')} in"
        f" {plural(it.n_sessions, 'session')} since {it.first_at[:10]}{running};"
        f" the last {ago(it.last_at, now)}"
    )


def _backup_lines(it: FileStatus, now: datetime) -> list[str]:
    if not it.backups:
        return ["", "No backup yet. Servers make one a day; or: skills-lsp db backup"]
    rows = [
        (one.name, ago(one.taken_at, now) if one.taken_at else "", _size(one.size_bytes))
        for one in it.backups
    ]
    table = columns(("Backup", "Made", "Size"), rows, numbers=(2,), width=terminal_width())
    return ["", table, "", "To go back to one: skills-lsp db restore NAME"]


def _show_move(moved: Moved, *, as_json: bool) -> None:
    kept = f" Backup: {moved.backup}" if moved.backup else ""
    sentence = (
        f"The database has version {moved.after} already; nothing to do."
        if moved.before == moved.after
        else f"The database went from version {moved.before} to {moved.after}.{kept}"
    )
    data = {
        "before": moved.before,
        "after": moved.after,
        "backup": str(moved.backup) if moved.backup else None,
    }
    _show(data, sentence, as_json)


def _show(data: dict[str, Any], sentence: str, as_json: bool) -> None:
    click.echo(json.dumps(data) if as_json else sentence)


def _path(database: Path | None) -> Path:
    return (database or user_folders().database).absolute()


def _backup(path: Path, name: str | None) -> Path:
    """Return the backup that is meant: by its name, as a file, or the newest."""
    known = upkeep.backups(path)
    if name is None:
        if not known:
            raise UsageError("no-backup", f"There is no backup of {path}.", "Name a file.")
        return Path(known[0].path)
    for it in known:
        if name in (it.name, it.name.removesuffix(".db")):
            return Path(it.path)
    return Path(name).absolute()


def _limit(older_than: int | None, before: str | None, now: datetime) -> datetime:
    if (older_than is None) == (before is None):
        raise UsageError("bad-limit", "Say how old: --older-than DAYS, or --before DATE.")
    if older_than is not None:
        return now - timedelta(days=older_than)
    try:
        limit = datetime.fromisoformat(before or "")
    except ValueError:
        message = f"{before!r} is no date."
        raise UsageError("bad-limit", message, "Write it like 2026-01-31.") from None
    limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)
    if limit > now:
        raise UsageError("bad-limit", f"{before} is in the future: everything would go.")
    return limit


def _ask(is_sure: bool, question: str) -> None:
    if is_sure:
        return
    if not sys.stdin.isatty():
        raise UsageError("not-sure", "Nobody can be asked here.", "Add --yes if that is meant.")
    click.confirm(question, abort=True, err=True)


def _size(n_bytes: int) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("kB", 1 << 10)):
        if n_bytes >= size:
            return f"{n_bytes / size:.1f} {unit}"
    return f"{n_bytes} bytes"
