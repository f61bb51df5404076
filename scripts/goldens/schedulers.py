"""Makes the scheduler cases C_more_* below src/test/resources/goldens/cases, with the real diffusers.

    pip install diffusers==0.42.1 torch==2.7.1 transformers safetensors scipy torchsde
    python scripts/goldens/schedulers.py src/test/resources/goldens/cases [CLASS ...]

Each case is a folder with case.json and tensors.safetensors in the format of the other golden cases: a run builds the
class with its config, sets the timesteps, and takes one step per timestep with the k-th entry of a bank of random
tensors as the network's k-th output. A run with "begin" starts at that index, as image-to-image pipelines do. Only the noise of DPMSolverSDEScheduler is drawn here, see Increments.
"""
import inspect
import json
import pathlib
import sys

import diffusers
import torch
from safetensors.torch import save_file

SD = {"num_train_timesteps": 1000, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
V = {"prediction_type": "v_prediction"}
SAMPLE = {"prediction_type": "sample"}
LEADING, TRAILING, LINSPACE = ({"timestep_spacing": s} for s in ("leading", "trailing", "linspace"))
KARRAS, EXPONENTIAL, BETA = ({f"use_{s}_sigmas": True} for s in ("karras", "exponential", "beta"))
COSINE = {"beta_schedule": "squaredcos_cap_v2"}
SMALLEST = {"final_sigmas_type": "sigma_min"}
UNCLIPPED = {"clip_sample": False}
ZERO_SNR = {"rescale_betas_zero_snr": True}
EDM = {"sigma_min": 0.002, "sigma_max": 80.0, "sigma_data": 0.5, "sigma_schedule": "karras"}


def dpm(algorithm, **more):
    return {"algorithm_type": algorithm, **({} if algorithm.endswith("++") else SMALLEST), **more}


# class -> list of (config changes, steps, first index, arguments of step)
CLASSES = {
    "HeunDiscreteScheduler": [
        ({}, 4, 0, {}), (V, 5, 0, {}), (SAMPLE, 4, 0, {}), (LEADING, 4, 0, {}), (TRAILING, 4, 0, {}), (KARRAS, 5, 0, {}),
        (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}), ({"clip_sample": True, "clip_sample_range": 1.5}, 4, 0, {}),
        ({"beta_schedule": "exp"}, 4, 0, {}), ({}, 1, 0, {}), (LEADING, 5, 4, {}),
    ],
    "DPMSolverMultistepInverseScheduler": [
        ({}, 5, 0, {}), (V, 4, 0, {}), (SAMPLE, 4, 0, {}), (LEADING, 5, 0, {}), (TRAILING, 5, 0, {}), (KARRAS, 5, 0, {}),
        (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}), ({"solver_order": 1}, 4, 0, {}), ({"solver_order": 3}, 6, 0, {}),
        ({"solver_type": "heun"}, 4, 0, {}), ({"algorithm_type": "dpmsolver"}, 4, 0, {}), ({}, 16, 0, {}),
        ({"algorithm_type": "dpmsolver", "solver_order": 3, **V}, 16, 0, {}), ({"euler_at_final": True}, 16, 0, {}),
        ({**COSINE, "lambda_min_clipped": -5.1}, 5, 0, {}), ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}),
    ],
    "DPMSolverMultistepScheduler": [
        (dpm("sde-dpmsolver"), 4, 0, {}), (dpm("sde-dpmsolver", solver_type="heun", **V), 4, 0, {}),
        (dpm("sde-dpmsolver++", solver_type="heun"), 4, 0, {}), (dpm("sde-dpmsolver++", solver_order=1), 4, 0, {}),
        (dpm("dpmsolver", solver_type="heun", **V), 4, 0, {}), (dpm("dpmsolver", solver_order=3), 6, 0, {}),
        (dpm("dpmsolver", thresholding=True, sample_max_value=1.5), 4, 0, {}), (dpm("dpmsolver", **SAMPLE), 4, 0, {}),
        (BETA, 4, 0, {}), ({"euler_at_final": True, **SMALLEST}, 16, 0, {}), (SMALLEST, 16, 0, {}), ({"solver_order": 3}, 16, 0, {}),
        ({**COSINE, "lambda_min_clipped": -5.1}, 5, 0, {}), ({**COSINE, **KARRAS}, 5, 0, {}),
        ({**TRAILING, "lambda_min_clipped": -2.0}, 5, 0, {}), (LEADING, 6, 3, {}), (dpm("sde-dpmsolver++", **KARRAS), 6, 2, {}),
    ],
    "UniPCMultistepScheduler": [
        (EXPONENTIAL, 5, 0, {}), (BETA, 4, 0, {}), ({**KARRAS, "sigma_min": 0.1, "sigma_max": 9.0}, 4, 0, {}),
        ({"solver_order": 3, "predict_x0": False, **SMALLEST}, 6, 0, {}), ({"solver_order": 3, "solver_type": "bh1", **SMALLEST}, 6, 0, {}),
        ({"predict_x0": False, **V, **SMALLEST}, 4, 0, {}), ({"predict_x0": False, **SAMPLE, **SMALLEST}, 4, 0, {}),
        ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}), ({"solver_order": 4, **SMALLEST, **KARRAS}, 7, 0, {}), (LEADING, 6, 3, {}),
    ],
    "EulerDiscreteScheduler": [
        ({"timestep_type": "continuous", **V}, 4, 0, {}), ({**KARRAS, "sigma_min": 0.1, "sigma_max": 9.0}, 4, 0, {}), (SAMPLE, 4, 0, {}),
        ({**KARRAS, "interpolation_type": "log_linear"}, 4, 0, {}), (LEADING, 6, 3, {}),
        ({**V}, 5, 0, {"s_churn": 2.0, "s_tmax": 3.0, "s_noise": 1.01}),
    ],
    "EulerAncestralDiscreteScheduler": [(LEADING, 6, 3, {}), (COSINE, 4, 0, {})],
    "LMSDiscreteScheduler": [(BETA, 4, 0, {}), (COSINE, 5, 0, {})],
    "PNDMScheduler": [({"skip_prk_steps": True, **LEADING}, 7, 2, {}), ({"skip_prk_steps": True, **COSINE}, 4, 0, {})],
    "DDIMScheduler": [
        ({"num_train_timesteps": 20, "trained_betas": [0.01 * (i + 1) for i in range(20)]}, 4, 0, {}), ({"clip_sample": True}, 4, 0, {"eta": 0.5}),
        ({"clip_sample": False}, 6, 3, {}),
    ],
    "DDPMScheduler": [
        (UNCLIPPED, 5, 0, {}), ({**UNCLIPPED, **V}, 4, 0, {}), ({**UNCLIPPED, **SAMPLE}, 4, 0, {}), ({}, 4, 0, {}),
        ({**UNCLIPPED, "variance_type": "fixed_large"}, 4, 0, {}), ({**UNCLIPPED, "variance_type": "fixed_small_log"}, 4, 0, {}),
        ({**UNCLIPPED, **TRAILING}, 4, 0, {}), ({**UNCLIPPED, **LINSPACE}, 4, 0, {}), ({**UNCLIPPED, "steps_offset": 0}, 4, 0, {}),
        ({**UNCLIPPED, **V, **TRAILING, **ZERO_SNR}, 4, 0, {}), ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}),
        ({**UNCLIPPED, "beta_schedule": "sigmoid"}, 4, 0, {}), ({**UNCLIPPED, "beta_schedule": "laplace"}, 4, 0, {}), (UNCLIPPED, 6, 3, {}), (UNCLIPPED, 1, 0, {}),
    ],
    "LCMScheduler": [
        ({}, 4, 0, {}), (V, 4, 0, {}), (SAMPLE, 3, 0, {}), ({}, 1, 0, {}), ({}, 8, 0, {}), ({"original_inference_steps": 100}, 6, 0, {}),
        ({"timestep_scaling": 0.1}, 4, 0, {}), ({"clip_sample": True}, 4, 0, {}), ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}),
        ({**V, **ZERO_SNR}, 4, 0, {}), (COSINE, 4, 0, {}), ({}, 8, 4, {}), ({}, 50, 48, {}),
    ],
    "TCDScheduler": [
        ({}, 4, 0, {}), ({}, 4, 0, {"eta": 0.0}), (V, 4, 0, {"eta": 0.7}), (SAMPLE, 3, 0, {}), ({}, 1, 0, {"eta": 1.0}), ({}, 8, 0, {"eta": 1.0}),
        ({"original_inference_steps": 100}, 6, 0, {}), ({**V, **ZERO_SNR}, 4, 0, {}), (COSINE, 4, 0, {}), ({}, 8, 4, {}),
    ],
    "EDMEulerScheduler": [
        ({}, 5, 0, {}), (V, 4, 0, {}), (EDM, 4, 0, {}), ({"sigma_schedule": "exponential"}, 4, 0, {}), (SMALLEST, 4, 0, {}),
        ({"rho": 5.0, "sigma_max": 14.0}, 4, 0, {"s_churn": 1.5, "s_tmin": 0.05, "s_noise": 1.003}), (EDM, 6, 3, {}),
    ],
    "EDMDPMSolverMultistepScheduler": [
        ({}, 5, 0, {}), (V, 4, 0, {}), (EDM, 4, 0, {}), ({"sigma_schedule": "exponential"}, 4, 0, {}), (SMALLEST, 4, 0, {}),
        ({"solver_order": 1}, 4, 0, {}), ({"solver_order": 3}, 6, 0, {}), ({"solver_type": "heun", **EDM}, 4, 0, {}), ({**EDM, "solver_order": 3}, 16, 0, {}),
        ({"algorithm_type": "sde-dpmsolver++"}, 4, 0, {}), ({"algorithm_type": "sde-dpmsolver++", "solver_type": "heun"}, 4, 0, {}),
        ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}), ({"euler_at_final": True, **SMALLEST}, 16, 0, {}), (EDM, 6, 3, {}),
    ],
    "DPMSolverSinglestepScheduler": [
        ({}, 4, 0, {}), ({}, 5, 0, {}), (V, 4, 0, {}), (SAMPLE, 4, 0, {}), ({"solver_order": 1}, 4, 0, {}), ({"solver_order": 3}, 6, 0, {}),
        ({"solver_order": 3}, 7, 0, {}), ({"solver_order": 3, "solver_type": "heun", **SMALLEST}, 6, 0, {}), ({"solver_order": 3, **SMALLEST}, 8, 0, {}),
        ({"solver_type": "heun"}, 4, 0, {}), (dpm("dpmsolver"), 4, 0, {}), (dpm("dpmsolver", solver_order=3, **V), 6, 0, {}),
        (dpm("dpmsolver", solver_order=3, solver_type="heun"), 6, 0, {}), (dpm("dpmsolver", solver_type="heun", **SAMPLE), 4, 0, {}),
        (dpm("sde-dpmsolver++"), 4, 0, {}), (dpm("sde-dpmsolver++", solver_order=3), 6, 0, {}), (dpm("sde-dpmsolver++", solver_type="heun"), 5, 0, {}),
        (KARRAS, 5, 0, {}), (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}), ({"lower_order_final": True, **SMALLEST}, 4, 0, {}), (SMALLEST, 4, 0, {}),
        ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}), ({**COSINE, "lambda_min_clipped": -5.1}, 5, 0, {}),
        ({}, 1, 0, {}), ({"solver_order": 3}, 2, 0, {}), ({"solver_order": 3}, 7, 2, {}), ({}, 6, 3, {}),
    ],
    "KDPM2DiscreteScheduler": [
        ({}, 4, 0, {}), (V, 4, 0, {}), (LEADING, 4, 0, {}), (TRAILING, 4, 0, {}), (KARRAS, 5, 0, {}), (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}),
        (COSINE, 4, 0, {}), ({}, 1, 0, {}), (LEADING, 5, 4, {}), ({**KARRAS, **V}, 6, 6, {}),
    ],
    "KDPM2AncestralDiscreteScheduler": [
        ({}, 4, 0, {}), (V, 4, 0, {}), (LEADING, 4, 0, {}), (TRAILING, 4, 0, {}), (KARRAS, 5, 0, {}), (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}),
        ({}, 1, 0, {}), (LEADING, 5, 4, {}),
    ],
    "DEISMultistepScheduler": [
        ({}, 5, 0, {}), (V, 4, 0, {}), (SAMPLE, 4, 0, {}), (LEADING, 4, 0, {}), (TRAILING, 4, 0, {}), ({"solver_order": 1}, 4, 0, {}),
        ({"solver_order": 3}, 6, 0, {}), (KARRAS, 5, 0, {}), (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}), ({"solver_order": 3}, 16, 0, {}),
        ({"lower_order_final": False, "solver_order": 3}, 5, 0, {}), ({"thresholding": True, "sample_max_value": 1.5}, 4, 0, {}), (LEADING, 6, 3, {}),
        ({**KARRAS, "solver_order": 3}, 16, 0, {}),
    ],
    "DPMSolverSDEScheduler": [
        ({}, 4, 0, {}), (V, 4, 0, {}), (LEADING, 4, 0, {}), (TRAILING, 4, 0, {}), (KARRAS, 5, 0, {}), (EXPONENTIAL, 4, 0, {}), (BETA, 4, 0, {}),
        ({}, 1, 0, {}), (LEADING, 5, 4, {}), ({**KARRAS, **V}, 4, 0, {"s_noise": 1.01}),
    ],
    "IPNDMScheduler": [({}, 6, 0, {}), ({}, 1, 0, {}), ({}, 6, 3, {})],
}


def numbers(name, shape, std=1.0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(map(ord, name)))) * std


class Increments:
    """Noise of DPMSolverSDEScheduler from a generator instead of torchsde's tree: a step asks for the increment of Brownian
    motion over its first half, then over the whole, which is the first half's and a new one's sum."""

    def __init__(self, shape, seed):
        generator = torch.Generator().manual_seed(seed)
        self.draw = lambda: torch.randn(shape, generator=generator)
        self.begun = None

    def __call__(self, sigma, to):
        if self.begun is None:
            self.begun = (to, (sigma - to).sqrt() * self.draw())
            return self.begun[1] / (sigma - to).sqrt()
        middle, first = self.begun
        self.begun = None
        return (first + (middle - to).sqrt() * self.draw()) / (sigma - to).sqrt()


def settings(cls, change):
    """The settings of Stable Diffusion that the class has, and the change."""
    known = inspect.signature(cls.__init__).parameters
    return {**{key: value for key, value in SD.items() if key in known}, **change}


def walk(cls, run, tensors, keep):
    scheduler = cls(**run["config"])
    scheduler.set_timesteps(run["steps"])
    keep("timesteps", torch.as_tensor(scheduler.timesteps))
    if getattr(scheduler, "sigmas", None) is not None:
        keep("sigmas", torch.as_tensor(scheduler.sigmas)[: len(scheduler.timesteps) + 1])  # KDPM2 has two zeros more
    keep("init_noise_sigma", torch.as_tensor(float(scheduler.init_noise_sigma)))
    begin = run.get("begin", 0)
    if begin and hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)
    if hasattr(scheduler, "add_noise"):
        at = begin or 1 % len(scheduler.timesteps)
        keep("add_noise", scheduler.add_noise(tensors["in.sample"], tensors["in.noise"], scheduler.timesteps[at : at + 1]))
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(begin)  # without it, diffusers skips the first of two equal timesteps
    x = tensors["in.sample"] * scheduler.init_noise_sigma
    arguments = dict(run["step_arguments"])
    if "generator" in inspect.signature(scheduler.step).parameters:
        arguments["generator"] = torch.Generator().manual_seed(run["seed"])
    if cls is diffusers.DPMSolverSDEScheduler:
        scheduler.noise_sampler = Increments(x.shape, run["seed"])
    bank = tensors["in.model_outputs"]
    for k, t in list(enumerate(scheduler.timesteps))[begin:]:
        scaled = scheduler.scale_model_input(x, t)
        if not torch.equal(scaled, x):
            keep(f"scaled.{k}", scaled)
        x = scheduler.step(bank[k % len(bank)], t, x, **arguments).prev_sample
        keep(f"prev_sample.{k}", x)


def entry(value):
    fact = {"shape": list(value.shape), "dtype": str(value.dtype)[6:], "measured": 0}
    if not value.is_floating_point():
        return {**fact, "atol": 0}
    fact["atol"] = float(f"{max(1e-5 * value.nan_to_num(0, 0, 0).abs().max().item(), 1e-12):.3g}")
    return {**fact, **({} if value.isfinite().all() else {"nonfinite": True})}


def main(folder, *only):
    shape = (1, 4, 3, 3)
    inputs = {"in.sample": numbers("sample", shape), "in.noise": numbers("noise", shape), "in.model_outputs": numbers("outputs", (20, *shape), 0.8)}
    for name, variants in CLASSES.items():
        if only and name not in only:
            continue
        tensors, runs = dict(inputs), []
        for i, (change, steps, begin, arguments) in enumerate(variants):
            run = {"config": settings(getattr(diffusers, name), change), "steps": steps, "step_arguments": arguments, "seed": 100 + i, **({"begin": begin} if begin else {})}
            runs.append(run)
            walk(getattr(diffusers, name), run, tensors, lambda key, value: tensors.__setitem__(f"out.{i}.{key}", value.clone().contiguous()))
        case = {"name": f"C_more_{name}", "versions": {"torch": torch.__version__, "diffusers": diffusers.__version__}, "device": "cpu",
                "dtype": "float32", "group": "C", "kind": "scheduler", "class": name, "runs": runs,
                "tensors": {key: entry(value) for key, value in tensors.items() if key.startswith("out.")}}
        target = pathlib.Path(folder) / case["name"]
        target.mkdir(parents=True, exist_ok=True)
        (target / "case.json").write_text(json.dumps(case, indent=1) + "\n")
        save_file(tensors, target / "tensors.safetensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
