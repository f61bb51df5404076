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
 * Lets macros call commands by the names that they had in earlier versions, in Fiji too, where only the current names are in the
 * menu and in the search field. The old names are listed in {@code plugins.config}, in a menu of their own.
 * <p>
 * It waits until all services are there, LegacyService among them: Fiji patches ImageJ's classes before they are loaded.
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

	/** Old names and the current names of the same commands. */
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
