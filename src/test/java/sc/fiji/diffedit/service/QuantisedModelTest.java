package sc.fiji.diffedit.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import sc.fiji.diffedit.GoldenCase;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.nn.Block;
import sc.fiji.diffedit.pipelines.TextToImageRequest;
import sc.fiji.diffedit.tensor.NoNativeLeaks;
import sc.fiji.diffedit.weights.ModelOptions;

/** The weights of a GGUF file stay in their quantised blocks, of which each call makes the numbers of one block of the network. */
@ExtendWith(NoNativeLeaks.class)
class QuantisedModelTest {

	private static final TextToImageRequest ASK = TextToImageRequest.of("nuclei").withWidth(32).withHeight(32).withNumInferenceSteps(2);

	private static LoadOptions model(final String plan) {
		final ModelOptions files = ModelOptions.DEFAULTS.withCompanion(GoldenCase.model("sd1"));
		return LoadOptions.of(GoldenCase.model("gguf/cpp_sd1.gguf").toString()).withFiles(files).withMemory(MemoryPlan.parse(plan));
	}

	private static float[] image(final ModelLease lease) {
		return lease.textToImage(ASK, step -> {}).image().values();
	}

	/** All at once ({@code storage=none}), each in its turn, and together until another component has its turn. */
	@Test
	void everyPlanGivesTheSameImage() {
		try (ModelStore store = new ModelStore()) {
			final float[] blockwise;
			try (ModelLease lease = store.borrow(model("preset=fast"))) {
				blockwise = image(lease);
			}
			final long quantised = store.inMemory().get(0).bytes();
			store.unloadAll();
			try (ModelLease lease = store.borrow(model("preset=fast;storage=none"))) {
				assertArrayEquals(blockwise, image(lease), 1e-2f);
			}
			final long numbers = store.inMemory().get(0).bytes();
			assertTrue(quantised < 0.6 * numbers, quantised + " of " + numbers);
			for (final String plan : new String[] { "preset=low", "preset=lowest", "preset=fast;offload=sequential+disk" }) {
				store.unloadAll();
				try (ModelLease lease = store.borrow(model(plan))) {
					assertArrayEquals(blockwise, image(lease), 1e-4f, plan);
				}
			}
		}
	}

	@Test
	void noBlockKeepsItsNumbers() {
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(model("preset=fast"))) {
			image(lease);
			assertEquals(0L, lease.<Long>call(parts -> parts.unet().blocks().stream().filter(Block::isLoaded).count()));
		}
	}

	/** An adapter beside a layer leaves its blocks as they are; one that is fused makes that layer's numbers its own. */
	@Test
	void adaptersAreAdded() {
		try (ModelStore store = new ModelStore()) {
			final Adapters lora = Adapters.NONE.withLora(GoldenCase.model("adapters/sd1_kohya.safetensors"), 1);
			final float[] plain;
			final float[] beside;
			try (ModelLease lease = store.borrow(model("preset=fast"))) {
				plain = image(lease);
				lease.setAdapters(lora);
				beside = image(lease);
				assertFalse(Arrays.equals(plain, beside));
				lease.setAdapters(lora.withFused(true));
				assertArrayEquals(beside, image(lease), 1e-2f);
				lease.setAdapters(Adapters.NONE);
				assertArrayEquals(plain, image(lease));
			}
			store.unloadAll();
			try (ModelLease lease = store.borrow(model("preset=fast;storage=none"))) {
				lease.setAdapters(lora);
				assertArrayEquals(beside, image(lease), 1e-2f);
			}
		}
	}
}
