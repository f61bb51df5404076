package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.tensor.Device;

/**
 * What the memory plan makes of a model's weights. Those that lie where their file is mapped count nothing.
 *
 * @param plan the plan with its preset chosen
 * @param device whose memory is taken
 * @param once bytes that the first run makes and that stay
 * @param whileResident bytes that are made when a component has its turn and freed again, by component
 */
record PlannedWeights(MemoryPlan plan, Device device, long once, Map<String, Long> whileResident) {

	/**
	 * What a run is expected to take.
	 *
	 * @param made whether the weights that stay have been made
	 * @param speed of the model
	 */
	MemoryEstimate estimate(final List<Stage> stages, final boolean made, final Speed speed) {
		final Map<String, Long> bytes = new LinkedHashMap<>();
		for (final Stage stage : stages) {
			bytes.merge(stage.name(), stage.activations() + whileResident.getOrDefault(stage.component(), 0L), Math::max);
		}
		return new MemoryEstimate(made ? 0 : once, bytes, speed.time(stages));
	}
}
