package sc.fiji.diffedit.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;

/** The training config beside a checkpoint: every key of it is read, known to change nothing, or told; what is computed elsewhere is refused. */
@ExtendWith(NoNativeLeaks.InScope.class)
class CheckpointYamlTest {

	private static final String V = "v_prediction", EPSILON = "epsilon";

	@TempDir
	Path temp;

	/** A checkpoint of SD 2. */
	private Path sd2() {
		final LoneCheckpoint file = new LoneCheckpoint(4);
		file.tensors().put("cond_stage_model.model.positional_embedding", Tensor.zeros(DType.FLOAT32, 77, 64));
		return file.write(temp.resolve("model.safetensors"), Map.of());
	}

	/** Lines with ; between them. */
	private void beside(final String yaml) {
		AlteredModel.text(temp.resolve("model.yaml"), yaml.replace(';', '\n') + "\n");
	}

	/** As other editors and other people write it: lines end as on Windows, with a mark of the byte order, keys in quotes. */
	@ParameterizedTest
	@ValueSource(strings = { "model:\r\n  params:\r\n    parameterization: v\r\n    betas: [1,\r\n      2]\r\n", "\uFEFFparameterization: v\n", "---\n# said\n\"parameterization\": 'v' # here\n- item: 1\n\n...\n" })
	void trainingConfigsOfEveryEditorAreRead(final String yaml) {
		AlteredModel.text(temp.resolve("model.yaml"), yaml);
		try (ModelFolder model = ModelFolder.open(sd2(), ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd2")))) {
			assertEquals(V, model.config("scheduler").getString("prediction_type", ""));
		}
	}

	/** Heads and size of the images do not show in a file's tensors; a companion's are others. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "unet_config:;      params:;        num_heads: 4 | attention_head_dim | 4", "network_config:;      params:;        num_head_channels: 16;        num_heads: 1 | attention_head_dim | %s",
		"unet_config:;      params:;        num_heads: -1;        num_head_channels: 16 | attention_head_dim | %s", "image_size: 96 | sample_size | 96" })
	void whatTensorsDoNotShowOfAUNetIsReadBesideThem(final String yaml, final String key, final String wanted) {
		AlteredModel.text(temp.resolve("model.yaml"), "model:\n  params:\n    " + yaml.replace(';', '\n') + "\n");
		for (final ModelOptions options : List.of(ModelOptions.DEFAULTS, ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd2")))) {
			try (ModelFolder model = ModelFolder.open(sd2(), options)) {
				final int[] channels = model.config("unet").getInts("block_out_channels");
				assertEquals(wanted.replace("%s", Arrays.toString(Arrays.stream(channels).map(count -> Math.max(1, count / 16)).toArray()).replace(" ", "")), model.config("unet").json().get(key).toString());
				assertTrue(model.notices().stream().noneMatch(notice -> notice.contains("not known here")), () -> model.notices().toString());
			}
		}
	}

	/** As Stability AI publishes it beside 2.1: nothing in it is unknown, and its size of 64, which is that of all of its configs, is not taken. */
	@Test
	void thePublishedTrainingConfigIsKnown() {
		AlteredModel.text(temp.resolve("model.yaml"), """
			model:
			>>base_learning_rate: 1.0e-4
			>>target: ldm.models.diffusion.ddpm.LatentDiffusion
			>>params:
			>>>>parameterization: "v"
			>>>>linear_start: 0.00085
			>>>>linear_end: 0.0120
			>>>>num_timesteps_cond: 1
			>>>>timesteps: 1000
			>>>>image_size: 64
			>>>>channels: 4
			>>>>cond_stage_trainable: false
			>>>>conditioning_key: crossattn
			>>>>scale_factor: 0.18215
			>>>>use_ema: False # only for inference
			>>>>unet_config:
			>>>>>>target: ldm.modules.diffusionmodules.openaimodel.UNetModel
			>>>>>>params:
			>>>>>>>>use_checkpoint: True
			>>>>>>>>use_fp16: True
			>>>>>>>>image_size: 32 # unused
			>>>>>>>>attention_resolutions: [ 4, 2, 1 ]
			>>>>>>>>use_linear_in_transformer: True
			>>>>>>>>legacy: False
			>>>>cond_stage_config:
			>>>>>>target: ldm.modules.encoders.modules.FrozenOpenCLIPEmbedder
			>>>>>>params:
			>>>>>>>>freeze: True
			>>>>>>>>layer: "penultimate"
			""".replace('>', ' '));
		try (ModelFolder model = ModelFolder.open(sd2())) {
			assertEquals(List.of(), model.notices());
			assertEquals(96, model.config("unet").getInt("sample_size", 0));
		}
	}

	/** In the form of Stability AI's later trainer: with lists of keys, and the noise schedule where the denoiser has it. */
	@ParameterizedTest
	@ValueSource(strings = { "VScaling", "EpsScaling" })
	void listsOfTheLaterTrainerAreRead(final String scaling) {
		AlteredModel.text(temp.resolve("model.yaml"), """
			model:
			>>target: sgm.models.diffusion.DiffusionEngine
			>>params:
			>>>>log_keys:
			>>>>- txt
			>>>>denoiser_config:
			>>>>>>target: sgm.modules.diffusionmodules.denoiser.DiscreteDenoiser
			>>>>>>params:
			>>>>>>>>num_idx: 900
			>>>>>>>>scaling_config:
			>>>>>>>>>>target: sgm.modules.diffusionmodules.denoiser_scaling.SCALING
			>>>>>>>>discretization_config:
			>>>>>>>>>>target: sgm.modules.diffusionmodules.discretizer.LegacyDDPMDiscretization
			>>>>>>>>>>params:
			>>>>>>>>>>>>linear_start: 0.001
			>>>>>>>>>>>>linear_end: 0.013
			>>>>network_config:
			>>>>>>target: sgm.modules.diffusionmodules.openaimodel.UNetModel
			>>>>>>params:
			>>>>>>>>transformer_depth: [1, 2,
			>>>>>>>>>>10]  # the first is not used
			>>>>conditioner_config:
			>>>>>>target: sgm.modules.GeneralConditioner
			>>>>>>params:
			>>>>>>>>emb_models:
			>>>>>>>>>># words
			>>>>>>>>>>- is_trainable: False
			>>>>>>>>>>>>input_key: txt
			>>>>>>>>>>>>target: sgm.modules.encoders.modules.FrozenOpenCLIPEmbedder
			>>>>>>>>>>>>params:
			>>>>>>>>>>>>>>layer: penultimate
			>>>>>>>>>>- input_key: crop_coords_top_left
			>>>>>>>>>>>>target: sgm.modules.encoders.modules.ConcatTimestepEmbedderND
			>>>>>>>>>>>>params: {}
			>>>>first_stage_config:
			>>>>>>params:
			>>>>>>>>ddconfig:
			>>>>>>>>>>ch_mult:
			>>>>>>>>>>- 1
			>>>>>>>>>>- 2
			>>>>>>>>>>attn_type: vanilla
			data:
			>>train:
			>>>>- "pipe:cat {0..9}.tar -"
			""".replace('>', ' ').replace("SCALING", scaling));
		try (ModelFolder model = ModelFolder.open(sd2())) {
			assertEquals(List.of(), model.notices());
			final Config scheduler = model.config("scheduler");
			assertEquals(scaling.startsWith("V") ? V : EPSILON, scheduler.getString("prediction_type", ""));
			assertEquals("0.001 0.013 900", scheduler.getDouble("beta_start", 0) + " " + scheduler.getDouble("beta_end", 0) + " " + scheduler.getInt("num_train_timesteps", 0));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "model:;  target: cldm.ControlLDM | model.target | LatentDiffusion or LatentInpaintDiffusion or LatentFinetuneDiffusion or DiffusionEngine",
		"model:;  params:;    denoiser_config:;      target: sgm.Denoiser | model.params.denoiser_config.target | DiscreteDenoiser",
		"model:;  params:;    denoiser_config:;      params:;        discretization_config:;          target: sgm.EDMDiscretization | model.params.denoiser_config.params.discretization_config.target | LegacyDDPMDiscretization",
		"model:;  params:;    denoiser_config:;      params:;        scaling_config:;          target: sgm.VScalingWithEDMcNoise | scaling_config | EpsScaling or VScaling", "model:;  params:;    beta_schedule: cosine | model.params.beta_schedule | linear",
		"model:;  params:;    conditioner_config:;      params:;        emb_models:;          - target: sgm.FrozenByT5Embedder | model.params.conditioner_config.params.emb_models.0.target | FrozenCLIPEmbedder or FrozenOpenCLIPEmbedder2? or ",
		"model:;  params:;    conditioner_config:;      params:;        emb_models:;        - input_key: txt;        - input_key: fps | model.params.conditioner_config.params.emb_models.1.input_key | txt or original_size_as_tuple",
		"model:;  params:;    cond_stage_config:;      target: modules.xlmr.BertSeriesModelWithTransformation | model.params.cond_stage_config.target | FrozenCLIPEmbedder or FrozenOpenCLIPEmbedder",
		"model:;  params:;    first_stage_config:;      target: ldm.VQModelInterface | model.params.first_stage_config.target | AutoencoderKL or", "model:;  params:;    unet_config:;      params:;        use_scale_shift_norm: True | model.params.unet_config.params.use_scale_shift_norm | false",
		"model:;  params:;    network_config:;      params:;        disable_self_attentions: [False, True] | model.params.network_config.params.disable_self_attentions | false",
		"model:;  params:;    unet_config:;      params:;        spatial_transformer_attn_type: linear | model.params.unet_config.params.spatial_transformer_attn_type | softmax-xformers?", "model: [{target: a}] | model | keys in lines of their own" })
	void whatIsComputedOtherwiseIsRefused(final String yaml, final String key, final String wanted) {
		beside(yaml);
		final String said = assertThrows(DiffEditException.class, () -> ModelFolder.open(sd2()).close()).getMessage();
		assertTrue(said.startsWith("model.yaml has " + key + " '") && said.contains(wanted) && said.endsWith("; correct it, or move the file away from the model of its name."), said);
	}

	/** Quotes that do not end or hold escaped letters, hashes that other readers may take for comments. */
	@ParameterizedTest
	@ValueSource(strings = { "parameterization: \"v # or eps", "parameterization: 'v'' # or eps'", "parameterization: \"\\x76\"", "parameterization: v 'or # eps'", "parameterization: ['v # eps']", "parameterization: ['v # eps" })
	void textsThatAreNotPlainAreRefused(final String yaml) {
		beside(yaml);
		final String said = assertThrows(DiffEditException.class, () -> ModelFolder.open(sd2()).close()).getMessage();
		assertTrue(said.startsWith("model.yaml has parameterization '") && said.contains("but keys in lines of their own and plain values is needed"), said);
	}

	/** Which one counts is for others to say. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "parameterization: v;parameterization: eps | parameterization", "model:;  params:;    timesteps: 1000;model:;  params: | model", "model.params:;  linear_start: 1;model:;  params: | model.params",
		"model:;- a;model.0: b | model.0" })
	void aKeyThatComesTwiceIsRefused(final String yaml, final String key) {
		beside(yaml);
		final String said = assertThrows(DiffEditException.class, () -> ModelFolder.open(sd2()).close()).getMessage();
		assertEquals("model.yaml has the key '" + key + "' twice; leave the one that counts, or move the file away from the model of its name.", said);
	}

	/** What is neither read nor known is told with its place in a list; null says nothing. */
	@Test
	void keysThatNothingReadsAreTold() {
		beside("parameterization: v;model:;  params:;    beta_schedule: null;    conditioner_config:;      params:;        emb_models:;        - input_key: txt;        - params:;            wobble: 3");
		try (ModelFolder model = ModelFolder.open(sd2())) {
			assertEquals(List.of("model.yaml has settings that are not known here (model.params.conditioner_config.params.emb_models.1.params.wobble); results may differ from other programs'."), model.notices());
		}
	}

	/** Each family reads texts off a layer of its own. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none", value = { "SD2 | penultimate | none", "SD2 | last | cond_stage_config.params.layer: last", "SD2 | hidden;        layer_idx: 11 | cond_stage_config.params.layer: hidden", "SD1 | last | none",
		"SD1 | penultimate | cond_stage_config.params.layer: penultimate", "SD1 | \"last # 2\" # two hashes | cond_stage_config.params.layer: last # 2" })
	void aTextEncoderThatStopsElsewhereIsTold(final Family family, final String layer, final String told) {
		beside("parameterization: v;model:;  params:;    cond_stage_config:;      params:;        layer: " + layer);
		try (ModelFolder model = ModelFolder.open(family == Family.SD1 ? LoneCheckpoint.whole(4).write(temp.resolve("model.safetensors"), Map.of()) : sd2())) {
			assertEquals(told == null, model.notices().isEmpty(), () -> model.notices().toString());
			if (told != null) assertTrue(model.notices().get(0).contains(told), model.notices().toString());
		}
	}

	/** SDXL's first encoder calls that layer hidden, of number 11, the second one penultimate. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "hidden | 11 | 0", "hidden | 10 | 1", "last | null | 1" })
	void theLayersOfXlAreKnown(final String layer, final String index, final int told) {
		final CheckpointYaml yaml = xl("model:;  params:;    conditioner_config:;      params:;        emb_models:;        - target: sgm.FrozenCLIPEmbedder;          params:;            layer: " + layer + ";            layer_idx: " + index
			+ ";        - target: sgm.FrozenOpenCLIPEmbedder2;          params:;            layer: penultimate;            legacy: False");
		assertEquals(told, yaml.notice(Family.SDXL).stream().count());
	}

	private CheckpointYaml xl(final String yaml) {
		beside(yaml);
		return CheckpointYaml.read(temp.resolve("model.yaml"));
	}
}
