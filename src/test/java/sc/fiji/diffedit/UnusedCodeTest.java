package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * What neither the plugin itself (with its batches on a cluster), nor a script, nor a page of the documentation uses is no part of the plugin: a method that
 * only tests call belongs to the tests, or goes. A public method that is there for users' own programs is shown in a script
 * under {@code scripts/examples} or on a page.
 */
class UnusedCodeTest {

	private static final Pattern WORD = Pattern.compile("\\w+");
	private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]+`");
	/** What Java, SciJava or a debugger calls by name. */
	private static final Set<String> CALLED_FROM_OUTSIDE = Set.of("main", "run", "toString", "equals", "hashCode", "values", "valueOf");

	/** What tests alone need, with the reason. */
	private static final Map<String, String> FOR_TESTS = Map.of(
		"Scope.liveValues", "counts native values: leaks are found by it",
		"PreciseAutoencoder.isUpcast", "which of two networks computes cannot be told from outside",
		"AutoencoderTiny.scaleLatents", "a golden case asks for diffusers' scale_latents",
		"LoraSet.setCallScale", "golden cases ask for the scale of cross_attention_kwargs");

	private static JavaClasses classes;
	private static Set<String> written;

	@BeforeAll
	static void read() throws IOException {
		classes = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("sc.fiji.diffedit");
		written = new HashSet<>();
		for (final String place : List.of("scripts", "src/site", "src/spark", "README.md", "src/main/resources/sc/fiji/diffedit/fiji/bridge/plugins.config")) {
			try (Stream<Path> all = Files.walk(Path.of(place))) {
				all.filter(Files::isRegularFile).filter(file -> !file.toString().matches(".*\\.(png|svg|json|safetensors|npz)")).forEach(UnusedCodeTest::addWords);
			}
		}
	}

	private static void addWords(final Path file) {
		try {
			final String text = Files.readString(file);
			final Matcher words = WORD.matcher(file.toString().endsWith(".md") ? code(text) : text);
			while (words.find()) written.add(words.group());
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** A page's code, in blocks or between backticks: its sentences use many words that are names of methods too. */
	private static String code(final String page) {
		return CODE.matcher(page).results().map(MatchResult::group).collect(Collectors.joining("\n"));
	}

	@Test
	void everyMethodHasACaller() {
		final Set<String> unused = new TreeSet<>();
		for (final JavaClass type : classes) {
			if (!type.isAnonymousClass()) type.getMethods().stream().filter(method -> !isUsed(method)).forEach(method -> unused.add(name(method)));
		}
		assertEquals(String.join("\n", new TreeSet<>(FOR_TESTS.keySet())), String.join("\n", unused), "called by tests alone");
	}

	@Test
	void everyClassHasAUser() {
		final List<String> unused = new ArrayList<>();
		for (final JavaClass type : classes) {
			final boolean used = type.getSimpleName().equals("package-info") || type.isNestedClass() || written.contains(type.getSimpleName())
				|| type.isAnnotatedWith("org.scijava.plugin.Plugin") || holdsConstants(type)
				|| type.getDirectDependenciesToSelf().stream().anyMatch(dependency -> !outermost(dependency.getOriginClass()).equals(type.getName()));
			if (!used) unused.add(type.getName());
		}
		assertEquals(List.of(), unused);
	}

	/** The compiler copies constants to where they are used. */
	private static boolean holdsConstants(final JavaClass type) {
		return type.getMethods().isEmpty() && type.getFields().stream().allMatch(field -> field.getModifiers().contains(JavaModifier.FINAL));
	}

	private static String name(final JavaMethod method) {
		return method.getOwner().getSimpleName() + "." + method.getName();
	}

	private static String outermost(final JavaClass type) {
		return type.getName().replaceFirst("\\$.*", "");
	}

	private static boolean isUsed(final JavaMethod method) {
		return !method.getAccessesToSelf().isEmpty() || !method.getReferencesToSelf().isEmpty() || CALLED_FROM_OUTSIDE.contains(method.getName())
			|| method.getModifiers().contains(JavaModifier.SYNTHETIC) || method.getModifiers().contains(JavaModifier.BRIDGE) || method.getModifiers().contains(JavaModifier.PRIVATE)
			|| written.contains(method.getName()) || isOverride(method) || isComponent(method) || isWither(method) || method.getAnnotations().stream().anyMatch(a -> true)
			|| isNamedByAnAnnotation(method);
	}

	/** Methods of a supertype, ours or a library's, are called through it. */
	private static boolean isOverride(final JavaMethod method) {
		final JavaClass owner = method.getOwner();
		return Stream.concat(owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream()).anyMatch(type -> declares(type, method));
	}

	private static boolean declares(final JavaClass type, final JavaMethod method) {
		if (type.getMethods().stream().anyMatch(m -> m.getName().equals(method.getName()) && m.getRawParameterTypes().size() == method.getRawParameterTypes().size())) return true;
		try {
			return Arrays.stream(type.reflect().getMethods()).anyMatch(m -> m.getName().equals(method.getName()) && m.getParameterCount() == method.getRawParameterTypes().size());
		}
		catch (final RuntimeException | LinkageError e) {
			return false;
		}
	}

	/** A record's component is its state; the accessor comes with it. */
	private static boolean isComponent(final JavaMethod method) {
		return method.getOwner().isRecord() && method.getRawParameterTypes().isEmpty() && method.getOwner().tryGetField(method.getName()).isPresent();
	}

	/** {@code withX} of a record with a component x: users' programs set what they want to differ from its default. */
	private static boolean isWither(final JavaMethod method) {
		final String component = method.getName().startsWith("with") && method.getName().length() > 4
			? Character.toLowerCase(method.getName().charAt(4)) + method.getName().substring(5) : "";
		return method.getOwner().isRecord() && method.getOwner().tryGetField(component).isPresent();
	}

	/** SciJava's callbacks and initializers are methods whose name stands in an annotation, of the class or of inputs that it shares with others. */
	private static boolean isNamedByAnAnnotation(final JavaMethod method) {
		return classes.stream().flatMap(type -> type.getFields().stream()).flatMap(field -> field.getAnnotations().stream()).anyMatch(a -> a.getProperties().containsValue(method.getName()))
			|| method.getOwner().getAnnotations().stream().anyMatch(a -> a.getProperties().containsValue(method.getName()));
	}
}
