package sc.fiji.diffedit.fiji.batch;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A few images are killed here; {@code scripts/verify-long} does it with 200. */
class KilledBatchTest {

	@TempDir
	private Path root;

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void itGoesOnToTheSameBytes() throws Exception {
		new KilledBatch(root, 5).run();
	}
}
