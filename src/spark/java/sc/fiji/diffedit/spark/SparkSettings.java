package sc.fiji.diffedit.spark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.spark.SparkConf;

/**
 * What a batch needs of Spark beyond its defaults, unless the user has set it. Native threads are divided: the operations of an
 * executor's model use as many as it has cores, since its tasks compute one after another.
 */
public final class SparkSettings {

	private static final String LOG = "scijava.log.level";
	private static final String CORES = "spark.executor.cores";
	private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+)(?:,\\d+)?]|local-cluster\\[\\d+,(\\d+),\\d+]");

	private SparkSettings() {}

	/**
	 * Completes the settings of a submitted application.
	 *
	 * @param given has at least a master
	 */
	public static SparkConf complete(final SparkConf given) {
		final SparkConf conf = given.clone();
		conf.setIfMissing("spark.app.name", "DiffEdit batch");
		conf.setIfMissing("spark.log.level", "WARN");
		if (cores(conf.get("spark.master", "")) == 0) conf.setIfMissing(CORES, "1");
		conf.setIfMissing("spark.executorEnv.OMP_NUM_THREADS", String.valueOf(threads(conf)));
		conf.setIfMissing("spark.executorEnv.OMP_WAIT_POLICY", "PASSIVE");   // threads that wait give way to other executors' threads
		return conf;
	}

	/** Without windows and without a line for each step of each run, in this process. */
	public static void quiet() {
		System.setProperty("java.awt.headless", "true");
		if (System.getProperty(LOG) == null) System.setProperty(LOG, "error");
	}

	/** Native threads of an executor. */
	static int threads(final SparkConf conf) {
		final int local = cores(conf.get("spark.master", ""));
		return local > 0 ? local : conf.getInt(CORES, 1);
	}

	/** The cores of an executor that the master's name tells; 0 for other masters. */
	private static int cores(final String master) {
		final Matcher local = LOCAL.matcher(master.replace(" ", ""));
		if (local.matches()) return Integer.parseInt(local.group(1) != null ? local.group(1) : local.group(2));
		if (master.equals("local")) return 1;
		return master.startsWith("local[*") ? Runtime.getRuntime().availableProcessors() : 0;
	}
}
