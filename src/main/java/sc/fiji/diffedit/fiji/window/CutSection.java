package sc.fiji.diffedit.fiji.window;

import java.util.List;
import java.util.Optional;

import javax.swing.JPanel;

import sc.fiji.diffedit.fiji.Latest;
import sc.fiji.diffedit.fiji.form.Field;
import sc.fiji.diffedit.pipelines.DifferenceMap;
import sc.fiji.diffedit.pipelines.Threshold;

/** Where the heat map is cut: its histogram, the method, and the slider of the number that the method has. */
final class CutSection extends JPanel {

	private static final long serialVersionUID = 1L;

	/** Ticks per 1, and where sliders end before there is a map. */
	private static final int FINE = 20, RATIO_BEFORE = 10, FINER = 200;
	private static final double LEVEL_BEFORE = 1.5;

	private final transient Latest<Runnable> lines = new Latest<>(Runnable::run);
	private final Histogram histogram = new Histogram(this::drag);
	private final transient Field method;
	private final SliderField level;
	private final SliderField ratio;
	private final JPanel levelRows;
	private final JPanel ratioRows;
	private transient Optional<DifferenceMap> map = Optional.empty();
	private transient MaskSettings settings;
	private transient Threshold cut;

	CutSection(final Asked asked) {
		method = asked.field("threshold");
		level = new SliderField(asked.field("thresholdLevel"), 1, tick -> Math.max(1, tick) / FINER, number -> FINER * number);
		ratio = new SliderField(asked.field("thresholdRatio"), 1, tick -> Math.max(1, tick) / FINE, number -> FINE * number);
		levelRows = rowsOf(level);
		ratioRows = rowsOf(ratio);
		final Rows rows = new Rows(this);
		rows.add(histogram);
		rows.add(levelRows);
		rows.add(ratioRows);
		rows.addChoice(method);
	}

	/** The numbers that can be wrong. */
	List<Field> numbers() {
		return List.of(level.field(), ratio.field());
	}

	private static JPanel rowsOf(final SliderField slider) {
		final JPanel panel = new JPanel();
		new Rows(panel).addLong(slider);
		return panel;
	}

	/** Shows a map and where it is cut. @param look empty for none */
	void show(final Optional<MaskLook> look) {
		map = look.flatMap(MaskLook::heat).map(MaskLook.Heat::differences);
		histogram.show(look);
		if (look.isPresent() && !look.get().state().settings().threshold().equals(settings.threshold())) return;   // the next one is on its way
		final double end = look.map(MaskLook::end).orElse(Double.NaN);
		if (levelRows.isVisible()) level.setEnd((int) Math.ceil(FINER * (Double.isNaN(end) ? LEVEL_BEFORE : end)));
		if (ratioRows.isVisible()) ratio.setEnd((int) Math.ceil(FINE * (Double.isNaN(end) ? RATIO_BEFORE : end)));
	}

	/** Shows what is asked for; the histogram follows when the mask has been cut there. */
	void follow(final MaskSettings newSettings) {
		settings = newSettings;
		cut = settings.cut();
		levelRows.setVisible(Threshold.hasLevel(settings.threshold()));
		ratioRows.setVisible(cut instanceof Threshold.Ratio);
		level.follow();
		ratio.follow();
	}

	/** The user has put the line at a value of the map; the number that this is may take a look at all of them. */
	private void drag(final double value) {
		final DifferenceMap of = map.orElseThrow();
		final Threshold from = cut;
		final String named = settings.threshold();
		lines.compute(() -> {
			final Threshold moved = from.through(value, of);
			return () -> move(named, moved);
		});
	}

	/** @param named the method when the line was put there; another one does not have the number */
	private void move(final String named, final Threshold moved) {
		if (!named.equals(settings.threshold())) return;
		if (moved instanceof Threshold.Ratio) ratio.set(Math.max(1, Math.rint(FINE * moved.number())) / FINE);
		else level.set(Math.max(1, Math.rint(FINER * moved.number())) / FINER);
		if (!cut.getClass().equals(moved.getClass())) method.show(Threshold.FIXED);
	}

	@Override
	public void removeNotify() {
		lines.close();
		super.removeNotify();
	}
}
