package sc.fiji.diffedit.schedulers;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** The classes that a config may name. */
final class Schedulers {

	private static final Map<String, Function<Config, Scheduler>> CLASSES = new TreeMap<>(Map.of(
		"DDIMScheduler", DDIMScheduler::new,
		"DDIMInverseScheduler", DDIMInverseScheduler::new,
		"PNDMScheduler", PNDMScheduler::new,
		"LMSDiscreteScheduler", LMSDiscreteScheduler::new,
		"EulerDiscreteScheduler", EulerDiscreteScheduler::new,
		"EulerAncestralDiscreteScheduler", EulerAncestralDiscreteScheduler::new,
		"HeunDiscreteScheduler", HeunDiscreteScheduler::new,
		"DPMSolverMultistepScheduler", DPMSolverMultistepScheduler::new,
		"DPMSolverMultistepInverseScheduler", DPMSolverMultistepInverseScheduler::new,
		"UniPCMultistepScheduler", UniPCMultistepScheduler::new));

	private Schedulers() {}

	static Scheduler of(final String className, final Config config) {
		final Function<Config, Scheduler> maker = CLASSES.get(className);
		if (maker == null) throw new DiffEditException(config.source() + " names the scheduler " + className + "; supported are "
			+ String.join(", ", CLASSES.keySet()) + ".");
		return maker.apply(config);
	}
}
