"""The two long-living processes of a benchmark, ours and diffusers', of which one works at a time, and what they take of memory."""
from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS, DIFFUSERS = "ours", "diffusers"
COMPILE, OPENVINO = "compile", "openvino"


class BenchmarkError(Exception):
    """Something that the user should read, in one sentence."""


def physical_cores() -> int:
    """Cores, not hyper-threads; as many as this process may use at most."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        listed = subprocess.run(["lscpu", "-p=Core,Socket"], capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        return allowed
    return max(1, min(allowed, len({line for line in listed if not line.startswith("#")})))


def resident(pid: int) -> dict[str, int]:
    """Resident bytes now: anonymous pages and those of mapped files. Empty where there is no /proc."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss")}
    return {"anonymous": sizes["RssAnon"], "file": sizes["RssFile"] + sizes["RssShmem"]} if "RssAnon" in sizes else {}


class PeakMemory:
    """The largest resident sizes of a process while the block runs, looked at every 20 ms."""

    def __init__(self, pid: int):
        self.pid, self.peak, self.done = pid, {}, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def watch(self):
        while True:
            for kind, size in resident(self.pid).items():
                self.peak[kind] = max(size, self.peak.get(kind, 0))
            if self.done.wait(0.02):
                return

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


class Worker:
    """A process that takes jobs as lines of JSON."""

    def __init__(self, side: str, command: list[str], threads: int, log: Path):
        self.side = side
        self.log = open(log, "a")
        environment = dict(os.environ, OMP_NUM_THREADS=str(threads), MKL_NUM_THREADS=str(threads), HF_HUB_OFFLINE="1")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True, env=environment)
        self.model = None

    def ask(self, **job) -> dict:
        """Does a job; the answer has `seconds` by stage and `memory`."""
        with PeakMemory(self.process.pid) as memory:
            try:
                self.process.stdin.write(json.dumps(job) + "\n")
                self.process.stdin.flush()
                line = self.process.stdout.readline()
            except BrokenPipeError:
                line = ""
        if not line:
            raise BenchmarkError(f"The {self.side} worker ended during {job['op']} (code {self.process.wait()}); see {self.log.name}.")
        answer = json.loads(line)
        if "error" in answer:
            raise BenchmarkError(f"The {self.side} worker could not do {job['op']}: {answer['error']}")
        return dict(answer, memory=memory.peak)

    def load(self, folder: Path, dtype: str) -> None:
        if self.model != (folder, dtype):
            self.ask(op="load", model=str(folder), dtype=dtype)
            self.model = (folder, dtype)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


class Workers:
    """Starts workers of both sides with the same number of threads."""

    def __init__(self, java: str, class_path: str, cache: Path, threads: int):
        self.commands = {
            OURS: [java, "-Djava.awt.headless=true", "-cp", class_path, "sc.fiji.diffedit.benchmark.BenchmarkWorker"],
            DIFFUSERS: [sys.executable, "-W", "ignore", str(HERE / "worker.py")],
            **{peer: [sys.executable, "-W", "ignore", str(HERE / "peer_worker.py"), peer] for peer in (COMPILE, OPENVINO)},
        }
        self.cache, self.threads, self.running = cache, threads, {}

    def with_threads(self, threads: int) -> "Workers":
        """Others of the same kind."""
        others = copy.copy(self)
        others.threads, others.running = threads, {}
        return others

    def start(self, side: str) -> Worker:
        """A fresh process; the caller closes it."""
        return Worker(side, self.commands[side], self.threads, self.cache / f"{side}.log")

    def of(self, side: str) -> Worker:
        """The long-living process of a side."""
        if side not in self.running:
            self.running[side] = self.start(side)
        return self.running[side]

    def close(self) -> None:
        for worker in self.running.values():
            worker.close()
        self.running = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def seconds_to_first_result(workers: Workers, side: str, folder: Path, dtype: str, job: dict) -> dict:
    """From the start of a process to the answer of its first job, with the files in the page cache."""
    start = time.perf_counter()
    worker = workers.start(side)
    try:
        loaded = worker.ask(op="load", model=str(folder), dtype=dtype)
        answer = worker.ask(**job)
        whole = time.perf_counter() - start
    finally:
        worker.close()
    seconds = {"load": loaded["seconds"]["whole"], "first call": answer["seconds"]["whole"], "whole": whole}
    return dict(answer, seconds=seconds)
