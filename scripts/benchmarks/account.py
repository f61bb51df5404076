"""Where the time of a UNet call goes, against what the machine could do; and how cost grows with size, batch, maps and steps.

Ours is accounted for by UNetAccount.java (layers run alone, the rest is what they do not explain), diffusers by torch's own
profiler. The machine's peak is its fastest large matrix product and its fastest copy of a large array.
"""
from __future__ import annotations

import statistics
from dataclasses import replace

from measure import Contestant, Measurement
from rows import PARITY, Row, all_rows
from workers import DIFFUSERS, OPENVINO, OURS

KINDS = ("conv 3x3", "conv 1x1", "linear", "attention", "norms", "rest")


def account(measurement: Measurement, row: Row, peers: bool = False) -> dict:
    """Numbers of one UNet row: by kind of layer, for ours and diffusers (and OpenVINO), and the machine's peaks."""
    measurement.say(f"account of {row.name}")
    job = dict(measurement.inputs.job(row, 1), op="account")
    ours = measurement.ask(Contestant.ours(PARITY), row, job)["seconds"]
    theirs = measurement.ask(Contestant.theirs("channels_last"), row, job)["seconds"]
    openvino = measurement.ask(Contestant(OPENVINO, OPENVINO), row, job)["seconds"] if peers else {}
    peak = measurement.workers.of(DIFFUSERS).ask(op="peak")["seconds"]
    explained = sum(ours[f"{kind}.seconds"] for kind in KINDS[:-1])
    ours["rest.seconds"] = ours["whole.seconds"] - explained
    return {"name": row.name, "title": row.title, "dtype": row.dtype, "ours": ours, "diffusers": theirs, "openvino": openvino, "peak": peak}


def account_table(found: dict) -> str:
    """Markdown: seconds, operations, bytes and the rates they mean, by kind of layer."""
    from report import table
    ours, theirs, openvino = found["ours"], found["diffusers"], found.get("openvino") or {}
    peak = found["peak"]["bfloat16" if found["dtype"] == "bf16" else "float32"]

    def line(kind):
        seconds, gflop, size = ours[f"{kind}.seconds"], ours.get(f"{kind}.gflop"), ours.get(f"{kind}.bytes")
        return {"kind": kind, "ours": f"{seconds:.3f}", "diffusers": f"{theirs.get(kind, 0):.3f}",
                **({"OpenVINO": f"{openvino.get(kind, 0):.3f}"} if openvino else {}),
                "GFLOP": f"{gflop:.0f}" if gflop else "", "GFLOP/s": f"{gflop / seconds:.0f}" if gflop else "",
                "of peak": f"{100 * gflop / seconds / peak:.0f}%" if gflop else "", "MB": f"{size / 1e6:.0f}" if size else "",
                "GB/s": f"{size / 1e9 / seconds:.0f}" if size else ""}

    whole = sum(ours.get(f"{kind}.gflop", 0) for kind in KINDS)
    lines = [line(kind) for kind in KINDS]
    lines.append({"kind": "whole call", "ours": f"{ours['whole.seconds']:.3f}", "diffusers": f"{theirs['whole']:.3f}",
                  **({"OpenVINO": f"{openvino['whole']:.3f}"} if openvino else {}), "GFLOP": f"{whole:.0f}",
                  "GFLOP/s": f"{whole / ours['whole.seconds']:.0f}", "of peak": f"{100 * whole / ours['whole.seconds'] / peak:.0f}%", "MB": "", "GB/s": ""})
    columns = tuple((name if name != "kind" else "", lambda r, name=name: r[name]) for name in lines[0])
    blocks = ", ".join(f"{name.split('.')[1]} {seconds:.3f}" for name, seconds in sorted(ours.items()) if name.startswith("block."))
    note = "OpenVINO's figures are those of its own counters, which fuse what comes after a layer into it. " if openvino else ""
    return (f"{found['title']}\n\n{table(lines, columns)}\n\nPeak: {peak:.0f} GFLOP/s, {found['peak']['copy']:.0f} GB/s. "
            f"Seconds by class of block: {blocks}. Operations are those of direct convolutions, which Winograd's need fewer of; layers were "
            f"timed alone, so that the rest, which is what they do not explain, may come out negative. {note}\n")


def growth(measurement: Measurement, dtype: str) -> list[dict]:
    """Median seconds over image side, batch, maps, steps and threads; what grows is named, the rest is 256x256, batch 2, 1 map, 5 steps."""
    rows = {row.name: row for row in all_rows()}
    unet, mask, edit = rows[f"unet-{dtype}-256"], rows[f"mask-{dtype}-256"], rows[f"diffedit-{dtype}-256"]
    both = (Contestant.ours(PARITY), Contestant.theirs("channels_last"))
    found = []

    def take(what, value, units, row, contestants, stage="whole", job=None):
        seconds = {}
        for contestant in contestants:
            takes = []
            for round_ in range(4):                   # the first is warm-up
                asked = dict(measurement.inputs.job(row, 300 + round_), **(job or {}))
                answer = measurement.ask(contestant, row, asked)["seconds"]
                takes.append(sum(answer[s] for s in stage.split("+")))
                if takes[-1] > 5 and round_:
                    break
            seconds[contestant.side] = statistics.median(takes[1:])
        found.append({"what": what, "value": value, "units": units, "seconds": seconds})
        measurement.say(f"{what} {value}: {seconds}")

    for side in (256, 384, 512, 640, 768):
        take("image side, UNet call", side, (side / 256) ** 2, replace(unet, side=side), both)
    for batch in (1, 2, 4, 8):
        take("batch, UNet call", batch, batch / 2, replace(unet, batch=batch), both)
    for maps in (1, 2, 5, 10):
        take("maps, generateMask", maps, maps, mask, both, job={"maps": maps})
    for steps in (5, 10, 20):
        take("steps, inversion and edit", steps, steps, edit, both, stage="invert+edit", job={"maps": 1, "steps": steps})
    with_all = measurement.workers
    for threads in [n for n in (1, 2, 4, 8, 16, 32, 64) if n <= with_all.threads]:
        with_all.close()                                  # two models at a time are enough
        with with_all.with_threads(threads) as measurement.workers:
            take("threads, UNet call", threads, 1 / threads, unet, both)
    measurement.workers = with_all
    return found


def growth_table(found: list[dict]) -> str:
    """Markdown: seconds, and seconds per unit of work relative to the first line of the same kind (1 is proportional growth)."""
    from report import table, text
    first = {}
    for r in found:
        first.setdefault(r["what"], r)

    def relative(r, side):
        reference = first[r["what"]]
        seconds, reference_seconds = r["seconds"].get(side), reference["seconds"].get(side)
        return seconds / reference_seconds / (r["units"] / reference["units"]) if seconds else None

    return table(found, (("", lambda r: r["what"]), ("value", lambda r: str(r["value"])), ("ours", lambda r: text(r["seconds"].get(OURS))),
                         ("diffusers", lambda r: text(r["seconds"].get(DIFFUSERS))), ("ours per unit", lambda r: text(relative(r, OURS))),
                         ("diffusers per unit", lambda r: text(relative(r, DIFFUSERS)))))
