#!/usr/bin/env python3
"""Inversions of four numbers by a network that is a polynomial, from the papers' formulas: the numbers of InversionPathTest.

    inversion_numbers.py OUT.json

Needs numpy, and torch 2.7.1 for the noise. Ten steps of Stable Diffusion's schedule, eight of which are taken. For each method
and prediction type: "top", what the inversion reaches, and "edited", what comes back from there with another network. All is
computed in double precision and as the papers write it, which is not how the plugin does: O-BELM in samples divided by alpha,
BDIA and EDICT with the coefficients a and b of DDIM's step, DDPM with noise divided by the step's deviation.
"""
import json
import sys

import numpy as np
import torch

TRAIN, STEPS, TAKEN, OFFSET, SEED = 1000, 10, 8, 1, 5
GAMMA, P, ETA, ROUNDS = 0.96, 0.93, 0.5, 3
IMAGE = np.array([0.9, -0.4, 0.1, -1.3])

BARS = np.cumprod(1 - np.linspace(0.00085 ** 0.5, 0.012 ** 0.5, TRAIN) ** 2)
TIMES = [None] + [OFFSET + k * (TRAIN // STEPS) for k in range(STEPS)]
BAR = np.array([BARS[0]] + [BARS[t] for t in TIMES[1:]])
ALPHA, SIGMA = np.sqrt(BAR), np.sqrt(1 - BAR)


def source(x, t):
    return 0.8 * x - 0.1 * x * x + 0.1 * t / TRAIN


def target(x, t):
    return 0.6 * x + 0.05 * x * x - 0.1 * t / TRAIN


class Model:
    """The noise in a sample of level k, told the timestep of level `told`."""

    def __init__(self, network, prediction):
        self.network, self.prediction = network, prediction

    def __call__(self, x, k, told=None):
        out = self.network(x, TIMES[k if told is None else told])
        return out if self.prediction == "epsilon" else ALPHA[k] * out + SIGMA[k] * x


def a_b(k, to):
    """DDIM from level k to another is a x + b noise."""
    a = ALPHA[to] / ALPHA[k]
    return a, SIGMA[to] - SIGMA[k] * a


def ddim_up(model, x, k):
    a, b = a_b(k, k + 1)
    return a * x + b * model(x, k, k + 1)


def ddim_down(model, x):
    for k in range(TAKEN, 0, -1):
        a, b = a_b(k, k - 1)
        x = a * x + b * model(x, k)
    return x


def fixed_point(model, averaged):
    x = IMAGE
    for k in range(TAKEN):
        a, b = a_b(k, k + 1)
        noises = [model(x, k, k + 1)]
        for _ in range(ROUNDS):
            noises.append(model(a * x + b * noises[-1], k + 1))
        noise = noises[-1]
        if averaged:
            noise = np.mean(noises if TIMES[k + 1] < TRAIN / 4 else noises[-2:], axis=0)
        x = a * x + b * noise
    return x


def easy(model):
    x = IMAGE
    for k in range(TAKEN):
        moved = ddim_up(model, x, k)
        x = ETA * moved + (1 - ETA) * x if 0.05 * TRAIN < TIMES[k + 1] < 0.25 * TRAIN else moved
    return x


def obelm(up, down):
    s = SIGMA / ALPHA
    h = [None] + [s[k] - s[k - 1] for k in range(1, STEPS + 1)]
    x = [IMAGE, ddim_up(up, IMAGE, 0)]
    for k in range(1, TAKEN):
        r = h[k + 1] ** 2 / h[k] ** 2
        bar = r * x[k - 1] / ALPHA[k - 1] + (1 - r) * x[k] / ALPHA[k] + h[k + 1] * (h[k] + h[k + 1]) / h[k] * up(x[k], k)
        x.append(bar * ALPHA[k + 1])
    above, here = x[TAKEN], x[TAKEN - 1]
    for k in range(TAKEN - 1, 0, -1):
        r = h[k] ** 2 / h[k + 1] ** 2
        bar = r * above / ALPHA[k + 1] + (1 - r) * here / ALPHA[k] - h[k] * (h[k] + h[k + 1]) / h[k + 1] * down(here, k)
        above, here = here, bar * ALPHA[k - 1]
    return x[TAKEN], here


def bdia(up, down):
    x = [IMAGE, ddim_up(up, IMAGE, 0)]
    for k in range(1, TAKEN):
        (a, b), (c, d) = a_b(k, k - 1), a_b(k, k + 1)
        noise = up(x[k], k)
        x.append((x[k - 1] - a * x[k] - b * noise) / GAMMA + c * x[k] + d * noise)
    above, here = x[TAKEN], x[TAKEN - 1]
    for k in range(TAKEN - 1, 0, -1):
        (a, b), (c, d) = a_b(k, k - 1), a_b(k, k + 1)
        noise = down(here, k)
        forwards, backwards = a * here + b * noise - here, c * here + d * noise - here
        above, here = here, above - (1 - GAMMA) * (above - here) - GAMMA * backwards + forwards
    return x[TAKEN], here


def edict(up, down):
    x = y = IMAGE
    for k in range(1, TAKEN + 1):
        a, b = a_b(k, k - 1)
        y = (y - (1 - P) * x) / P
        x = (x - (1 - P) * y) / P
        if k % 2:
            x = (x - b * up(y, k)) / a
            y = (y - b * up(x, k)) / a
        else:
            y = (y - b * up(x, k)) / a
            x = (x - b * up(y, k)) / a
    top = np.concatenate([x, y])
    for k in range(TAKEN, 0, -1):
        a, b = a_b(k, k - 1)
        if k % 2:
            y = a * y + b * down(x, k)
            x = a * x + b * down(y, k)
        else:
            x = a * x + b * down(y, k)
            y = a * y + b * down(x, k)
        x = P * x + (1 - P) * y
        y = P * y + (1 - P) * x
    return top, x


def edit_friendly(up, down):
    generator = torch.Generator().manual_seed(SEED)
    image = IMAGE / ALPHA[0]
    x = [IMAGE] + [ALPHA[k] * image + SIGMA[k] * torch.randn(1, 1, 2, 2, generator=generator).numpy().ravel().astype(float) for k in range(1, TAKEN + 1)]

    def mean_and_deviation(model, x, k):
        noise = model(x, k)
        variance = (1 - BAR[k - 1]) / (1 - BAR[k]) * (1 - BAR[k] / BAR[k - 1])
        clean = (x - SIGMA[k] * noise) / ALPHA[k]
        return ALPHA[k - 1] * clean + np.sqrt(1 - BAR[k - 1] - variance) * noise, np.sqrt(variance)

    z = [None]
    for k in range(1, TAKEN + 1):
        mean, deviation = mean_and_deviation(up, x[k], k)
        z.append((x[k - 1] - mean) / deviation)
    here = x[TAKEN]
    for k in range(TAKEN, 0, -1):
        mean, deviation = mean_and_deviation(down, here, k)
        here = mean + deviation * z[k]
    return x[TAKEN], here


def main():
    numbers = {}
    for prediction in ("epsilon", "v_prediction"):
        up, down = Model(source, prediction), Model(target, prediction)
        exact = {"O_BELM": obelm, "BDIA": bdia, "EDICT": edict, "EDIT_FRIENDLY": edit_friendly}
        for name, method in exact.items():
            assert np.allclose(method(up, up)[1], IMAGE, atol=1e-9), name
            top, edited = method(up, down)
            numbers[f"{name} {prediction}"] = {"top": top.tolist(), "edited": edited.tolist()}
        tops = {"FIXED_POINT": fixed_point(up, False), "RENOISE": fixed_point(up, True), "EASYINV": easy(up)}
        for name, top in tops.items():
            numbers[f"{name} {prediction}"] = {"top": top.tolist(), "edited": ddim_down(down, top).tolist()}
    with open(sys.argv[1], "w") as out:
        json.dump(numbers, out, indent=1)
        out.write("\n")


main()
