package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Component;
import java.awt.Container;
import java.awt.Point;
import java.util.concurrent.atomic.AtomicReference;

import javax.swing.Box;
import javax.swing.BoxLayout;
import javax.swing.JPanel;
import javax.swing.JScrollPane;
import javax.swing.SwingUtilities;

import org.junit.jupiter.api.Test;

/** A message that changes leaves the form alone. */
class FormMessageTest {

	@Test
	void aNewTextDoesNotScrollTheFormToIt() throws Exception {
		final AtomicReference<String> text = new AtomicReference<>("Memory: looking at the model...");
		final AtomicReference<JScrollPane> form = new AtomicReference<>();
		SwingUtilities.invokeAndWait(() -> {
			final JPanel fields = new JPanel();
			fields.setLayout(new BoxLayout(fields, BoxLayout.Y_AXIS));
			fields.add(Box.createVerticalStrut(1000));
			fields.add(new FormMessage(text::get));
			form.set(new JScrollPane(fields));
			form.get().setSize(520, 300);
			form.get().addNotify();                       // the message looks for new texts from now on
			layOut(form.get());
		});
		text.set("Memory with preset Fast: about 46 MB.<br>weights 37 MB");
		for (int i = 0; i < 100 && !shown(form.get()).contains("46 MB"); i++) Thread.sleep(50);
		SwingUtilities.invokeAndWait(() -> layOut(form.get()));
		SwingUtilities.invokeAndWait(() -> assertEquals(new Point(0, 0), form.get().getViewport().getViewPosition()));
		assertEquals("Memory with preset Fast: about 46 MB.\nweights 37 MB", shown(form.get()));
		SwingUtilities.invokeAndWait(form.get()::removeNotify);
	}

	private static void layOut(final Container container) {
		container.doLayout();
		for (final Component part : container.getComponents()) {
			if (part instanceof Container inner) layOut(inner);
		}
	}

	private static String shown(final JScrollPane form) throws Exception {
		final AtomicReference<String> shown = new AtomicReference<>();
		SwingUtilities.invokeAndWait(() -> shown.set(((FormMessage) ((JPanel) form.getViewport().getView()).getComponent(1)).getText()));
		return shown.get();
	}
}
