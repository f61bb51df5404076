package sc.fiji.diffedit.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import sc.fiji.diffedit.service.DemoModel;
import sc.fiji.diffedit.service.LoadOptions;
import sc.fiji.diffedit.service.ModelLease;
import sc.fiji.diffedit.service.ModelStore;
import sc.fiji.diffedit.tensor.Torch;

/** The same edit in places where programs fail: it gives the same bits, or a message that says what to do. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the places are made by a shell")
class HardPlacesTest {

	@TempDir
	private Path folder;

	private String said(final OtherJava java, final Path here, final String... more) throws Exception {
		final Path output = folder.resolve("said.txt");
		final String[] words = new String[1 + more.length];
		words[0] = here.toString();
		System.arraycopy(more, 0, words, 1, more.length);
		final String all = OtherJava.ended(java.where("OMP_NUM_THREADS", "" + Torch.threads()).start(OneEdit.class, output, words), output);
		return all.lines().filter(line -> line.matches("(edited|refused) .*")).findFirst().orElse(all);
	}

	private static String here() {
		try (ModelStore store = new ModelStore(); ModelLease lease = store.borrow(LoadOptions.of(DemoModel.NAME))) {
			return "edited " + OneEdit.hash(OneEdit.edited(lease));
		}
	}

	/** The whole of it in a fresh Java: the demo model is unpacked, the libraries are loaded, a result is written. */
	@Test
	void oddPathsNoNetworkAnotherContextClassLoaderAndLittleHeapChangeNoBit() throws Exception {
		final String level = "x".repeat(100);
		final Path place = Files.createDirectories(folder.resolve("a b").resolve("\u00e4\u00b5 \u6f22\u5b57").resolve(level).resolve(level).resolve(level));
		final OtherJava java = new OtherJava().with("-Xmx256m", "-Djava.io.tmpdir=" + place, "-Duser.home=" + place, "-Ddiffedit.cache=" + place.resolve("cache"))
			.where("LC_ALL", "C.UTF-8");
		if (OtherJava.can("unshare", "-rn", "true")) java.under("unshare", "-rn");
		assertEquals(here(), said(java, place, "platform"));
	}

	@Test
	void aHomeThatTheLocaleCannotNameIsNamedInTheMessage() throws Exception {
		final Path home = Files.createDirectories(folder.resolve("\u00e4\u00b5"));
		final String said = said(new OtherJava().with("-Duser.home=" + home).where("LC_ALL", "C"), folder);
		assertTrue(said.startsWith("refused ") && said.contains("LC_ALL=C.UTF-8"), said);
	}
}
