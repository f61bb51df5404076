package sc.fiji.diffedit.fiji.batch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.FileStamp;

/**
 * Where the inputs of a batch come from and its outputs go: folders of this machine, or a cluster's file system. Inputs are named as
 * rows name them; outputs by paths from the output folder on, with / between their parts. Files are there whole or not at all.
 */
public interface Storage {

	/** The folder within the output folder where it is recorded how outputs were made. */
	String RECORDS = ".diffedit";
	/** Of a record: far more than names and notices of one output take. */
	int MOST_RECORD_BYTES = 16 << 20;

	/** The right to make an output. */
	interface Turn extends AutoCloseable {

		@Override
		void close();
	}

	/** Inputs anywhere on this machine, outputs in one of its folders. */
	static Storage of(final Path folder) {
		return new LocalStorage(folder);
	}

	/** Size and time of an input, by which it is known again without reading it. */
	FileStamp stamp(String input) throws IOException;

	/** The name of an input's file, without folders. */
	String name(String input);

	/** An input as a file of this machine, under its own name. */
	Path fetch(String input) throws IOException;

	/**
	 * Looks whether an output may be written.
	 *
	 * @param input of the same row; empty for none
	 * @throws DiffEditException if it would lie outside of the output folder, or replace the input
	 */
	void requireWritable(String output, String input) throws IOException;

	/** The right to make an output, without waiting; empty if somebody else has it. */
	Optional<Turn> turn(String output);

	/** The bytes of an output; empty if it is not there. */
	OptionalLong size(String output) throws IOException;

	/** The text of an output's record; empty if there is none, and without an end for one of unreasonable length. */
	Optional<String> record(String output) throws IOException;

	/** Replaces the record of an output. */
	void writeRecord(String output, String text) throws IOException;

	/**
	 * Writes what a command has made.
	 *
	 * @return the names of the files, without folders; all lie beside the output
	 */
	List<String> write(String output, Outcome made) throws IOException;

	/** Deletes a file if it is there. */
	void delete(String output) throws IOException;

	/** The path of a file beside an output. */
	static String beside(final String output, final String name) {
		return output.substring(0, output.lastIndexOf('/') + 1) + name;
	}
}
