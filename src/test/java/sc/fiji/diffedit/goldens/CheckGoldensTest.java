package sc.fiji.diffedit.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.tensor.Scope;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.tensor.Torch;

/** A check is worth something only if it fails when it should. */
class CheckGoldensTest {

	@TempDir
	Path root;

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	@BeforeEach
	void start() {
		Torch.prepareThread();
	}

	/** torch.randn(3, generator=torch.Generator("cpu").manual_seed(0)) */
	private static final float[] RANDN = { 1.5409961f, -0.2934289f, -2.1787894f };

	/** {@code scripts/goldens/table.py} writes the list. */
	@Test
	void theReadmeListsAllCases() throws IOException {
		final String readme = Files.readString(GoldenTree.SHIPPED.resolve("README.md"));
		final List<String> listed = readme.substring(readme.indexOf("## Cases")).lines().filter(line -> line.matches("\\| [A-Z]_.*")).map(line -> line.split(" ")[1]).toList();
		assertEquals(new GoldenTree(GoldenTree.SHIPPED).names(), listed.stream().sorted().toList());
	}

	@Test
	void rightNumbersPass() throws IOException {
		write("a_case", "random", "{'seed': 0, 'draws': [{'function': 'randn', 'dtype': 'float32', 'shape': [3]}]}", RANDN, "[3]");
		assertEquals(0, check());
		assertTrue(output.toString().contains("a_case") && output.toString().contains("1 cases: 1 passed, 0 failed, 0 skipped"), output.toString());
	}

	@Test
	void aNumberBeyondItsToleranceFails() throws IOException {
		final float[] off = RANDN.clone();
		off[1] += 1e-3f;
		write("a_case", "random", "{'seed': 0, 'draws': [{'function': 'randn', 'dtype': 'float32', 'shape': [3]}]}", off, "[3]");
		assertEquals(1, check());
		assertTrue(output.toString().contains("out.0.0 differs by 1.00e-03"), output.toString());
	}

	@Test
	void anotherShapeFails() throws IOException {
		write("a_case", "random", "{'seed': 0, 'draws': [{'function': 'randn', 'dtype': 'float32', 'shape': [1, 3]}]}", RANDN, "[3]");
		assertEquals(1, check());
		assertTrue(output.toString().contains("has shape [1, 3], wanted [3]"), output.toString());
	}

	@Test
	void aResultThatNobodyComparedFails() throws IOException {
		write("a_case", "random", "{'seed': 0, 'draws': []}", RANDN, "[3]");
		assertEquals(1, check());
		assertTrue(output.toString().contains("out.0.0 was not compared"), output.toString());
	}

	@Test
	void whatIsNotThereYetIsSkippedAndSaysSo() throws IOException {
		write("a_case", "time_machine", "{}", RANDN, "[3]");
		assertEquals(0, check());
		assertTrue(output.toString().contains("skip  there is no time_machine yet"), output.toString());
		assertTrue(output.toString().contains("1 cases: 0 passed, 0 failed, 1 skipped"), output.toString());
	}

	@Test
	void oneFailureAmongManyIsEnough() throws IOException {
		write("a_case", "random", "{'seed': 0, 'draws': [{'function': 'randn', 'dtype': 'float32', 'shape': [3]}]}", RANDN, "[3]");
		write("b_case", "random", "{'seed': 1, 'draws': [{'function': 'randn', 'dtype': 'float32', 'shape': [3]}]}", RANDN, "[3]");
		assertEquals(1, check());
		assertEquals(0, check("a_*"));
	}

	@Test
	void aFolderWithoutCasesIsToldInASentence() {
		assertEquals(2, check());
		assertTrue(output.toString().contains("There are no cases in"), output.toString());
	}

	@Test
	void theReferencesOwnInfinitiesAskForNothing() throws IOException {
		assertEquals(0, wrongWhenWeSay(new float[] { 1, 5, 3 }, new float[] { 1, Float.NaN, 3 }));
		assertEquals(1, wrongWhenWeSay(new float[] { 1, Float.NaN, 3 }, new float[] { 1, 2, 3 }));
	}

	@Test
	void undecidedPixelsAreLeftOutOfAMaskAndOthersAreNot() throws IOException {
		write("mask", "none", "{}", new float[] { 0, 1, 1, 0 }, "[1, 2, 2]", ", 'mask_undecided_pixels': [[0, 1, 0]]");
		try (GoldenCase golden = new GoldenTree(root).open("mask")) {
			final Comparison comparison = new Comparison(golden);
			comparison.mask("out.0.0", new float[] { 0, 1, 0, 0 });
			assertEquals(0, comparison.wrong().size());
			comparison.mask("out.0.0", new float[] { 0, 0, 1, 0 });
			assertEquals(1, comparison.wrong().size());
		}
	}

	private int wrongWhenWeSay(final float[] actual, final float[] expected) throws IOException {
		write("numbers", "none", "{}", expected, "[3]");
		try (GoldenCase golden = new GoldenTree(root).open("numbers"); Scope scope = Scope.open()) {
			final Comparison comparison = new Comparison(golden);
			comparison.tensor("out.0.0", Tensor.of(actual, 3));
			return comparison.wrong().size();
		}
	}

	private int check(final String... patterns) {
		output.reset();
		final String[] arguments = new String[patterns.length + 1];
		arguments[0] = root.toString();
		System.arraycopy(patterns, 0, arguments, 1, patterns.length);
		return CheckGoldens.run(arguments, new PrintStream(output, true, StandardCharsets.UTF_8));
	}

	private void write(final String name, final String kind, final String run, final float[] values, final String shape) throws IOException {
		write(name, kind, run, values, shape, "");
	}

	/** A case with one result, {@code out.0.0}. */
	private void write(final String name, final String kind, final String run, final float[] values, final String shape, final String more)
		throws IOException
	{
		final Path folder = Files.createDirectories(root.resolve("cases").resolve(name));
		final String json = "{'kind': '" + kind + "', 'runs': [" + run + "], 'tensors': {'out.0.0': {'atol': 1e-05}}" + more + "}";
		Files.writeString(folder.resolve("case.json"), json.replace('\'', '"'));
		Files.write(folder.resolve("tensors.safetensors"), safetensors(values, shape));
	}

	private static byte[] safetensors(final float[] values, final String shape) {
		final String plain = "{'out.0.0':{'dtype':'F32','shape':" + shape + ",'data_offsets':[0," + 4 * values.length + "]}}";
		final byte[] header = plain.replace('\'', '"').replace(" ", "").getBytes(StandardCharsets.UTF_8);
		final int padded = (header.length + 7) / 8 * 8;
		final ByteBuffer bytes = ByteBuffer.allocate(8 + padded + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
		bytes.putLong(padded).put(header).put(" ".repeat(padded - header.length).getBytes(StandardCharsets.UTF_8));
		for (final float value : values) bytes.putFloat(value);
		return bytes.array();
	}
}
