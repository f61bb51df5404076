package sc.fiji.diffedit.fiji.layer;

import java.awt.Polygon;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.scijava.Context;
import org.scijava.command.Command;
import org.scijava.command.CommandService;

import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.commands.EditWithMask;
import sc.fiji.diffedit.fiji.commands.GenerateMask;
import sc.fiji.diffedit.fiji.record.RecordedCall;
import sc.fiji.diffedit.tensor.Mask;

/**
 * A mask, and perhaps an edit within it, as a text that makes them again with the same bits on the image that is active then.
 *
 * @param image its title, for the reader
 * @param at the plane that was worked on; empty if there is only one
 * @param found how the mask was found; empty if it was only drawn
 * @param mask as it was used, of the image's size
 * @param edit the settings of the edit; empty if only the mask is wanted
 */
public record Replay(String image, Optional<Position> at, Optional<Found> found, Mask mask, Optional<Map<String, Object>> edit) {

	private static final String INVERSE = "run(\"Make Inverse\");\n";

	/**
	 * How a mask was found.
	 *
	 * @param settings of {@code Generate Mask}, by its inputs' names
	 * @param mask what they give, of the image's size
	 * @param within the selection that it was looked for in; empty for the whole image
	 */
	public record Found(Map<String, Object> settings, Mask mask, Optional<Mask> within) {

		/** The selection is all that is left of it, not the images and places where it was shown. */
		private Map<String, Object> selecting() {
			final Map<String, Object> selecting = new LinkedHashMap<>(settings);
			selecting.putAll(Map.of("show", "Selection", "labels", false, "heatMap", false));
			return selecting;
		}
	}

	/** In ImageJ's macro language. */
	public String macro(final Context context) {
		final StringBuilder text = new StringBuilder("// DiffEdit on \"" + oneLine(image) + "\"; works on the active image.\n");
		at.ifPresent(plane -> text.append("Stack.setPosition(" + numbers(plane) + ");\n"));
		found.flatMap(Found::within).ifPresent(within -> text.append(macro(within, "shift", true)));
		found.ifPresent(how -> text.append(call(context, GenerateMask.class, how.selecting()).macro()).append('\n'));
		if (found.isEmpty()) text.append(macro(mask, "shift", true));
		else text.append(corrections());
		edit.ifPresent(settings -> text.append(call(context, EditWithMask.class, settings).macro()).append('\n'));
		return text.toString();
	}

	/**
	 * Corrections turn to what is outside of the mask and back: ImageJ changes, or wants to change, the one selection in the ROI Manager
	 * with an equal one of the image, and masks are sent there.
	 */
	private String corrections() {
		final Mask added = added(), removed = removed();
		if (added.isEmpty() && removed.isEmpty()) return "";
		return INVERSE + (removed.isEmpty() ? "" : "// removed from the mask\n" + macro(removed, "shift", false))
			+ (added.isEmpty() ? "" : "// added to the mask\n" + macro(added, "alt", false)) + INVERSE;
	}

	/** As a Groovy script for Fiji. */
	public String groovy(final Context context) {
		final Script script = new Script();
		at.ifPresent(plane -> script.body.add("image.setPosition(" + numbers(plane) + ")"));
		if (found.isEmpty() || found.get().within().isPresent()) script.body.add("image.deleteRoi()");
		found.flatMap(Found::within).ifPresent(within -> script.addPolygons(within, "or"));
		found.ifPresent(how -> script.add(call(context, GenerateMask.class, how.selecting())));
		if (!added().isEmpty()) script.body.add("// added to the mask");
		script.addPolygons(added(), "or");
		if (!removed().isEmpty()) script.body.add("// removed from the mask");
		script.addPolygons(removed(), "not");
		edit.ifPresent(settings -> script.add(call(context, EditWithMask.class, settings)));
		return "// DiffEdit on \"" + oneLine(image) + "\"; works on the active image.\n" + script.text();
	}

	private static RecordedCall call(final Context context, final Class<? extends Command> command, final Map<String, Object> settings) {
		return RecordedCall.of(context.service(CommandService.class).getCommand(command), settings);
	}

	private static String oneLine(final String text) {
		return text.replaceAll("\\s", " ");
	}

	private static String numbers(final Position plane) {
		return plane.channel() + ", " + plane.slice() + ", " + plane.frame();
	}

	private Mask added() {
		return difference(mask, found.map(Found::mask));
	}

	private Mask removed() {
		return found.map(how -> difference(how.mask(), Optional.of(mask))).orElseGet(() -> Mask.filled(mask.width(), mask.height(), 0));
	}

	/** What is inside of a mask and outside of another one. */
	private static Mask difference(final Mask mask, final Optional<Mask> without) {
		final float[] values = mask.binary().values();
		without.ifPresent(other -> {
			for (int i = 0; i < values.length; i++) if (other.values()[i] >= 0.5f) values[i] = 0;
		});
		return new Mask(mask.width(), mask.height(), values);
	}

	/** @param isNew whether a new selection begins; otherwise the key that is down says what becomes of the present one */
	private static String macro(final Mask area, final String key, final boolean isNew) {
		final StringBuilder text = new StringBuilder();
		for (final Polygon polygon : MaskPolygons.of(area)) {
			if (!isNew || text.length() > 0) text.append("setKeyDown(\"" + key + "\"); ");
			text.append("makeSelection(\"polygon\", " + array("newArray(", polygon, p -> p.xpoints, ")") + ", " + array("newArray(", polygon, p -> p.ypoints, ")") + ");\n");
		}
		return text.toString();
	}

	private static String array(final String open, final Polygon polygon, final Function<Polygon, int[]> axis, final String close) {
		return Arrays.stream(axis.apply(polygon)).limit(polygon.npoints).mapToObj(Integer::toString).collect(Collectors.joining(", ", open, close));
	}

	/** A Groovy script of several calls: what each of them imports stands once, at the top. */
	private static final class Script {

		private final Set<String> imports = new LinkedHashSet<>(List.of("ij.IJ"));
		private final List<String> body = new ArrayList<>(List.of("def image = IJ.getImage()"));

		void add(final RecordedCall call) {
			imports.addAll(call.imports());
			body.add(call.groovyLine("image"));
		}

		/** @param how {@code or} adds to the selection, {@code not} takes away from it */
		void addPolygons(final Mask area, final String how) {
			if (area.isEmpty()) return;
			imports.addAll(List.of("ij.gui.PolygonRoi", "ij.gui.Roi", "ij.gui.ShapeRoi", "java.awt.geom.Area"));
			body.add((isNew() ? "def " : "") + "selection = image.roi == null ? new ShapeRoi(new Area()) : new ShapeRoi(image.roi)");
			for (final Polygon polygon : MaskPolygons.of(area)) {
				body.add("selection = selection." + how + "(new ShapeRoi(new PolygonRoi(" + array("[", polygon, p -> p.xpoints, "] as int[], ")
					+ array("[", polygon, p -> p.ypoints, "] as int[], ") + polygon.npoints + ", Roi.POLYGON)))");
			}
			body.add("image.setRoi(selection)");
		}

		private boolean isNew() {
			return body.stream().noneMatch(line -> line.startsWith("def selection"));
		}

		String text() {
			return "#@ CommandService commands\n\n" + imports.stream().map(name -> "import " + name + "\n").collect(Collectors.joining()) + "\n" + String.join("\n", body) + "\n";
		}
	}
}
