package sc.fiji.diffedit.schedulers;

import static java.util.Map.entry;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.Config;

/** The classes that a config may name. */
final class Schedulers {

	private static final Map<String, Function<Config, Scheduler>> CLASSES = new TreeMap<>(Map.ofEntries(
		entry("DDIMScheduler", DDIMScheduler::new),
		entry("DDIMInverseScheduler", DDIMInverseScheduler::new),
		entry("PNDMScheduler", PNDMScheduler::new),
		entry("LMSDiscreteScheduler", LMSDiscreteScheduler::new),
		entry("EulerDiscreteScheduler", EulerDiscreteScheduler::new),
		entry("EulerAncestralDiscreteScheduler", EulerAncestralDiscreteScheduler::new),
		entry("HeunDiscreteScheduler", HeunDiscreteScheduler::new),
		entry("DPMSolverMultistepScheduler", DPMSolverMultistepScheduler::new),
		entry("DPMSolverMultistepInverseScheduler", DPMSolverMultistepInverseScheduler::new),
		entry("UniPCMultistepScheduler", UniPCMultistepScheduler::new),
		entry("DDPMScheduler", DDPMScheduler::new),
		entry("LCMScheduler", LCMScheduler::new),
		entry("TCDScheduler", TCDScheduler::new),
		entry("EDMEulerScheduler", EDMEulerScheduler::new),
		entry("EDMDPMSolverMultistepScheduler", EDMDPMSolverMultistepScheduler::new),
		entry("DPMSolverSinglestepScheduler", DPMSolverSinglestepScheduler::new),
		entry("DPMSolverSDEScheduler", DPMSolverSDEScheduler::new),
		entry("KDPM2DiscreteScheduler", KDPM2DiscreteScheduler::new),
		entry("KDPM2AncestralDiscreteScheduler", KDPM2AncestralDiscreteScheduler::new),
		entry("DEISMultistepScheduler", DEISMultistepScheduler::new),
		entry("IPNDMScheduler", IPNDMScheduler::new)));

	private static final String EDM_KEY = "sigma_data";

	private Schedulers() {}

	static void requireKnown(final String className, final Config config) {
		if (CLASSES.containsKey(className)) return;
		throw new DiffEditException(config.source() + " names the scheduler " + className + "; supported are " + String.join(", ", CLASSES.keySet()) + ".");
	}

	static Scheduler of(final String className, final Config config) {
		requireKnown(className, config);
		if (config.has(EDM_KEY) && !className.startsWith("EDM")) throw new DiffEditException(config.source() + " has " + EDM_KEY + " and so belongs to a model trained as EDM, which "
			+ className + " cannot walk; use EDMEulerScheduler or EDMDPMSolverMultistepScheduler. DiffEdit's masks and inversions need DDIM, so choose another model for them.");
		return CLASSES.get(className).apply(config);
	}
}
