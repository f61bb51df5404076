"""What scripts/benchmark measures: names, models, jobs and how often."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

PARITY, DEFAULT = "parity", "default"
DTYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}


@dataclass(frozen=True)
class Row:
    """A measurement; a whole DiffEdit run gives several lines of the table, one per stage."""
    name: str                                  # as --only takes it
    title: str
    family: str                                # folder of models/
    dtype: str
    op: str                                    # as workers know it; start and again are made of several jobs
    side: int
    job: dict = field(default_factory=dict)
    rounds: int = 3
    batch: int = 2
    quick: bool = False

    @property
    def folder(self) -> str:
        return f"{self.family}-{self.dtype}"

    @property
    def is_pipeline(self) -> bool:
        return self.op in ("mask", "diffedit")

    @property
    def modes(self) -> tuple[str, ...]:
        """DiffEdit is run in both modes of ours; diffusers' is the parity one, and the only one where time is short."""
        return (PARITY, DEFAULT) if self.is_pipeline and not self.quick else (PARITY,)


def network_rows(family: str, dtype: str, unet_sides, vae_sides) -> list[Row]:
    model = f"{'SD 1.5' if family == 'sd15' else 'SDXL'} {dtype}"
    tail = "" if family == "sd15" else "sdxl-"
    rows = [Row(f"{tail}text-{dtype}", f"{model}: text encoding, 2 prompts", family, dtype, "text", 0)]
    rows += [Row(f"{tail}unet-{dtype}-{side}", f"{model}: UNet call, batch 2, {side}x{side}", family, dtype, "unet", side, rounds=5 if side < 512 else 3)
             for side in unet_sides]
    for op in ("encode", "decode"):
        rows += [Row(f"{tail}{op}-{dtype}-{side}", f"{model}: VAE {op}, {side}x{side}", family, dtype, op, side, rounds=2, batch=1) for side in vae_sides]
    return rows


def pipeline_rows(dtype: str) -> list[Row]:
    model = f"SD 1.5 {dtype}"

    def row(name, title, op, side, rounds=1, **job):
        return Row(f"{name}-{dtype}-{side}", f"{model}: {title}, {side}x{side}", "sd15", dtype, op, side, job, rounds)

    return [
        row("mask", "generateMask, defaults (10 maps)", "mask", 256, maps=10),
        row("diffedit", "DiffEdit, defaults (10 maps, 50 steps)", "diffedit", 256, maps=10, steps=50),
        row("diffedit-short", "DiffEdit, 2 maps, 10 steps", "diffedit", 256, maps=2, steps=10),
        row("diffedit", "DiffEdit, 2 maps, 5 steps", "diffedit", 512, maps=2, steps=5),
        row("again", "second edit of the same image (10 maps, 50 steps)", "again", 256, maps=10, steps=50, mode=DEFAULT),
        row("again-short", "second edit of the same image (2 maps, 10 steps)", "again", 256, maps=2, steps=10, mode=DEFAULT),
        row("again-short-parity", "the same with guided inversion", "again", 256, maps=2, steps=10, mode=PARITY),
        row("image", "text to image, 10 steps", "image", 512, steps=10),
    ]


def all_rows() -> list[Row]:
    rows = []
    for dtype in ("fp32", "bf16"):
        rows.append(Row(f"start-{dtype}", f"SD 1.5 {dtype}: start to first UNet result, 256x256", "sd15", dtype, "start", 256))
        rows += network_rows("sd15", dtype, (256, 512, 768), (512, 1024))
        rows += pipeline_rows(dtype)
    return rows + network_rows("sdxl", "bf16", (512, 1024), (512, 1024))


def quick_rows() -> list[Row]:
    """The rows of --quick, small sizes first, since weights are packed for one size at a time."""
    rows = {row.name: row for row in all_rows()}
    names = ("unet-fp32-256", "mask-fp32-256", "diffedit-short-fp32-256", "unet-fp32-512", "unet-bf16-256", "unet-bf16-512")
    return [replace(rows[name], quick=True) for name in names]


QUICK_LINE = (("UNet fp32 256", "unet-fp32-256"), ("bf16 256", "unet-bf16-256"), ("fp32 512", "unet-fp32-512"), ("bf16 512", "unet-bf16-512"),
              ("generateMask fp32", "mask-fp32-256"), ("DiffEdit 256", "diffedit-short-fp32-256"))
