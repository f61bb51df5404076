package sc.fiji.diffedit.fiji.engine;

import org.scijava.Context;
import org.scijava.command.CommandModule;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.inputs.Commands;
import sc.fiji.diffedit.tensor.Torch;

/** Needs an engine where there is none, installs one from a file by the command, and needs it again. */
public final class FirstRun {

	private FirstRun() {}

	public static void main(final String[] args) throws Exception {
		final String message = sentence();
		require(message.startsWith("There is no PyTorch engine on this computer; run Plugins > DiffEdit > Install Engine..."), message);
		require(!message.toLowerCase().contains("offline"), message);
		try (Context context = new Context()) {
			final CommandModule installed = Commands.run(context, InstallEngine.class, "file", args[0]);
			require(!installed.isCanceled(), installed.getCancelReason());
			require(installed.getOutput("result").toString().endsWith("; the next command uses it."), String.valueOf(installed.getOutput("result")));
		}
		Torch.start();
		require(Torch.version().startsWith("2.7.1"), Torch.version());
		System.exit(0);
	}

	private static String sentence() {
		try {
			Torch.start();
			return "an engine was found";
		}
		catch (final DiffEditException e) {
			return e.getMessage();
		}
	}

	private static void require(final boolean holds, final String what) {
		if (holds) return;
		System.out.println(what);
		System.exit(1);
	}
}
