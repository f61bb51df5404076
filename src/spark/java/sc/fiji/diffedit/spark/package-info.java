/**
 * Batches on Apache Spark: the rows of a batch are done by a cluster's executors, each with a model of its own; images, outputs and
 * tables lie on any file system that Hadoop knows. Built by the Maven profile {@code spark}; the plugin itself does not have it.
 */
package sc.fiji.diffedit.spark;
