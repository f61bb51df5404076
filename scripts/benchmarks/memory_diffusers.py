"""What one task takes of memory and time in diffusers under one memory policy, in a process of its own.

Arguments as of MemoryBenchmark.java: model folder, element type, policy, task (mask, edit or text), image side, maps or steps.
Policies: none, slicing, tiling, attention_slicing, group_block, group_leaf, layerwise. Weights are in memory before the task
begins; what it adds to the anonymous pages is the memory above the weights.
"""
import sys
import threading
import time

import numpy
import torch
from PIL import Image


def resident() -> dict:
    with open("/proc/self/status") as status:
        return {line.split(":")[0]: int(line.split()[1]) * 1024 for line in status if line.startswith("Rss")}


class PeakMemory:
    """Largest anonymous and largest whole memory while something runs, sampled every two milliseconds."""

    def __enter__(self):
        self.first, self.anonymous, self.all, self.done = resident(), 0, 0, False
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self):
        while not self.done:
            now = resident()
            self.anonymous = max(self.anonymous, now["RssAnon"])
            self.all = max(self.all, now["RssAnon"] + now["RssFile"])
            time.sleep(0.002)

    def __exit__(self, *_):
        self.done = True
        self.thread.join()


def opened(folder: str, dtype: torch.dtype, task: str):
    from diffusers import DDIMInverseScheduler, DDIMScheduler, DiffusionPipeline, StableDiffusionDiffEditPipeline
    if task == "text":
        return DiffusionPipeline.from_pretrained(folder, torch_dtype=dtype)
    pipe = StableDiffusionDiffEditPipeline.from_pretrained(folder, torch_dtype=dtype, safety_checker=None, requires_safety_checker=False)
    pipe.scheduler = DDIMScheduler.from_config(pipe.scheduler.config)
    pipe.inverse_scheduler = DDIMInverseScheduler.from_config(pipe.scheduler.config)
    return pipe


def apply(pipe, policy: str, dtype: torch.dtype):
    cpu = torch.device("cpu")
    if policy == "slicing":
        pipe.vae.enable_slicing()
    elif policy == "tiling":
        pipe.vae.enable_tiling()
    elif policy == "attention_slicing":
        pipe.enable_attention_slicing()
    elif policy == "group_block":
        pipe.unet.enable_group_offload(cpu, cpu, offload_type="block_level", num_blocks_per_group=1)
    elif policy == "group_leaf":
        pipe.unet.enable_group_offload(cpu, cpu, offload_type="leaf_level")
    elif policy == "layerwise":
        pipe.unet.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=dtype)
    elif policy != "none":
        raise SystemExit(f"no policy {policy}")


def work(pipe, task: str, side: int, count: int):
    pixels = (numpy.arange(3 * side * side) % 251).astype(numpy.uint8).reshape(side, side, 3)
    image = Image.fromarray(pixels)
    source, target = "a bowl of fruit", "a bowl of pears"
    if task == "text":
        pipe(source, width=side, height=side, num_inference_steps=count)
        return
    maps = count if task == "mask" else 1
    mask = pipe.generate_mask(image, target_prompt=target, source_prompt=source, num_maps_per_mask=maps, generator=torch.Generator().manual_seed(0))
    if task == "edit":
        inverted = pipe.invert(source, image, num_inference_steps=count, inpaint_strength=1.0, guidance_scale=1.0).latents
        pipe(target, mask_image=mask, image_latents=inverted, num_inference_steps=count, inpaint_strength=1.0)


def main(folder: str, name: str, policy: str, task: str, side: str, count: str):
    dtype = getattr(torch, name)
    pipe = opened(folder, dtype, task)
    pipe.set_progress_bar_config(disable=True)
    apply(pipe, policy, dtype)
    start = time.time()
    with torch.no_grad(), PeakMemory() as peak:
        work(pipe, task, int(side), int(count))
    print(f"diffusers {name} {policy} {task} {side} x{count}: above the weights {(peak.anonymous - peak.first['RssAnon']) / 1e6:.0f} MB, "
          f"anonymous {peak.first['RssAnon'] / 1e6:.0f} MB before and {peak.anonymous / 1e6:.0f} MB at the peak, files {resident()['RssFile'] / 1e6:.0f} MB, "
          f"most of all {peak.all / 2 ** 30:.2f} GiB, {time.time() - start:.1f} s")


main(*sys.argv[1:])
