package sc.fiji.diffedit.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.tensor.Torch;

/**
 * Our side of {@code scripts/benchmark}: takes a {@link BenchmarkJob} per line from standard input, does it, and answers with
 * a line of JSON: the seconds of each stage, or an error. {@code scripts/benchmarks/worker.py} is diffusers' side and speaks
 * the same language. Ends with its input.
 */
public final class BenchmarkWorker {

	private final BenchmarkTasks tasks;

	BenchmarkWorker(final BenchmarkTasks tasks) {
		this.tasks = tasks;
	}

	public static void main(final String[] arguments) throws IOException {
		final PrintStream out = System.out;
		System.setOut(System.err);       // whatever a library prints is no answer
		final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		try (BenchmarkTasks tasks = new BenchmarkTasks()) {
			final BenchmarkWorker worker = new BenchmarkWorker(tasks);
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				out.println(worker.answer(line));
				out.flush();
			}
		}
	}

	/** The answer to a job. */
	String answer(final String line) {
		final JsonObject answer = new JsonObject();
		try {
			final BenchmarkJob job = BenchmarkJob.of(line);
			final JsonObject seconds = new JsonObject();
			tasks.run(job).forEach(seconds::addProperty);
			answer.add("seconds", seconds);
			answer.addProperty("threads", Torch.threads());
		}
		catch (final RuntimeException e) {
			answer.addProperty("error", e.toString());
		}
		return answer.toString();
	}
}
