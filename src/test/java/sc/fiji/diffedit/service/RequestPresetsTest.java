package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.pipelines.DeepCache;
import sc.fiji.diffedit.pipelines.EditRequest;
import sc.fiji.diffedit.pipelines.GuidanceInterval;
import sc.fiji.diffedit.pipelines.ImageToImageRequest;
import sc.fiji.diffedit.pipelines.InpaintRequest;
import sc.fiji.diffedit.pipelines.InvertRequest;
import sc.fiji.diffedit.pipelines.MaskRequest;
import sc.fiji.diffedit.pipelines.Mode;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.pipelines.Threshold;

/** Presets set what they name of a request; they are files that anybody may have written. */
class RequestPresetsTest {

	@TempDir
	private Path folder;

	@BeforeEach
	void here() {
		System.setProperty(RequestPresets.PROPERTY, folder.toString());
	}

	@AfterEach
	void away() {
		System.clearProperty(RequestPresets.PROPERTY);
	}

	@Test
	void aPresetSetsWhatItNamesAndNothingElse() {
		final RequestPreset preset = new RequestPreset("mine", "", Map.of("maps", 7.0, "steps", 12.0, "strength", 0.4, "guidance", 3.5, "noise", 0.6, "blur", 2.0, "crop", true, "margin", 9.0));
		assertTrue(new RequestPreset("until", "", Map.of("untilStable", true)).on(MaskRequest.DEFAULTS).untilStable());
		assertEquals(MaskRequest.DEFAULTS.withNumMapsPerMask(7).withNumInferenceSteps(12).withMaskEncodeStrength(0.6), preset.on(MaskRequest.DEFAULTS));
		assertEquals(InvertRequest.DEFAULTS.withNumInferenceSteps(12).withInpaintStrength(0.4), preset.on(InvertRequest.DEFAULTS));
		assertEquals(EditRequest.DEFAULTS.withNumInferenceSteps(12).withInpaintStrength(0.4).withGuidanceScale(3.5), preset.on(EditRequest.DEFAULTS));
		assertEquals(TextToImageRequest.DEFAULTS.withNumInferenceSteps(12).withGuidanceScale(3.5), preset.on(TextToImageRequest.DEFAULTS));
		assertEquals(ImageToImageRequest.DEFAULTS.withNumInferenceSteps(12).withStrength(0.4).withGuidanceScale(3.5), preset.on(ImageToImageRequest.DEFAULTS));
		final GuidanceInterval late = new GuidanceInterval(0.25, 1);
		assertEquals(EditRequest.DEFAULTS.withGuidanceInterval(late), new RequestPreset("late", "", Map.of("guidanceStart", 0.25)).on(EditRequest.DEFAULTS));
		assertEquals(TextToImageRequest.DEFAULTS.withGuidanceInterval(late), new RequestPreset("late", "", Map.of("guidanceStart", 0.25)).on(TextToImageRequest.DEFAULTS));
		final RequestPreset deep = new RequestPreset("deep", "", Map.of("cacheInterval", 3.0, "cacheBranch", 1.0));
		assertEquals(InvertRequest.DEFAULTS.withDeepCache(new DeepCache(3, 1)), deep.on(InvertRequest.DEFAULTS));
		assertEquals(EditRequest.DEFAULTS.withDeepCache(new DeepCache(3, 1)), deep.on(EditRequest.DEFAULTS));
		final InpaintRequest inpaint = preset.on(InpaintRequest.DEFAULTS);
		assertEquals(2.0, inpaint.maskBlur());
		assertEquals(9, inpaint.paddingMaskCrop().orElseThrow());
		assertEquals(MaskRequest.DEFAULTS, RequestPresets.named("Standard").on(MaskRequest.DEFAULTS));
	}

	@Test
	void aDraftMakesWholeImagesInMoreStepsThanEdits() {
		final RequestPreset draft = RequestPresets.named("draft");
		assertEquals(List.of(5, 5), List.of(draft.on(MaskRequest.DEFAULTS).numInferenceSteps(), draft.on(EditRequest.DEFAULTS).numInferenceSteps()));
		assertEquals(List.of(20, 20, 20), List.of(draft.on(TextToImageRequest.DEFAULTS).numInferenceSteps(), draft.on(ImageToImageRequest.DEFAULTS).numInferenceSteps(),
			draft.on(InpaintRequest.DEFAULTS).numInferenceSteps()));
	}

	/** What forms say of presets, and their files, are the same in every Java: maps without an order have another one in each. */
	@Test
	void settingsAreInTheOrderOfTheirKeys() {
		assertEquals(RequestPreset.KEYS.keySet().stream().sorted().toList(), List.copyOf(RequestPreset.KEYS.keySet()));
		assertEquals(List.of("heatFrom", "maskRefinement", "strength", "threshold"), List.copyOf(RequestPresets.named("diffusers").texts().keySet()));
	}

	@Test
	void masksAreThoseOfDiffusersByOneWord() {
		final MaskRequest like = RequestPresets.named("diffusers").on(MaskRequest.DEFAULTS);
		assertEquals(MaskRequest.DEFAULTS.parity(), like.parity());
		assertEquals(like, like.parity().withMode(Mode.DEFAULT), "nothing but the mode differs");
		assertEquals(0.8, RequestPresets.named("diffusers").on(EditRequest.DEFAULTS).inpaintStrength());
		assertEquals(0.8, EditRequest.DEFAULTS.parity().inpaintStrength());
		assertEquals(0.4, EditRequest.DEFAULTS.withInpaintStrength(0.4).parity().inpaintStrength(), "what was asked for stays");
		assertEquals(InpaintRequest.DEFAULTS, RequestPresets.named("diffusers").on(InpaintRequest.DEFAULTS), "it is about DiffEdit");
		assertEquals(new Threshold.Ratio(2), new RequestPreset("old", "", Map.of("thresholdRatio", 2.0)).on(MaskRequest.DEFAULTS).threshold(), "a ratio alone says which threshold it is");
	}

	@Test
	void aSavedPresetIsFoundByNameAndByPath() throws IOException {
		final Map<String, Object> values = Map.of("maps", 7.0, "threshold", "Ratio", "thresholdRatio", 2.5, "smooth", true, "memory", "Low memory");
		final Path file = RequestPresets.save(new RequestPreset("thin nuclei", "", values));
		assertEquals(values, RequestPresets.named("thin nuclei").values());
		assertEquals(values, RequestPresets.named(file.toString()).values());
		assertTrue(Files.readString(file).contains("\"maps\": 7"), "whole numbers are written as such");
		assertEquals(List.of("draft", "standard", "careful", "diffusers", "thin nuclei"), RequestPresets.names());
	}

	@Test
	void aPresetIsReplacedOnRequestOnly() throws IOException {
		final RequestPreset other = new RequestPreset("mine", "", Map.of("maps", 9.0));
		final Path file = RequestPresets.save(new RequestPreset("mine", "", Map.of("maps", 7.0)));
		final String message = assertThrows(DiffEditException.class, () -> RequestPresets.save(other)).getMessage();
		assertEquals("There is a preset 'mine' already, in " + file + "; take another name, or delete that file.", message);
		assertEquals(Map.of("maps", 7.0), RequestPresets.named("mine").values());
		RequestPresets.replace(other);
		assertEquals(Map.of("maps", 9.0), RequestPresets.named("mine").values());
		Files.writeString(file, "damaged");
		assertTrue(RequestPresets.isSaved("mine"), "what is damaged may be mended by hand");
		assertThrows(DiffEditException.class, () -> RequestPresets.save(other));
		assertEquals("damaged", Files.readString(file));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
		"{'values': {'mapps': 3}}|'mapps', which is no setting of presets",
		"{'values': {'maps': 'many'}}|maps to 'many'; write a number",
		"{'values': {'smooth': 1}}|smooth to '1.0'; write true or false",
		"{'values': {'maps': [1]}}|maps to '[]'; write a number",
		"{'values': {'seed': 3}}|'seed', which is no setting of presets",
		"{'value': {}}|has the entry 'value'",
		"{'values': 3}|has no object 'values'",
		"[]|holds no JSON object",
		"{|cannot be read as JSON" })
	void whatIsNoPresetIsRefusedByName(final String text, final String reason) throws IOException {
		Files.writeString(folder.resolve("bad.json"), text.replace('\'', '"'));
		final String message = assertThrows(DiffEditException.class, () -> RequestPresets.named("bad")).getMessage();
		assertTrue(message.contains(reason), message);
		assertTrue(message.contains("bad"), message);
	}

	@Test
	void namesAreNoPathsAndHugeFilesAreNotRead() throws IOException {
		for (final String name : List.of("../evil", "draft", "", "a/b", "CAREFUL", ".hidden")) {
			assertThrows(DiffEditException.class, () -> RequestPresets.save(new RequestPreset(name, "", Map.of())), name);
			assertThrows(DiffEditException.class, () -> RequestPresets.replace(new RequestPreset(name, "", Map.of())), name);
		}
		assertThrows(DiffEditException.class, () -> RequestPresets.named("../evil"));
		Files.write(folder.resolve("huge.json"), new byte[65 << 10]);
		assertTrue(assertThrows(DiffEditException.class, () -> RequestPresets.named("huge")).getMessage().contains("too many for a preset"));
	}
}
