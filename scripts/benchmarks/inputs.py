"""Seeded inputs of jobs, in files that both sides read."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from rows import Row

SUBJECTS = ("a bowl of fruits", "a bowl of pears", "a cat on a wooden bench", "a zebra", "a woman", "a table", "a dog", "a red car")


class Inputs:
    """Writes what a job needs into a folder; the same seed gives the same files."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def array(self, name: str, shape: tuple[int, ...], seed: int, low: float | None = None) -> dict:
        """Normal numbers, or uniform ones in [low, -low]."""
        random = np.random.default_rng(seed)
        numbers = random.standard_normal(shape) if low is None else random.uniform(low, -low, shape)
        file = self.folder / f"{name}-{'x'.join(map(str, shape))}-{seed}.f32"
        numbers.astype("<f4").tofile(file)
        return {"file": str(file), "shape": list(shape)}

    def image(self, side: int, seed: int) -> dict:
        """Smooth coloured blobs."""
        random = np.random.default_rng(seed)
        y, x = np.mgrid[0:side, 0:side] / side
        picture = np.full((side, side, 3), 0.2)
        for _ in range(12):
            cx, cy, radius = random.uniform(0, 1), random.uniform(0, 1), random.uniform(0.05, 0.2)
            blob = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * radius ** 2))
            picture += blob[..., None] * random.uniform(-0.2, 0.7, 3)
        file = self.folder / f"image-{side}-{seed}.rgb"
        (picture.clip(0, 1) * 255).round().astype(np.uint8).tofile(file)
        return {"file": str(file), "width": side, "height": side}

    def job(self, row: Row, seed: int) -> dict:
        """The job of a row. Images and prompts change with the seed, so that no cache serves a measurement. Masks are cut at their
        mean (ratio 2), since random networks disagree evenly; that costs the same as any other ratio."""
        job = dict(row.job, op=row.op, seed=seed)
        if row.op in ("unet", "start"):
            job.update(self.unet(row))
        elif row.op == "text":
            job["prompts"] = [f"{SUBJECTS[0]} number {seed}", f"{SUBJECTS[1]} number {seed}"]
        elif row.op == "encode":
            job["pixels"] = self.array("pixels", (row.batch, 3, row.side, row.side), 2, low=-1)
        elif row.op == "decode":
            job["latents"] = self.array("latents", (row.batch, 4, row.side // 8, row.side // 8), 3)
        else:
            job.update(source=f"{SUBJECTS[0]} number {seed}", target=f"{SUBJECTS[1]} number {seed}", side=row.side, ratio=2)
            job["image"] = self.image(row.side, seed)
        return job

    def unet(self, row: Row) -> dict:
        width = 768 if row.family == "sd15" else 2048
        job = {"op": "unet", "timestep": 481, "sample": self.array("sample", (row.batch, 4, row.side // 8, row.side // 8), 1),
               "words": self.array("words", (row.batch, 77, width), 4)}
        if row.family == "sdxl":
            job["text_embeds"] = self.array("pooled", (row.batch, 1280), 5)
            job["time_ids"] = self.array("ids", (row.batch, 6), 6)
        return job
