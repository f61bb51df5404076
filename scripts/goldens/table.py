#!/usr/bin/env python3
"""Writes the table of cases in the README of a tree anew, from the cases' own files.

    table.py src/test/resources/goldens
"""
import json
import pathlib
import sys

HEAD = "## Cases\n"
COLUMNS = ["case", "model", "what", "scheduler / class", "tensors", "worst relative difference of outputs", "largest atol of outputs", "MB"]


def short(pipeline):
    return pipeline.replace("StableDiffusion", "SD").replace("Pipeline", "")


def what(case):
    if case["kind"] != "pipeline":
        return case["kind"]
    method = case.get("method", "__call__")
    return short(case["pipeline"]) + ("" if method == "__call__" else "." + method)


def row(folder):
    case = json.loads((folder / "case.json").read_text())
    made = case.get("scheduler") or case.get("class") or ""
    made = (made if isinstance(made, str) else made["class"]).removesuffix("Scheduler")
    outputs = [tensor for name, tensor in case["tensors"].items() if name.startswith("out.")]
    worst = max((tensor["measured"] / max(tensor["absmax"], 1e-30) for tensor in outputs if "std" in tensor), default=0)
    tolerance = max((tensor["atol"] for tensor in outputs), default=0)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    return [folder.name, case.get("model", ""), what(case), made, str(len(case["tensors"])), f"{worst:.0e}", f"{tolerance:.0e}", f"{size:.2f}"]


def main(tree):
    readme = tree / "README.md"
    line = lambda cells: "| " + " | ".join(cells) + " |\n"
    rows = [line(row(folder)) for folder in sorted((tree / "cases").iterdir())]
    readme.write_text(readme.read_text().split(HEAD)[0] + HEAD + "\n" + line(COLUMNS) + "|" + "---|" * len(COLUMNS) + "\n" + "".join(rows))


main(pathlib.Path(sys.argv[1]))
