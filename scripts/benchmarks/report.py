"""Tables, JSON, a plot and the section of the page about speed from what was measured."""
from __future__ import annotations

import json
import platform
import re
import statistics
import subprocess
import time
from pathlib import Path

from measure import CHANNELS_LAST, FIRST_EDIT, OURS_DEFAULT
from rows import QUICK_LINE, Row, all_rows
from workers import DIFFUSERS, OURS, BenchmarkError, physical_cores

BEGIN, END = "<!-- written by scripts/benchmark -->", "<!-- end of benchmark -->"  # two dashes inside a comment end the site


def machine() -> dict:
    """What numbers depend on."""
    name = platform.processor() or platform.machine()
    flags = ""
    try:
        lines = subprocess.run(["lscpu"], capture_output=True, text=True, check=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout.splitlines()
        facts = {line.split(":")[0].strip(): line.split(":", 1)[1].strip() for line in lines if ":" in line}
        name, flags = facts.get("Model name", name), facts.get("Flags", "")
    except (OSError, subprocess.CalledProcessError):
        pass
    fast = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags.split()]
    return {"cpu": name, "cores": physical_cores(), "instructions": fast, "system": platform.platform()}


def commit(root: Path) -> str:
    try:
        return subprocess.run(["git", "-C", str(root), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


class Results:
    """All records of this machine so far, the latest of each name; kept in a JSON file."""

    def __init__(self, file: Path):
        self.file = file
        self.data = {"machine": machine(), "rows": {}}
        if file.exists():
            old = json.loads(file.read_text())
            if old.get("machine", {}).get("cpu") == self.data["machine"]["cpu"]:
                self.data.update({part: old[part] for part in ("rows", "peers", "account", "growth") if part in old})

    def add(self, records: list[dict], revision: str) -> None:
        for record in records:
            self.data["rows"][record["name"]] = dict(record, date=time.strftime("%Y-%m-%d"), commit=revision)
        self.write()

    def keep(self, part: str, name: str, found) -> None:
        """An account, a growth table or a contest of peers."""
        self.data.setdefault(part, {})[name] = found
        self.write()

    def write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps(self.data, indent=1))

    def records(self, names=None) -> list[dict]:
        """In the order of the rows, stages before their whole."""
        order = {row.name: i for i, row in enumerate(all_rows())}
        found = [r for r in self.data["rows"].values() if names is None or r["name"].split(".")[0] in names]
        return sorted(found, key=lambda r: (order.get(r["name"].split(".")[0], len(order)), "." not in r["name"]))


def median(record: dict, contestant: str) -> float | None:
    takes = record["seconds"].get(contestant)
    return statistics.median(takes) if takes else None


def base(record: dict) -> float | None:
    """diffusers' better setting; for a second edit, the first one."""
    known = [median(record, name) for name in (DIFFUSERS, CHANNELS_LAST, FIRST_EDIT)]
    return min((seconds for seconds in known if seconds is not None), default=None)


def ratio(record: dict, contestant: str) -> float | None:
    seconds, reference = median(record, contestant), base(record)
    return reference / seconds if seconds and reference else None


def fastest_ratio(record: dict) -> float | None:
    """The same of the fastest take of each, which other work on the machine disturbs least."""
    fastest = {name: min(takes) for name, takes in record["seconds"].items() if takes}
    ours = fastest.get(OURS) or fastest.get(OURS_DEFAULT)
    theirs = [fastest[name] for name in (DIFFUSERS, CHANNELS_LAST, FIRST_EDIT) if name in fastest]
    return min(theirs) / ours if ours and theirs else None


def text(value: float | None, form: str = "{:.2f}") -> str:
    return "" if value is None else form.format(value)


def megabytes(memory: dict | None) -> str:
    return f"{memory['anonymous'] / 2 ** 20:.0f} + {memory['file'] / 2 ** 20:.0f}" if memory else ""


def agreement(record: dict) -> str:
    """How far results differ."""
    if record.get("difference") is None:
        return ""
    return f"{100 * record['difference']:.1f}% of pixels" if record["difference kind"] == "pixels" else f"{record['difference']:.0e}"


COLUMNS = (
    ("", lambda r: r["title"]),
    ("ours", lambda r: text(median(r, OURS))),
    ("ours, default", lambda r: text(median(r, OURS_DEFAULT))),
    ("diffusers", lambda r: text(median(r, DIFFUSERS) or median(r, FIRST_EDIT))),
    ("channels_last", lambda r: text(median(r, CHANNELS_LAST))),
    ("ratio", lambda r: text(ratio(r, OURS))),
    ("ratio, default", lambda r: text(ratio(r, OURS_DEFAULT))),
    ("ratio of fastest", lambda r: text(fastest_ratio(r))),
    ("difference", agreement),
    ("memory ours", lambda r: megabytes(r["memory"].get(OURS) or r["memory"].get(OURS_DEFAULT))),
    ("memory diffusers", lambda r: megabytes(r["memory"].get(DIFFUSERS) or r["memory"].get(CHANNELS_LAST))),
)


def table(records: list[dict], columns=COLUMNS) -> str:
    return markdown([[name for name, _ in columns]] + [[cell(record) for _, cell in columns] for record in records])


def markdown(lines: list[list[str]]) -> str:
    """A table that can be read as it is; the first line is that of the headings."""
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    padded = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    padded.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(padded)


def quick_line(results: Results) -> str:
    return ", ".join(f"{title}: {text(ratio(results.data['rows'][name], OURS))}" for title, name in QUICK_LINE)


def put_into_page(page: Path, body: str) -> None:
    """Replaces what stands between the two markers."""
    old = page.read_text()
    if BEGIN not in old or END not in old:
        raise BenchmarkError(f"{page} has no lines '{BEGIN}' and '{END}'; put them where the table should stand.")
    pattern = re.escape(BEGIN) + ".*?" + re.escape(END)
    page.write_text(re.sub(pattern, lambda _: f"{BEGIN}\n{body}\n{END}", old, flags=re.S))


PAGE_COLUMNS = tuple(column for column in COLUMNS if not column[0].startswith("memory"))


def speed_text(speeds: dict[str, list[float]]) -> str:
    return ", ".join(f"{dtype} {least:.0f} to {most:.0f} GFLOP/s" for dtype, (least, most) in speeds.items())


def widest(speeds: list[dict[str, list[float]]]) -> dict[str, list[float]]:
    """The range over all ranges."""
    dtypes = {dtype for speed in speeds for dtype in speed}
    return {d: [min(s[d][0] for s in speeds if d in s), max(s[d][1] for s in speeds if d in s)] for d in sorted(dtypes, reverse=True)}


def page_body(results: Results) -> str:
    """The table of all results with machine and date, and what was accounted for."""
    from account import account_table, growth_table
    from peers import peers_table
    about = results.data["machine"]
    records = results.records()
    days = sorted({r["date"] for r in records})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    speeds = speed_text(widest([r["probe"] for r in records if r.get("probe")]))
    body = [f"{about['cpu']} ({', '.join(about['instructions'])}), {about['cores']} cores, {when}. Median seconds. During the runs matrix products of "
            f"2048 x 2048 in torch reached {speeds}: so unsteady is the machine.", table(records, PAGE_COLUMNS)]
    body += [account_table(found) for found in results.data.get("account", {}).values()]
    body += [f"SD 1.5 {dtype}: how cost grows, a unit being an equal amount of pixels, batch, maps or steps\n\n{growth_table(found)}"
             for dtype, found in results.data.get("growth", {}).items()]
    if results.data.get("peers"):
        body.append(f"A UNet call in every engine, one call of each in turn, with the same weights and threads\n\n{peers_table(list(results.data['peers'].values()))}")
    return "\n\n".join(part.strip() for part in body)
