package sc.fiji.diffedit.service;

import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.weights.ModelOptions;

/**
 * Which model, in which type, where. Two borrowers with equal options share one loaded model.
 *
 * @param model {@code demo} for the embedded model, or the path of a diffusers folder or of a checkpoint in one file
 * @param dtype type to compute in ({@code torch_dtype} in diffusers)
 * @param device {@code cpu}, {@code cuda:0}, ..., or {@code auto} for the first CUDA device if there is one, else the CPU
 * @param safetyChecker whether results go through the model's safety checker, if it has one
 * @param files which variant of its files, and parts from elsewhere
 * @param memory when and where weights and activations live
 */
public record LoadOptions(String model, DType dtype, String device, boolean safetyChecker, ModelOptions files,
	MemoryPlan memory)
{

	/** Name of the embedded model. */
	public static final String DEMO = DemoModel.NAME;
	/** The device that the machine suggests. */
	public static final String AUTO = "auto";

	/** A model in 32-bit floats on the device that the machine suggests. */
	public static LoadOptions of(final String model) {
		return new LoadOptions(model, DType.FLOAT32, AUTO, true, ModelOptions.DEFAULTS, MemoryPlan.AUTOMATIC);
	}

	public LoadOptions withDtype(final DType dtype) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory);
	}

	public LoadOptions withDevice(final String device) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory);
	}

	public LoadOptions withDevice(final Device device) {
		return withDevice(device.toString());
	}

	public LoadOptions withSafetyChecker(final boolean safetyChecker) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory);
	}

	public LoadOptions withFiles(final ModelOptions files) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory);
	}

	public LoadOptions withMemory(final MemoryPlan memory) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory);
	}
}
