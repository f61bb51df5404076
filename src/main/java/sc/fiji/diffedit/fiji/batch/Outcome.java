package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.gui.Roi;
import ij.io.RoiEncoder;
import ij.measure.ResultsTable;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.WholeFile;
import sc.fiji.diffedit.fiji.OutputStyle;
import sc.fiji.diffedit.fiji.PlaneStack;
import sc.fiji.diffedit.fiji.TableFiles;
import sc.fiji.diffedit.fiji.inputs.PluginCommand;

/**
 * What a command has made.
 *
 * @param values images, selections, tables and texts by the names of the command's outputs, in their order; only what there is
 * @param notices sentences that are no errors
 * @param incomplete what is missing, if the run ended early, as of a stack's planes
 */
public record Outcome(Map<String, Object> values, List<String> notices, Optional<String> incomplete) {

	static Outcome of(final Module module) {
		final Map<String, Object> values = new LinkedHashMap<>();
		for (final ModuleItem<?> output : module.getInfo().outputs()) {
			final Object value = module.getOutput(output.getName());
			if (value != null && output.getVisibility() != ItemVisibility.INVISIBLE) values.put(output.getName(), value);
		}
		final boolean notes = module.getInfo().getOutput(OutputStyle.NOTICES) != null;
		final List<String> notices = notes && module.getOutput(OutputStyle.NOTICES) instanceof List<?> all ? all.stream().map(Objects::toString).toList() : List.of();
		final Optional<String> incomplete = module.getDelegateObject() instanceof PluginCommand command ? command.incomplete() : Optional.empty();
		return new Outcome(values, notices, incomplete);
	}

	/** The first image, which the others belong to. */
	public Optional<ImagePlus> image() {
		return values.values().stream().filter(ImagePlus.class::isInstance).map(ImagePlus.class::cast).findFirst();
	}

	/** The text, of commands that write one. */
	public Optional<String> text() {
		return values.values().stream().filter(String.class::isInstance).map(String.class::cast).findFirst();
	}

	/** The mask as a selection, if there is one that is not empty. */
	public Optional<Roi> roi() {
		return values.values().stream().filter(Roi.class::isInstance).map(Roi.class::cast).findFirst();
	}

	/**
	 * Writes all images, tables and texts: the first under the given name, each other one beside it, as {@code NAME-OUTPUT.tif}. A name
	 * that ends with {@code .roi} gets the mask as a selection, and nothing else. Stacks that lie on the disk for lack of memory are gone from
	 * there then.
	 *
	 * @param file its end is the format of the first image
	 * @return the files, the given one first
	 * @throws DiffEditException if there is nothing to write, or a file cannot be written
	 */
	public List<Path> write(final Path file) {
		if (ImageFiles.extension(file).equals("roi")) return List.of(writeRoi(file));
		final List<Path> files = new ArrayList<>();
		for (final Map.Entry<String, Object> output : values.entrySet()) {
			if (output.getValue() instanceof Roi) continue;
			final Path target = files.isEmpty() ? file : beside(file, output.getKey(), output.getValue());
			write(output.getValue(), target);
			files.add(target);
		}
		if (files.isEmpty()) throw new DiffEditException("With these settings there is nothing to write into " + file + "; ask for an image, such as labels=true.");
		values.values().stream().filter(ImagePlus.class::isInstance).map(ImagePlus.class::cast).forEach(PlaneStack::release);
		return files;
	}

	private static Path beside(final Path file, final String output, final Object value) {
		final String name = file.getFileName().toString();
		final int dot = name.lastIndexOf('.');
		final String end = value instanceof ImagePlus ? "tif" : value instanceof ResultsTable ? "csv" : "txt";
		return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + "-" + output + "." + end);
	}

	private static void write(final Object value, final Path file) {
		if (value instanceof ImagePlus image) ImageFiles.save(image, file);
		else if (value instanceof ResultsTable table) TableFiles.save(table, file);
		else WholeFile.write(file, value + "\n");
	}

	private Path writeRoi(final Path file) {
		final Roi roi = roi().orElseThrow(() -> new DiffEditException("The mask is empty, so there is no selection to write into " + file + "; lower the mask threshold."));
		WholeFile.write(file, part -> {
			if (!RoiEncoder.save(roi, part.toString())) throw new IOException("ImageJ cannot write the selection");
		});
		return file;
	}
}
