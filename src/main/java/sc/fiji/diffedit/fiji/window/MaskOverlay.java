package sc.fiji.diffedit.fiji.window;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;

import ij.ImagePlus;

import sc.fiji.diffedit.fiji.Latest;
import sc.fiji.diffedit.fiji.TemporaryElements;

/** Keeps the masks of a session drawn on their images. Looks are computed in the background, so that sliders never wait. */
final class MaskOverlay implements Session.Listener, AutoCloseable {

	private static final String NO_PIXEL = "The selection covers no pixel of the image, so that the mask is as it was; draw an area.";

	private final Session session;
	private final Consumer<Optional<MaskLook>> shown;
	private final Map<ImagePlus, MaskRoi> drawn = new WeakHashMap<>();
	private final Latest<MaskLook> looks = new Latest<>(this::ready);
	private volatile MaskLook look;

	/** @param shown takes the look that is drawn; empty when there is no mask */
	MaskOverlay(final Session session, final Consumer<Optional<MaskLook>> shown) {
		this.session = session;
		this.shown = shown;
		session.addListener(this);
		session.edits().addListener(new EditDesk.Listener() {

			@Override
			public void changed() {
				redraw();
			}
		});
	}

	private void redraw() {
		if (look != null && session.state().filter(state -> state == look.state()).isPresent()) session.image().ifPresent(image -> draw(image, look));
	}

	@Override
	public void maskChanged() {
		final MaskState state = session.state().orElse(null);
		if (state == null || state.isBlank()) {
			session.image().ifPresent(this::erase);
			shown.accept(Optional.empty());
			return;
		}
		looks.compute(() -> look != null && look.state() == state ? look : MaskLook.of(state, look));
	}

	/** A look of another mask than the present one comes too late; the next one is on its way. */
	private void ready(final MaskLook computed) {
		final boolean isNew = look == null || look.state().corrections() != computed.state().corrections();
		look = computed;
		if (session.state().filter(state -> state == computed.state()).isEmpty()) return;
		session.image().ifPresent(image -> draw(image, computed));
		shown.accept(Optional.of(computed));
		if (isNew && computed.state().corrections().isLastEmpty()) session.job().say(NO_PIXEL, true);
	}

	private void draw(final ImagePlus image, final MaskLook computed) {
		erase(image);
		final boolean withHeat = session.isHeatShown() && !session.edits().isShown();   // the edit would not be seen below it
		if (!withHeat && !session.isOutlineShown()) return;
		final MaskRoi roi = new MaskRoi(computed, withHeat, session.isOutlineShown());
		TemporaryElements.add(image, roi, computed.state().position());
		drawn.put(image, roi);
	}

	private void erase(final ImagePlus image) {
		TemporaryElements.remove(image, drawn.remove(image));
	}

	/** Leaves all images as they were. */
	@Override
	public void close() {
		List.copyOf(drawn.keySet()).forEach(this::erase);
		looks.close();
	}
}
