package sc.fiji.diffedit.pipelines;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

import sc.fiji.diffedit.tensor.Mask;

/** Masks of heat maps. They are cut when they are first asked for, since who only moves a slider over a map may not need them. */
final class CutMasks extends AbstractList<Mask> {

	private final List<DifferenceMap> maps;
	private final List<DifferenceMap> refined;
	private final MaskRequest request;
	private List<Mask> masks;

	/**
	 * @param maps as the predictions gave them
	 * @param refined what is cut, one for each
	 */
	CutMasks(final List<DifferenceMap> maps, final List<DifferenceMap> refined, final MaskRequest request) {
		this.maps = maps;
		this.refined = refined;
		this.request = request;
	}

	@Override
	public int size() {
		return maps.size();
	}

	@Override
	public synchronized Mask get(final int image) {
		if (masks == null) masks = request.mode() == Mode.PARITY ? cutAsBatch() : cutAlone();
		return masks.get(image);
	}

	private List<Mask> cutAsBatch() {
		double sum = 0;
		for (final DifferenceMap map : refined) sum += map.mean();
		final float mean = (float) (sum / refined.size());
		return refined.stream().map(map -> map.above(request.maskThresholdingRatio(), mean)).toList();
	}

	private List<Mask> cutAlone() {
		final List<Mask> cut = new ArrayList<>();
		for (int i = 0; i < maps.size(); i++) {
			final DifferenceMap map = refined.get(i);
			cut.add(maps.get(i).mean() == 0 ? Mask.filled(map.width(), map.height(), 0) : request.threshold().mask(map));
		}
		return cut;
	}
}
