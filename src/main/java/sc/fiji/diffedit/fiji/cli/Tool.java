package sc.fiji.diffedit.fiji.cli;

import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A verb that is no command on images. */
@Command(mixinStandardHelpOptions = true, sortOptions = false)
abstract class Tool implements Callable<Integer> {

	@Mixin
	private final Common common;

	Tool(final Terminal terminal) {
		common = new Common(terminal);
	}

	final Common common() {
		return common;
	}
}
