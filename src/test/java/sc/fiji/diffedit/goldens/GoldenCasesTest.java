package sc.fiji.diffedit.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

import sc.fiji.diffedit.Numeric;
import sc.fiji.diffedit.goldens.Outcome.Status;

/**
 * Every golden case that comes with the tests; those whose feature is not there yet are skipped and say so. What DiffEdit
 * on SD 1.x and 2.x needs must not be skipped.
 */
@Numeric
class GoldenCasesTest {

	private static final String NEEDED = "A_.*|B_(text|tokenizer|unet|vae.*)_sd[12]|C_(timesteps_)?DDIM.*|C_random_streams";

	/** Which are run, if not all: those of schedulers alone tell within seconds whether a change of one is noticed. They are run each time, since PIT changes classes while Java goes on. */
	private static final String CHOSEN = System.getProperty("goldens.chosen");

	@TestFactory
	Stream<DynamicTest> cases() {
		final GoldenTree tree = new GoldenTree(GoldenTree.SHIPPED);
		return tree.names().stream().filter(name -> CHOSEN == null || name.matches(CHOSEN)).map(name -> DynamicTest.dynamicTest(name, () -> {
			final Outcome outcome = CHOSEN == null ? GoldenRunners.shipped(name) : GoldenRunners.run(tree, name);
			if (outcome.status() == Status.SKIP && !name.matches(NEEDED)) throw new TestAbortedException(outcome.toString());
			assertEquals(Status.PASS, outcome.status(), outcome::toString);
		}));
	}
}
