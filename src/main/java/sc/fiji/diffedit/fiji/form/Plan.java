package sc.fiji.diffedit.fiji.form;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.scijava.ItemVisibility;
import org.scijava.module.Module;
import org.scijava.module.ModuleItem;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.PlaneRange;

/**
 * Where each input of a command stands in its form: what everybody needs on the first page, the rest behind {@code More settings}
 * under headings. Each text is one row; names with a blank between them stand side by side.
 */
final class Plan {

	/** What fits on a small screen without {@code More settings}. */
	static final int MOST_ROWS = 9;
	/** Where an input stands that nobody has given a place. */
	static final String OTHER = "Other";

	private static final String MASK = "Mask", EDIT = "Edit", IMAGE = "Image", MODEL = "Model", ADAPTERS = "Adapters", MEMORY = "Memory", OUTPUT = "Output";
	private static final String PLANES = "planes", PREVIEW = "preview";

	/** By the commands' simple class names. */
	static final Map<String, Plan> PLANS = Map.ofEntries(
		Map.entry("EditImageWithText", first("image workOn", "source", "target", "model", "strength", "thresholdLevel", "seed preset", "show labels heatMap", "preview")
			.more(MASK, "maps", "untilStable", "noise", "heatFrom", "maskRefinement", "threshold thresholdRatio", "objects segmentation", "smoothMap", "smooth", "holes", "smallest", "grow").more(EDIT, "negative", "compare", "arrange", "steps", "inversion inversionRounds", "guidance", "guidanceStart guidanceStop", "cacheInterval cacheBranch", "maskUse", "feather", "checkEdit").more(IMAGE, "planes", "intensity", "channels", "stackFolder").ofModel()
			.more(OUTPUT, "corners")),
		Map.entry("GenerateMask", first("image workOn", "source", "target", "model", "thresholdLevel", "maps", "seed preset", "show labels heatMap")
			.more(MASK, "untilStable", "heatFrom", "maskRefinement", "threshold thresholdRatio", "objects segmentation", "noise", "steps", "sourceNegative", "targetNegative", "guidance", "smoothMap", "smooth", "holes", "smallest", "grow").more(IMAGE, "planes", "intensity", "channels", "stackFolder").ofModel()
			.more(OUTPUT, "corners")),
		Map.entry("InvertImage", first("image workOn", "source", "model", "strength", "steps", "seed preset")
			.more(EDIT, "inversion inversionRounds", "negative", "guidance", "cacheInterval cacheBranch").more(IMAGE, "planes", "intensity", "channels", "stackFolder").ofModel()),
		Map.entry("EditWithMask", first("image", "maskFrom drawnMask", "source", "target", "model", "strength", "seed preset", "preview")
			.more(EDIT, "labelTexts", "inversionFrom inverted", "inversion inversionRounds", "negative", "steps", "guidance", "guidanceStart guidanceStop", "cacheInterval cacheBranch", "maskUse", "feather", "checkEdit").more(IMAGE, "planes", "intensity", "channels", "stackFolder").ofModel()),
		Map.entry("TextToImage", first("prompt", "negative", "model", "width", "height", "guidance", "seed preset", "count arrange", "preview")
			.more(EDIT, "steps", "guidanceStart guidanceStop", "cacheInterval cacheBranch", "guidanceRescale", "eta", "clipSkip").ofModel()),
		Map.entry("ImageToImage", first("image workOn", "prompt", "negative", "model", "strength", "seed preset", "count arrange", "preview")
			.more(EDIT, "steps", "guidance", "guidanceStart guidanceStop", "cacheInterval cacheBranch").more(IMAGE, "planes", "intensity", "channels", "stackFolder").ofModel()),
		Map.entry("Inpaint", first("image", "maskFrom drawnMask", "prompt", "negative", "model", "strength", "seed preset", "count arrange", "preview")
			.more(MASK, "blur", "crop", "margin").more(EDIT, "steps", "guidance", "guidanceStart guidanceStop", "cacheInterval cacheBranch", "width", "height").more(IMAGE, "planes", "intensity", "channels", "stackFolder").ofModel()),
		Map.entry("CaptionImage", first("image workOn", "beginning", "model", "words").more(MODEL, "beams").more(IMAGE, "planes", "intensity", "channels")),
		Map.entry("SuggestPrompts", first("concept", "model", "count", "seed").more(MODEL, "words", "temperature", "best")),
		Map.entry("RepeatFromInfo", first("result", "file", "image").more(OTHER, "mask", "model")),
		Map.entry("MethodsParagraph", first("result", "file")),
		Map.entry("BatchFolder", first("operation", "folder", "files", "source", "target", "settings", "table", "output", "names")),
		Map.entry("MeasureEdit", first("image", "after", "maskFrom drawnMask", "corners", "referenceFrom reference", "csv")),
		Map.entry("Demo", first("sample", "maps", "steps")),
		Map.entry("InspectModel", first("path")),
		Map.entry("DownloadModel", first("repository", "variant", "download").more(OTHER, "revision", "server")),
		Map.entry("ModelFolders", first("folders", "cache")),
		Map.entry("DiffEditOptions", first("folders", "cache", "device", "dtype", "memory", "memoryLimit", "resultCache", "idleMinutes", "offline notices")),
		Map.entry("ModelsInMemory", first("unload", "model", "idleMinutes")),
		Map.entry("ResultCache", first("clear")),
		Map.entry("InstallEngine", first("action", "build", "download", "file").more(OTHER, "source")));

	private final List<String> first;
	private final Map<String, List<String>> more;

	private Plan(final List<String> first, final Map<String, List<String>> more) {
		this.first = first;
		this.more = more;
	}

	private static Plan first(final String... rows) {
		return new Plan(List.of(rows), Map.of());
	}

	private Plan more(final String heading, final String... rows) {
		final Map<String, List<String>> all = new LinkedHashMap<>(more);
		all.put(heading, List.of(rows));
		return new Plan(first, all);
	}

	/** What every form with a diffusion model ends with. */
	private Plan ofModel() {
		return more(MODEL, "options").more(ADAPTERS, "lora", "loraScale", "word").more(MEMORY, "memory", "tile overlap");
	}

	/** The plan of a command; one that is not in the table has all on its first page, as declared. */
	static Plan of(final Module module) {
		final String command = module.getInfo().getDelegateClassName().replaceFirst(".*\\.", "");
		final Plan known = PLANS.get(command);
		if (known != null) return (isOfStack(module) ? known.ofStack() : known).with(shown(module));
		return new Plan(List.copyOf(shown(module)), Map.of());
	}

	private static boolean isOfStack(final Module module) {
		return module.getInfo().getInput(PLANES) != null && module.getInput("image") instanceof ImagePlus image && PlaneRange.isStack(image);
	}

	/** Of a stack the planes are asked below the image; where there is no room, the preview makes room for them. */
	private Plan ofStack() {
		final List<String> rows = new ArrayList<>(first);
		rows.add(1, PLANES);
		final Map<String, List<String>> rest = new LinkedHashMap<>();
		more.forEach((heading, all) -> rest.put(heading, all.stream().filter(row -> !row.equals(PLANES)).toList()));
		if (rows.size() > MOST_ROWS && rows.remove(PREVIEW)) rest.merge(OUTPUT, List.of(PREVIEW), (present, added) -> Stream.concat(added.stream(), present.stream()).toList());
		return new Plan(rows, rest);
	}

	/** The names of what a form could ask. */
	private static Set<String> shown(final Module module) {
		final Set<String> names = new LinkedHashSet<>();
		for (final ModuleItem<?> input : Inputs.of(module)) {
			if (input.getVisibility() == ItemVisibility.NORMAL && Fields.canAsk(input)) names.add(input.getName());
		}
		return names;
	}

	/** This plan for these inputs alone, each of which has a place. */
	private Plan with(final Set<String> names) {
		final Set<String> rest = new LinkedHashSet<>(names);
		final Plan here = new Plan(rows(first, rest), new LinkedHashMap<>());
		more.forEach((heading, rows) -> {
			final List<String> present = rows(rows, rest);
			if (!present.isEmpty()) here.more.put(heading, present);
		});
		if (!rest.isEmpty()) here.more.computeIfAbsent(OTHER, key -> new ArrayList<>()).addAll(rest);
		return here;
	}

	/** The rows without what is not there; takes what they show out of {@code rest}. */
	private static List<String> rows(final List<String> rows, final Set<String> rest) {
		final List<String> present = new ArrayList<>();
		for (final String row : rows) {
			final List<String> names = names(row).stream().filter(rest::remove).toList();
			if (!names.isEmpty()) present.add(String.join(" ", names));
		}
		return present;
	}

	/** The rows of the first page. */
	List<String> first() {
		return first;
	}

	/** The rows behind {@code More settings}, by their headings. */
	Map<String, List<String>> more() {
		return more;
	}

	/** All rows, from the top of the form to its end. */
	List<String> rows() {
		final List<String> rows = new ArrayList<>(first);
		more.values().forEach(rows::addAll);
		return rows;
	}

	/** The names that stand side by side in a row. */
	static List<String> names(final String row) {
		return List.of(row.split(" "));
	}

	/** All names of the first page. */
	Set<String> onFirstPage() {
		final Set<String> names = new LinkedHashSet<>();
		first.forEach(row -> names.addAll(names(row)));
		return names;
	}
}
