package sc.fiji.diffedit.fiji.repeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.commands.EditImageWithText;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.commands.ImageToImage;
import sc.fiji.diffedit.fiji.commands.Inpaint;
import sc.fiji.diffedit.fiji.commands.InvertImage;
import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.form.Inputs;
import sc.fiji.diffedit.fiji.inputs.FormInfo;

/** A methods section names every setting that decides what comes out. */
class MethodsTextTest {

	/** Inputs that a reader needs not to know, or that are told in other words, with the reason. */
	private static final Map<String, String> NOT_TOLD = new TreeMap<>(Map.ofEntries(Map.entry("model", "told in a sentence of its own"), Map.entry("memory", "told as device and type; results are the same"),
		Map.entry("lora", "told with the model, by hash"), Map.entry("word", "told with the model, by hash"), Map.entry("preset", "its values are told"),
		Map.entry("show", "where the mask is drawn"), Map.entry("labels", "another form of the mask"), Map.entry("heatMap", "another form of the mask"),
		Map.entry("corners", "how labels are counted"), Map.entry("preview", "what is seen on the way"), Map.entry("stackFolder", "where a result is written"),
		Map.entry("arrange", "how several images are laid out")));

	@Test
	void everySettingOfEveryFormIsTold() throws org.scijava.module.ModuleException {
		final Set<String> missing = new TreeSet<>(), unused = new TreeSet<>(NOT_TOLD.keySet());
		unused.addAll(MethodsText.SETTINGS);
		for (final Class<? extends sc.fiji.diffedit.fiji.inputs.PluginCommand> command : java.util.List.of(EditImageWithText.class, EditWithMask.class, GenerateMask.class, ImageToImage.class,
			Inpaint.class, InvertImage.class, TextToImage.class))
		{
			for (final var input : Inputs.of(FormInfo.of(command).createModule())) {
				if (input.getType() == ImagePlus.class || !Inputs.recordable(input)) continue;
				unused.remove(input.getName());
				if (!MethodsText.tells(input.getName()) && !NOT_TOLD.containsKey(input.getName())) missing.add(input.getName());
			}
		}
		assertEquals(Set.of(), missing);
		assertEquals(Set.of(), unused, "no form has these any more");
	}

	@Test
	void valuesStandInTheText() {
		final String text = new MethodsText(Provenance.of("mask").with("source", "a").with("target", "b").with("targetNegative", "noise").with("smoothMap", 4.0).with("tile", 512).with("planes", "z=1-3")).text();
		assertTrue(text.contains("what should not be there instead: \"noise\"") && text.contains("smoothMap 4.0, planes z=1-3, tile 512"), text);
	}
}
