package sc.fiji.diffedit.fiji.engine;

import org.scijava.Context;

import sc.fiji.diffedit.service.DiffusionModelService;

/** The program behind {@code scripts/check-installation}. */
public final class CheckInstallationScript {

	private CheckInstallationScript() {}

	public static void main(final String[] args) {
		try (Context context = new Context()) {
			System.out.println(new InstallationReport(context.service(DiffusionModelService.class)).textWithSelfTest());
		}
	}
}
