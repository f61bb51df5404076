package sc.fiji.diffedit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;

/**
 * A reader's time grows with the length of what it reads and not with the square of it, and its stack not at all: every fuzz test with inputs of a quarter
 * of a megabyte, which fuzzers make too rarely. They repeat one character, what opens a level, or the middle of an input that is well formed.
 */
class LongInputsTest {

	private static final int LENGTH = 1 << 18, MOST_SEEDS = 3;
	private static final Path RESOURCES = Path.of("src/test/resources");
	private static final String CHARACTERS = "[{(\"'\\,:;=| \n\r\t0a.A&%u/-+<>#_*@^~!?\u00e4\u0000";
	private static final List<String> PIECES = List.of("{\"a\":", "[[],", "a:\n ", "- ", "a=1, ", "\\u0041", "&amp;", "%41", "a,b\n", "1e9,", "\"a\",", "(((a)", "../", "e\u0301");

	@TestFactory
	Stream<DynamicTest> everyReader() {
		return new ClassFileImporter().importPackages("sc.fiji.diffedit").stream().flatMap(type -> type.getMethods().stream()).filter(method -> method.isAnnotatedWith(FuzzTest.class))
			.sorted((one, other) -> one.getFullName().compareTo(other.getFullName()))
			.map(method -> DynamicTest.dynamicTest(method.getOwner().getSimpleName() + "." + method.getName(), () -> read(method)));
	}

	private static void read(final JavaMethod found) throws Exception {
		final Method method = found.reflect();
		prepare(method.getDeclaringClass());
		final var constructor = method.getDeclaringClass().getDeclaredConstructor();
		constructor.setAccessible(true);
		method.setAccessible(true);
		final Object test = constructor.newInstance();
		for (final Map.Entry<String, byte[]> input : inputs(found).entrySet()) {
			try {
				method.invoke(test, (Object) input.getValue());
			}
			catch (final InvocationTargetException e) {
				throw new AssertionError(input.getKey() + ": " + e.getCause().getMessage(), e.getCause());
			}
		}
	}

	private static void prepare(final Class<?> type) throws ReflectiveOperationException {
		for (final Method method : type.getDeclaredMethods()) {
			if (!method.isAnnotationPresent(BeforeAll.class)) continue;
			method.setAccessible(true);
			method.invoke(null);
		}
	}

	private static Map<String, byte[]> inputs(final JavaMethod method) throws IOException {
		final Map<String, byte[]> inputs = new LinkedHashMap<>();
		CHARACTERS.chars().mapToObj(Character::toString).forEach(one -> inputs.put("'" + one + "' again and again", repeated(one)));
		PIECES.forEach(piece -> inputs.put("'" + piece + "' again and again", repeated(piece)));
		for (final Path seed : seeds(method)) {
			final byte[] sound = Files.readAllBytes(seed);
			for (final int parts : new int[] { 2, 3, 8 }) inputs.put(seed.getFileName() + " with 1/" + parts + " again and again", longer(sound, sound.length / parts));
		}
		return inputs;
	}

	private static byte[] repeated(final String piece) {
		return piece.repeat(LENGTH / piece.length()).getBytes(StandardCharsets.UTF_8);
	}

	/** With the bytes around the middle again and again. */
	private static byte[] longer(final byte[] sound, final int length) {
		final int begin = (sound.length - length) / 2;
		final ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(sound, 0, begin);
		for (int i = 0; length > 0 && i < LENGTH / length; i++) out.write(sound, begin, length);
		out.write(sound, begin, sound.length - begin);
		return out.toByteArray();
	}

	private static List<Path> seeds(final JavaMethod method) throws IOException {
		final Path folder = RESOURCES.resolve(method.getOwner().getName().replace('.', '/') + "Inputs").resolve(method.getName());
		if (!Files.isDirectory(folder)) return new ArrayList<>();
		try (Stream<Path> files = Files.list(folder)) {
			return files.sorted().limit(MOST_SEEDS).toList();
		}
	}
}
