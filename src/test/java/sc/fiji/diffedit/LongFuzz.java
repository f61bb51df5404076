package sc.fiji.diffedit;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeAll;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * All fuzz tests in one process, with changes that do not look at the code they reach: that is many times as fast as Jazzer, which watches
 * each comparison, and so goes far with the inputs that Jazzer found. Bytes are changed anywhere, values of JSON by others of any kind, and
 * ends exchanged between inputs. What fails is kept among the tests' resources as Jazzer keeps it. Prints a line for each test: its
 * name, the number of inputs and how many failed.
 */
public final class LongFuzz {

	private static final Path RESOURCES = Path.of("src/test/resources"), FOUND = Path.of(".cifuzz-corpus");
	/** Of one test; the rest would mostly be the same one. */
	private static final int MOST_FAILURES = 3;

	private final Hostile hostile = new Hostile(System.nanoTime());
	private final Object test;
	private final Method method;
	private final Path kept;
	private final List<byte[]> seeds = new ArrayList<>();
	private final List<JsonObject> jsons = new ArrayList<>();
	private int failures;

	private LongFuzz(final Class<?> type, final String name) throws Exception {
		final var constructor = type.getDeclaredConstructor();
		constructor.setAccessible(true);
		test = constructor.newInstance();
		method = type.getDeclaredMethod(name, byte[].class);
		method.setAccessible(true);
		kept = RESOURCES.resolve(type.getName().replace('.', '/') + "Inputs").resolve(name);
		seeds.add(new byte[0]);
		for (final Path folder : List.of(kept, FOUND.resolve(type.getName()).resolve(name))) addSeeds(folder);
	}

	/** Takes the inputs in all and the most seconds for a test; class and method of each test come by the standard input, a line each. */
	public static void main(final String[] arguments) throws Exception {
		final List<String> tests = new ArrayList<>();
		try (Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
			while (lines.hasNextLine()) tests.add(lines.nextLine());
		}
		long left = Long.parseLong(arguments[0]);
		boolean fails = false;
		for (int i = 0; i < tests.size(); i++) {
			final String[] words = tests.get(i).split(" ");
			final Class<?> type = Class.forName(words[0]);
			prepare(type);
			final LongFuzz fuzz = new LongFuzz(type, words[1]);
			final long done = fuzz.run(left / (tests.size() - i), TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[1])));
			System.out.println(type.getSimpleName() + "." + words[1] + " changed " + done + " " + fuzz.failures);
			left -= done;
			fails |= fuzz.failures > 0;
		}
		System.exit(fails ? 1 : 0);
	}

	private static void prepare(final Class<?> type) throws ReflectiveOperationException {
		for (final Method method : type.getDeclaredMethods()) {
			if (!method.isAnnotationPresent(BeforeAll.class)) continue;
			method.setAccessible(true);
			method.invoke(null);
		}
	}

	private void addSeeds(final Path folder) throws IOException {
		if (!Files.isDirectory(folder)) return;
		try (Stream<Path> files = Files.list(folder)) {
			for (final Path file : files.sorted().toList()) {
				final byte[] seed = Files.readAllBytes(file);
				seeds.add(seed);
				addJson(new String(seed, StandardCharsets.UTF_8));
			}
		}
	}

	private void addJson(final String text) {
		try {
			if (JsonParser.parseString(text) instanceof JsonObject json) jsons.add(json);
		}
		catch (final JsonParseException | StackOverflowError e) {
			// It is another format, or a seed that is to be refused.
		}
	}

	/** @param nanos at most, whatever is reached by then */
	private long run(final long inputs, final long nanos) throws Exception {
		final long end = System.nanoTime() + nanos;
		long done = 0;
		while (done < inputs && failures < MOST_FAILURES && System.nanoTime() < end) {
			tryOut(changed());
			done++;
		}
		return done;
	}

	private byte[] changed() {
		if (!jsons.isEmpty() && hostile.random().nextBoolean()) return hostile.json(any(jsons)).toString().getBytes(StandardCharsets.UTF_8);
		final byte[] seed = hostile.random().nextInt(8) == 0 ? joined(any(seeds), any(seeds)) : any(seeds);
		return hostile.bytes(seed, seed.length);
	}

	private <T> T any(final List<T> list) {
		return list.get(hostile.random().nextInt(list.size()));
	}

	/** The beginning of one and the end of another. */
	private byte[] joined(final byte[] one, final byte[] other) {
		final int first = hostile.random().nextInt(one.length + 1), from = hostile.random().nextInt(other.length + 1);
		final byte[] joined = Arrays.copyOf(one, first + other.length - from);
		System.arraycopy(other, from, joined, first, other.length - from);
		return joined;
	}

	private void tryOut(final byte[] input) throws Exception {
		try {
			method.invoke(test, (Object) input);
		}
		catch (final InvocationTargetException e) {
			failures++;
			Files.createDirectories(kept);
			final Path file = Files.write(kept.resolve("crash-" + DigestUtils.sha1Hex(input)), input);
			System.err.println(file);
			e.getCause().printStackTrace();
		}
	}
}
