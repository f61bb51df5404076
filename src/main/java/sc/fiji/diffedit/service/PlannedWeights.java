package sc.fiji.diffedit.service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import sc.fiji.diffedit.memory.MemoryEstimate;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.memory.Stage;
import sc.fiji.diffedit.tensor.Device;

/**
 * The memory that a model's weights take under the memory plan. Memory-mapped weights count as zero.
 *
 * @param plan the plan with the chosen preset
 * @param device whose memory is used
 * @param once bytes that the first run allocates and keeps
 * @param whileResident bytes that are allocated while a component is in use and then freed, by component
 */
record PlannedWeights(MemoryPlan plan, Device device, long once, Map<String, Long> whileResident) {

	/**
	 * The expected memory of a run.
	 *
	 * @param made whether the permanent weights have been allocated
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
