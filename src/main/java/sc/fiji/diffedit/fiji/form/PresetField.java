package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import javax.swing.DefaultComboBoxModel;
import javax.swing.JButton;
import javax.swing.JComboBox;
import javax.swing.JComponent;
import javax.swing.JOptionPane;
import javax.swing.JPanel;

import org.scijava.module.ModuleItem;

import ij.IJ;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.fiji.Sentences;
import sc.fiji.diffedit.pipelines.RequestPreset;
import sc.fiji.diffedit.service.RequestPresets;

/**
 * Presets: choosing one sets the other fields that it names and takes back what the one before has set, as long as nothing else was changed;
 * {@code standard} sets all of them back; and the present values can be saved as a new one. It shows the preset that the fields agree with. The command itself gets the values and no preset. A window that asks for
 * masks and for edits has one for both.
 */
public final class PresetField extends Field {

	private static final String NONE = "own values";
	private static final int GAP = 4;

	private final JComboBox<String> box = new JComboBox<>();
	private final JButton save = new JButton("Save...");
	private final JPanel panel = new JPanel(new BorderLayout(GAP, 0));
	private final Map<String, RequestPreset> presets = new LinkedHashMap<>();
	private final List<Field> elsewhere = new ArrayList<>();
	private Answers answers;
	private boolean following;

	PresetField(final ModuleItem<?> input) {
		super(input);
		box.setName(input.getName());
		save.setName("save preset");
		save.setToolTipText("Saves the settings that differ from their defaults as a preset, in " + RequestPresets.folder());
		box.addItem(NONE);
		names().forEach(box::addItem);
		box.addActionListener(event -> choose());
		save.addActionListener(event -> save());
		panel.add(box, BorderLayout.CENTER);
		panel.add(save, BorderLayout.EAST);
	}

	private List<String> names() {
		try {
			final List<String> names = RequestPresets.names();
			names.forEach(this::read);
			return names;
		}
		catch (final DiffEditException e) {
			return List.of(RequestPresets.STANDARD);                        // the folder cannot be read
		}
	}

	/** A damaged file is told of when it is chosen. */
	private Optional<RequestPreset> read(final String name) {
		try {
			presets.put(name, RequestPresets.named(name));
		}
		catch (final DiffEditException e) {
			presets.remove(name);
		}
		return Optional.ofNullable(presets.get(name));
	}

	/** The fields that presets set. */
	void attach(final Answers form) {
		answers = form;
	}

	/** Further fields that presets set, and that follow no form. */
	public void alsoSets(final Collection<Field> fields) {
		elsewhere.addAll(fields);
		follow();
	}

	/** All fields that presets set by this key. */
	private List<Field> fields(final String key) {
		final List<Field> fields = new ArrayList<>();
		if (PresetValues.sets(answers.module().getInfo(), key) && answers.field(key) != null) fields.add(answers.field(key));
		elsewhere.stream().filter(field -> field.name().equals(key)).forEach(fields::add);
		return fields;
	}

	/** Shows the preset that the fields agree with, if there is one. */
	public void follow() {
		final String name = agreed().map(RequestPreset::name).orElse(NONE);
		following = true;
		box.setSelectedItem(name);
		following = false;
	}

	private Optional<RequestPreset> agreed() {
		try {
			final Map<String, Object> now = changed();
			return presets.values().stream().filter(preset -> agrees(preset, now)).findFirst();
		}
		catch (final DiffEditException e) {
			return Optional.empty();
		}
	}

	private RequestPreset fitting(final RequestPreset preset) {
		return PresetValues.fitting(preset, answers.module().getInfo());
	}

	/** A preset may name settings that this form does not have. */
	private boolean agrees(final RequestPreset preset, final Map<String, Object> now) {
		final Map<String, Object> wanted = new LinkedHashMap<>(fitting(preset).values());
		wanted.keySet().removeIf(key -> fields(key).isEmpty());
		return wanted.equals(now) && (!wanted.isEmpty() || preset.values().isEmpty());
	}

	/**
	 * What presets may set and differs from its default.
	 *
	 * @throws DiffEditException if a field has no value, or two fields of a key have different ones
	 */
	private Map<String, Object> changed() {
		final Map<String, Object> changed = new LinkedHashMap<>();
		for (final String key : RequestPreset.KEYS.keySet()) {
			final List<Field> fields = fields(key);
			final List<Object> values = fields.stream().map(PresetField::presetValue).distinct().toList();
			if (values.size() > 1) {
				throw new DiffEditException(Labels.named(fields.get(0).input()) + " is " + fields.get(0).value() + " for the mask and " + fields.get(1).value()
					+ " for the edit, but a preset has one number for both; make them equal.");
			}
			if (fields.stream().anyMatch(Field::isChanged)) changed.put(key, values.get(0));
		}
		return changed;
	}

	private static Object presetValue(final Field field) {
		final Object value = field.value() instanceof Number number ? (Object) number.doubleValue() : field.value();
		if (RequestPreset.KEYS.get(field.name()).isInstance(value)) return value;
		throw new DiffEditException(Labels.named(field.input()) + " is '" + value + "', but a preset has one number for it; write one.");
	}

	private void choose() {
		if (following || answers == null || NONE.equals(box.getSelectedItem())) return;
		final String name = Objects.toString(box.getSelectedItem());
		try {
			final RequestPreset preset = fitting(RequestPresets.named(name));
			final Optional<RequestPreset> before = agreed();
			if (preset.values().isEmpty()) backToDefaults(RequestPreset.KEYS.keySet());
			else before.ifPresent(one -> backToDefaults(one.values().keySet()));
			preset.texts().forEach((key, text) -> {
				final Object value = preset.values().get(key) instanceof Boolean truth ? truth : text;
				fields(key).forEach(field -> field.show(value));
			});
		}
		catch (final DiffEditException e) {
			tell(e);
			notifyChanged();
		}
	}

	private void backToDefaults(final Set<String> keys) {
		keys.stream().flatMap(key -> fields(key).stream()).forEach(field -> field.show(field.defaultValue()));
	}

	private void save() {
		try {
			final Map<String, Object> now = savable();
			final String question = "Name of the preset with " + String.join(", ", now.keySet()) + ":";
			final String name = Keys.whileOpen(panel, () -> JOptionPane.showInputDialog(panel, question, "Save Preset", JOptionPane.PLAIN_MESSAGE));
			if (name == null) return;
			if (!RequestPresets.isSaved(name.strip())) save(name);
			else if (mayReplace(name.strip())) offer(preset(name), RequestPresets::replace);
		}
		catch (final DiffEditException e) {
			tell(e);
		}
	}

	private void tell(final DiffEditException e) {
		Keys.whileOpen(panel, () -> {
			IJ.error("Presets", Sentences.inLines(e.getMessage()));
			return null;
		});
	}

	private boolean mayReplace(final String name) {
		final String question = "There is a preset '" + name + "' already. Put the present settings in its place?";
		return Keys.whileOpen(panel, () -> JOptionPane.showConfirmDialog(panel, question, "Save Preset", JOptionPane.YES_NO_OPTION)) == JOptionPane.YES_OPTION;
	}

	private RequestPreset preset(final String name) {
		return new RequestPreset(name.strip(), "", savable());
	}

	private void offer(final RequestPreset preset, final Consumer<RequestPreset> keep) {
		keep.accept(preset);
		if (((DefaultComboBoxModel<String>) box.getModel()).getIndexOf(preset.name()) < 0) box.addItem(preset.name());
		presets.put(preset.name(), preset);
		notifyChanged();
	}

	private Map<String, Object> savable() {
		final Map<String, Object> now = changed();
		if (now.isEmpty()) throw new DiffEditException("All settings have their defaults, which are the preset standard; change one and save then.");
		return now;
	}

	/**
	 * Saves the present values as a preset and offers it from now on.
	 *
	 * @throws DiffEditException if they are no preset, the name is none or that of another preset, or the file cannot be written
	 */
	public void save(final String name) {
		offer(preset(name), RequestPresets::save);
	}

	@Override
	public JComponent component() {
		return panel;
	}

	@Override
	public JComponent keyboard() {
		return box;
	}

	/** The values of the other fields are what counts. */
	@Override
	public Object value() {
		return "";
	}

	@Override
	public void show(final Object value) {}
}
