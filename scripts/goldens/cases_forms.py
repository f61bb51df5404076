"""Group K: networks as other programs leave them. TAESD under its original names, in two files; UNets with the blocks of SSD-1B, with the
names that it has in one file, and of BK-SDM small and tiny.

What is written under original names is read back by code that is not ours: TAESD by layers laid out as its authors have them, SSD-1B by
diffusers' own conversion. Weights are in 16 bits, so that the files are small.
"""
import torch
from diffusers import AutoencoderTiny, UNet2DConditionModel
from diffusers.loaders.single_file_utils import convert_ldm_unet_checkpoint
from safetensors.torch import save_file

from cases_checkpoints import ldm_unet
from cases_components import unets
from common import ROOT, normal, randomize, write_json
from write import write_case

D, CD, U, CU = "DownBlock2D", "CrossAttnDownBlock2D", "UpBlock2D", "CrossAttnUpBlock2D"
SMALL = dict(layers_per_block=1, cross_attention_dim=32, attention_head_dim=8, sample_size=64, mid_block_type=None)
UNETS = {
    # block types and depths as in segmind/SSD-1B
    "ssd1b": dict(block_out_channels=(32, 32, 32), layers_per_block=2, down_block_types=(D, CD, CD), up_block_types=(CU, CU, U),
                  mid_block_type="UNetMidBlock2D", transformer_layers_per_block=[1, 2, 4],
                  reverse_transformer_layers_per_block=[[4, 4, 10], [2, 1, 1], 1], attention_head_dim=[1, 1, 1], cross_attention_dim=32,
                  use_linear_projection=True, addition_embed_type="text_time", addition_time_embed_dim=256,
                  projection_class_embeddings_input_dim=6 * 256 + 36, sample_size=128),
    # as in nota-ai/bk-sdm-small and bk-sdm-tiny
    "bk-small": dict(block_out_channels=(32, 32, 32, 32), down_block_types=(CD, CD, CD, D), up_block_types=(U, CU, CU, CU), **SMALL),
    "bk-tiny": dict(block_out_channels=(32, 32, 32), down_block_types=(CD, CD, CD), up_block_types=(CU, CU, CU), **SMALL),
}
# Small enough that rounding does not grow on the way through many blocks.
GAINS = {"conv_out": 1.6, "conv2": 0.7, "to_out": 0.5, "ff.net.2": 0.5}


def make(tree):
    taesd(tree)
    for name, config in UNETS.items():
        unet = randomize(UNet2DConditionModel(**config), tree, name, "unet", gains=GAINS)
        unet.half().save_pretrained(ROOT / tree / "models" / name / "unet")
        unets(tree, name)
    names_in_one_file(ROOT / tree / "models/ssd1b")


def names_in_one_file(folder):
    """Writes how a checkpoint in one file calls the tensors of a UNet, after diffusers has read such a checkpoint."""
    unet = UNet2DConditionModel.from_pretrained(folder / "unet", torch_dtype=torch.float16)
    state = unet.state_dict()
    original = ldm_unet(state, unet.config.layers_per_block)
    read = convert_ldm_unet_checkpoint(dict(original), dict(unet.config))
    assert read.keys() == state.keys() and all(torch.equal(read[name], value) for name, value in state.items())
    write_json(folder / "original_names.json", dict(zip(state, original)))


class Block(torch.nn.Module):
    """A block of TAESD as its authors have it."""

    def __init__(self, width):
        super().__init__()
        conv = lambda: torch.nn.Conv2d(width, width, 3, padding=1)
        self.conv = torch.nn.Sequential(conv(), torch.nn.ReLU(), conv(), torch.nn.ReLU(), conv())

    def forward(self, x):
        return (self.conv(x) + x).relu()


class Clamp(torch.nn.Module):
    def forward(self, x):
        return torch.tanh(x / 3) * 3


def original_layers(width):
    """Encoder and decoder in the order of layers that TAESD's file names count."""
    conv = lambda a, b, **more: torch.nn.Conv2d(a, b, 3, padding=1, **more)
    blocks = lambda count: [Block(width) for _ in range(count)]
    smaller = lambda: [conv(width, width, stride=2, bias=False), *blocks(3)]
    larger = lambda count: [*blocks(count), torch.nn.Upsample(scale_factor=2), conv(width, width, bias=False)]
    encoder = torch.nn.Sequential(conv(3, width), *blocks(1), *smaller(), *smaller(), *smaller(), conv(width, 4))
    decoder = torch.nn.Sequential(Clamp(), conv(4, width), torch.nn.ReLU(), *larger(3), *larger(3), *larger(3), *blocks(1), conv(width, 3))
    return encoder, decoder


@torch.no_grad()
def taesd(tree):
    folder = ROOT / tree / "models/taesd"
    tiny = AutoencoderTiny.from_pretrained(folder)
    encoder, decoder = original_layers(tiny.config.encoder_block_out_channels[0])
    for name, module, first in (("encoder", encoder, 0), ("decoder", decoder, 1)):
        state = {}
        for key, value in getattr(tiny, name).state_dict().items():
            _, index, rest = key.split(".", 2)
            state[f"{int(index) + first}.{rest}"] = value
        module.load_state_dict(state)
        save_file(module.state_dict(), folder / f"taesd_{name}.safetensors")
    factor = 8
    tensors = {"image": normal((1, 3, 3 * factor, 4 * factor), tree, "taesd original").sigmoid(),
               "latents": normal((1, 4, 4, 5), tree, "taesd original latents", std=1.5)}
    # the layers take images of 0 to 1, diffusers those of -1 to 1; both give latents as they are
    image = tensors["image"] * 2 - 1
    torch.testing.assert_close(encoder(tensors["image"]), tiny.encode(image).latents)
    torch.testing.assert_close(decoder(tensors["latents"]).clamp(0, 1) * 2 - 1, tiny.decode(tensors["latents"]).sample.clamp(-1, 1))
    tensors["image"] = image
    ref = lambda key: {"$tensor": f"in.{key}"}
    write_case(tree, "K_taesd_original", {"group": "K", "kind": "vae", "class": "AutoencoderTiny", "model": "taesd",
                                          "runs": [{"op": "encode", "input": ref("image")}, {"op": "decode", "input": ref("latents")}]}, tensors)
