package sc.fiji.diffedit.fiji.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import sc.fiji.diffedit.DiffEditException;

/** Names of outputs never leave the folder, whatever stands in a table. */
class OutputNamesTest {

	private static final Map<String, String> VALUES = Map.of("name", "cells 1", "folder", "day 1/a", "target", "../../etc/passwd", "seed", "7");

	@Test
	void placesAreFilled() {
		assertEquals("day 1/a/cells 1-7.tif", OutputNames.of("{folder}/{name}-{seed}", VALUES, "tif"));
		assertEquals("x.TIF", OutputNames.of("x.TIF", VALUES, "tif"));
		assertEquals("cells 1.v2.tif", OutputNames.of("{name}.v2", VALUES, "tif"));
	}

	@Test
	void aFolderThatIsNotThereLeavesNoTrace() {
		assertEquals("a.tif", OutputNames.of("{folder}/{name}", Map.of("folder", "", "name", "a"), "tif"));
	}

	@Test
	void textsFromTablesAreMadeHarmless() {
		assertEquals("x-.._.._etc_passwd.tif", OutputNames.of("x-{target}", VALUES, "tif"));
		assertEquals("a_b_c_d.tif", OutputNames.of("{name}", Map.of("name", "a:b\\c\nd"), "tif"));
		assertEquals(84, OutputNames.of("{name}", Map.of("name", "y".repeat(1000)), "tif").length());
	}

	@ParameterizedTest
	@ValueSource(strings = { "../x", "a/../../x", "/x", "C:\\x", "c:x", "a\\b", ".diffedit/x", "a/.hidden", "x.", "{target}", "con", "a/NUL.txt/b", "a\0b", "a:b", " ", "{folder" })
	void otherNamesAreRefused(final String pattern) {
		assertThrows(DiffEditException.class, () -> OutputNames.of(pattern, VALUES, "tif"));
	}

	@Test
	void anUnknownPlaceNamesTheNearest() {
		final String message = assertThrows(DiffEditException.class, () -> OutputNames.of("{nane}", VALUES, "tif")).getMessage();
		assertTrue(message.contains("the nearest is {name}"), message);
	}
}
