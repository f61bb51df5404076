"""diffusers' side of scripts/benchmark: takes a job per line of JSON from standard input and answers with a line of JSON.

The same language as BenchmarkWorker.java. A job's `layout` picks diffusers' default memory layout or `channels_last`, the other
setting that is recommended for CPUs; both share all weights but those of convolutions.
"""
from __future__ import annotations

import copy
import gc
import json
import os
import statistics
import sys
import time

import numpy as np
import torch


def channels_last_copy(model):
    """The same network with convolutions (and what flows through them) in channels-last layout; other weights are shared."""
    shared = {id(p): p for p in model.parameters() if p.ndim != 4}
    return copy.deepcopy(model, shared).to(memory_format=torch.channels_last)


def kind_of(operator: str, shapes: list) -> str:
    """The kind of layer that an operator of a UNet belongs to."""
    if "convolution" in operator:
        return "conv 1x1" if len(shapes) > 1 and shapes[1][-1:] == [1] else "conv 3x3"
    if "attention" in operator:
        return "attention"
    if operator in ("aten::addmm", "aten::mm", "aten::bmm", "aten::linear", "aten::mkldnn_linear"):
        return "linear"
    if "norm" in operator or "silu" in operator:
        return "norms"
    return "rest"


class Model:
    """The parts of a model folder in both layouts; the second is made when it is first asked for."""

    def __init__(self, folder: str, dtype: str):
        import diffusers
        self.dtype = getattr(torch, dtype)
        index = json.load(open(os.path.join(folder, "model_index.json")))
        pipeline = getattr(diffusers, index["_class_name"])
        self.base = pipeline.from_pretrained(folder, torch_dtype=self.dtype)
        self.base.set_progress_bar_config(disable=True)
        self.pipelines = {}

    def parts(self, layout: str) -> dict:
        if layout not in self.pipelines:
            parts = dict(self.base.components)
            if layout == "channels_last":
                parts.update(unet=channels_last_copy(parts["unet"]), vae=channels_last_copy(parts["vae"]))
            self.pipelines[layout] = parts
        return self.pipelines[layout]

    def pipeline(self, layout: str):
        pipe = type(self.base)(**self.parts(layout))
        pipe.set_progress_bar_config(disable=True)
        return pipe

    def diffedit(self, layout: str):
        from diffusers import DDIMInverseScheduler, DDIMScheduler, StableDiffusionDiffEditPipeline
        parts = self.parts(layout)
        config = parts["scheduler"].config
        pipe = StableDiffusionDiffEditPipeline(
            vae=parts["vae"], text_encoder=parts["text_encoder"], tokenizer=parts["tokenizer"], unet=parts["unet"],
            scheduler=DDIMScheduler.from_config(config, clip_sample=False),
            inverse_scheduler=DDIMInverseScheduler.from_config(config, clip_sample=False),
            safety_checker=None, feature_extractor=None, requires_safety_checker=False)
        pipe.set_progress_bar_config(disable=True)
        return pipe


class Tasks:
    """The operations that are timed; each answers with the seconds of its stages and arrays by name."""

    def __init__(self):
        self.model = None

    @staticmethod
    def numbers(job, name):
        array = job[name]
        return np.fromfile(array["file"], dtype="<f4").reshape(array["shape"])

    def tensor(self, job, name):
        return torch.from_numpy(self.numbers(job, name)).to(self.model.dtype)

    @staticmethod
    def picture(job):
        from PIL import Image
        image = job["image"]
        return Image.fromarray(np.fromfile(image["file"], dtype=np.uint8).reshape(image["height"], image["width"], 3))

    @staticmethod
    def timed(work):
        start = time.perf_counter()
        result = work().float().numpy()
        return {"whole": time.perf_counter() - start}, {"result": result}

    def probe(self, job):
        """GFLOP/s of a large matrix product: what the machine gives at this moment."""
        speeds = {}
        for dtype in ("float32", "bfloat16"):
            a = torch.ones(2048, 2048, dtype=getattr(torch, dtype))
            a @ a
            start = time.perf_counter()
            a @ a
            speeds[dtype] = 2 * 2048 ** 3 / (time.perf_counter() - start) * 1e-9
        return speeds, {}

    def peak(self, job):
        """The most that this machine gives: GFLOP/s of a matrix product, GB/s of a copy (read and written)."""
        found = {}
        for dtype in ("float32", "bfloat16"):
            a = torch.ones(4096, 4096, dtype=getattr(torch, dtype))
            found[dtype] = 2 * 4096 ** 3 / self.least(lambda: a @ a) * 1e-9
        source = torch.ones(2 ** 27)
        target = torch.empty_like(source)
        found["copy"] = 8 * 2 ** 27 / self.least(lambda: target.copy_(source)) * 1e-9
        return found, {}

    @staticmethod
    def least(work):
        takes = []
        for _ in range(5):
            start = time.perf_counter()
            work()
            takes.append(time.perf_counter() - start)
        return min(takes)

    def account(self, job):
        """Seconds of a UNet call by kind of layer, as torch's profiler saw them; activations count with the norms before them."""
        self.unet(job)
        whole = statistics.median(self.unet(job)[0]["whole"] for _ in range(3))
        with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU], record_shapes=True) as profile:
            self.unet(job)
        found = {"whole": whole}
        for event in profile.key_averages(group_by_input_shape=True):
            kind = kind_of(event.key, event.input_shapes)
            found[kind] = found.get(kind, 0) + event.self_cpu_time_total * 1e-6
        return found, {}

    def start(self, job):
        """Until diffusers is there."""
        start = time.perf_counter()
        import diffusers
        diffusers.StableDiffusionPipeline
        return {"whole": time.perf_counter() - start}, {}

    def load(self, job):
        self.model = None
        gc.collect()
        start = time.perf_counter()
        self.model = Model(job["model"], job["dtype"])
        return {"whole": time.perf_counter() - start}, {}

    def weights(self, job):
        """Reads every weight of UNet and autoencoder once."""
        start = time.perf_counter()
        for part in ("unet", "vae"):
            for weight in getattr(self.model.base, part).parameters():
                weight.sum()
        return {"whole": time.perf_counter() - start}, {}

    def text(self, job):
        pipe = self.model.pipeline(job["layout"])
        return self.timed(lambda: pipe.encode_prompt(job["prompts"], device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=False)[0])

    def unet(self, job):
        unet = self.model.parts(job["layout"])["unet"]
        sample, words = self.tensor(job, "sample"), self.tensor(job, "words")
        added = {name: self.tensor(job, name) for name in ("text_embeds", "time_ids") if name in job} or None
        return self.timed(lambda: unet(sample, job["timestep"], words, added_cond_kwargs=added).sample)

    def encode(self, job):
        vae, pixels = self.model.parts(job["layout"])["vae"], self.tensor(job, "pixels")
        return self.timed(lambda: vae.encode(pixels).latent_dist.mean)

    def decode(self, job):
        vae, latents = self.model.parts(job["layout"])["vae"], self.tensor(job, "latents")
        return self.timed(lambda: vae.decode(latents).sample)

    @staticmethod
    def seeded(job):
        return torch.Generator("cpu").manual_seed(job["seed"])

    def mask(self, job):
        pipe, image = self.model.diffedit(job["layout"]), self.picture(job)
        start = time.perf_counter()
        mask = self.find_mask(pipe, image, job)
        return {"whole": time.perf_counter() - start}, {"mask": mask}

    def find_mask(self, pipe, image, job):
        return pipe.generate_mask(image=image, source_prompt=job["source"], target_prompt=job["target"],
                                  num_maps_per_mask=job["maps"], mask_thresholding_ratio=float(job["ratio"]), generator=self.seeded(job))

    def diffedit(self, job):
        pipe, image, steps = self.model.diffedit(job["layout"]), self.picture(job), job["steps"]
        times = [time.perf_counter()]
        mask = self.find_mask(pipe, image, job)
        times.append(time.perf_counter())
        inverted = pipe.invert(image=image, prompt=job["source"], num_inference_steps=steps, generator=self.seeded(job)).latents
        times.append(time.perf_counter())
        edited = pipe(prompt=job["target"], mask_image=mask, image_latents=inverted, num_inference_steps=steps,
                      generator=self.seeded(job), output_type="np").images[0]
        times.append(time.perf_counter())
        seconds = {name: after - before for name, before, after in zip(("mask", "invert", "edit"), times, times[1:])}
        seconds["whole"] = times[-1] - times[0]
        noisy = inverted.float().numpy().reshape(-1, *inverted.shape[-3:])[0]
        return seconds, {"mask": mask, "noisy": noisy, "edited": edited.transpose(2, 0, 1)}

    def image(self, job):
        pipe = self.model.pipeline(job["layout"])
        start = time.perf_counter()
        made = pipe(prompt=job["target"], num_inference_steps=job["steps"], width=job["side"], height=job["side"],
                    guidance_scale=7.5, generator=self.seeded(job), output_type="np").images[0]
        return {"whole": time.perf_counter() - start}, {"result": made.transpose(2, 0, 1)}


def answer(tasks: Tasks, line: str) -> dict:
    try:
        job = json.loads(line)
        with torch.inference_mode():
            seconds, arrays = getattr(tasks, job["op"])(job)
        for name, file in job.get("results", {}).items():
            if name in arrays:
                np.ascontiguousarray(arrays[name], dtype="<f4").tofile(file)
        return {"seconds": seconds, "threads": torch.get_num_threads()}
    except Exception as e:                                # told to the one who asked, who decides
        return {"error": f"{type(e).__name__}: {e}"}


def serve(tasks: Tasks) -> None:
    """Does the jobs of the standard input until it ends."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)                                         # whatever a library prints is no answer
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    for line in sys.stdin:
        print(json.dumps(answer(tasks, line)), file=out, flush=True)


if __name__ == "__main__":
    serve(Tasks())
