package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.pipelines.StepListener;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.weights.Conversion;
import sc.fiji.diffedit.weights.LoneCheckpoint;
import sc.fiji.diffedit.weights.ModelFolder;

/** A checkpoint with nothing beside it makes the images of the folder that it is converted to. */
@ExtendWith(NoNativeLeaks.class)
class LoneCheckpointRunTest {

	private static final TextToImageRequest ASK = TextToImageRequest.of("A photo of Zürich, 8k!").withWidth(16).withHeight(16).withNumInferenceSteps(2);

	private final ModelStore store = new ModelStore();

	@TempDir
	Path temp;

	@AfterEach
	void close() {
		store.close();
	}

	private float[] made(final Path model, final List<String> notices) {
		try (ModelLease lease = store.borrow(model.toString())) {
			lease.setNotices(notices::add);
			return lease.textToImage(ASK, StepListener.NONE).image().values();
		}
	}

	@Test
	void itRunsAloneAsTheFolderThatItIsConvertedTo() {
		final Path file;
		try (Scope scope = Scope.open()) {
			file = LoneCheckpoint.whole(4).write(temp.resolve("civitai.safetensors"), Map.of());
		}
		try (ModelFolder model = ModelFolder.open(file)) {
			Conversion.DEFAULTS.write(model, temp.resolve("folder"), line -> {});
		}
		final List<String> notices = new ArrayList<>();
		assertArrayEquals(made(temp.resolve("folder"), notices), made(file, notices));
		assertEquals(List.of(), notices);
	}
}
