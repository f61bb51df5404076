package sc.fiji.diffedit.fiji.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import sc.fiji.diffedit.demo.Samples;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;

/**
 * What was measured.
 *
 * @param lines as tables
 * @param json the same, and each sample
 * @param unexpected masks of {@link Method#PARITY} that are not those that their samples expect
 */
public record Evaluation(List<String> lines, Map<String, Object> json, List<String> unexpected) {

	/**
	 * Measures masks or edits.
	 *
	 * @param model its name or folder
	 * @param samples pictures with known results
	 * @param methods of whole edits; none for all ways to make masks
	 * @param progress hears what is done next
	 */
	public static Evaluation of(final String model, final Samples samples, final List<Method> methods, final Consumer<String> progress) {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("model", model);
		json.put("samples", samples.list().size());
		final List<String> lines = new ArrayList<>(), unexpected = new ArrayList<>();
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(model)) {
			if (methods.isEmpty()) {
				final MaskEvaluation masks = new MaskEvaluation(lease.diffEdit(), samples.list(), progress);
				lines.addAll(masks.lines());
				json.put("masks", masks.json());
			}
			else {
				final EditEvaluation edits = new EditEvaluation(lease.diffEdit(), methods, samples, progress);
				lines.addAll(edits.lines());
				json.put("edits", edits.json());
				unexpected.addAll(edits.unexpected());
			}
		}
		return new Evaluation(lines, json, unexpected);
	}
}
