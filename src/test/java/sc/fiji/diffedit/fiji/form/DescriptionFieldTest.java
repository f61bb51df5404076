package sc.fiji.diffedit.fiji.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.EventQueue;

import javax.swing.text.JTextComponent;

import org.junit.jupiter.api.Test;
import org.scijava.Context;
import org.scijava.convert.ConvertService;

import sc.fiji.diffedit.fiji.commands.TextToImage;
import sc.fiji.diffedit.fiji.inputs.Commands;

/** Descriptions: those that come back are replaced by typing, and pasted lines become one. */
class DescriptionFieldTest {

	@Test
	void typingReplacesWhatWasWrittenBefore() throws Exception {
		EventQueue.invokeAndWait(() -> {
			try (Context context = new Context()) {
				final DescriptionField field = new DescriptionField(Commands.form(context, TextToImage.class).getInfo().getInput("prompt"), new Values(context.service(ConvertService.class)));
				field.show("green nuclei");
				final JTextComponent text = (JTextComponent) field.keyboard();
				assertEquals(0, text.getCaretPosition(), "the beginning is in view");
				text.replaceSelection("blue\nnuclei");
				assertEquals("blue nuclei", field.value());
				text.replaceSelection(" and rods");
				assertEquals("blue nuclei and rods", field.value());
			}
		});
	}
}
