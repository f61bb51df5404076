package sc.fiji.diffedit.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.LocalHub;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.ModelFolder;

/** Downloads from a small hub on this machine, and models where other programs leave them. */
class ModelDownloadTest {

	private static final Path SD2 = Path.of("src/test/resources/goldens/models/sd2");
	private static final String COMMIT = LocalHub.COMMIT;

	@TempDir
	Path temp;
	private LocalHub hub;
	private Map<String, byte[]> files;
	private List<String> requests;
	private ModelDownload download;

	@BeforeEach
	void start() throws IOException {
		hub = new LocalHub(SD2);
		files = hub.files();
		requests = hub.requests();
		files.put("unet/diffusion_pytorch_model.bin", new byte[10]);
		files.put("unet/diffusion_pytorch_model.fp16.safetensors", new byte[20]);
		files.put("v1.ckpt", new byte[30]);
		download = new ModelDownload(hub.address());
	}

	@AfterEach
	void stop() {
		hub.close();
	}

	@Test
	void aModelArrivesInTheSharedCacheAndIsFoundThere() {
		final DownloadPlan plan = download.plan("org/name", "main", "");
		assertEquals("bsd-2-clause", plan.license());
		final List<String> names = plan.files().stream().map(RemoteFile::name).toList();
		assertTrue(names.contains("unet/diffusion_pytorch_model.safetensors") && names.contains("tokenizer/merges.txt"), names.toString());
		assertFalse(names.contains("unet/diffusion_pytorch_model.bin") || names.contains("v1.ckpt") || names.contains("unet/diffusion_pytorch_model.fp16.safetensors"), names.toString());
		final List<Long> reported = new ArrayList<>();
		final Path model = download.fetch(plan, temp, (file, bytes, total) -> reported.add(bytes));
		assertEquals(plan.size(), reported.get(reported.size() - 1));
		final ModelPlaces places = new ModelPlaces(List.of(), List.of(temp));
		assertEquals(model, places.find("org/name"));
		assertEquals(model, places.find("org/name@" + COMMIT));
		assertEquals(List.of(model), places.models());
		Torch.prepareThread();
		try (ModelFolder folder = ModelFolder.open(places.find("org/name@main")); ModelFolder source = ModelFolder.open(SD2); Scope scope = Scope.open()) {
			assertArrayEquals(source.weights("unet").get("conv_in.weight").toFloatArray(), folder.weights("unet").get("conv_in.weight").toFloatArray());
		}
		requests.clear();
		download.fetch(plan, temp, (file, bytes, total) -> {});
		assertEquals(List.of(), requests);
		assertEquals(List.of("unet/diffusion_pytorch_model.fp16.safetensors"),
			download.plan("org/name", "main", "fp16").files().stream().map(RemoteFile::name).filter(name -> name.startsWith("unet/d")).toList());
	}

	@Test
	void anInterruptedDownloadGoesOn() {
		final DownloadPlan plan = download.plan("org/name", "main", "");
		assertThrows(CancelledException.class, () -> download.fetch(plan, temp, (file, bytes, total) -> {
			if (file.startsWith("unet/diffusion") && bytes > total / 3) throw new CancelledException();
		}));
		hub.sendAtMost = 50_000;
		final String message = assertThrows(DiffEditException.class, () -> download.fetch(plan, temp, (file, bytes, total) -> {})).getMessage();
		assertTrue(message.contains("kept") || message.contains("resume"), message);
		assertTrue(new ModelPlaces(List.of(), List.of(temp)).inCaches("org/name").isEmpty());
		hub.sendAtMost = Integer.MAX_VALUE;
		requests.clear();
		download.fetch(plan, temp, (file, bytes, total) -> {});
		assertTrue(requests.stream().anyMatch(request -> request.contains("bytes=")), requests.toString());
	}

	@Test
	void aServerWithoutRangesStartsAgain() throws IOException {
		final DownloadPlan plan = download.plan("org/name", "main", "");
		final RemoteFile file = plan.files().stream().filter(f -> f.name().endsWith("index.json")).findFirst().orElseThrow();
		final Path blobs = Files.createDirectories(temp.resolve("models--org--name/blobs"));
		Files.write(blobs.resolve(file.hash() + ".incomplete"), new byte[] { 1, 2, 3 });
		hub.ranges = false;
		final Path model = download.fetch(plan, temp, (name, bytes, total) -> {});
		assertArrayEquals(files.get("model_index.json"), Files.readAllBytes(model.resolve("model_index.json")));
	}

	@Test
	void whatIsNotWhatWasPromisedIsNotKept() throws IOException {
		final DownloadPlan plan = download.plan("org/name", "main", "");
		final String name = "unet/diffusion_pytorch_model.safetensors";
		final byte[] original = files.get(name);
		final byte[] other = original.clone();
		other[other.length / 2] ^= 1;
		files.put(name, other);
		says("another checksum", () -> download.fetch(plan, temp, (file, bytes, total) -> {}));
		files.put(name, Arrays.copyOf(original, original.length + 1));
		says("longer than the server said", () -> download.fetch(plan, temp, (file, bytes, total) -> {}));
		files.remove(name);
		says("status 404", () -> download.fetch(plan, temp, (file, bytes, total) -> {}));
		assertFalse(Files.exists(temp.resolve("models--org--name/snapshots")));
	}

	@Test
	void whatLiesInTheCacheIsKnownByItsContentNotByItsSize() throws IOException {
		final DownloadPlan plan = download.plan("org/name", "main", "");
		final String name = "unet/diffusion_pytorch_model.safetensors";
		final Path model = download.fetch(plan, temp, DownloadProgress.NONE), unet = model.resolve(name), blob = unet.toRealPath(), config = model.resolve("model_index.json");
		final byte[] other = files.get(name).clone();
		other[other.length / 2] ^= 1;
		Files.write(blob, other);
		Files.delete(config);
		Files.write(config, new byte[files.get("model_index.json").length]);
		download.fetch(plan, temp, DownloadProgress.NONE);
		assertArrayEquals(files.get(name), Files.readAllBytes(unet));
		assertArrayEquals(files.get("model_index.json"), Files.readAllBytes(config));
		hub.requests().clear();
		download.fetch(plan, temp, DownloadProgress.NONE);
		assertEquals(List.of(), hub.requests());
	}

	@Test
	void hostileAnswersAreRefused() {
		says("no public repository org/absent", () -> download.plan("org/absent", "main", ""));
		says("is not the name of a repository", () -> download.plan("../../etc", "main", ""));
		says("is not a revision", () -> download.plan("org/name", "../x", ""));
		for (final String name : new String[] { "../../evil", "/etc/evil", "a/../../evil", "a//b", "a\\\\b", "C:evil", "unet/.." }) {
			hub.extra = "[{\"rfilename\":\"" + name + "\",\"size\":1,\"blobId\":\"" + COMMIT + "\"}]";
			says("outside its folder", () -> download.plan("org/name", "main", ""));
		}
		hub.extra = "[{\"rfilename\":\"model_index.json\",\"size\":-1,\"blobId\":\"" + COMMIT + "\"}]";
		says("without size or checksum", () -> download.plan("org/name", "main", ""));
		hub.extra = "[{\"rfilename\":\"model_index.json\",\"size\":1,\"blobId\":\"../../x\"}]";
		says("without size or checksum", () -> download.plan("org/name", "main", ""));
		hub.extra = "[{\"rfilename\":\"model_index.json\",\"size\":" + Long.MAX_VALUE + ",\"blobId\":\"" + COMMIT + "\"},{\"rfilename\":\"a.json\",\"size\":" + Long.MAX_VALUE
			+ ",\"blobId\":\"" + COMMIT + "\"}]";
		says("larger than any disk", () -> download.plan("org/name", "main", ""));
		hub.extra = "[{\"rfilename\":\"x.json\",\"size\":1,\"blobId\":\"" + COMMIT + "\"}]";
		says("holds no model_index.json", () -> download.plan("org/name", "main", ""));
		hub.extra = "7";
		says("not understood", () -> download.plan("org/name", "main", ""));
		hub.close();
		says("cannot be reached", () -> download.plan("org/name", "main", ""));
	}

	@Test
	void aCacheWithoutReferencesHasItsOnlySnapshot() throws IOException {
		final Path snapshots = Files.createDirectories(temp.resolve("models--org--model/snapshots"));
		final Path first = Files.createDirectory(snapshots.resolve("abc"));
		final ModelPlaces places = new ModelPlaces(List.of(), List.of(temp));
		assertEquals(first, places.inCaches("org/model").orElseThrow());
		assertTrue(places.inCaches("org/model@other").isEmpty());
		Files.createDirectory(snapshots.resolve("def"));
		assertTrue(places.inCaches("org/model").isEmpty());
	}

	@Test
	void foldersOfOtherProgramsAreSearched() throws IOException {
		for (final String file : new String[] { "a1111/models/Stable-diffusion/old.ckpt", "a1111/models/Lora/style.safetensors", "a1111/embeddings/word.pt",
			"a1111/models/VAE/fine.safetensors", "comfy/models/checkpoints/new.safetensors", "comfy/models/loras/other.safetensors", "mine/sd/model_index.json" })
		{
			Files.createDirectories(temp.resolve(file).getParent());
			Files.writeString(temp.resolve(file), "{}");
		}
		final ModelPlaces places = new ModelPlaces(List.of(temp.resolve("a1111"), temp.resolve("comfy"), temp.resolve("mine")), List.of());
		assertEquals(List.of("old.ckpt", "new.safetensors", "sd"), places.models().stream().map(path -> path.getFileName().toString()).toList());
		assertEquals(temp.resolve("comfy/models/checkpoints/new.safetensors"), places.find("new"));
		assertEquals(temp.resolve("mine/sd"), places.find("sd"));
		assertEquals(2, places.loras().size());
		assertEquals(1, places.textualInversions().size());
		assertEquals(1, places.autoencoders().size());
		says("There is no model 'nothing'", () -> places.find("nothing"));
		says("There is no model", () -> places.find("../../x@../y"));
		assertEquals(List.of(Path.of("/a"), Path.of("/h/hub"), Path.of("/x/huggingface/hub")),
			ModelPlaces.cachesOf(Map.of("HF_HUB_CACHE", "/a", "HF_HOME", "/h", "XDG_CACHE_HOME", "/x"), Path.of("/home")));
		assertEquals(List.of(Path.of("/home/.cache/huggingface/hub")), ModelPlaces.cachesOf(Map.of(), Path.of("/home")));
	}

	private static void says(final String words, final org.junit.jupiter.api.function.Executable action) {
		final String message = assertThrows(DiffEditException.class, action).getMessage();
		assertTrue(message.contains(words), message);
	}
}
