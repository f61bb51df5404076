package sc.fiji.diffedit.fiji.commands;

import java.awt.BorderLayout;

import javax.swing.JPanel;

import org.scijava.Priority;
import org.scijava.plugin.Plugin;
import org.scijava.widget.AbstractInputWidget;
import org.scijava.widget.InputWidget;
import org.scijava.widget.WidgetModel;

import sc.fiji.diffedit.fiji.FormMessage;

/**
 * The {@link MemoryLine} in Fiji's forms. SciJava's own widget for messages is laid out for its first text and shows another
 * one only when a field changes; this one keeps its place and shows what is worked out in the meantime.
 */
@Plugin(type = InputWidget.class, priority = Priority.VERY_HIGH)
public final class MemoryLineWidget extends AbstractInputWidget<String, JPanel> {

	private final JPanel panel = new JPanel(new BorderLayout());

	@Override
	public boolean supports(final WidgetModel model) {
		return super.supports(model) && model.isMessage() && model.getModule().getDelegateObject() instanceof ModelForm;
	}

	@Override
	public void set(final WidgetModel model) {
		super.set(model);
		panel.add(new FormMessage(model::getText));
	}

	@Override
	public boolean isLabeled() {
		return false;
	}

	@Override
	public boolean isMessage() {
		return true;
	}

	/** Nobody answers a message. */
	@Override
	public String getValue() {
		return null;
	}

	/** It looks for itself. */
	@Override
	public void refreshWidget() {}

	@Override
	public JPanel getComponent() {
		return panel;
	}

	@Override
	public Class<JPanel> getComponentType() {
		return JPanel.class;
	}
}
