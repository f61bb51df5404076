package sc.fiji.diffedit.engine;

import org.slf4j.LoggerFactory;

import com.sun.jna.NativeLibrary;

/**
 * Large tensors in large pages. The system hands memory out in pages of 4 KiB, each cleared when it is first touched, and takes that
 * of a large tensor back when it is freed: of an image in an autoencoder, handing out took longer than the arithmetic on it. With
 * pages of 2 MiB, decoding was 1.4 times as fast and the first call of a UNet 1.5 times, in no more memory.
 * <p>
 * libtorch asks for them on Linux where {@value #VARIABLE} says so when it is loaded, so the variable is set in this process before.
 * Programs that Java starts do not inherit it. {@code -Ddiffedit.hugePages=false}, or the variable set to 0, leaves things as they are.
 */
final class HugePages {

	static final String VARIABLE = "THP_MEM_ALLOC_ENABLE";
	private static final String SWITCH = "diffedit.hugePages";

	private HugePages() {}

	/** To be called before libtorch is loaded; later it has no effect. */
	static void allow() {
		if (!Boolean.parseBoolean(System.getProperty(SWITCH, "true")) || !System.getProperty("os.name").startsWith("Linux")) return;
		try {
			final int keepTheirs = 0;
			NativeLibrary.getProcess().getFunction("setenv").invokeInt(new Object[] { VARIABLE, "1", keepTheirs });
		}
		catch (final LinkageError e) {
			// A Java without JNA, or a system without that function: small pages do as well, only slower.
			LoggerFactory.getLogger(HugePages.class).debug("Large pages were not asked for", e);
		}
	}
}
