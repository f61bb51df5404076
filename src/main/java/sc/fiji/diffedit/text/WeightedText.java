package sc.fiji.diffedit.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import sc.fiji.diffedit.DiffEditException;

/**
 * A part of a prompt and its weight. The notation is that of AUTOMATIC1111's web UI and of diffusers' community pipeline
 * {@code lpw_stable_diffusion.py}: {@code (words)} weigh 1.1 times as much, {@code [words]} 1.1 times less,
 * {@code (words:1.3)} 1.3 times; brackets may be nested, a backslash escapes a bracket, and open brackets are closed at the end.
 */
record WeightedText(String text, double weight) {

	private static final double STEP = 1.1;
	private static final String LETTERS = "()[]\\";
	private static final String NUMBER = "+-.0123456789";
	/** Each of them has its part in the weight of every word inside; 1.1 to the power of so many is 13781. */
	private static final int MOST_OPEN = 100;

	/**
	 * The parts of a prompt; adjacent parts differ in weight.
	 *
	 * @throws DiffEditException if more than 100 brackets are open in one place
	 */
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
			if (round.size() + square.size() == MOST_OPEN) {
				throw new DiffEditException("The prompt has more than " + MOST_OPEN + " brackets open in one place; close them, or write a backslash before brackets that are no weights.");
			}
			flush();
			brackets.push(parts.size());
		}

		private void close(final Deque<Integer> brackets, final double factor) {
			flush();
			multiply(brackets.pop(), factor);
		}

		/** After a colon: a number and a closing bracket, or else ordinary characters. */
		private boolean closeWithNumber() {
			int end = at;
			while (end < prompt.length() && isOfNumber(prompt.charAt(end))) end++;
			if (end == prompt.length() || prompt.charAt(end) != ')') return false;
			final String number = prompt.substring(at, end).trim();
			if (!number.matches("[+-]?(\\d{1,9}(\\.\\d{0,9})?|\\.\\d{1,9})")) return false;
			at = end + 1;
			close(round, Double.parseDouble(number));
			return true;
		}

		private static boolean isOfNumber(final char letter) {
			return letter <= ' ' || NUMBER.indexOf(letter) >= 0;
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
			final StringBuilder text = new StringBuilder();
			for (int i = 0; i < parts.size(); i++) {
				final WeightedText part = parts.get(i);
				text.append(part.text());
				if (i + 1 < parts.size() && parts.get(i + 1).weight() == part.weight()) continue;
				merged.add(new WeightedText(text.toString(), part.weight()));
				text.setLength(0);
			}
			return merged;
		}
	}
}
