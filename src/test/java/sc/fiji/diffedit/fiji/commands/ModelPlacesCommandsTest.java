package sc.fiji.diffedit.fiji.commands;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandModule;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.config.ModelSettings;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.hub.ModelPlaces;

/** Where models are, as a setting, and a download from a hub on this machine, through the commands. */
class ModelPlacesCommandsTest {

	private static final String LARGEST = "unet/diffusion_pytorch_model.safetensors";

	private static Context context;

	@TempDir
	Path folder;

	@BeforeAll
	static void open() {
		context = new Context();
	}

	@AfterAll
	static void close() {
		context.dispose();
	}

	/** The tests' preferences are not the user's, see pom.xml. */
	@AfterEach
	void forget() {
		new ModelSettings(List.of(), Optional.empty()).write();
	}

	// ---- settings

	@Test
	void foldersAreKeptAndSearched() throws Exception {
		final Path lora = Files.createDirectories(folder.resolve("a1111/models/Lora")).resolve("style.safetensors");
		Files.copy(GoldenCase.model("adapters").resolve("sd1_peft.safetensors"), lora);
		final Path models = GoldenCase.model("sd1").toAbsolutePath().getParent();
		final String report = (String) done(ModelFolders.class, Map.of("folders", folder.resolve("a1111") + File.pathSeparator + models, "cache", folder.resolve("hub").toString()))
			.getOutput("report");
		assertTrue(report.contains("Folder: " + folder.resolve("a1111")) && report.contains("LoRA: " + lora) && report.contains("Model: " + models.resolve("sd1")), report);
		assertEquals(folder.resolve("hub"), ModelPlaces.ofSettings().sharedCache());
		assertEquals(models.resolve("sdxl"), ModelPlaces.ofSettings().find("sdxl"));
		final Map<String, Object> ask = Map.of("model", "sd1", "lora", "style", "width", 16, "height", 16, "steps", 1, "prompt", "a bowl");
		assertTrue(done(TextToImage.class, ask).getOutput("result") != null, "names are enough");
	}

	@Test
	void whatIsLeftOutStaysAndWhatIsWrongChangesNothing() {
		done(ModelFolders.class, Map.of("folders", folder.toString(), "cache", folder.resolve("hub").toString()));
		done(ModelFolders.class, Map.of());
		assertEquals(new ModelSettings(List.of(folder), Optional.of(folder.resolve("hub"))), ModelSettings.read());
		assertSays("There is no folder", ModelFolders.class, Map.of("folders", folder.resolve("absent").toString()));
		assertSays("names no folders", ModelFolders.class, Map.of("folders", "a\0b"));
		assertEquals(List.of(folder), ModelSettings.read().folders());
		done(ModelFolders.class, Map.of("folders", "", "cache", ""));
		assertEquals(new ModelSettings(List.of(), Optional.empty()), ModelSettings.read());
	}

	// ---- downloads

	@Test
	void nothingIsFetchedBeforeTheUserAgrees() throws Exception {
		try (LocalHub hub = new LocalHub(GoldenCase.model("sd1"))) {
			final Map<String, Object> ask = ask(hub);
			final CommandModule offered = run(DownloadModel.class, ask);
			final String offer = offered.getCancelReason();
			assertTrue(offer.contains("Licence: bsd-2-clause") && offer.contains(LARGEST + ": ") && offer.contains(" MB in "), offer);
			assertTrue(offer.contains("Tick 'Download now, I agree to the licence'"), offer);
			assertEquals(1, hub.requests().size(), "only the list of files was asked for");
			assertFalse(Files.exists(folder.resolve("hub")));
			ask.put("download", true);
			final String result = (String) done(DownloadModel.class, ask).getOutput("result");
			assertTrue(result.contains("Licence: bsd-2-clause") && result.contains("its name in the commands is org/name."), result);
			final Path model = ModelPlaces.ofSettings().find("org/name");
			assertEquals(folder.resolve("hub/models--org--name/snapshots/" + LocalHub.COMMIT), model);
			assertArrayEquals(hub.files().get(LARGEST), Files.readAllBytes(model.resolve(LARGEST)));
			hub.requests().clear();
			assertTrue(((String) done(DownloadModel.class, ask).getOutput("result")).contains("of which 0.0 kB are to be fetched"));
			assertEquals(1, hub.requests().size(), "what is there is not fetched again");
		}
	}

	@Test
	void aBrokenDownloadIsToldAndGoesOn() throws Exception {
		try (LocalHub hub = new LocalHub(GoldenCase.model("sd1"))) {
			final Map<String, Object> ask = ask(hub);
			ask.put("download", true);
			hub.sendAtMost = 100_000;
			assertSays("resume", DownloadModel.class, ask);
			hub.sendAtMost = Integer.MAX_VALUE;
			hub.requests().clear();
			done(DownloadModel.class, ask);
			assertTrue(hub.requests().stream().anyMatch(request -> request.endsWith(" bytes=100000-")), hub.requests().toString());
		}
	}

	@Test
	void whatIsWrongIsToldInASentence() throws Exception {
		try (LocalHub hub = new LocalHub(GoldenCase.model("sd1"))) {
			final Map<String, Object> ask = ask(hub);
			ask.put("download", true);
			final byte[] damaged = hub.files().get(LARGEST).clone();
			final byte[] sound = hub.files().get(LARGEST);
			ask.put("repository", "org/other");
			assertSays("no public repository org/other", DownloadModel.class, ask);
			ask.put("repository", "../x");
			assertSays("not the name of a repository", DownloadModel.class, ask);
			ask.put("repository", "org/name");
			ask.put("server", "ftp://somewhere");
			assertSays("is not the address of a server", DownloadModel.class, ask);
			ask.put("server", "not an address");
			assertSays("is not the address of a server", DownloadModel.class, ask);
			ask.put("server", hub.address().toString());
			damaged[1000] ^= 1;
			hub.lies.put(LARGEST, damaged);
			assertSays("another checksum", DownloadModel.class, ask);
			assertTrue(ModelPlaces.ofSettings().inCaches("org/name").isEmpty());
			hub.lies.put(LARGEST, sound);
			done(DownloadModel.class, ask);
		}
	}

	private Map<String, Object> ask(final LocalHub hub) {
		new ModelSettings(List.of(), Optional.of(folder.resolve("hub"))).write();
		return new HashMap<>(Map.of("repository", "org/name", "server", hub.address().toString()));
	}

	// ---- helpers

	private static CommandModule done(final Class<? extends Command> command, final Map<String, Object> ask) {
		final CommandModule done = run(command, ask);
		assertFalse(done.isCanceled(), () -> done.getCancelReason());
		return done;
	}

	private static void assertSays(final String part, final Class<? extends Command> command, final Map<String, Object> ask) {
		final CommandModule done = run(command, ask);
		assertTrue(done.isCanceled(), part);
		assertTrue(done.getCancelReason().contains(part) && done.getCancelReason().endsWith("."), done.getCancelReason());
	}

	private static CommandModule run(final Class<? extends Command> command, final Map<String, Object> ask) {
		return Commands.run(context, command, ask);
	}
}
