package sc.fiji.diffedit.pipelines;

import sc.fiji.diffedit.models.Conditioning;
import sc.fiji.diffedit.models.UNet;
import sc.fiji.diffedit.tensor.Kernels;
import sc.fiji.diffedit.tensor.Tensor;

/**
 * The guidance scale as a condition of networks that were distilled with it (Meng et al. 2023; {@code time_cond_proj_dim} of LCM): one
 * prediction then is what guidance makes of two, and there is no negative prompt. Diffusers' {@code get_guidance_scale_embedding}.
 */
final class GuidanceEmbedding {

	private static final class Holder {

		static final Kernels KERNELS = Kernels.load("guidance");
	}

	private GuidanceEmbedding() {}

	/** The conditions with the scale, if the network takes it, in the innermost scope. */
	static Conditioning in(final Conditioning rows, final UNet unet, final double scale) {
		if (!unet.config().isGuidanceDistilled()) return rows;
		final Tensor one = Holder.KERNELS.call("guidance_embedding", scale - 1, unet.config().timeCondProjDim());
		return rows.with(Conditioning.TIMESTEP_COND, one.to(unet.dtype()).to(rows.encoderHiddenStates().device()).repeat(rows.batch()));
	}
}
