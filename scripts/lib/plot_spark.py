"""plot_spark.py TIMES.csv PLOT.png: how the time of a batch falls with executors.

The file has what scripts/benchmark-spark measured: one image on one executor, and many on one and two. Of these follow the time that
does not depend on the number of images (Spark's start, the model, the first image) and the time of each further image; the dashed line is
start + time x images / executors, rounded up to whole images, which supposes that each executor has a core of its own and the file system keeps up.
"""
import csv
import math
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

MOST_EXECUTORS = 16


def main(times: str, plot: str) -> None:
    with open(times) as file:
        rows = [(int(row["images"]), int(row["executors"]), float(row["seconds"])) for row in csv.DictReader(file)]
    one = next(seconds for images, executors, seconds in rows if images == 1)
    measured = [(executors, seconds) for images, executors, seconds in rows if images > 1]
    images = max(row[0] for row in rows)
    each = (measured[0][1] - one) / (images - 1)
    start = one - each
    executors = range(1, min(images, MOST_EXECUTORS) + 1)
    expected = [start + math.ceil(images / n) * each for n in executors]
    figure, axes = pyplot.subplots(figsize=(6, 3.6))
    axes.plot(executors, expected, "--", color="#6baed6", label=f"arithmetic: {start:.0f} s + {images} images x {each:.2f} s / executors")
    axes.plot([n for n, _ in measured], [seconds for _, seconds in measured], "o", color="#08519c", label="measured")
    axes.set_xlabel("executors of one core")
    axes.set_ylabel(f"seconds for {images} images")
    axes.set_xticks([n for n in (1, 2, 4, 8, 12, 16) if n in executors])
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(plot, dpi=110)
    print(f"{images} images: " + ", ".join(f"{seconds:.0f} s with {n}" for n, seconds in measured) + f"; start {start:.1f} s, {each:.2f} s for each image; expected with {executors[-1]}: {expected[-1]:.0f} s")


if __name__ == "__main__":
    main(*sys.argv[1:])
