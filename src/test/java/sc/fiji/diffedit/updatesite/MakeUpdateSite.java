package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** The program behind {@code scripts/make-update-site}: project folder, project jar, its version, then DIR and --release. */
public final class MakeUpdateSite {

	private MakeUpdateSite() {}

	public static void main(final String[] args) throws IOException {
		final List<String> words = new ArrayList<>(List.of(args));
		final boolean release = words.remove("--release");
		final Path description = Path.of(words.get(0), "update-site");
		final Path folder = words.size() > 3 ? Path.of(words.get(3)) : description.resolve("site");
		final UpdateSite site = new UpdateSite(description, new Jars(System.getProperty("java.class.path")));
		Files.createDirectories(folder);
		final SiteDatabase database = site.build(site.files(Path.of(words.get(1)), words.get(2)), folder, now());
		final List<String> problems = new SiteVerifier(folder).problems();
		if (!problems.isEmpty()) {
			problems.forEach(System.err::println);
			System.exit(1);
		}
		if (release) site.release(database);
		database.records().values().stream().filter(record -> record.current() != null)
			.forEach(record -> System.out.printf("%12d  %s%n", record.current().size(), record.payload()));
		System.out.println("The site is in " + folder + (release ? "; history.xml is updated." : "."));
	}

	private static long now() {
		return Long.parseLong(LocalDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyyMMddHHmmss")));
	}
}
