package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.AlteredModel;
import sc.fiji.diffedit.weights.Inspection;
import sc.fiji.diffedit.weights.ModelOptions;

/** After loading, every tensor and every setting of a model's files is used, known to be of no use, or told; what is not understood and changes numbers is refused. */
@ExtendWith(NoNativeLeaks.class)
class NothingIgnoredTest {

	private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

	private final ModelStore store = new ModelStore();

	@TempDir
	Path temp;

	@AfterEach
	void close() {
		store.close();
	}

	private List<String> notices(final LoadOptions options) {
		final List<String> notices = new ArrayList<>();
		try (ModelLease lease = store.borrow(options)) {
			lease.setNotices(notices::add);
		}
		return notices;
	}

	private Path sd1() {
		return AlteredModel.copy(GoldenCase.model("sd1"), temp.resolve("sd1"));
	}

	private List<String> noticesWith(final Consumer<Map<String, Tensor>> change) {
		final Path model = sd1();
		AlteredModel.tensors(model.resolve(UNET), model.resolve(UNET), change);
		return notices(LoadOptions.of(model.toString()));
	}

	private static Tensor one() {
		return Tensor.full(1, DType.FLOAT32, 1);
	}

	/** Among them configs with every key that diffusers 0.42.1 and transformers 5 write. */
	@ParameterizedTest
	@ValueSource(strings = { "demo", "sd1-sharded", "sd2", "sdxl", "sdxl-refiner" })
	void modelsAsTheyAreGiveNoNotice(final String name) {
		assertEquals(List.of(), notices(LoadOptions.of(name.equals("demo") ? name : GoldenCase.model(name).toString())));
	}

	@Test
	void checkpointsInOneFileGiveNoNotice() {
		final ModelOptions companion = ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"));
		assertEquals(List.of(), notices(LoadOptions.of(GoldenCase.model("single/sd1.safetensors").toString()).withFiles(companion)));
	}

	@Test
	void tensorsThatNothingReadsAreTold() {
		final List<String> told = noticesWith(tensors -> {
			tensors.put("mid_block.motion.weight", one());
			tensors.put("down_blocks.0.attentions.0.norm.num_batches_tracked", one());
		});
		assertEquals(List.of("sd1 has a tensor that is not used here (unet/mid_block.motion.weight); results may differ from other programs'."), told);
	}

	/** A notice is one line of readable characters, and so is each line of the report on a file, whatever names the file has. */
	@Test
	void controlCharactersOfNamesAreNeverShown() {
		final Path model = sd1();
		AlteredModel.tensors(model.resolve(UNET), model.resolve(UNET), tensors -> tensors.put("a\u001b[31m\nb\u202e", one()));
		AlteredModel.json(model.resolve("vae/config.json"), json -> json.addProperty("c\r\nd\u0007", 1));
		final List<String> told = notices(LoadOptions.of(model.toString()));
		assertEquals(List.of("sd1 has a tensor that is not used here (unet/a?[31m b?); results may differ from other programs'.",
			"sd1 has a setting that is not known here (vae: c d?); results may differ from other programs'."), told);
		final Path file = AlteredModel.tensors(GoldenCase.model("single/sd1.safetensors"), temp.resolve("a.safetensors"), tensors -> tensors.put("a\u001b[31m\nb\u202e", one()));
		assertTrue(Inspection.of(file).lines().contains("not used: 1 tensor (a?[31m b?)"), () -> Inspection.of(file).lines().toString());
	}

	/** What is of no use in a text encoder or in a checkpoint may be of use in a UNet of a folder, whose markers and tables nothing reads. */
	@Test
	void whatIsHarmlessInOnePartIsToldInAnother() {
		final List<String> told = noticesWith(tensors -> List.of("logit_scale", "text_model.a", "v_pred", "betas", "vision_model.b").forEach(name -> tensors.put(name, one())));
		assertEquals(1, told.size());
		assertTrue(told.get(0).startsWith("sd1 has 5 tensors that are not used here (unet/"), told.get(0));
	}

	/** Options for another form of model than the one that is opened. */
	@Test
	void optionsThatPlayNoRoleAreTold() {
		final List<String> folder = notices(LoadOptions.of(sd1().toString()).withFiles(ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sdxl"))));
		assertEquals(List.of("The companion sdxl is not used, since sd1 is a folder with configs and tokenizers of its own; a companion serves a checkpoint in one file."
			+ " To take single parts from it, name them (vae: FOLDER)."), folder);
		assertEquals(List.of("The variant fp16 is not used: sd1 has no file of it, so that its plain files were taken."), notices(LoadOptions.of(GoldenCase.model("sd1").toString()).withFiles(ModelOptions.DEFAULTS.withVariant("fp16"))));
		final List<String> file = notices(LoadOptions.of(GoldenCase.model("single/sd1.safetensors").toString()).withFiles(ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1")).withVariant("fp16")));
		assertEquals(List.of("The variant fp16 is not used: sd1.safetensors is one file, which has no variants."), file);
	}

	@Test
	void tensorsOfACheckpointThatBelongToNoPartAreTold() {
		final Path file = AlteredModel.tensors(GoldenCase.model("single/sd1.safetensors"), temp.resolve("a.safetensors"), tensors -> {
			tensors.put("model.diffusion_model.input_blocks.77.0.weight", one());
			tensors.put("pose_model.0.weight", one());
			for (final String harmless : List.of("model_ema.decay", "posterior_variance", "cond_stage_model.transformer.text_model.embeddings.position_ids")) tensors.put(harmless, one());
		});
		final List<String> told = notices(LoadOptions.of(file.toString()).withFiles(ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"))));
		assertEquals(1, told.size());
		assertTrue(told.get(0).startsWith("a.safetensors has 2 tensors that are not used here ("), told.get(0));
		assertTrue(told.get(0).contains("input_blocks.77") && told.get(0).contains("pose_model"), told.get(0));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "unet/config.json | sub_quadratic | 4 | unet: sub_quadratic", "vae/config.json | tile_weight | 0.5 | vae: tile_weight",
		"vae/config.json | upcast_attention | true | vae: upcast_attention", "unet/config.json | eos_token_id | 2 | unet: eos_token_id", "text_encoder/config.json | add_watermarker | true | text_encoder: add_watermarker",
		"text_encoder/config.json | rope_theta | 10000 | text_encoder: rope_theta", "scheduler/scheduler_config.json | predict_epsilon | false | scheduler: predict_epsilon",
		"model_index.json | controlnet | ['diffusers','ControlNetModel'] | model_index.json: controlnet" })
	void settingsThatNothingReadsAreTold(final String file, final String key, final String value, final String told) {
		final Path model = sd1();
		AlteredModel.json(model.resolve(file), json -> json.add(key, JsonParser.parseString(value)));
		assertEquals(List.of("sd1 has a setting that is not known here (" + told + "); results may differ from other programs'."),
			notices(LoadOptions.of(model.toString())));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "unet/config.json | quantization_config | {'quant_method':'bitsandbytes'} | quantised by bitsandbytes",
		"text_encoder/config.json | quantization_config | {'quant_method':'gptq'} | quantised by gptq", "unet/config.json | act_fn | 'gelu' | act_fn",
		"text_encoder/config.json | hidden_act | 'relu' | hidden_act", "unet/config.json | attention_type | 'gated' | attention_type",
		"unet/config.json | class_embed_type | 'timestep' | class_embed_type" })
	void settingsThatChangeNumbersAndAreNotUnderstoodAreRefused(final String file, final String key, final String value, final String said) {
		final Path model = sd1();
		AlteredModel.json(model.resolve(file), json -> json.add(key, JsonParser.parseString(value)));
		refused(model, said);
	}

	@Test
	void aNoiseScheduleThatIsNotUsedIsTold() {
		final Path file = AlteredModel.tensors(GoldenCase.model("single/sd1.safetensors"), temp.resolve("a.safetensors"), tensors -> tensors.put("betas", one()));
		final List<String> told = notices(LoadOptions.of(file.toString()).withFiles(ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"))));
		assertEquals(List.of(temp.getFileName() + "/a.safetensors has a noise schedule 'betas' that is not used: it is no list of floating point numbers and cannot be compared with that of the model's scheduler;"
			+ " results may differ from other programs'. To follow the file, name a scheduler with its betas (trained_betas in scheduler_config.json)."), told);
	}

	@Test
	void aSafetyCheckerThatIsNamedAndMissingIsTold() {
		final Path model = sd1();
		AlteredModel.json(model.resolve("model_index.json"), json -> json.add("safety_checker", JsonParser.parseString("['stable_diffusion','StableDiffusionSafetyChecker']")));
		assertEquals(List.of(), notices(LoadOptions.of(model.toString()).withSafetyChecker(false)));
		final String told = "sd1 names a safety checker in model_index.json but has no %s, so that results are not checked; copy or download the model again, or switch the safety checker off.";
		assertEquals(List.of(String.format(told, "safety_checker")), notices(LoadOptions.of(model.toString()).withSafetyChecker(true)));
		AlteredModel.copy(GoldenCase.model("safety/safety_checker"), model.resolve("safety_checker"));
		assertEquals(List.of(String.format(told, "feature_extractor")), notices(LoadOptions.of(model.toString()).withSafetyChecker(true)));
	}

	private void refused(final Path model, final String said) {
		final String message = assertThrows(DiffEditException.class, () -> notices(LoadOptions.of(model.toString()))).getMessage();
		assertTrue(message.contains(said), message);
	}

	/** Whole numbers and scales of quantisers are never plain weights. */
	@ParameterizedTest
	@CsvSource({ "conv_in.SCB, bitsandbytes", "conv_in.weight.absmax, bitsandbytes", "conv_in.qweight, GPTQ or AWQ", "conv_in.weight._data, Quanto",
		"conv_in.weight_scale_2, NVFP4", "conv_in.wscales, SVDQuant", "conv_in.scale, a scale of an unknown kind" })
	void scalesOfQuantisersAreRefused(final String name, final String said) {
		final Path model = sd1();
		AlteredModel.tensors(model.resolve(UNET), model.resolve(UNET), tensors -> tensors.put(name, one()));
		refused(model, said);
	}

	@Test
	void wholeNumbersAreRefused() {
		final Path model = sd1();
		AlteredModel.tensors(model.resolve(UNET), model.resolve(UNET), tensors -> tensors.put("conv_in.weight", tensors.get("conv_in.weight").to(DType.INT8)));
		refused(model, "'conv_in.weight' in whole numbers (INT8)");
	}

	/** Five steps of PNDM are six calls of the network; where the config does not skip the Runge-Kutta steps, twelve come before the last two. */
	@ParameterizedTest
	@CsvSource({ "true, 6", "false, 14", ", 14" })
	void rungeKuttaStepsAreSkippedWhereTheConfigSaysSo(final Boolean skips, final int calls) {
		final Path model = sd1();
		AlteredModel.json(model.resolve("scheduler/scheduler_config.json"), json -> {
			json.remove("skip_prk_steps");
			if (skips != null) json.addProperty("skip_prk_steps", skips);
		});
		final AtomicInteger steps = new AtomicInteger();
		try (ModelLease lease = store.borrow(model.toString())) {
			lease.textToImage(TextToImageRequest.of("nuclei").withWidth(16).withHeight(16).withNumInferenceSteps(5), step -> steps.incrementAndGet());
		}
		assertEquals(calls, steps.get());
	}

	/** Given tensors that fit nothing, a LoRA tells with each result, not only in the log. */
	@Test
	void tensorsOfALoraThatFitNothingAreTold() {
		final Path lora = AlteredModel.tensors(GoldenCase.model("adapters/sd1_kohya.safetensors"), temp.resolve("lora.safetensors"),
			tensors -> tensors.put("lora_unet_mid_block_attentions_0_proj_in.gate", one()));
		final List<String> notices = new ArrayList<>();
		try (ModelLease lease = store.borrow(GoldenCase.model("sd1").toString())) {
			lease.setNotices(notices::add);
			lease.setAdapters(Adapters.NONE.withLora(lora, 1));
			lease.call(parts -> null);
			lease.call(parts -> null);
		}
		assertEquals(2, notices.size());
		assertTrue(notices.get(0).startsWith("lora.safetensors has 1 tensor without a place in this model, left out"), notices.get(0));
	}
}
