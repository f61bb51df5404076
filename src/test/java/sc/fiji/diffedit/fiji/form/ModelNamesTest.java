package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.hub.ModelPlaces;

/** Models by names that can be read and typed. */
class ModelNamesTest {

	private static Path model(final Path folder) throws Exception {
		Files.createDirectories(folder);
		Files.writeString(folder.resolve("model_index.json"), "{}");
		return folder;
	}

	@Test
	void namesAreShortAndMeanWhatTheySay(@TempDir final Path folder) throws Exception {
		final Path mine = model(folder.resolve("mine/cells")), other = model(folder.resolve("other/cells"));
		final Path cached = model(folder.resolve("hub/models--org--name/snapshots/0123abc"));
		Files.createDirectories(folder.resolve("hub/models--org--name/refs"));
		Files.writeString(folder.resolve("hub/models--org--name/refs/main"), "0123abc");
		final ModelNames names = new ModelNames(new ModelPlaces(List.of(folder.resolve("mine"), folder.resolve("other")), List.of(folder.resolve("hub"))));
		assertEquals(List.of("demo", "lately", "cells", other.toString(), "org/name"), names.all(List.of("lately", "demo")));
		assertEquals(List.of(mine, other, cached), List.of("cells", other.toString(), "org/name").stream().map(name -> names.find(name).orElseThrow()).toList());
		assertEquals(Optional.empty(), names.find("sells"));
		assertTrue(names.unknown("sells").startsWith("No model 'sells' here; the nearest are cells, demo, "), names.unknown("sells"));
	}
}
