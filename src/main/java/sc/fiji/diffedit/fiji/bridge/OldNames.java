package sc.fiji.diffedit.fiji.bridge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.scijava.event.ContextCreatedEvent;
import org.scijava.event.EventHandler;
import org.scijava.plugin.Plugin;
import org.scijava.service.AbstractService;
import org.scijava.service.SciJavaService;
import org.scijava.service.Service;

import ij.CommandListener;
import ij.Executer;

/**
 * Lets macros call commands by their names in earlier versions, also in Fiji, whose menu and search field show only the current
 * names. The old names are listed in {@code plugins.config}, in a menu of their own.
 * <p>
 * Waits until all services, including LegacyService, are initialised: Fiji patches ImageJ's classes before they are loaded.
 */
@Plugin(type = Service.class)
public class OldNames extends AbstractService implements SciJavaService {

	private static final String MENU = "Plugins>DiffEdit>Old Names";

	private CommandListener listener;

	@EventHandler
	private void onCreated(final ContextCreatedEvent event) {
		final Map<String, String> current = current();
		listener = command -> current.getOrDefault(command, command);
		Executer.addCommandListener(listener);
	}

	@Override
	public void dispose() {
		if (listener != null) Executer.removeCommandListener(listener);
	}

	/** The current name of a command by its old name. */
	static Map<String, String> current() {
		final List<MenuEntry> entries = MenuEntry.ofDiffEdit();
		final Map<String, String> labels = new HashMap<>();
		for (final MenuEntry entry : entries) labels.putIfAbsent(entry.command(), entry.label());
		final Map<String, String> current = new HashMap<>();
		for (final MenuEntry entry : entries) {
			if (entry.menu().equals(MENU)) current.put(entry.label(), labels.get(entry.command()));
		}
		return current;
	}
}
