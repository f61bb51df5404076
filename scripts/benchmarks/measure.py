"""Measures rows: both sides in turn, round by round, warm-up apart, and compares their results."""
from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from inputs import Inputs
from rows import DTYPES, PARITY, Row
from workers import DIFFUSERS, OURS, Workers, seconds_to_first_result

LAYOUTS = ("default", "channels_last")
OURS_DEFAULT, CHANNELS_LAST, FIRST_EDIT = "ours default", "channels_last", "first edit"
# Which result of a worker belongs to which stage.
RESULTS = {"mask": "mask", "invert": "noisy", "edit": "edited", "whole": "edited"}


def difference(ours: Path, theirs: Path, is_mask: bool) -> float | None:
    """Largest difference over the largest value; of a mask, the share of its pixels that differ."""
    if not ours.exists() or not theirs.exists():
        return None
    a, b = np.fromfile(ours, "<f4").astype(float), np.fromfile(theirs, "<f4").astype(float)
    if is_mask:
        return float(np.mean(a != b))
    return float(np.abs(a - b).max() / np.abs(b).max())


def result_of(row: Row, stage: str) -> str:
    """The name of the result of a stage."""
    return RESULTS[stage] if row.op == "diffedit" else "mask" if row.op == "mask" else "result"


def name_of(row: Row, stage: str) -> str:
    return row.name if stage == "whole" else f"{row.name}.{stage}"


def title_of(row: Row, stage: str) -> str:
    return row.title if stage == "whole" else f"{row.title.rsplit(',', 1)[0]}, {stage}, {row.side}x{row.side}"


class Contestant:
    """Who is timed: a side, with the mode or the memory layout that its jobs carry."""

    def __init__(self, name: str, side: str, **job):
        self.name, self.side, self.job = name, side, job

    @staticmethod
    def ours(mode: str) -> "Contestant":
        return Contestant(OURS if mode == PARITY else OURS_DEFAULT, OURS, mode=mode)

    @staticmethod
    def theirs(layout: str) -> "Contestant":
        return Contestant(DIFFUSERS if layout == "default" else CHANNELS_LAST, DIFFUSERS, layout=layout)


class Takes:
    """Seconds by stage, largest memory and last results of one contestant."""

    def __init__(self):
        self.seconds, self.memory = {}, {}

    def add(self, answer: dict) -> None:
        for stage, seconds in answer["seconds"].items():
            self.seconds.setdefault(stage, []).append(seconds)
        for kind, size in answer["memory"].items():
            self.memory[kind] = max(size, self.memory.get(kind, 0))


class Measurement:
    """Runs rows one after another on workers that keep their model from row to row."""

    def __init__(self, workers: Workers, cache: Path, say=lambda text: print(text, file=sys.stderr, flush=True)):
        self.workers, self.cache, self.say = workers, cache, say
        self.inputs = Inputs(cache / "inputs")
        self.better_layout = {}
        self.probes = []

    def run(self, row: Row) -> list[dict]:
        """One record for each stage of a row."""
        start, probes = time.perf_counter(), len(self.probes)
        takes = {"start": self.start, "again": self.again}.get(row.op, self.contest)(row)
        records = [dict(record, probe=self.machine_speed(probes)) for record in self.records(row, takes)]
        self.say(f"{row.name}: {time.perf_counter() - start:.0f} s")
        return records

    def machine_speed(self, since: int = 0) -> dict[str, list[float]]:
        """How steady the machine was: least and largest GFLOP/s of the probes so far, by element type."""
        taken = self.probes[since:]
        return {dtype: [min(p[dtype] for p in taken), max(p[dtype] for p in taken)] for dtype in taken[0]} if taken else {}

    def contestants(self, row: Row) -> list[Contestant]:
        """Ours in each mode, and diffusers in each layout; where a UNet call told which is the better one, only that for long runs."""
        layouts = LAYOUTS
        if row.op in ("mask", "diffedit", "image"):
            layouts = self.better_layout.get((row.folder, row.side), LAYOUTS)
        if row.op == "text":
            layouts = LAYOUTS[:1]
        return [Contestant.ours(mode) for mode in row.modes] + [Contestant.theirs(layout) for layout in layouts]

    def contest(self, row: Row) -> dict[str, Takes]:
        contestants = self.contestants(row)
        takes = {c.name: Takes() for c in contestants}
        for contestant in contestants:
            self.warm(row, contestant)
        for round_ in range(row.rounds):
            self.probes.append(self.workers.of(DIFFUSERS).ask(op="probe")["seconds"])
            job = self.inputs.job(row, 100 + round_)
            for contestant in contestants:
                takes[contestant.name].add(self.ask(contestant, row, job))
        if row.op == "unet":
            best = min(LAYOUTS, key=lambda layout: statistics.median(takes[Contestant.theirs(layout).name].seconds["whole"]))
            self.better_layout[row.folder, row.side] = (best,)
        return takes

    def ask(self, contestant: Contestant, row: Row, job: dict) -> dict:
        worker = self.workers.of(contestant.side)
        worker.load(self.cache / "models" / row.folder, DTYPES[row.dtype])
        results = {name: str(self.result(contestant.name, name)) for name in ("result", *RESULTS.values())}
        return worker.ask(**job, **contestant.job, results=results)

    def result(self, contestant: str, name: str) -> Path:
        return self.inputs.folder / f"{contestant.replace(' ', '-')}-{name}.f32"

    def warm(self, row: Row, contestant: Contestant) -> None:
        """First calls, which load and pack weights: two of ours, one of diffusers', as few steps as there can be."""
        for name in ("result", *RESULTS.values()):
            self.result(contestant.name, name).unlink(missing_ok=True)
        job = self.inputs.job(row, 1)
        job.update({name: least for name, least in (("steps", 2), ("maps", 1)) if name in job})
        if row.quick and row.is_pipeline and (row.folder, row.side) in self.better_layout:
            return                                        # the UNet calls before were warm-up enough
        for _ in range(2 if contestant.side == OURS and not row.is_pipeline else 1):
            self.ask(contestant, row, job)

    def start(self, row: Row) -> dict[str, Takes]:
        """Fresh processes; a first round brings all files into the page cache."""
        self.workers.close()
        folder = self.cache / "models" / row.folder
        job = self.inputs.job(row, 1)
        takes = {}
        for round_ in range(row.rounds):
            for contestant in (Contestant.ours(PARITY), Contestant.theirs("default")):
                files = {"result": str(self.result(contestant.name, "result"))}
                answer = seconds_to_first_result(self.workers, contestant.side, folder, DTYPES[row.dtype], dict(job, **contestant.job, results=files))
                if round_ > 0:
                    takes.setdefault(contestant.name, Takes()).add(answer)
        return takes

    def again(self, row: Row) -> dict[str, Takes]:
        """Ours alone: an edit of a new image, then another target on the same image."""
        ours = Contestant.ours(row.job["mode"])
        row = replace(row, op="diffedit", job={name: value for name, value in row.job.items() if name != "mode"})
        self.warm(row, ours)
        takes = {ours.name: Takes(), FIRST_EDIT: Takes()}
        for round_ in range(row.rounds):
            job = self.inputs.job(row, 200 + round_)
            takes[FIRST_EDIT].add(self.ask(ours, row, job))
            takes[ours.name].add(self.ask(ours, row, dict(job, target=f"a zebra number {round_}", kept=True)))
        return takes

    def records(self, row: Row, takes: dict[str, Takes]) -> list[dict]:
        stages = next(iter(takes.values())).seconds
        return [self.record(row, stage, takes) for stage in stages]

    def record(self, row: Row, stage: str, takes: dict[str, Takes]) -> dict:
        result = result_of(row, stage)
        theirs = next((name for name in (DIFFUSERS, CHANNELS_LAST) if name in takes), None)
        record = {
            "name": name_of(row, stage),
            "title": title_of(row, stage),
            "seconds": {name: take.seconds[stage] for name, take in takes.items()},
            "memory": {name: take.memory for name, take in takes.items()},
            "difference": None,
        }
        if theirs and OURS in takes:
            record["difference"] = difference(self.result(OURS, result), self.result(theirs, result), result == "mask")
            record["difference kind"] = "pixels" if result == "mask" else "relative"
        return record
