"""What a dashboard draws: each chart is plain data of one shape, whatever the report.

A chart has ``kind``, ``title``, ``labels`` (of the x axis), ``series`` (each a ``name`` and as many
``values`` as there are labels; None where nothing is known), and ``unit`` of the values.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Value = float | int | None


def bars(
    title: str, labels: Sequence[str], series: Mapping[str, Sequence[Value]], unit: str = ""
) -> dict[str, Any]:
    """Return a chart with one bar for each label and series."""
    return _chart("bar", title, labels, series, unit)


def lines(
    title: str, labels: Sequence[str], series: Mapping[str, Sequence[Value]], unit: str = ""
) -> dict[str, Any]:
    """Return a chart with one line for each series; labels are instants or numbers in their order."""
    return _chart("line", title, labels, series, unit)


def heat(
    title: str, labels: Sequence[str], series: Mapping[str, Sequence[Value]], unit: str = ""
) -> dict[str, Any]:
    """Return a map with one row for each series and one column for each label."""
    return _chart("heatmap", title, labels, series, unit)


def _chart(
    kind: str, title: str, labels: Sequence[str], series: Mapping[str, Sequence[Value]], unit: str
) -> dict[str, Any]:
    rows = [{"name": name, "values": [*values]} for name, values in series.items()]
    assert all(len(row["values"]) == len(labels) for row in rows), title
    return {"kind": kind, "title": title, "labels": [*labels], "series": rows, "unit": unit}
