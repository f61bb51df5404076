package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.scijava.Cancelable;
import org.scijava.Context;
import org.scijava.command.CommandService;
import org.scijava.module.Module;
import org.scijava.module.ModuleService;

import ij.ImagePlus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.CancelledException;
import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.fiji.ProvenanceFile;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.SelectionFiles;
import sc.fiji.diffedit.fiji.repeat.RepeatFromInfo;

/** Makes a result again. */
@Command(name = "repeat", description = {
	"Makes a result again as its info says, and tells what differs, as Plugins > DiffEdit > Make Again From Info... does: on the same machine the new image equals it to the last bit.",
	"With another image the same is done to that one." })
final class RepeatTool extends Tool {

	@Parameters(paramLabel = "RESULT", description = "A TIFF file that DiffEdit has made, or the JSON file of its settings.")
	private Path result;
	@Option(names = "--image", paramLabel = "FILE", description = "The image to work on; without it the one that the info names, beside the result or in the current folder.")
	private Path image;
	@Option(names = "--drawn-mask", paramLabel = "FILE", description = "A mask image, or a selection in a .roi or .zip of ImageJ, in place of the mask in the info.")
	private Path mask;
	@Option(names = "--objects", paramLabel = "FILE", description = "The objects to choose among, if it was made with some: a label image, or outlines in a .roi or in a .zip of the ROI Manager.")
	private Path objects;
	@Option(names = "--model", paramLabel = "TEXT", defaultValue = "", description = "The model, if it is elsewhere now.")
	private String model;
	@Option(names = { "-o", "--output" }, paramLabel = "FILE", required = true, description = "Where the result is written; further ones beside it, as FILE-2.tif.")
	private Path output;

	RepeatTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		WrongUseException.check(() -> ImageFiles.requireFormat(output));
		final Context context = common().terminal().context().get();
		try (ProgressBar bar = common().progress().of(context)) {
			final Map<String, Object> inputs = inputs();
			final Module done = new Run("repeat").call(() -> ran(context, inputs));
			bar.close();
			report((List<?>) done.getOutput("images"), (String) done.getOutput("report"));
		}
		return ExitCode.DONE;
	}

	private static Module ran(final Context context, final Map<String, Object> inputs) {
		final Module module = context.service(ModuleService.class).createModule(context.service(CommandService.class).getCommand(RepeatFromInfo.class));
		inputs.forEach(module::setInput);
		module.run();
		final Cancelable command = (Cancelable) module.getDelegateObject();
		if (!command.isCanceled()) return module;
		final String reason = command.getCancelReason();
		throw reason == null || reason.isEmpty() ? new CancelledException() : new DiffEditException(reason);
	}

	private Map<String, Object> inputs() {
		final Map<String, Object> inputs = new LinkedHashMap<>(Map.of("model", model));
		final Optional<Provenance> made;
		if (ImageFiles.extension(result).equals("json")) {
			inputs.put("file", result.toFile());
			made = Optional.of(ProvenanceFile.read(result));
		}
		else {
			final ImagePlus again = ImageFiles.open(result);
			inputs.put("result", again);
			made = Provenance.read(again);
		}
		made.flatMap(info -> info.get("image")).map(title -> image == null ? found(title) : image).ifPresent(file -> inputs.put("image", ImageFiles.open(file)));
		if (mask != null) inputs.put("mask", opened(mask, inputs.get("image")));
		if (objects != null) inputs.put("objects", opened(objects, inputs.get("image")));
		return inputs;
	}

	/** @param of the image that the result was made of; null for none */
	private ImagePlus opened(final Path file, final Object of) {
		if (!SelectionFiles.isOne(file)) return ImageFiles.open(file);
		if (of == null) throw new WrongUseException(new DiffEditException(result + " was made of no image, on which " + file + " could lie; leave it out."));
		return SelectionFiles.toLabelImage(file, (ImagePlus) of);
	}

	private Path found(final String title) {
		try {
			final Path name = Path.of(title).getFileName();
			return Stream.of(result.toAbsolutePath().resolveSibling(name), name).filter(Files::isRegularFile).findFirst().orElseThrow(() -> missing(title));
		}
		catch (final InvalidPathException e) {
			throw missing(title);
		}
	}

	private DiffEditException missing(final String title) {
		return new WrongUseException(new DiffEditException(result + " was made of the image \"" + title + "\", which is neither beside it nor in the current folder; give it by --image FILE."));
	}

	private void report(final List<?> images, final String differences) {
		final String name = output.getFileName().toString().replaceFirst("\\.[^.]*$", "");
		final Map<Path, ImagePlus> files = new LinkedHashMap<>();
		for (final Object made : images) files.put(files.isEmpty() ? output : output.resolveSibling(name + "-" + (files.size() + 1) + ".tif"), (ImagePlus) made);
		files.forEach((file, made) -> ImageFiles.save(made, file));
		differences.lines().forEach(common()::say);
		final List<String> written = files.keySet().stream().map(Path::toString).toList();
		common().result(Map.of("files", written, "report", differences.lines().toList()), written);
	}
}
