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

from worker import Model, Tasks, serve


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


class StandIn(torch.nn.Module):
    """What diffusers' pipelines take for a UNet: OpenVINO computes."""

    def __init__(self, unet, peer):
        super().__init__()
        self.config, self.dtype, self.device, self.peer = unet.config, unet.dtype, unet.device, peer

    def forward(self, sample, timestep, encoder_hidden_states, return_dict=True, **nothing):
        from diffusers.models.unets.unet_2d_condition import UNet2DConditionOutput
        inputs = [sample.float(), torch.tensor(float(timestep)), encoder_hidden_states.float()]
        noise = torch.from_numpy(self.peer.network(inputs)([tensor.numpy() for tensor in inputs])[0]).to(sample.dtype)
        return UNet2DConditionOutput(sample=noise) if return_dict else (noise,)


def kind_of_node(node) -> str:
    """The kind of layer that a node of OpenVINO's program belongs to, as kind_of has it for diffusers."""
    if node.node_type == "Convolution":
        return "conv 1x1" if "1x1" in node.exec_type else "conv 3x3"
    if "ScaledDotProductAttention" in node.node_name:
        return "attention"
    if node.node_type in ("FullyConnected", "MatMul"):
        return "linear"
    return "norms" if node.node_type in ("MVN", "GroupNormalization") or "norm" in node.node_name or "silu" in node.node_name else "rest"


class OpenVino(Tasks):
    """OpenVINO with fixed shapes, computing in the type of the model; converted once from weights in 32 bits and kept beside the models."""

    HINTS = {"float32": "f32", "bfloat16": "bf16", "float16": "f16"}

    def load(self, job):
        self.folder, self.dtype, self.networks, self.model = Path(job["model"]), job["dtype"], {}, None
        return {"whole": 0.0}, {}

    def inputs(self, job):
        return [torch.from_numpy(self.numbers(job, "sample")), torch.tensor(float(job["timestep"])), torch.from_numpy(self.numbers(job, "words"))]

    def unet(self, job):
        inputs = self.inputs(job)
        network = self.network(inputs)
        arrays = [tensor.numpy() for tensor in inputs]
        return self.timed(lambda: torch.from_numpy(network(arrays)[0]))

    def mask(self, job):
        self.stand_in()
        return super().mask(job)

    def diffedit(self, job):
        self.stand_in()
        return super().diffedit(job)

    def stand_in(self):
        """diffusers' pipeline around OpenVINO's UNet, whose own weights are freed."""
        if self.model is None:
            self.model = Model(str(self.folder), self.dtype)
            self.model.base.unet = StandIn(self.model.base.unet, self)

    def account(self, job):
        """Seconds of a UNet call by kind of layer, as OpenVINO's own counters tell them."""
        inputs = self.inputs(job)
        request = self.compiled(inputs, PERF_COUNT=True).create_infer_request()
        arrays = [tensor.numpy() for tensor in inputs]
        found = {"whole": min(self.timed(lambda: torch.from_numpy(request.infer(arrays)[0]))[0]["whole"] for _ in range(4))}
        for node in request.profiling_info:
            kind = kind_of_node(node)
            found[kind] = found.get(kind, 0) + node.real_time.total_seconds()
        return found, {}

    def network(self, inputs):
        """Compiled for shapes; those of the last two are kept."""
        shape = tuple(inputs[0].shape)
        if shape not in self.networks:
            self.networks = dict([*self.networks.items()][-1:] + [(shape, self.compiled(inputs))])
        return self.networks[shape]

    def compiled(self, inputs, **more):
        import openvino
        file = self.folder.parents[1] / "openvino" / f"{self.folder.name}-{'x'.join(map(str, inputs[0].shape))}.xml"
        if not file.exists():
            self.convert(inputs, file)
        settings = {"INFERENCE_PRECISION_HINT": self.HINTS[self.dtype], "INFERENCE_NUM_THREADS": int(os.environ["OMP_NUM_THREADS"]), "PERFORMANCE_HINT": "LATENCY", **more}
        return openvino.Core().compile_model(file, "CPU", settings)

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
