#!/usr/bin/env python3
"""Ours and diffusers 0.42.1 side by side: same weights, element type, threads and inputs, in turn, on full-size models with random weights.

Prints median seconds, memory (peak resident MiB: anonymous + file pages of each process) and how many times faster ours is
than diffusers' better setting (default layout or channels_last). "ours" does the same work as diffusers (parity mode),
"ours, default" follows the paper. "difference" is the largest difference of results over their largest value.

Results of all runs on this machine are kept in CACHE/results.json; --page writes them all.
"""
from __future__ import annotations

import argparse
import fnmatch
import sys
import time
from dataclasses import replace
from pathlib import Path

import rows as rows_module

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "src/site/markdown/speed.md"
PICTURE = ROOT / "src/site/resources/images/speed.png"


def parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(prog="scripts/benchmark", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--quick", action="store_true", help="six rows in less than ten minutes, with their ratios in the last line")
    p.add_argument("--only", metavar="ROWS", help="names of rows with commas between, * allowed, such as 'unet-*-256,text-*'")
    p.add_argument("--list", action="store_true", help="names and titles of all rows")
    p.add_argument("--account", action="store_true", help="where the time of a UNet call goes, for the UNet rows of --only (default: 256 and 512)")
    p.add_argument("--peers", action="store_true", help="UNet calls of torch.compile and OpenVINO beside diffusers' and ours, masks and edits of OpenVINO in diffusers' loop, for the rows of --only (default: UNets at 256 and 512); with --account OpenVINO's own account too")
    p.add_argument("--growth", choices=("fp32", "bf16"), metavar="TYPE", help="how cost grows with image size, batch, maps and steps, in fp32 or bf16")
    p.add_argument("--rounds", type=int, metavar="N", help="takes of each row (default: 1 to 5, by row)")
    p.add_argument("--threads", type=int, metavar="N", help="threads of both sides (default: physical cores)")
    p.add_argument("--json", type=Path, metavar="FILE", help="where results are kept (default: CACHE/results.json)")
    p.add_argument("--plot", type=Path, metavar="FILE", help="picture of the ratios (default: CACHE/results.png)")
    p.add_argument("--page", action="store_true", help="puts the table of all results so far into src/site/markdown/speed.md; measures nothing unless told to")
    p.add_argument("--make-models", nargs="*", metavar="NAME", help="makes models and ends: " + ", ".join(model_names()) + " (default: what the rows need)")
    for hidden in ("--cache", "--java", "--class-path"):
        p.add_argument(hidden, help=argparse.SUPPRESS)
    return p


def model_names() -> list[str]:
    from make_models import NAMES
    return NAMES


def chosen(options) -> list:
    """The rows to measure."""
    from workers import BenchmarkError
    if options.quick:
        found = rows_module.quick_rows()
    elif options.only:
        every = rows_module.all_rows()
        found = []
        for pattern in options.only.split(","):
            matching = [row for row in every if fnmatch.fnmatch(row.name, pattern.strip())]
            if not matching:
                raise BenchmarkError(f"No row is called '{pattern.strip()}'; scripts/benchmark --list names them.")
            found += [row for row in matching if row not in found]
    elif options.account or options.peers:
        found = [row for row in rows_module.all_rows() if row.op == "unet" and row.family == "sd15" and row.side < 768]
    elif options.page or options.growth:
        found = []
    else:
        found = [row for row in rows_module.all_rows() if "-short-" not in row.name]
    return [replace(row, rounds=options.rounds) for row in found] if options.rounds else found


def look_closer(options, found: list, results) -> None:
    """The account of UNet calls, their contest with other engines, or the table of growth."""
    from account import account, account_table, growth, growth_table
    from make_models import ensure
    from measure import Measurement
    from peers import contest, peers_table
    from plots import plot_growth, plot_peers
    from workers import Workers, physical_cores
    cache = Path(options.cache)
    unets = [row for row in found if row.op == "unet"]
    contests = [row for row in found if row.op in ("unet", "mask", "diffedit")] if options.peers else []
    ensure(cache, sorted({row.folder for row in unets + contests} | ({f"sd15-{options.growth}"} if options.growth else set())))
    with Workers(options.java, options.class_path, cache, options.threads or physical_cores()) as workers:
        measurement = Measurement(workers, cache)
        for row in contests:
            stages = contest(measurement, row)
            for name, found_ in stages.items():
                results.keep("peers", name, found_)
            print(peers_table(list(stages.values())))
        for row in unets if options.account else ():
            results.keep("account", row.name, account(measurement, row, options.peers))
            print(account_table(results.data["account"][row.name]))
        if contests:
            plot_peers(list(results.data["peers"].values()), cache / "peers.png", results.data["machine"])
        if options.growth:
            results.keep("growth", options.growth, growth(measurement, options.growth))
            print(growth_table(results.data["growth"][options.growth]))
            plot_growth(options.growth, results.data["growth"][options.growth], cache / f"growth-{options.growth}.png", results.data["machine"])


def measure(options, found: list, results) -> None:
    from make_models import ensure
    from measure import Measurement
    from report import commit, speed_text
    from workers import Workers, physical_cores
    cache = Path(options.cache)
    ensure(cache, sorted({row.folder for row in found}))
    revision = commit(ROOT)
    with Workers(options.java, options.class_path, cache, options.threads or physical_cores()) as workers:
        measurement = Measurement(workers, cache)
        for row in found:
            results.add(measurement.run(row), revision)
        if measurement.probes:
            print(f"Matrix products of 2048 x 2048 during the run: {speed_text(measurement.machine_speed())}.")


def report(options, found: list, results) -> None:
    from plots import plot
    from report import page_body, put_into_page, quick_line, table
    from workers import BenchmarkError
    cache = Path(options.cache)
    names = {row.name for row in found}
    if found:
        print(table(results.records(names)))
        try:
            file = options.plot or cache / "results.png"
            plot(results.records(), file, results.data["machine"])
            print(f"\nAll results so far: {results.file}, {file}")
        except ImportError:
            print(f"\nAll results so far: {results.file} (no plot: this Python has no matplotlib)")
    if options.page:
        if not results.records():
            raise BenchmarkError(f"{results.file} has no results to put into {PAGE.name}; run scripts/benchmark first.")
        plot(results.records(), PICTURE, results.data["machine"])
        put_into_page(PAGE, page_body(results))
        print(f"Wrote the table of {PAGE}")
    if options.quick:
        print("mask: the defaults; DiffEdit: 2 maps and 10 steps in place of 10 and 50, the same proportions of mask, inversion and edit.")
        print(quick_line(results))


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    if options.list:
        for row in rows_module.all_rows():
            print(f"{row.name:28} {row.title}")
        return 0
    from report import Results
    from workers import BenchmarkError
    try:
        for name in ("rounds", "threads"):
            if getattr(options, name) is not None and getattr(options, name) < 1:
                raise BenchmarkError(f"--{name} is {getattr(options, name)}; it must be 1 or more.")
        start = time.perf_counter()
        found = chosen(options)
        results = Results(options.json or Path(options.cache) / "results.json")
        if options.account or options.peers or options.growth:
            look_closer(options, found, results)
            return 0
        if found:
            measure(options, found, results)
            print(f"Measured {len(found)} rows in {time.perf_counter() - start:.0f} s.\n")
        report(options, found, results)
        return 0
    except BenchmarkError as e:
        print(e, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
