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
 */
public record Evaluation(List<String> lines, Map<String, Object> json) {

	/**
	 * Measures masks or edits.
	 *
	 * @param model its name or folder
	 * @param samples pictures with known results
	 * @param methods of whole edits; none for all ways to make masks
	 * @param progress hears what is done next
	 */
	public static Evaluation of(final String model, final Samples samples, final List<String> methods, final Consumer<String> progress) {
		final List<Method> chosen = methods.stream().map(Method::named).toList();
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("model", model);
		json.put("samples", samples.list().size());
		final List<String> lines = new ArrayList<>();
		try (ModelStore models = new ModelStore(); ModelLease lease = models.borrow(model)) {
			if (chosen.isEmpty()) {
				final MaskEvaluation masks = new MaskEvaluation(lease.diffEdit(), samples.list(), progress);
				lines.addAll(masks.lines());
				json.put("masks", masks.json());
			}
			else {
				final EditEvaluation edits = new EditEvaluation(lease.diffEdit(), chosen, samples, progress);
				lines.addAll(edits.lines());
				json.put("edits", edits.json());
			}
		}
		return new Evaluation(lines, json);
	}
}
