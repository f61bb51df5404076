package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.google.gson.JsonParser;

import sc.fiji.diffedit.OtherLibrary;

/** Libraries that other plugins bring, older than those the plugin was built with and before them on the class path. */
class OldLibraryTest {

	@TempDir
	private Path folder;

	/** The class as it was in Gson up to 2.8.5, without the method that the plugin calls. */
	private Path oldGson() throws Exception {
		final Path source = Files.writeString(folder.resolve("JsonParser.java"), "package com.google.gson; public final class JsonParser {}");
		final Path classes = Files.createDirectory(folder.resolve("gson-2.2.4"));
		assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(), source.toString()));
		return classes;
	}

	@Test
	void theMessageNamesTheFileOfAnOldLibraryAndWhatToDo() throws Exception {
		final Path gson = oldGson(), output = folder.resolve("said.txt");
		final OtherJava java = new OtherJava(gson + File.pathSeparator + System.getProperty("java.class.path"));
		final String said = OtherJava.ended(java.start(OneEdit.class, output, folder.toString()), output);
		assertTrue(said.contains("refused A library is there in another version than DiffEdit needs: "), said);
		assertTrue(said.contains(" is not in " + gson + "; remove it if Fiji has a newer one"), said);
	}

	/** {@code scripts/verify-long --trust faults} fetches Gson 2.2.4, slf4j 1.7.5 and JNA 4.1.0. The thread has no context class loader either. */
	@Test
	@Tag("long")
	void olderJarsDoNoHarmOrAreNamed() throws Exception {
		final String place = System.getProperty("diffedit.oldJars");
		assumeTrue(place != null, "no older jars are here");
		final Path output = folder.resolve("said.txt");
		final String right = OneEdit.answer(OtherJava.ended(new OtherJava().start(OneEdit.class, output, folder.toString(), "none"), output));
		assertTrue(right.startsWith("edited "), right);
		final List<String> said = new ArrayList<>();
		for (final String jar : List.of("gson-2.2.4.jar", "slf4j-api-1.7.5.jar", "jna-4.1.0.jar")) {
			final OtherJava java = new OtherJava(Path.of(place, jar) + File.pathSeparator + System.getProperty("java.class.path"));
			final String answer = OneEdit.answer(OtherJava.ended(java.start(OneEdit.class, output, folder.toString(), "none"), output));
			said.add(answer.contains(" is not in " + Path.of(place, jar) + "; remove it if Fiji has a newer one") ? "named" : answer);
		}
		assertEquals(List.of("named", right, right), said);
	}

	@Test
	void otherErrorsAreLeftAlone() {
		assertEquals(Optional.empty(), OtherLibrary.sentence(new OutOfMemoryError("com.google.gson.JsonParser")));
		assertEquals(Optional.empty(), OtherLibrary.sentence(new NoSuchMethodError("'void sc.fiji.diffedit.Run.none()'")));
		final String jar = OtherLibrary.sentence(new NoClassDefFoundError(JsonParser.class.getName().replace('.', '/'))).orElseThrow().getMessage();
		assertTrue(jar.matches(".* is not in .*gson[^ ]*[.]jar; .*"), jar);
		assertTrue(OtherLibrary.sentence(new NoClassDefFoundError("org/nowhere/None")).orElseThrow().getMessage().contains("is not in any file"));
	}
}
