package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.hub.ModelKind;
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
		final ModelNames names = new ModelNames(new ModelPlaces(List.of(folder.resolve("mine"), folder.resolve("other")), List.of(folder.resolve("hub"))), ModelKind.DIFFUSION);
		assertEquals(List.of("demo", "org/name", "cells", other.toString()), names.all(List.of("org/name", "gone", "demo")), "those used lately come first, and only as long as they are there");
		assertEquals(List.of(mine, other, cached), List.of("cells", other.toString(), "org/name").stream().map(name -> names.find(name).orElseThrow()).toList());
		assertEquals(Optional.empty(), names.find("sells"));
		assertTrue(names.unknown("sells").startsWith("No model 'sells' here; the nearest are cells, demo, "), names.unknown("sells"));
	}

	@Test
	void captionersAndWritersAreOfferedWhereTheyCanBeUsed(@TempDir final Path folder) throws Exception {
		final Path writer = Files.createDirectories(folder.resolve("mine/t5"));
		Files.writeString(writer.resolve("config.json"), "{\"model_type\": \"t5\"}");
		final Path damaged = Files.createDirectories(folder.resolve("mine/damaged"));
		Files.writeString(damaged.resolve("config.json"), "{");
		final Path cached = Files.createDirectories(folder.resolve("hub/models--org--blip/snapshots/0123abc"));
		Files.writeString(cached.resolve("config.json"), "{\"model_type\": \"blip\"}");
		model(folder.resolve("mine/cells"));
		final ModelPlaces places = new ModelPlaces(List.of(folder.resolve("mine")), List.of(folder.resolve("hub")));
		final ModelNames captioners = new ModelNames(places, ModelKind.CAPTIONER);
		assertEquals(List.of("org/blip"), captioners.all(List.of("demo")));
		assertEquals(Optional.of(cached), captioners.find("org/blip"));
		assertEquals(List.of(writer.toString()), new ModelNames(places, ModelKind.WRITER).all(List.of()));
		assertEquals(List.of("demo", "cells"), new ModelNames(places, ModelKind.DIFFUSION).all(List.of()));
	}

	@Test
	void oneModelOrNoneIsNotCalledTheNearest(@TempDir final Path folder) {
		final ModelPlaces nowhere = new ModelPlaces(List.of(folder), List.of());
		assertTrue(new ModelNames(nowhere, ModelKind.DIFFUSION).unknown("dmo").startsWith("No model 'dmo' here; there is demo. Browse, "));
		assertTrue(new ModelNames(nowhere, ModelKind.WRITER).unknown("t5").startsWith("No model 't5' here. Browse, "));
	}
}
