package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import org.scijava.Context;

import ij.ImagePlus;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.Run;
import sc.fiji.diffedit.fiji.batch.ImageFiles;
import sc.fiji.diffedit.fiji.batch.Outcome;
import sc.fiji.diffedit.fiji.batch.TextCall;
import sc.fiji.diffedit.fiji.batch.Verb;

/** A command of the plugin on one image: {@code diffedit edit cells.tif --source "green nuclei" --target "cyan nuclei" -o edited.tif}. */
class FormCommand implements Callable<Integer> {

	/** Texts come to the standard output if no file is named; images need one. */
	static final class OfText extends FormCommand {

		@Option(names = { "-o", "--output" }, paramLabel = "FILE", description = "Where the text is written; to the standard output unless given.")
		private Path output;

		private OfText(final Verb verb, final Terminal terminal) {
			super(verb, terminal);
		}

		@Override
		Path output() {
			return output;
		}
	}

	/** Of masks there is a selection too. */
	static final class OfImage extends FormCommand {

		@Option(names = { "-o", "--output" }, paramLabel = "FILE", required = true, description = {
			"Where the result is written: .tif keeps everything, .png and .jpg pixels alone, .roi a mask as ImageJ's selection.",
			"Further results lie beside it, as FILE-differences.tif." })
		private Path output;

		private OfImage(final Verb verb, final Terminal terminal) {
			super(verb, terminal);
		}

		@Override
		Path output() {
			return output;
		}
	}

	private static final String ROI = "roi";

	private final Verb verb;
	@Mixin
	private final Common common;
	@Spec
	private CommandSpec spec;

	private FormCommand(final Verb verb, final Terminal terminal) {
		this.verb = verb;
		common = new Common(terminal);
	}

	/** The verb with its options. */
	static CommandSpec of(final Verb verb, final Terminal terminal, final boolean withOptions) {
		final CommandSpec spec = CommandSpec.forAnnotatedObject(verb.makesText() ? new OfText(verb, terminal) : new OfImage(verb, terminal));
		spec.name(verb.word()).mixinStandardHelpOptions(true).usageMessage().description(verb.description()).sortOptions(false).abbreviateSynopsis(true);
		if (withOptions) FormOptions.add(spec, verb);
		return spec;
	}

	/** Where the result goes; null for the standard output. */
	Path output() {
		return null;
	}

	@Override
	public Integer call() {
		final Map<String, String> texts = FormOptions.texts(spec.commandLine().getParseResult());
		final Context context = common.terminal().context().get();
		try (ProgressBar bar = common.progress().of(context)) {
			final TextCall call = new TextCall(context);
			WrongUseException.check(() -> {
				call.check(verb, texts);
				requireFile();
			});
			final Outcome made = new Run(verb.word()).call(() -> call.run(verb, texts));
			bar.close();
			made.notices().stream().filter(notice -> !made.incomplete().equals(Optional.of(notice))).forEach(common::say);
			write(made);
			made.incomplete().ifPresent(sentence -> {
				throw new DiffEditException(sentence);
			});
		}
		return ExitCode.DONE;
	}

	/** What the wanted format cannot hold is written as TIFF: a minute's work must not be lost at its end. */
	private void write(final Outcome made) {
		if (output() == null) {
			report(made, List.of());
			return;
		}
		final Optional<String> lost = made.image().flatMap(image -> ImageFiles.lost(image, output()));
		if (lost.isEmpty() || ImageFiles.extension(output()).equals(ROI)) {
			report(made, made.write(output()));
			return;
		}
		final Path tiff = output().resolveSibling(output().getFileName().toString().replaceFirst("\\.[^.]*$", "") + ".tif");
		made.write(tiff);
		throw new DiffEditException(output() + ": the result has " + lost.get() + ", which only TIFF keeps, so it was written as " + tiff + ".");
	}

	private void requireFile() {
		if (output() == null) return;
		if (!verb.makesText() && !(verb.findsMask() && ImageFiles.extension(output()).equals(ROI))) ImageFiles.requireFormat(output());
		final Path folder = output().toAbsolutePath().getParent();
		if (folder == null || !Files.isDirectory(folder)) throw new DiffEditException("There is no folder for " + output() + "; make it first.");
	}

	private void report(final Outcome made, final List<Path> files) {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("operation", verb.word());
		json.put("files", files.stream().map(Path::toString).toList());
		made.values().forEach((name, value) -> {
			if (value instanceof ImagePlus image) json.put(name, Map.of("width", image.getWidth(), "height", image.getHeight(), "planes", image.getStackSize(), "bits", image.getBitDepth()));
			else if (value instanceof String text) json.put(name, text);
		});
		json.put("notices", made.notices());
		final List<String> lines = new ArrayList<>(files.stream().map(Path::toString).toList());
		if (files.isEmpty()) made.text().ifPresent(lines::add);
		common.result(json, lines);
	}
}
