"""The peers of scripts/benchmark --peers, which run diffusers' UNet in another engine: peer_worker.py compile|openvino.

The same language as worker.py, whose weights they share. What a network needs before its first call (compiling, converting) happens in
that call, which is warm-up and told apart.
"""
from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path

import torch

from worker import Tasks, serve


class Compiled(Tasks):
    """torch.compile (inductor) with weights that are constants of the program."""

    def load(self, job):
        import torch._inductor.config as inductor
        inductor.freezing = True
        seconds = super().load(job)
        self.network = torch.compile(self.model.base.unet, dynamic=False)
        return seconds

    def unet(self, job):
        sample, words = self.tensor(job, "sample"), self.tensor(job, "words")
        return self.timed(lambda: self.network(sample, job["timestep"], words, return_dict=False)[0])


class NoiseAlone(torch.nn.Module):
    """A UNet whose result is a tensor."""

    def __init__(self, unet):
        super().__init__()
        self.unet = unet

    def forward(self, sample, timestep, words):
        return self.unet(sample, timestep, words, return_dict=False)[0]


class OpenVino(Tasks):
    """OpenVINO with fixed shapes, computing in the type of the model; converted once from weights in 32 bits and kept beside the models."""

    HINTS = {"float32": "f32", "bfloat16": "bf16", "float16": "f16"}

    def load(self, job):
        self.folder, self.dtype, self.networks = Path(job["model"]), job["dtype"], {}
        return {"whole": 0.0}, {}

    def unet(self, job):
        inputs = [torch.from_numpy(self.numbers(job, "sample")), torch.tensor(float(job["timestep"])), torch.from_numpy(self.numbers(job, "words"))]
        network = self.network(inputs)
        arrays = [tensor.numpy() for tensor in inputs]
        return self.timed(lambda: torch.from_numpy(network(arrays)[0]))

    def network(self, inputs):
        import openvino
        shape = "x".join(map(str, inputs[0].shape))
        if shape not in self.networks:
            file = self.folder.parents[1] / "openvino" / f"{self.folder.name}-{shape}.xml"
            if not file.exists():
                self.convert(inputs, file)
            settings = {"INFERENCE_PRECISION_HINT": self.HINTS[self.dtype], "INFERENCE_NUM_THREADS": int(os.environ["OMP_NUM_THREADS"]), "PERFORMANCE_HINT": "LATENCY"}
            self.networks = {shape: openvino.Core().compile_model(file, "CPU", settings)}
        return self.networks[shape]

    def convert(self, inputs, file):
        """In a process of its own: converting takes 12 GB for SD 1.5, of which some would stay."""
        child = multiprocessing.get_context("spawn").Process(target=convert, args=(self.folder / "unet", [tensor.numpy() for tensor in inputs], file))
        child.start()
        child.join()
        if child.exitcode != 0:
            raise RuntimeError(f"OpenVINO could not convert {self.folder / 'unet'}; its process ended with {child.exitcode}")


def convert(folder, arrays, file):
    import diffusers
    import openvino
    inputs = [torch.from_numpy(array) for array in arrays]
    unet = diffusers.UNet2DConditionModel.from_pretrained(folder, torch_dtype=torch.float32)
    model = openvino.convert_model(NoiseAlone(unet), example_input=inputs, input=[list(tensor.shape) for tensor in inputs])
    part = file.with_name(file.stem + ".part.xml")     # a conversion that was ended half way is not taken for a whole one
    openvino.save_model(model, part, compress_to_fp16=False)
    part.with_suffix(".bin").rename(file.with_suffix(".bin"))
    part.rename(file)


if __name__ == "__main__":
    serve({"compile": Compiled, "openvino": OpenVino}[sys.argv[1]]())
