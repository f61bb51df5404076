"""DiffEdit from Python: a numpy array in, a mask and the edited image out as numpy arrays.

    python numpy_arrays.py JAR ...        with DiffEdit's jars, or the pattern FOLDER/* for all of a folder

Needs Java 17 and, from PyPI, jpype1 and numpy. Import it to use its functions: start() once, then masked_edit() as often as you like.
"""

import sys

import jpype
import numpy as np


def start(jars):
    """Starts Java with DiffEdit on its class path; once in a process. Returns the store, which keeps models in memory: close it in the end."""
    jpype.startJVM("-Djava.awt.headless=true", classpath=jars)
    return jpype.JClass("sc.fiji.diffedit.service.ModelStore")()


def to_picture(image):
    """A picture of an array (height, width, 3): bytes, or numbers between 0 and 1."""
    values = image / np.float32(255) if image.dtype == np.uint8 else image
    height, width, channels = values.shape
    planes = np.ascontiguousarray(np.moveaxis(values, 2, 0), dtype=np.float32)
    return jpype.JClass("sc.fiji.diffedit.tensor.Picture")(width, height, channels, jpype.JArray(jpype.JFloat)(planes.ravel()))


def to_image(picture):
    """The array (height, width, 3) of a picture, numbers between 0 and 1."""
    planes = np.asarray(picture.values()).reshape(picture.channels(), picture.height(), picture.width())
    return np.moveaxis(planes, 0, 2)


def to_array(mask):
    """The array (height, width) of a mask: 1 inside, 0 outside."""
    return np.asarray(mask.values()).reshape(mask.height(), mask.width())


def masked_edit(models, image, source, target, model="demo", ratio=4.5, steps=20, seed=0):
    """Finds what the prompts disagree about and changes it. Returns the mask (height, width) and the edited image (height, width, 3)."""
    pipelines = jpype.JPackage("sc").fiji.diffedit.pipelines
    given = pipelines.ImageInput.of(to_picture(image))
    with models.borrow(model) as lease:
        pipeline = lease.diffEdit()
        found = pipeline.generateMask(given, pipelines.MaskRequest.between(source, target).withMaskThresholdingRatio(ratio).withSeed(seed))
        inverted = pipeline.invert(given, pipelines.InvertRequest.of(source).withNumInferenceSteps(steps))
        edited = pipeline.edit(pipelines.EditRequest.to(target).withNumInferenceSteps(steps).withSeed(seed), found.masks(), inverted)
        return to_array(found.mask().resized(image.shape[1], image.shape[0])), to_image(edited.image())


if __name__ == "__main__":
    with start(sys.argv[1:]) as models:
        sample = jpype.JClass("sc.fiji.diffedit.demo.Samples").bundled().list().get(7)
        image = to_image(sample.picture())
        mask, edited = masked_edit(models, image, "blue nuclei", "magenta nuclei")
        print(f"image {image.shape}, mask {mask.shape} with {int((mask > 0.5).sum())} pixels inside, edited {edited.shape}")
