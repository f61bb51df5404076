package sc.fiji.diffedit.fiji.layer;

import java.awt.image.BufferedImage;
import java.time.LocalTime;

/** A mask or an edit to which one can return. */
public interface HistoryEntry {

	/** It in a few words. */
	String text();

	/** When it was made. */
	LocalTime time();

	/** It as a small picture. */
	BufferedImage thumbnail();

	/** What its arrays take in memory. */
	long bytes();
}
