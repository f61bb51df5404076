package sc.fiji.diffedit.fiji.evaluation;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import sc.fiji.diffedit.demo.ContactSheet;
import sc.fiji.diffedit.demo.ContactSheet.Column;
import sc.fiji.diffedit.demo.SampleResult;

/** The ten worst results, for a picture of them; more are not kept. */
final class WorstSheet {

	private static final int MOST = 10;

	private final List<Column> columns;
	private final Function<SampleResult, String> caption;
	private final List<Ranked> worst = new ArrayList<>();

	/** @param rank the worst result has the least numbers, the first ones counting most */
	private record Ranked(double[] rank, SampleResult result) {}

	/** @param caption what is said of a result */
	WorstSheet(final List<Column> columns, final Function<SampleResult, String> caption) {
		this.columns = columns;
		this.caption = caption;
	}

	void add(final SampleResult result, final double... rank) {
		worst.add(new Ranked(rank, result));
		worst.sort((one, other) -> Arrays.compare(one.rank, other.rank));
		if (worst.size() > MOST) worst.remove(MOST);
	}

	BufferedImage image() {
		return ContactSheet.of(worst.stream().map(Ranked::result).toList(), columns, caption);
	}
}
