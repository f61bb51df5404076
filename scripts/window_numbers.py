#!/usr/bin/env python3
"""How large windows of the guided filter should be in photographs: the table in src/site/markdown/quality.md, "Pictures from life".

    window_numbers.py [--noise 0.25] [--seeds 2]

Needs numpy, scipy, pillow and scikit-image 0.25 or later, whose wheel holds the pictures. Objects are known without the filter: single coins (edges,
filled), a cell (brightness), a motorcycle (what the disparity of the stereo pair says is near), a coat (darkness), a space suit (colour). Heat maps are
made up as in NaturalPicturesTest: of the object, the part in each square of 8 pixels, under a Gaussian of 1.5 squares, above a ground of a quarter, with
noise in proportion. Masks are what lies above 0.52 of the 99th percentile.
"""
import argparse
import sys
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image
from scipy import ndimage

sys.path.insert(0, str(Path(__file__).parent / "lib"))
import guided_filter

FOLDER = Path(skimage.data.__file__).parent
FACTOR, EPSILON, LEVEL, USUAL = 8, 0.03, 0.52, 24
RADII = (4, 8, 12, 16, 24, 32, 48)


def load(name: str) -> np.ndarray:
    """(H, W, 3) in 0..1."""
    return np.asarray(Image.open(FOLDER / name).convert("RGB")).astype(float) / 255


def largest(mask: np.ndarray) -> np.ndarray:
    labels, count = ndimage.label(mask)
    return labels == 1 + np.argmax(ndimage.sum(mask, labels, range(1, count + 1)))


def cases():
    """Names, pictures (H, W, 3) and objects (H, W)."""
    picture = load("coins.png")
    edges = ndimage.gaussian_gradient_magnitude(picture[..., 0], 1.5) > 0.06
    filled = ndimage.binary_opening(ndimage.binary_fill_holes(ndimage.binary_closing(edges, iterations=2)), iterations=4)
    labels, count = ndimage.label(filled)
    coins = [i for i in range(1, count + 1) if 800 < (labels == i).sum() < 4500]
    for i in (2, 9, 15):
        yield f"coin {i}", picture, ndimage.binary_erosion(labels == coins[i])
    picture = load("cell.png")
    yield "cell", picture, ndimage.binary_fill_holes(largest(ndimage.gaussian_filter(picture[..., 0], 2) > 0.5))
    near = np.load(FOLDER / "motorcycle_disp.npz")["arr_0"]
    near = largest(ndimage.binary_opening(np.where(np.isfinite(near), near, 0) > 45, iterations=2))
    near[437:] = False                                                   # the floor
    yield "motorcycle", load("motorcycle_left.png"), largest(near)
    picture = load("camera.png")
    dark = ndimage.binary_opening(ndimage.gaussian_filter(picture[..., 0], 1) < 0.2, iterations=2)
    yield "coat", picture, ndimage.binary_fill_holes(largest(dark))
    picture = load("astronaut.png")
    orange = (picture[..., 0] - picture[..., 2] > 0.35) & (picture[..., 0] > 0.5)
    yield "suit", picture, ndimage.binary_fill_holes(largest(ndimage.binary_closing(orange, iterations=3)))


def overlap(heat: np.ndarray, truth: np.ndarray) -> float:
    mask = heat > LEVEL * np.quantile(heat, 0.99)
    return (mask & truth).sum() / (mask | truth).sum()


def measure(picture: np.ndarray, truth: np.ndarray, noise: float, seed: int) -> list[float]:
    """IoU of squares, and of each radius."""
    h, w = truth.shape[0] // FACTOR * FACTOR, truth.shape[1] // FACTOR * FACTOR
    picture, truth = picture[:h, :w], truth[:h, :w]
    parts = ndimage.gaussian_filter(truth.reshape(h // FACTOR, FACTOR, w // FACTOR, FACTOR).mean((1, 3)), 1.5, mode="nearest")
    heat = np.maximum(0, (0.25 + parts) * (1 + noise * np.random.default_rng(seed).standard_normal(parts.shape)))
    squares = heat.repeat(FACTOR, 0).repeat(FACTOR, 1)
    return [overlap(squares, truth)] + [overlap(guided_filter.refined(picture, heat, FACTOR, radius, EPSILON), truth) for radius in RADII]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--noise", type=float, default=0.25)
    parser.add_argument("--seeds", type=int, default=2)
    args = parser.parse_args()
    rows = []
    for name, picture, truth in cases():
        rows.append(np.mean([measure(picture, truth, args.noise, seed) for seed in range(args.seeds)], 0))
        print(f"{name:12s}" + " ".join(f"{v:.3f}" for v in rows[-1]), flush=True)
    rows = np.array(rows)
    usual = rows[:, 1 + RADII.index(USUAL)]
    for label, column in zip(("squares", *RADII), rows.T):
        error = lambda v: v.std(ddof=1) / len(v) ** 0.5
        print(f"{label}: {column.mean():.3f} +- {error(column):.3f}, in pairs with {USUAL}: {(column - usual).mean():+.3f} +- {error(column - usual):.3f}")


if __name__ == "__main__":
    main()
