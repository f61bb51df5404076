package sc.fiji.diffedit.memory;

import java.util.Locale;

import sc.fiji.diffedit.DiffEditException;

/** A switch that may be left to the preset. */
public enum Switch {
	/** As the preset has it. */
	AUTO,
	ON,
	OFF;

	/** This choice, or another one where this is left open. */
	public Switch or(final Switch other) {
		return this == AUTO ? other : this;
	}

	public boolean isOn() {
		return this == ON;
	}

	public static Switch of(final boolean on) {
		return on ? ON : OFF;
	}

	static Switch of(final String key, final String word) {
		switch (word.toLowerCase(Locale.ROOT)) {
			case "on": case "true": case "yes":
				return ON;
			case "off": case "false": case "no":
				return OFF;
			case "auto":
				return AUTO;
			default:
				throw new DiffEditException("'" + key + "=" + word + "' of the memory plan is unknown; write on, off or auto.");
		}
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}
}
