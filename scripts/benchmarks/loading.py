#!/usr/bin/env python3
"""Loading of a full-size SD 1.5 folder (fp16, random weights) by ours and by diffusers: seconds, and peak resident memory.

Each line is a process of its own that opens the folder (load), reads every weight once (weights) and makes an image of
64 x 64 pixels in one step (image). Anonymous pages are memory that only this process has; file pages are those of mapped files,
which the system can take back. "before" is what the process has with PyTorch loaded and no model. The files lie in the page
cache. MiB throughout.
"""
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from report import table
from workers import DIFFUSERS, OURS, BenchmarkError, Workers, physical_cores, resident

STAGES = {"load": {}, "weights": {}, "image": {"target": "a zebra", "steps": 1, "side": 64, "seed": 1, "layout": "default"}}


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="scripts/benchmark-loading", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="model folders (default: CACHE/models/sd15-fp16)")
    p.add_argument("--dtypes", default="float32,float16,bfloat16", help="types to compute in, with commas between")
    p.add_argument("--threads", type=int, metavar="N", help="threads of both sides (default: physical cores)")
    for hidden in ("--cache", "--java", "--class-path"):
        p.add_argument(hidden, help=argparse.SUPPRESS)
    return p


def measure(workers: Workers, side: str, folder: Path, dtype: str) -> dict:
    """Seconds and peak memory of each stage."""
    worker = workers.start(side)
    try:
        worker.ask(op="start")
        found = {"side": side, "folder": folder.name, "dtype": dtype, "before": resident(worker.process.pid)}
        for op, job in STAGES.items():
            found[op] = worker.ask(op=op, model=str(folder), dtype=dtype, **job)
        return found
    finally:
        worker.close()


def mib(memory: dict) -> str:
    return f"{memory['anonymous'] / 2 ** 20:.0f} + {memory['file'] / 2 ** 20:.0f}"


COLUMNS = (
    ("", lambda r: f"{r['folder']}, {r['dtype']}, {r['side']}"),
    ("load s", lambda r: f"{r['load']['seconds']['whole']:.2f}"),
    ("weights s", lambda r: f"{r['weights']['seconds']['whole']:.2f}"),
    ("image s", lambda r: f"{r['image']['seconds']['whole']:.2f}"),
    ("before", lambda r: mib(r["before"])),
    ("load", lambda r: mib(r["load"]["memory"])),
    ("weights", lambda r: mib(r["weights"]["memory"])),
    ("image", lambda r: mib(r["image"]["memory"])),
)


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    cache = Path(options.cache)
    folders = options.folders or [cache / "models" / "sd15-fp16"]
    try:
        for folder in folders:
            if not (folder / "model_index.json").is_file():
                raise BenchmarkError(f"There is no model in {folder}; make one with scripts/benchmark --make-models sd15-fp16.")
        with Workers(options.java, options.class_path, cache, options.threads or physical_cores()) as workers:
            found = [measure(workers, side, folder.resolve(), dtype) for folder in folders for dtype in options.dtypes.split(",") for side in (OURS, DIFFUSERS)]
        print(table(found, COLUMNS))
        return 0
    except BenchmarkError as e:
        print(e, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
