package sc.fiji.diffedit.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import sc.fiji.diffedit.DiffEditException;

/**
 * Where tensors lie, in PyTorch's words: {@code cpu}, {@code cuda:0}, {@code mps}.
 *
 * @param type {@code cpu}, {@code cuda} or {@code mps}
 * @param index number of the device among those of its type; 0 for {@code cpu} and {@code mps}
 */
public record Device(String type, int index) {

	public static final Device CPU = new Device("cpu", 0);

	private static final Pattern NAME = Pattern.compile("(cpu|mps)|cuda(?::(\\d{1,3}))?");

	public static Device cuda(final int index) {
		return new Device("cuda", index);
	}

	/** The device of a name such as {@code cpu}, {@code cuda} or {@code cuda:1}. */
	public static Device of(final String name) {
		final Matcher match = NAME.matcher(name.trim());
		if (!match.matches()) {
			throw new DiffEditException("Device '" + name + "' is unknown; write cpu, cuda, cuda:1 or mps.");
		}
		if (match.group(1) != null) return new Device(match.group(1), 0);
		return cuda(match.group(2) == null ? 0 : Integer.parseInt(match.group(2)));
	}

	public boolean isCpu() {
		return type.equals("cpu");
	}

	@Override
	public String toString() {
		return type.equals("cuda") ? "cuda:" + index : type;
	}

	static Device of(final ai.djl.Device device) {
		if (device.isGpu()) return cuda(device.getDeviceId());
		return device.getDeviceType().equals("cpu") ? CPU : new Device(device.getDeviceType(), 0);
	}
}
