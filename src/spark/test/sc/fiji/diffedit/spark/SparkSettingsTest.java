package sc.fiji.diffedit.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.apache.spark.SparkConf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An executor's native threads are its cores, whatever the cluster. */
class SparkSettingsTest {

	private static final String THREADS = "spark.executorEnv.OMP_NUM_THREADS", CORES = "spark.executor.cores";

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = { "local; ; 1", "local[3]; ; 3", "local[2,4]; ; 2", "local-cluster[2,1,1024]; ; 1", "local-cluster[2, 3, 1024]; ; 3", "spark://host:7077; ; 1",
		"yarn; 4; 4", "k8s://https://host:6443; 2; 2" })
	void threadsAreTheCoresOfAnExecutor(final String master, final String cores, final String threads) {
		final SparkConf given = new SparkConf(false).setMaster(master);
		if (cores != null) given.set(CORES, cores);
		assertEquals(threads, SparkSettings.complete(given).get(THREADS));
	}

	@ParameterizedTest
	@CsvSource({ "yarn, 1", "spark://host:7077, 1", "local[3], none" })
	void anExecutorOfAClusterHasOneCoreUnlessTold(final String master, final String cores) {
		assertEquals(cores, SparkSettings.complete(new SparkConf(false).setMaster(master)).get(CORES, "none"));
	}

	@ParameterizedTest
	@CsvSource({ "7" })
	void whatTheUserSetsStays(final String threads) {
		assertEquals(threads, SparkSettings.complete(new SparkConf(false).setMaster("yarn").set(THREADS, threads)).get(THREADS));
	}
}
