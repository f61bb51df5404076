package sc.fiji.diffedit.service;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.config.UserSettings;
import sc.fiji.diffedit.memory.FastType;
import sc.fiji.diffedit.memory.MemoryPlan;
import sc.fiji.diffedit.tensor.DType;
import sc.fiji.diffedit.tensor.Device;
import sc.fiji.diffedit.tensor.Torch;
import sc.fiji.diffedit.weights.ModelOptions;
import sc.fiji.diffedit.weights.WeightAccess;

/**
 * Which model to load, in which data type and on which device. Borrowers with equal options share one loaded model.
 *
 * @param model {@code demo} for the embedded model, or the path of a diffusers folder or of a checkpoint in one file
 * @param dtype data type to compute in ({@code torch_dtype} in diffusers)
 * @param device {@code cpu}, {@code cuda:0}, ..., or {@code auto} for the first CUDA device if there is one, else the CPU
 * @param safetyChecker whether results go through the model's safety checker, if it has one
 * @param files which variant of its files to use, and components from other places
 * @param memory where and when weights and activations are in memory
 * @param base for an SDXL refiner, the base model whose second text encoder and autoencoder it uses in place of its own, so that
 *          they are in memory only once; empty for its own
 */
public record LoadOptions(String model, DType dtype, String device, boolean safetyChecker, ModelOptions files,
	MemoryPlan memory, Optional<LoadOptions> base)
{

	private static final List<DType> TYPES = List.of(DType.FLOAT32, DType.BFLOAT16, DType.FLOAT16);

	/** Name of the embedded model. */
	public static final String DEMO = DemoModel.NAME;
	/** The default device: the first CUDA device if there is one, else the CPU. */
	public static final String AUTO = "auto";

	/** A model as the user has set it in {@code Edit > Options > DiffEdit...}: by default in float32 on the default device. */
	public static LoadOptions of(final String model) {
		final UserSettings set = UserSettings.read();
		final LoadOptions plain = new LoadOptions(model, DType.FLOAT32, set.device(), true, ModelOptions.DEFAULTS, MemoryPlan.parse(set.memory()), Optional.empty());
		return plain.withDtype(set.dtype());
	}

	/**
	 * The same in a data type by its name: {@code float32}, {@code bfloat16}, {@code float16}, or {@code auto} for the fastest.
	 *
	 * @throws DiffEditException if it has another name
	 */
	public LoadOptions withDtype(final String name) {
		final String word = name.strip().toLowerCase(Locale.ROOT);
		if (word.equals(AUTO)) return withFastDtype();
		return withDtype(TYPES.stream().filter(type -> type.name().toLowerCase(Locale.ROOT).equals(word)).findFirst()
			.orElseThrow(() -> new DiffEditException("dtype is \"" + name + "\"; write float32, bfloat16, float16 or auto.")));
	}

	public LoadOptions withDtype(final DType dtype) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory, base);
	}

	/** The data type with which the device is fastest, see {@link FastType}. */
	public LoadOptions withFastDtype() {
		return withDtype(FastType.of(device.equals(AUTO) ? Torch.expectedDevice() : Device.of(device)));
	}

	public LoadOptions withDevice(final String device) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory, base);
	}

	public LoadOptions withDevice(final Device device) {
		return withDevice(device.toString());
	}

	public LoadOptions withSafetyChecker(final boolean safetyChecker) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory, base);
	}

	public LoadOptions withFiles(final ModelOptions files) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory, base);
	}

	public LoadOptions withMemory(final MemoryPlan memory) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory, base);
	}

	/** The same for a refiner that shares parts of a base model, which stays in memory as long as the refiner does. */
	public LoadOptions withBase(final LoadOptions base) {
		return new LoadOptions(model, dtype, device, safetyChecker, files, memory, Optional.of(base));
	}

	/** How weights are read: as set in the memory plan, or else in the file options. */
	WeightAccess reading() {
		return switch (memory.copyWeights()) {
			case ON -> WeightAccess.COPIED;
			case OFF -> WeightAccess.MAPPED;
			default -> files.reading();
		};
	}
}
