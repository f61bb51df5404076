package sc.fiji.diffedit.memory;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import sc.fiji.diffedit.DiffEditException;

/** Reads the text form of a {@link MemoryPlan}. */
final class MemoryPlanText {

	private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*(B|KB|MB|GB|KIB|MIB|GIB)?");

	private MemoryPlanText() {}

	static MemoryPlan parse(final String text) {
		MemoryPlan plan = MemoryPlan.AUTOMATIC;
		for (final String part : text.split(";")) {
			if (!part.isBlank()) plan = with(plan, part.trim());
		}
		return plan;
	}

	private static MemoryPlan with(final MemoryPlan plan, final String part) {
		final int equals = part.indexOf('=');
		if (equals < 0) return plan.withPreset(Preset.of(part));
		final String key = part.substring(0, equals).trim();
		final String value = part.substring(equals + 1).trim();
		final int dot = key.lastIndexOf('.');
		if (dot < 0) return ofWhole(plan, key, value);
		return ofComponent(plan, key.substring(0, dot), key.substring(dot + 1), value);
	}

	private static MemoryPlan ofWhole(final MemoryPlan plan, final String key, final String value) {
		switch (key.toLowerCase(Locale.ROOT)) {
			case "preset":
				return plan.withPreset(Preset.of(value));
			case "offload":
				return plan.withOffload(Offload.parse(value));
			case "storage":
				return plan.withStorage(Storage.parse(value));
			case "device_map":
				return plan.withPlacement(new Placement(isBalanced(value), plan.placement().maxMemory(), plan.placement().devices()));
			case "max_memory":
				return plan.withPlacement(new Placement(plan.placement().balanced(), limits(value), plan.placement().devices()));
			case "packed":
				return plan.withPacked(Switch.of(key, value));
			case "channels_last":
				return plan.withChannelsLast(Switch.of(key, value));
			case "vae_slicing":
				return plan.withVaeSlicing(Switch.of(key, value));
			case "vae_tiling":
				return plan.withVaeTiling(Switch.of(key, value));
			case "tile_size":
				return plan.withTileSize(pixels(value));
			case "copy_weights":
				return plan.withCopyWeights(Switch.of(key, value));
			default:
				throw unknown(key);
		}
	}

	private static MemoryPlan ofComponent(final MemoryPlan plan, final String component, final String property, final String value) {
		if (property.equals("device")) return plan.withPlacement(plan.placement().with(component, value));
		if (component.contains(".")) throw unknown(component + "." + property);
		if (property.equals("offload")) return plan.withOffload(component, Offload.parse(value));
		if (property.equals("storage")) return plan.withStorage(component, Storage.parse(value));
		throw unknown(component + "." + property);
	}

	private static boolean isBalanced(final String word) {
		if (word.equals("balanced") || word.equals("none")) return word.equals("balanced");
		throw new DiffEditException("device_map '" + word + "' is unknown; write balanced, or name devices such as unet.device=cuda:1.");
	}

	private static int pixels(final String digits) {
		if (!digits.matches("\\d{1,6}")) throw new DiffEditException("tile_size '" + digits + "' is not a number of pixels; write such as 512.");
		return Integer.parseInt(digits);
	}

	private static Map<String, Long> limits(final String list) {
		final Map<String, Long> limits = new LinkedHashMap<>();
		for (final String entry : list.split(",")) {
			final int equals = entry.indexOf('=');
			if (equals < 0) throw new DiffEditException("max_memory '" + entry + "' names no size; write such as cuda:0=8GB,cpu=16GB.");
			limits.put(entry.substring(0, equals).trim(), bytes(entry.substring(equals + 1).trim()));
		}
		return limits;
	}

	/** A size such as {@code 8GB} (powers of 1000) or {@code 8GiB} (powers of 1024), as in accelerate. */
	private static long bytes(final String size) {
		final Matcher match = SIZE.matcher(size.toUpperCase(Locale.ROOT));
		if (!match.matches()) throw new DiffEditException("'" + size + "' is not a size; write such as 8GB or 500MiB.");
		final String unit = match.group(2) == null ? "B" : match.group(2);
		return (long) (Double.parseDouble(match.group(1)) * Math.pow(unit.contains("I") ? 1024 : 1000, "BKMG".indexOf(unit.charAt(0))));
	}

	static String limits(final Map<String, Long> limits) {
		return limits.entrySet().stream().map(limit -> limit.getKey() + "=" + limit.getValue()).collect(Collectors.joining(","));
	}

	private static DiffEditException unknown(final String key) {
		return new DiffEditException("The memory plan has no part '" + key + "'; it has preset, offload, storage, device_map, max_memory, packed, "
			+ "channels_last, vae_slicing, vae_tiling, tile_size, copy_weights, and for a component such as unet: unet.offload, unet.storage, unet.device.");
	}
}
