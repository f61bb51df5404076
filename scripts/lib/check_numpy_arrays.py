"""What scripts/check-python runs: the functions of scripts/examples/numpy_arrays.py on a bundled sample."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "examples"))
import jpype
import numpy_arrays


def check(true, what):
    if not true:
        sys.exit(f"Wrong: {what}")


with numpy_arrays.start(sys.argv[1].split(":")) as models:
    sample = jpype.JClass("sc.fiji.diffedit.demo.Samples").bundled().list().get(7)
    image = numpy_arrays.to_image(sample.picture())
    check(np.array_equal(numpy_arrays.to_image(numpy_arrays.to_picture(image)), image), "an array that went to Java and back")
    levels = np.rint(image * 255).astype(np.uint8)
    check(np.array_equal(numpy_arrays.to_image(numpy_arrays.to_picture(levels)), image), "an array of bytes that went to Java and back")
    mask, edited = numpy_arrays.masked_edit(models, levels, "blue nuclei", "magenta nuclei")
    again = numpy_arrays.masked_edit(models, levels, "blue nuclei", "magenta nuclei")
    truth = numpy_arrays.to_array(sample.truth())
    inside, wanted = mask > 0.5, truth > 0.5
    overlap = (inside & wanted).sum() / (inside | wanted).sum()
    changed = np.abs(edited - image).max(axis=2) > 0.2
    check(mask.shape == image.shape[:2] and edited.shape == image.shape, f"shapes {mask.shape} and {edited.shape}")
    check(overlap > 0.5, f"the mask overlaps with the truth by {overlap:.2f}")
    check(changed[inside].mean() > 5 * changed[~inside].mean(), "the image changed outside of the mask")
    check(np.array_equal(again[0], mask) and np.array_equal(again[1], edited), "a second run differs")
    print(f"overlap of mask and truth {overlap:.2f}, changed inside {changed[inside].mean():.2f}, outside {changed[~inside].mean():.2f}")
