package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;

/** A file is read in one go, and a method is seen whole. */
class SourceSizesTest {

	private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("src/spark/java"));
	private static final int MOST_LINES_OF_A_FILE = 300;
	private static final int MOST_LINES_OF_A_METHOD = 40;

	/** Files that may be longer, with the reason. */
	private static final Map<String, String> LONGER = Map.of();

	private static final List<String> LONG_METHODS = new ArrayList<>();

	@BeforeAll
	static void measure() throws IOException {
		final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
			final JavacTask task = (JavacTask) compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files()));
			final SourcePositions positions = Trees.instance(task).getSourcePositions();
			for (final CompilationUnitTree file : task.parse()) new Methods(file, positions).scan(file, null);
		}
	}

	private static List<Path> files() throws IOException {
		final List<Path> files = new ArrayList<>();
		for (final Path sources : SOURCES) {
			try (Stream<Path> all = Files.walk(sources)) {
				all.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
			}
		}
		return files;
	}

	@Test
	void noFileIsLong() throws IOException {
		final List<String> found = new ArrayList<>();
		for (final Path file : files()) {
			final long lines;
			try (Stream<String> text = Files.lines(file)) {
				lines = text.count();
			}
			final boolean mayBe = LONGER.containsKey(file.getFileName().toString());
			if (lines > MOST_LINES_OF_A_FILE != mayBe) found.add(file + " has " + lines + " lines" + (mayBe ? ", and need not be in the list" : ""));
		}
		assertEquals(List.of(), found, "cut where its description says 'and'");
	}

	@Test
	void noMethodIsLong() {
		assertEquals(List.of(), LONG_METHODS);
	}

	@Test
	void reasonsAreGiven() {
		LONGER.forEach((file, reason) -> assertTrue(reason.length() > 20, file));
	}

	/** Collects the methods of a file that are too long. */
	private static final class Methods extends TreeScanner<Void, Void> {

		private final CompilationUnitTree file;
		private final SourcePositions positions;
		private final LineMap lines;

		Methods(final CompilationUnitTree file, final SourcePositions positions) {
			this.file = file;
			this.positions = positions;
			lines = file.getLineMap();
		}

		@Override
		public Void visitMethod(final MethodTree method, final Void nothing) {
			final long length = method.getBody() == null ? 0 : line(positions.getEndPosition(file, method)) - line(start(method)) + 1;
			if (length > MOST_LINES_OF_A_METHOD) LONG_METHODS.add(file.getSourceFile().getName() + "#" + method.getName() + " has " + length + " lines");
			return super.visitMethod(method, nothing);
		}

		private long start(final Tree tree) {
			return positions.getStartPosition(file, tree);
		}

		private long line(final long position) {
			return lines.getLineNumber(position);
		}
	}
}
