package sc.fiji.diffedit.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A part of a prompt and its weight. The notation is that of AUTOMATIC1111's web UI and of diffusers' community pipeline
 * {@code lpw_stable_diffusion.py}: {@code (words)} weigh 1.1 times as much, {@code [words]} 1.1 times less,
 * {@code (words:1.3)} 1.3 times; brackets may be nested, a backslash escapes a bracket, and open brackets are closed at the end.
 */
record WeightedText(String text, double weight) {

	private static final double STEP = 1.1;
	private static final String LETTERS = "()[]\\";

	/** The parts of a prompt; adjacent parts differ in weight. */
	static List<WeightedText> parse(final String prompt) {
		return new Parser(prompt).parse();
	}

	private static final class Parser {

		private final String prompt;
		private final List<WeightedText> parts = new ArrayList<>();
		private final StringBuilder letters = new StringBuilder();
		/** For each open bracket, the number of parts before it. */
		private final Deque<Integer> round = new ArrayDeque<>();
		private final Deque<Integer> square = new ArrayDeque<>();
		private int at;

		Parser(final String prompt) {
			this.prompt = prompt;
		}

		List<WeightedText> parse() {
			while (at < prompt.length()) step(prompt.charAt(at));
			flush();
			while (!round.isEmpty()) multiply(round.pop(), STEP);
			while (!square.isEmpty()) multiply(square.pop(), 1 / STEP);
			return merged();
		}

		private void step(final char letter) {
			at++;
			if (letter == '\\' && at < prompt.length() && LETTERS.indexOf(prompt.charAt(at)) >= 0) letters.append(prompt.charAt(at++));
			else if (letter == '(') open(round);
			else if (letter == '[') open(square);
			else if (letter == ')' && !round.isEmpty()) close(round, STEP);
			else if (letter == ']' && !square.isEmpty()) close(square, 1 / STEP);
			else if (letter == ':' && !round.isEmpty() && closeWithNumber()) return;
			else letters.append(letter);
		}

		private void open(final Deque<Integer> brackets) {
			flush();
			brackets.push(parts.size());
		}

		private void close(final Deque<Integer> brackets, final double factor) {
			flush();
			multiply(brackets.pop(), factor);
		}

		/** After a colon: a number and a closing bracket, or else ordinary characters. */
		private boolean closeWithNumber() {
			final int end = prompt.indexOf(')', at);
			if (end < 0) return false;
			final String number = prompt.substring(at, end).trim();
			if (!number.matches("[+-]?(\\d{1,9}(\\.\\d{0,9})?|\\.\\d{1,9})")) return false;
			at = end + 1;
			close(round, Double.parseDouble(number));
			return true;
		}

		private void flush() {
			if (letters.length() > 0) parts.add(new WeightedText(letters.toString(), 1));
			letters.setLength(0);
		}

		private void multiply(final int from, final double factor) {
			for (int i = from; i < parts.size(); i++) parts.set(i, new WeightedText(parts.get(i).text(), parts.get(i).weight() * factor));
		}

		private List<WeightedText> merged() {
			final List<WeightedText> merged = new ArrayList<>();
			for (final WeightedText part : parts) {
				final int last = merged.size() - 1;
				if (last >= 0 && merged.get(last).weight() == part.weight()) merged.set(last, new WeightedText(merged.get(last).text() + part.text(), part.weight()));
				else merged.add(part);
			}
			return merged;
		}
	}
}
