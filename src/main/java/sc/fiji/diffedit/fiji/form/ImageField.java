package sc.fiji.diffedit.fiji.form;

import java.awt.Component;

import javax.swing.DefaultListCellRenderer;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JList;

import org.scijava.module.ModuleItem;

import ij.ImagePlus;
import ij.WindowManager;

/** One of the open images. Nothing is chosen in advance: what happens to be open need not be meant. */
final class ImageField extends Field {

	private static final String NONE = "None";

	private final JComboBox<ImagePlus> box = new JComboBox<>();

	ImageField(final ModuleItem<?> input) {
		super(input);
		box.addItem(null);
		final int[] ids = WindowManager.getIDList();
		for (final int id : ids == null ? new int[0] : ids) box.addItem(WindowManager.getImage(id));
		box.setRenderer(new Titles());
		box.setName(input.getName());
		box.addItemListener(event -> notifyChanged());
	}

	@Override
	boolean wantsNote(final boolean alone) {
		return true;
	}

	@Override
	public JComponent component() {
		return box;
	}

	@Override
	public JComponent keyboard() {
		return box;
	}

	@Override
	public Object value() {
		return box.getSelectedItem();
	}

	@Override
	public void show(final Object value) {
		box.setSelectedItem(value);
	}

	/** Images by their titles. */
	private static final class Titles extends DefaultListCellRenderer {

		private static final long serialVersionUID = 1L;

		@Override
		public Component getListCellRendererComponent(final JList<?> list, final Object value, final int index, final boolean selected, final boolean focused) {
			return super.getListCellRendererComponent(list, value instanceof ImagePlus image ? image.getTitle() : NONE, index, selected, focused);
		}
	}
}
