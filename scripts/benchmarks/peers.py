"""UNet calls of all engines in turn: ours, diffusers, torch.compile and OpenVINO on the same weights, as a table."""
from __future__ import annotations

import os
import statistics
import time

from measure import CHANNELS_LAST, LAYOUTS, OURS_DEFAULT, Contestant, Measurement, difference, name_of, result_of, title_of
from report import markdown, text
from rows import PARITY, Row
from workers import COMPILE, DIFFUSERS, OPENVINO, OURS

TITLES = {OURS: "ours", OURS_DEFAULT: "ours, default", DIFFUSERS: "diffusers", CHANNELS_LAST: "channels_last", COMPILE: "torch.compile", OPENVINO: "OpenVINO"}


def contestants_of(row: Row) -> list[Contestant]:
    """torch.compile, which takes minutes for each shape, is left out of pipelines, whose batches have several."""
    peers = (OPENVINO,) if row.is_pipeline else (COMPILE, OPENVINO)
    return [*map(Contestant.ours, row.modes), *map(Contestant.theirs, LAYOUTS), *(Contestant(peer, peer, layout=LAYOUTS[0]) for peer in peers)]


def contest(measurement: Measurement, row: Row) -> dict[str, dict]:
    """By stage: seconds of each engine, a call of each in turn, what its first call took, and how far its result is from diffusers'."""
    contestants = contestants_of(row)
    job, first, takes, loads = measurement.inputs.job(row, 1), {}, {c.name: [] for c in contestants}, [os.getloadavg()[0]]
    for contestant in contestants:
        first[contestant.name] = measurement.ask(contestant, row, job)["seconds"]
        measurement.ask(contestant, row, job)
        measurement.say(f"{row.name}: {contestant.name} is ready ({first[contestant.name]['whole']:.1f} s)")
    for _ in range(row.rounds):
        loads.append(os.getloadavg()[0])
        for contestant in contestants:
            takes[contestant.name].append(measurement.ask(contestant, row, job)["seconds"])

    def found(stage: str) -> dict:
        result = result_of(row, stage)
        theirs = measurement.result(DIFFUSERS, result)
        differences = {name: difference(measurement.result(name, result), theirs, result == "mask") for name in takes if name not in (DIFFUSERS, OURS_DEFAULT)}
        return {"title": title_of(row, stage), "seconds": {name: [take[stage] for take in all_] for name, all_ in takes.items()},
                "first": {name: seconds[stage] for name, seconds in first.items()}, "difference": differences, "load": [min(loads), max(loads)], "date": time.strftime("%Y-%m-%d")}

    return {name_of(row, stage): found(stage) for stage in first[OURS]}


def best_of_peers(found: dict, of) -> float:
    return min(of(takes) for name, takes in found["seconds"].items() if name not in (OURS, OURS_DEFAULT))


def row_cells(found: dict) -> list[str]:
    seconds, far, first = found["seconds"], found["difference"], found["first"]
    cells = [found["title"]] + [text(statistics.median(seconds[name])) if name in seconds else "" for name in TITLES]
    cells += [text(best_of_peers(found, of) / of(seconds[OURS])) for of in (statistics.median, min)]
    cells += [", ".join(text(first[name], "{:.0f}") for name in (OURS, DIFFUSERS, COMPILE, OPENVINO) if name in first)]
    cells += [", ".join(f"{far[name]:.0e}" for name in (OURS, COMPILE, OPENVINO) if far.get(name) is not None)]
    return cells + [f"{found['load'][0]:.0f} to {found['load'][1]:.0f}"]


def peers_table(rows: list[dict]) -> str:
    """Median seconds of a call; ratios of the fastest peer to ours, which does the same work."""
    headings = ["", *TITLES.values(), "best peer / ours", "of fastest takes", "first call: ours, diffusers, torch.compile, OpenVINO",
                "difference to diffusers: ours, torch.compile, OpenVINO (of masks: part of the pixels)", "load of the machine"]
    return markdown([headings, *map(row_cells, rows)])
