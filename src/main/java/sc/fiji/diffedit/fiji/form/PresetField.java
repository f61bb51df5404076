package sc.fiji.diffedit.fiji.form;

import java.awt.BorderLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
 * Presets: choosing one sets the other fields that it names, {@code standard} sets all of them back, and the present values can be saved
 * as a new one. It shows the preset that the fields agree with. The command itself gets the values and no preset.
 */
final class PresetField extends Field {

	private static final String NONE = "own values";
	private static final int GAP = 4;

	private final JComboBox<String> box = new JComboBox<>();
	private final JButton save = new JButton("Save...");
	private final JPanel panel = new JPanel(new BorderLayout(GAP, 0));
	private final Map<String, RequestPreset> presets = new LinkedHashMap<>();
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

	/** Shows the preset that the fields agree with, if there is one. */
	void follow() {
		final Map<String, Object> now = changed();
		final String name = now == null ? NONE : presets.values().stream().filter(preset -> agrees(preset, now)).map(RequestPreset::name).findFirst().orElse(NONE);
		following = true;
		box.setSelectedItem(name);
		following = false;
	}

	/** A preset may name settings that this form does not have. */
	private boolean agrees(final RequestPreset preset, final Map<String, Object> now) {
		final Map<String, Object> wanted = new LinkedHashMap<>(preset.values());
		wanted.keySet().removeIf(key -> answers.field(key) == null);
		return wanted.equals(now) && (!wanted.isEmpty() || preset.values().isEmpty());
	}

	/** What presets may set and differs from its default; null if a field has no value at the moment. */
	private Map<String, Object> changed() {
		final Map<String, Object> changed = new LinkedHashMap<>();
		try {
			for (final String key : RequestPreset.KEYS.keySet()) {
				final Field field = answers.field(key);
				if (field != null && answers.isChanged(field)) changed.put(key, field.value() instanceof Number number ? (Object) number.doubleValue() : field.value());
			}
			return changed;
		}
		catch (final DiffEditException e) {
			return null;
		}
	}

	private void choose() {
		if (following || answers == null || NONE.equals(box.getSelectedItem())) return;
		final String name = Objects.toString(box.getSelectedItem());
		try {
			final RequestPreset preset = RequestPresets.named(name);
			if (preset.values().isEmpty()) backToDefaults();
			preset.texts().forEach((key, text) -> {
				final Field field = answers.field(key);
				if (field != null) field.show(preset.values().get(key) instanceof Boolean truth ? truth : text);
			});
		}
		catch (final DiffEditException e) {
			IJ.error("Presets", Sentences.inLines(e.getMessage()));
			notifyChanged();
		}
	}

	private void backToDefaults() {
		RequestPreset.KEYS.keySet().stream().map(answers::field).filter(Objects::nonNull).forEach(field -> field.show(field.defaultValue()));
	}

	private void save() {
		final Map<String, Object> now = changed();
		if (now == null || now.isEmpty()) {
			IJ.error("Presets", "All settings have their defaults, which are the preset standard; change one and save then.");
			return;
		}
		final String name = JOptionPane.showInputDialog(panel, "Name of the preset with " + String.join(", ", new ArrayList<>(now.keySet())) + ":", "Save Preset", JOptionPane.PLAIN_MESSAGE);
		if (name != null) save(new RequestPreset(name.strip(), "", now));
	}

	private void save(final RequestPreset preset) {
		try {
			RequestPresets.save(preset);
			if (presets.put(preset.name(), preset) == null) box.addItem(preset.name());
			notifyChanged();
		}
		catch (final DiffEditException e) {
			IJ.error("Presets", Sentences.inLines(e.getMessage()));
		}
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
