package sc.fiji.diffedit.fiji.screen;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import sc.fiji.diffedit.fiji.bridge.MacrosOnAScreen;

/** Windows of the commands on a small screen. The time is for two tries of each. */
@Timeout(value = 7, unit = TimeUnit.MINUTES)
class WindowsTest {

	private static Screen screen;

	@BeforeAll
	static void open() throws Exception {
		screen = Screen.open();
	}

	@AfterAll
	static void close() {
		if (screen != null) screen.close();
	}

	@Test
	void aCommandHasOneWindowForItsTexts() throws Exception {
		screen.run(TextWindows.class);
	}

	@Test
	void theLineAboutMemoryKeepsItsPlaceAndComesToItsEnd() throws Exception {
		screen.run(MemoryLineOnScreen.class);
	}

	@Test
	void macrosInFijiTakeTheirOwnImageAndShowNoForm() throws Exception {
		screen.run(MacrosOnAScreen.class);
	}

	@Test
	void masksLeaveThePictureActiveAndLoseNothing() throws Exception {
		screen.run(MasksOnScreen.class);
	}

	@Test
	void formsAreLowAndOpenInPlace() throws Exception {
		screen.run(FormHeights.class);
	}

	@Test
	void maskAndEditByTheKeyboardAlone() throws Exception {
		screen.run(FormsByKeyboard.class);
	}

	@Test
	void formsSayWhatWillNotWork() throws Exception {
		screen.run(FormNotices.class);
	}

	@Test
	void formsAskBeforeTheyReplaceAndStopNothing() throws Exception {
		screen.run(FormDialogs.class);
	}

	@Test
	void aFormKnowsThatThereIsNoEngine() throws Exception {
		screen.runWithoutEngine(FormWithoutEngine.class);
	}

	@Test
	void editsOfTheWindowAreComputedShownAndKept() throws Exception {
		screen.run(EditsOnScreen.class);
	}

	@Test
	void maskEditAndCorrectedMaskTakeSixClicks() throws Exception {
		screen.run(NewcomersPath.class);
	}

	@Test
	void callsStandInTheRecorders() throws Exception {
		screen.run(RecorderOnScreen.class);
	}

	@Test
	void theWindowFindsMovesAndCorrectsAMask() throws Exception {
		screen.run(WindowOnScreen.class);
	}
}
