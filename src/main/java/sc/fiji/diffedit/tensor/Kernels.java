package sc.fiji.diffedit.tensor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.slf4j.LoggerFactory;

import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.NotEnoughMemory;
import sc.fiji.diffedit.engine.NativeRoom;

/**
 * A TorchScript program: block arithmetic in a readable text, run by libtorch in one native call per block.
 * <p>
 * Arguments of a call are {@link Tensor}, {@link Parameters}, {@link Generator}, {@link CudaStream}, {@code Integer} or {@code Long}
 * (TorchScript {@code int}), {@code Double} or {@code Float} ({@code float}), {@code Boolean}, {@code String},
 * {@code long[]}, {@code double[]}, {@code boolean[]} and {@code List<Tensor>}. Results belong to the innermost
 * {@link Scope} of the calling thread; every other native value of a call is freed before it returns.
 */
public final class Kernels {

	private static final Map<List<String>, String> TEXTS = new ConcurrentHashMap<>();
	private static final Map<Source, Kernels> LOADED = new ConcurrentHashMap<>();

	/** What a program is made of. Where it asks for choices, what they were set to when it was loaded belongs to it. */
	private record Source(List<String> parts, Optional<KernelChoices.Setting> setting) {

		static Source of(final List<String> parts) {
			return new Source(parts, KernelChoices.areAskedBy(text(parts)) ? Optional.of(KernelChoices.Setting.now()) : Optional.empty());
		}

		static String text(final List<String> parts) {
			return TEXTS.computeIfAbsent(parts, names -> names.stream().map(Kernels::resource).collect(Collectors.joining()));
		}

		String methods() {
			final String methods = SlowConvolutions.declaredIn(text(parts));
			return setting.map(chosen -> chosen.choices().declaredIn(methods)).orElse(methods);
		}
	}

	private final Source source;
	private final Optional<Kernels> plainer;
	private PtSymbolBlock program;

	private Kernels(final Source source, final Optional<Kernels> plainer) {
		this.source = source;
		this.plainer = plainer;
	}

	/**
	 * The program {@code kernels/NAME.torchscript} of the plugin's resources. Programs hold no state, so each is loaded once.
	 * libtorch reads it with the first call, so that networks used only for estimates need no engine. Where {@link KernelChoices} count, there is a program for each
	 * setting.
	 *
	 * @param parts names of resources, whose methods are put together into one program
	 */
	public static Kernels load(final String... parts) {
		return LOADED.computeIfAbsent(Source.of(List.of(parts)), source -> new Kernels(source, Optional.empty()));
	}

	/**
	 * This program, or another one with kernels of the same names where this libtorch does not know an operator of this one: builds
	 * for some processors lack oneDNN. This is logged.
	 */
	public Kernels or(final Kernels plainer) {
		return new Kernels(source, Optional.of(plainer));
	}

	private synchronized PtSymbolBlock program() {
		if (program == null) program = plainer.isPresent() ? compiledOr(plainer.get()) : compiled();
		return program;
	}

	private PtSymbolBlock compiledOr(final Kernels other) {
		try {
			return compiled();
		}
		catch (final NotEnoughMemory e) {                               // no reason to take other kernels from now on
			throw e;
		}
		catch (final DiffEditException e) {
			LoggerFactory.getLogger(Kernels.class).warn("{} take the place of {}. {}", other, this, e.getMessage());
			return other.program();
		}
	}

	/**
	 * @throws NotEnoughMemory if the system refuses the memory for it
	 * @throws DiffEditException if this libtorch lacks an operator of the program
	 */
	private PtSymbolBlock compiled() {
		NativeRoom.require("the " + this);
		try {
			return JniUtils.loadModule(Torch.manager(), new ByteArrayInputStream(ScriptArchive.of(source.methods())), false, false);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
		catch (final EngineException e) {
			NotEnoughMemory.throwIf(e);
			throw new DiffEditException("This libtorch (" + Torch.version() + ") cannot run the kernels '" + String.join("+", parts()) + "': " + Torch.reason(e), e);
		}
	}

	/** The names of the resources that this program is made of. */
	public List<String> parts() {
		return source.parts();
	}

	private static String resource(final String part) {
		try (InputStream in = Kernels.class.getResourceAsStream("/sc/fiji/diffedit/kernels/" + part + ".torchscript")) {
			if (in == null) throw new IllegalArgumentException("no kernels named " + part);
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Runs a kernel that returns one tensor. */
	public Tensor call(final String kernel, final Object... arguments) {
		try (IValue result = run(kernel, arguments)) {
			return Tensor.own(result.toTensor(Torch.manager()));
		}
	}

	/** Runs a kernel that returns a list of tensors. */
	public List<Tensor> callForList(final String kernel, final Object... arguments) {
		try (IValue result = run(kernel, arguments)) {
			final List<Tensor> tensors = new ArrayList<>();
			for (final PtNDArray array : result.toTensorArray(Torch.manager())) tensors.add(Tensor.own(array));
			return tensors;
		}
	}

	/** Runs a kernel that returns a whole number. */
	public long callForLong(final String kernel, final Object... arguments) {
		try (IValue result = run(kernel, arguments)) {
			return result.toLong();
		}
	}

	/** Runs a kernel whose result stays a native value, such as a generator. The caller closes it. */
	IValue run(final String kernel, final Object... arguments) {
		final PtSymbolBlock loaded = program();   // starts the engine, without which there are no native values
		final IValue[] values = new IValue[arguments.length];
		final List<IValue> temporary = new ArrayList<>(arguments.length);
		try {
			for (int i = 0; i < values.length; i++) values[i] = value(arguments[i], temporary);
			return IValueUtils.runMethod(loaded, kernel, values);
		}
		finally {
			for (final IValue value : temporary) value.close();
		}
	}

	/** The native form of an argument; what was made for this call only is added to the temporary ones. */
	private static IValue value(final Object argument, final List<IValue> temporary) {
		if (argument instanceof Parameters) return ((Parameters) argument).dict();
		if (argument instanceof Generator) return ((Generator) argument).handle();
		if (argument instanceof CudaStream) return ((CudaStream) argument).handle();
		final IValue value = newValue(argument);
		temporary.add(value);
		return value;
	}

	private static IValue newValue(final Object argument) {
		if (argument instanceof Tensor) return IValue.from(((Tensor) argument).array());
		if (argument instanceof Integer || argument instanceof Long) return IValue.from(((Number) argument).longValue());
		if (argument instanceof Double || argument instanceof Float) return IValue.from(((Number) argument).doubleValue());
		if (argument instanceof Boolean) return IValue.from((boolean) argument);
		if (argument instanceof String) return IValue.from((String) argument);
		if (argument instanceof long[]) return IValue.listFrom((long[]) argument);
		if (argument instanceof double[]) return IValue.listFrom((double[]) argument);
		if (argument instanceof boolean[]) return IValue.listFrom((boolean[]) argument);
		if (argument instanceof List) return tensorList((List<?>) argument);
		throw new IllegalArgumentException("no kernel takes a " + argument);
	}

	private static IValue tensorList(final List<?> tensors) {
		return IValue.listFrom(tensors.stream().map(t -> ((Tensor) t).array()).toArray(PtNDArray[]::new));
	}

	@Override
	public String toString() {
		return "kernels " + String.join("+", parts());
	}
}
