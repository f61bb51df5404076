"""Group N: models of a few steps: guidance as a condition of the UNet (time_cond_proj_dim), and the schedulers of LCM, TCD and their like."""
from common import ROOT, mask_picture, picture, seed_of
from models import ARCH, CD, D, make_unet
from write import write_case

CONDITION = 17  # odd, so that it is padded


def make(tree):
    spec = dict(channels=(8, 16), layers=1, heads=2, groups=4)
    models = ROOT / tree / "models"
    text = ARCH[tree]["sd1"]["text"]["hidden"]
    make_unet(tree, "sd1-lcm", {**spec, "down": (CD, D)}, text, time_cond_proj_dim=CONDITION).save_pretrained(models / "sd1-lcm" / "unet")
    xl = ARCH[tree]["sdxl"]
    pooled, ids = xl["text2"]["projection"], xl["time_dim"]
    unet = make_unet(tree, "sdxl-lcm", {**spec, "down": (D, CD)}, xl["text"]["hidden"] + xl["text2"]["hidden"], sample=xl["sample"],
                     time_cond_proj_dim=CONDITION, addition_embed_type="text_time", addition_time_embed_dim=ids,
                     projection_class_embeddings_input_dim=pooled + 6 * ids, use_linear_projection=True)
    unet.save_pretrained(models / "sdxl-lcm" / "unet")
    width, height = 64, 48
    images = {"image.png": picture(width, height, tree, "fast"), "mask.png": mask_picture(width, height, tree, "fast")}

    def case(name, pipeline, scheduler, model="sd1", distilled=True, fast=None, **args):
        body = {"group": "N", "kind": "pipeline", "model": model, "pipeline": pipeline, "scheduler": scheduler}
        if fast:  # the recipe that stands for scheduler, steps, guidance and eta, and the name of the file that it is for
            body["fast"] = fast
        if distilled:
            body["components"] = {"unet": {"module": "diffusers", "class": "UNet2DConditionModel", "model": f"{model}-lcm/unet"}}
        args = {"prompt": "a red car in the street", "generator": {"$generator": seed_of(tree, "N", name)}, "output_type": "latent", **args}
        write_case(tree, f"N_{name}", {**body, "args": args}, images=images if "image" in args else None, variants=("threads2+channels_last",))

    lcm = {"class": "LCMScheduler", "config": {}}
    sized = {"width": width, "height": height}
    image = {"image": {"$image": "image.png"}}
    both = {**image, "mask_image": {"$image": "mask.png"}, **sized}
    case("lcm_t2i", "StableDiffusionPipeline", lcm, num_inference_steps=4, guidance_scale=8.5, **sized)
    case("lcm_t2i_unguided", "StableDiffusionPipeline", lcm, num_inference_steps=2, guidance_scale=1.0, **sized)
    case("lcm_own_pipeline", "LatentConsistencyModelPipeline", lcm, num_inference_steps=3, guidance_scale=8.5, **sized)
    case("lcm_i2i", "StableDiffusionImg2ImgPipeline", lcm, num_inference_steps=5, strength=0.6, guidance_scale=8.0, **image)
    case("lcm_inpaint", "StableDiffusionInpaintPipeline", lcm, num_inference_steps=4, strength=0.8, guidance_scale=8.0, **both)
    case("lcm_sdxl", "StableDiffusionXLPipeline", lcm, "sdxl", num_inference_steps=4, guidance_scale=8.0, **sized)
    tcd = {"class": "TCDScheduler", "config": {}}
    case("tcd_t2i", "StableDiffusionPipeline", tcd, distilled=False, fast=["tcd", "tcd-lora"], num_inference_steps=4, guidance_scale=0.0, eta=0.3, **sized)
    turbo = {"class": "EulerAncestralDiscreteScheduler", "config": {"timestep_spacing": "trailing"}}
    case("turbo_i2i", "StableDiffusionImg2ImgPipeline", turbo, distilled=False, num_inference_steps=2, strength=0.5, guidance_scale=0.0, **image)
    lightning = {"class": "EulerDiscreteScheduler", "config": {"timestep_spacing": "trailing"}}
    case("lightning_sdxl", "StableDiffusionXLPipeline", lightning, "sdxl", distilled=False, fast=["lightning", "sdxl_lightning_4step_unet"], num_inference_steps=4, guidance_scale=0.0, **sized)
    kdpm = {"class": "KDPM2DiscreteScheduler", "config": {"use_karras_sigmas": True}}
    case("kdpm2_i2i", "StableDiffusionImg2ImgPipeline", kdpm, distilled=False, num_inference_steps=4, strength=0.5, guidance_scale=4.0, **image)
    edm = {"class": "EDMEulerScheduler", "config": {"sigma_min": 0.002, "sigma_max": 80.0, "sigma_data": 0.5}, "from_scratch": True}
    case("edm_sdxl_i2i", "StableDiffusionXLImg2ImgPipeline", edm, "sdxl", distilled=False, num_inference_steps=4, strength=0.5, guidance_scale=3.0, **image)
    # what the model cards of LCM-LoRA, Hyper-SD, SDXL-Lightning and SDXL-Turbo show
    plain = dict(distilled=False, **sized)
    trailing = {"class": "DDIMScheduler", "config": {"timestep_spacing": "trailing"}}
    clean = {"class": "EulerDiscreteScheduler", "config": {"timestep_spacing": "trailing", "prediction_type": "sample"}}
    case("lcm_lora", "StableDiffusionPipeline", lcm, fast=["lcm", "lcm-lora-sdv1-5"], num_inference_steps=4, guidance_scale=0, **plain)
    case("hyper_eight", "StableDiffusionPipeline", trailing, fast=["hyper-sd", "Hyper-SD15-8steps-lora"], num_inference_steps=8, guidance_scale=0, **plain)
    case("hyper_guided", "StableDiffusionPipeline", trailing, fast=["hyper-sd", "Hyper-SD15-12steps-CFG-lora"], num_inference_steps=12, guidance_scale=5.0, **plain)
    case("hyper_one", "StableDiffusionPipeline", tcd, fast=["hyper-sd", "Hyper-SD15-1step-lora"], num_inference_steps=1, guidance_scale=0, eta=1.0, **plain)
    case("lightning_one_sdxl", "StableDiffusionXLPipeline", clean, "sdxl", fast=["lightning", "sdxl_lightning_1step_unet_x0"], num_inference_steps=1, guidance_scale=0, **plain)
    case("turbo_one_sdxl", "StableDiffusionXLPipeline", turbo, "sdxl", fast=["turbo", "sdxl-turbo"], num_inference_steps=1, guidance_scale=0.0, **plain)
