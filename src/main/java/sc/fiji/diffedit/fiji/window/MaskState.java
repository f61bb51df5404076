package sc.fiji.diffedit.fiji.window;

import java.util.Map;
import java.util.Optional;

import ij.ImagePlus;
import ij.gui.Roi;

import sc.fiji.diffedit.fiji.LocatedMap;
import sc.fiji.diffedit.fiji.MaskText;
import sc.fiji.diffedit.fiji.Position;
import sc.fiji.diffedit.fiji.Provenance;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.MaskBits;

/**
 * A mask of an image with all that made it. It does not know the image, so it may be kept as long as one likes, and a window can
 * return to it. Immutable; the mask is computed when it is first asked for, on any thread.
 */
public final class MaskState {

	private final Map<String, Object> answers;
	private final Provenance made;
	private final Optional<LocatedMap> map;
	private final MaskSettings settings;
	private final Corrections corrections;
	private final int width;
	private final int height;
	private final Position position;
	/** The map as the present settings smooth it; null until it is asked for. */
	private volatile LocatedMap smoothed;
	private MaskBits inside;

	private MaskState(final Map<String, Object> answers, final Provenance made, final Optional<LocatedMap> map, final MaskSettings settings, final Corrections corrections,
		final int width, final int height, final Position position)
	{
		this.answers = answers;
		this.made = made;
		this.map = map;
		this.settings = settings;
		this.corrections = corrections;
		this.width = width;
		this.height = height;
		this.position = position;
	}

	/** No mask yet, for the plane of an image that is shown. */
	static MaskState of(final ImagePlus image, final MaskSettings settings) {
		return new MaskState(Map.of(), Provenance.of("mask"), Optional.empty(), settings, Corrections.NONE, image.getWidth(), image.getHeight(), Position.of(image));
	}

	/**
	 * A mask that has been found.
	 *
	 * @param made how the command says that it was made
	 * @param answers the inputs of the command, without the image
	 * @param before the mask that it takes the place of; its corrections stay where it is of the same plane
	 */
	static MaskState of(final LocatedMap map, final Provenance made, final Map<String, Object> answers, final MaskSettings settings, final MaskState before) {
		final boolean same = before.width == map.width() && before.height == map.height() && before.position.isOnPlaneOf(map.position());
		return new MaskState(answers, made, Optional.of(map), settings, same ? before.corrections : Corrections.NONE, map.width(), map.height(), map.position());
	}

	/** The same at other settings. */
	MaskState with(final MaskSettings newSettings) {
		return newSettings.equals(settings) ? this : likeThis(newSettings, corrections, position);
	}

	/** The same with one more correction. */
	MaskState with(final Roi selection, final boolean isAdded, final Position shown) {
		return likeThis(settings, corrections.with(selection, isAdded, width, height), isBlank() ? shown : position);
	}

	/** The same without corrections. */
	MaskState withoutCorrections() {
		return likeThis(settings, Corrections.NONE, position);
	}

	private MaskState likeThis(final MaskSettings newSettings, final Corrections newCorrections, final Position newPosition) {
		final MaskState other = new MaskState(answers, made, map, newSettings, newCorrections, width, height, newPosition);
		if (newSettings.shape().smoothMap() == settings.shape().smoothMap()) other.smoothed = smoothed;
		return other;
	}

	/** The inputs of the command that found the map, by their names, the image left out and settings as they were then; empty without a map. */
	public Map<String, Object> answers() {
		return answers;
	}

	/** How a label image of the mask was made, as results' infos tell it: at the present settings, with the mask itself if it was corrected. */
	public Provenance made() {
		Provenance all = made.with("labels", true);
		for (final Map.Entry<String, Object> setting : settings.told().entrySet()) all = all.with(setting.getKey(), setting.getValue());
		return isCorrected() ? all.with(Provenance.CORRECTED_MASK, MaskText.of(mask()).orElse(null)) : all;
	}

	/** What was found; empty if the mask is only drawn. */
	public Optional<LocatedMap> map() {
		return map;
	}

	/** What the mask is cut from: the map, smoothed. Computed when it is first asked for; the other settings do without computing it again. */
	synchronized Optional<LocatedMap> smoothed() {
		if (smoothed == null) smoothed = map.map(settings::smoothed).orElse(null);
		return Optional.ofNullable(smoothed);
	}

	public MaskSettings settings() {
		return settings;
	}

	public Corrections corrections() {
		return corrections;
	}

	/** The plane of the image that the mask belongs to. */
	public Position position() {
		return position;
	}

	/** Whether something was added or removed by hand. */
	boolean isCorrected() {
		return !corrections.list().isEmpty();
	}

	/** Whether there is no mask yet. */
	public boolean isBlank() {
		return map.isEmpty() && !isCorrected();
	}

	/** Whether it is of an image of this size. */
	boolean fits(final ImagePlus image) {
		return image.getWidth() == width && image.getHeight() == height;
	}

	/** The mask of the whole image, with the corrections. */
	public Mask mask() {
		return inside().mask();
	}

	/** The same in bits, which are kept. */
	synchronized MaskBits inside() {
		if (inside == null) inside = corrections.on(smoothed().map(settings::cutFrom).orElseGet(() -> new MaskBits(width, height)));
		return inside;
	}

	/** Where an edit may change the image: as forms take it, where the mask was found, and as it was corrected. */
	Mask editMask() {
		return corrections.on(smoothed().map(settings::editMaskFrom).map(MaskBits::of).orElseGet(() -> new MaskBits(width, height))).mask();
	}
}
