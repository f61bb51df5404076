"""Numbers for RasterTest: checksums of what Pillow makes of a small picture. Needs pillow 13 and numpy.

    python scripts/pillow_numbers.py > src/test/resources/pillow.csv
"""
import sys
import zlib

import numpy as np
from PIL import Image, ImageFilter, ImageOps


def picture(width, height, channels):
    """The picture of RasterTest.picture: every level, smooth parts and edges."""
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    values = (x * 7 + y * 13 + c * 50 + (x * y) % 31 * 5 + np.where((x // 5 + y // 7) % 2 == 1, 120, 0)) % 256
    return Image.fromarray(values.astype(np.uint8).squeeze())


def say(name, image):
    values = np.asarray(image)
    planes = values if values.ndim == 2 else values.transpose(2, 0, 1)
    print(f"{name},{image.width},{image.height},{zlib.crc32(np.ascontiguousarray(planes).tobytes())}")


def main():
    small = picture(37, 29, 3)
    for filter in ("NEAREST", "BOX", "BILINEAR", "BICUBIC", "LANCZOS"):
        for size in ((16, 24), (64, 40), (37, 8), (100, 29), (1, 1), (24, 24), (43, 20), (30, 9)):
            say(f"resize {filter} {size[0]} {size[1]}", small.resize(size, Image.Resampling[filter]))
    say("fill top", small.resize((37, 5), box=(0, 0, 37, 0)))
    say("fill bottom", small.resize((37, 5), box=(0, 29, 37, 29)))
    say("gray", small.convert("L"))
    say("crop", small.crop((-3, 5, 20, 35)))
    for radius in (0.5, 1, 2.5, 4, 33, 60):
        say(f"blur {radius}", small.filter(ImageFilter.GaussianBlur(radius)))
        say(f"blur gray {radius}", picture(21, 50, 1).filter(ImageFilter.GaussianBlur(radius)))
    other = ImageOps.mirror(small)
    mask = small.convert("L")
    upper = Image.new("RGBa", small.size)
    upper.paste(small.convert("RGBA").convert("RGBa"), mask=mask)
    lower = other.convert("RGBA")
    lower.alpha_composite(upper.convert("RGBA"))
    say("over", lower.convert("RGB"))


if __name__ == "__main__":
    sys.exit(main())
