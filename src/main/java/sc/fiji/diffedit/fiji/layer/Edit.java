package sc.fiji.diffedit.fiji.layer;

import java.awt.image.BufferedImage;
import java.lang.ref.WeakReference;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * An edit that was computed. It keeps the plane it was made of, but not the image.
 *
 * @param image that was edited; empty once nobody else has it
 * @param settings the values of {@code Edit With Mask}'s inputs that differ from the defaults, by their names
 * @param inside where the image was edited
 * @param at the plane of the image that was edited
 * @param isOfStack whether the image had other planes
 * @param before this plane in all of its channels, as it was
 * @param result the same plane after the edit, with its making in its info; nobody changes it
 * @param notices sentences for the user
 * @param thumbnail the result, small
 * @param time when it was done
 */
public record Edit(WeakReference<ImagePlus> image, Map<String, Object> settings, MaskBits inside, Position at, boolean isOfStack, ImagePlus before,
	ImagePlus result, List<String> notices, BufferedImage thumbnail, LocalTime time) implements HistoryEntry
{

	/** Where the image was edited. */
	public Mask mask() {
		return inside.mask();
	}

	/** Whether the edit can be shown over an image: it has the plane, in the same size. */
	public boolean fits(final ImagePlus other) {
		return other.getWidth() == result.getWidth() && other.getHeight() == result.getHeight() && at.slice() <= other.getNSlices() && at.frame() <= other.getNFrames();
	}

	/** How it was made. */
	public Provenance made() {
		return Provenance.read(result).orElseThrow();
	}

	/** The image that was edited, if it is still there, and open if it was. */
	public Optional<ImagePlus> present() {
		return Optional.ofNullable(image.get()).filter(there -> there.getProcessor() != null);
	}

	double strength() {
		return Edits.strength(settings);
	}

	/** What sets it apart from others of the same mask. @param withStrength whether the amount of change is told */
	String caption(final boolean withStrength) {
		return "seed " + settings.getOrDefault("seed", 0) + (withStrength ? ", change " + strength() : "");
	}

	@Override
	public String text() {
		return "\u201c" + settings.getOrDefault("target", "") + "\u201d, " + caption(true);
	}

	@Override
	public long bytes() {
		return bytes(before) + bytes(result) + inside.bytes();
	}

	private static long bytes(final ImagePlus plane) {
		return (long) plane.getWidth() * plane.getHeight() * plane.getStackSize() * plane.getBytesPerPixel();
	}
}
