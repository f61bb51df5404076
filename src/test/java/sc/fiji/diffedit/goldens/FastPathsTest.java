package sc.fiji.diffedit.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.goldens.Outcome.Status;
import sc.fiji.diffedit.tensor.EveryWay;
import sc.fiji.diffedit.tensor.FastPath;
import sc.fiji.diffedit.tensor.KernelChoices;

/**
 * The goldens hold with every fast path on (that is {@link GoldenCasesTest}), with each of them off, and with all of them
 * off.
 */
@Numeric
class FastPathsTest {

	private static final String CASES = "B_unet_(sd1|sd2|sdxl).*|B_vae_(sd1|sd2|sdxl)|B_taesd|A_mask_defaults|A_invert_guided|A_edit_defaults|D_t2i_pndm|E_t2i|G_compute_bfloat16_sd1";

	private static void use(final Set<FastPath> paths) {
		System.setProperty(FastPath.PROPERTY, paths.isEmpty() ? "none" : paths.stream().map(FastPath::toString).collect(Collectors.joining(",")));
	}

	@AfterEach
	void useAll() {
		System.clearProperty(FastPath.PROPERTY);
		System.clearProperty(KernelChoices.PROPERTY);
	}

	@TestFactory
	Stream<DynamicTest> cases() {
		final GoldenTree tree = new GoldenTree(GoldenTree.SHIPPED);
		final List<Set<FastPath>> settings = new ArrayList<>();
		for (final FastPath off : FastPath.values()) settings.add(EnumSet.complementOf(EnumSet.of(off)));
		settings.add(EnumSet.noneOf(FastPath.class));
		final List<String> names = tree.names().stream().filter(name -> name.matches(CASES)).toList();
		return settings.stream().flatMap(paths -> names.stream().map(name -> DynamicTest.dynamicTest(name + " with " + paths, () -> {
			use(paths);
			final Outcome outcome = GoldenRunners.run(tree, name);
			assertEquals(Status.PASS, outcome.status(), outcome::toString);
		})));
	}

	/** Ways that this processor does not take, and the table of which ones it does. */
	@ParameterizedTest
	@ValueSource(strings = { EveryWay.SETTING, "none" })
	void goldensHoldWithOtherWaysOfComputing(final String ways) {
		System.setProperty(KernelChoices.PROPERTY, ways);
		final GoldenTree tree = new GoldenTree(GoldenTree.SHIPPED);
		for (final String name : tree.names()) {
			if (!name.matches("B_unet_sd1.*|B_vae_sd1|G_compute_bfloat16_sd1")) continue;
			final Outcome outcome = GoldenRunners.run(tree, name);
			assertEquals(Status.PASS, outcome.status(), outcome::toString);
		}
	}

	@Test
	void allAreOnUnlessTheUserSaysOtherwise() {
		assertTrue(Arrays.stream(FastPath.values()).allMatch(FastPath::isOn));
		System.setProperty(FastPath.PROPERTY, "Packed-Weights, kept-context");
		assertEquals(EnumSet.of(FastPath.PACKED_WEIGHTS, FastPath.KEPT_CONTEXT), FastPath.allOn());
		System.setProperty(FastPath.PROPERTY, "none");
		assertFalse(FastPath.PACKED_WEIGHTS.isOn());
		System.setProperty(FastPath.PROPERTY, "some");
		assertTrue(assertThrows(DiffEditException.class, FastPath::allOn).getMessage().contains("names 'some'; it takes all, none, or"));
	}
}
