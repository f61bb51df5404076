package sc.fiji.diffedit.fiji.form;

import java.awt.Component;
import java.awt.Window;
import java.util.List;
import java.util.Optional;

import javax.swing.LayoutFocusTraversalPolicy;

/** A form opens with the keyboard where the first description is to be written, else in its first field. */
final class FirstText extends LayoutFocusTraversalPolicy {

	private static final long serialVersionUID = 1L;

	private final transient List<Field> firstPage;

	FirstText(final List<Field> firstPage) {
		this.firstPage = firstPage;
	}

	@Override
	public Component getInitialComponent(final Window window) {
		final List<Field> open = firstPage.stream().filter(field -> !(field instanceof GivenImage) && field.keyboard().isEnabled()).toList();
		final Optional<Field> first = open.stream().filter(DescriptionField.class::isInstance).findFirst().or(() -> open.stream().findFirst());
		return first.map(field -> (Component) field.keyboard()).orElseGet(() -> super.getInitialComponent(window));
	}
}
