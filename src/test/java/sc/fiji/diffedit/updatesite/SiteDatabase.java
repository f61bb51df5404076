package sc.fiji.diffedit.updatesite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

import org.scijava.util.FileUtils;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import sc.fiji.diffedit.updatesite.SiteRecord.Version;

/** The database of an update site: one record per file, known by its name without its version. */
final class SiteDatabase {

	private final Map<String, SiteRecord> records = new LinkedHashMap<>();

	/** What Fiji takes for the same file. */
	static String identity(final String name) {
		return FileUtils.stripFilenameVersion(name);
	}

	Map<String, SiteRecord> records() {
		return records;
	}

	void put(final Version version) {
		records.compute(identity(version.name()), (key, known) -> known == null ? SiteRecord.first(version) : known.updated(version));
	}

	/** Marks everything else as no longer shipped. */
	void keepOnly(final List<String> names, final long now) {
		final List<String> kept = names.stream().map(SiteDatabase::identity).toList();
		records.replaceAll((key, known) -> kept.contains(key) ? known : known.obsolete(now));
	}

	static SiteDatabase read(final InputStream in) throws IOException {
		final SiteDatabase database = new SiteDatabase();
		try {
			final DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
			factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
			final NodeList plugins = factory.newDocumentBuilder().parse(in).getElementsByTagName("plugin");
			for (int i = 0; i < plugins.getLength(); i++) database.add((Element) plugins.item(i));
			return database;
		}
		catch (final ParserConfigurationException | SAXException e) {
			throw new IOException("The database is no XML: " + e.getMessage(), e);
		}
	}

	private void add(final Element plugin) {
		final String name = plugin.getAttribute("filename");
		final List<Version> current = versions(plugin, "version", name);
		records.put(identity(name), new SiteRecord(name, current.isEmpty() ? null : current.get(0), versions(plugin, "previous-version", name)));
	}

	private static List<Version> versions(final Element plugin, final String tag, final String name) {
		final List<Version> versions = new ArrayList<>();
		final NodeList nodes = plugin.getElementsByTagName(tag);
		for (int i = 0; i < nodes.getLength(); i++) {
			final Element node = (Element) nodes.item(i);
			versions.add(new Version(node.hasAttribute("filename") ? node.getAttribute("filename") : name, node.getAttribute("checksum"),
				number(node, "timestamp"), number(node, "filesize"), number(node, "timestamp-obsolete")));
		}
		return versions;
	}

	private static long number(final Element node, final String attribute) {
		return node.hasAttribute(attribute) ? Long.parseLong(node.getAttribute(attribute)) : 0;
	}

	/** Writes it as Fiji reads it. */
	void write(final OutputStream out, final Properties site) throws IOException {
		try {
			final XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(out, "UTF-8");
			xml.writeStartDocument("UTF-8", "1.0");
			start(xml, 0, "pluginRecords");
			for (final SiteRecord record : records.values()) write(xml, record, site);
			end(xml, 0);
			xml.writeCharacters("\n");
			xml.writeEndDocument();
			xml.flush();
		}
		catch (final XMLStreamException e) {
			throw new IOException(e);
		}
	}

	private void write(final XMLStreamWriter xml, final SiteRecord record, final Properties site) throws XMLStreamException {
		start(xml, 1, "plugin", "filename", record.name());
		final Version current = record.current();
		if (current != null) {
			start(xml, 2, "version", "checksum", current.checksum(), "timestamp", "" + current.timestamp(), "filesize", "" + current.size());
			if (isPlugin(record)) describe(xml, site);
			end(xml, 2);
		}
		for (final Version old : record.previous()) {
			start(xml, 2, "previous-version", "timestamp", "" + old.timestamp(), "timestamp-obsolete", "" + old.obsolete(), "checksum",
				old.checksum(), "filename", old.name());
			xml.writeEndElement();
		}
		end(xml, 1);
	}

	private static boolean isPlugin(final SiteRecord record) {
		return record.name().startsWith("plugins/");
	}

	private void describe(final XMLStreamWriter xml, final Properties site) throws XMLStreamException {
		text(xml, "description", site.getProperty("description"));
		for (final SiteRecord other : records.values()) {
			if (other.current() == null || isPlugin(other)) continue;
			start(xml, 3, "dependency", "filename", other.name(), "timestamp", "" + other.current().timestamp());
			xml.writeEndElement();
		}
		text(xml, "link", site.getProperty("link"));
		text(xml, "author", site.getProperty("author"));
	}

	private static void text(final XMLStreamWriter xml, final String tag, final String text) throws XMLStreamException {
		if (text == null) return;
		start(xml, 3, tag);
		xml.writeCharacters(text);
		xml.writeEndElement();
	}

	private static void start(final XMLStreamWriter xml, final int depth, final String tag, final String... attributes)
		throws XMLStreamException
	{
		xml.writeCharacters("\n" + "    ".repeat(depth));
		xml.writeStartElement(tag);
		for (int i = 0; i < attributes.length; i += 2) xml.writeAttribute(attributes[i], attributes[i + 1]);
	}

	private static void end(final XMLStreamWriter xml, final int depth) throws XMLStreamException {
		xml.writeCharacters("\n" + "    ".repeat(depth));
		xml.writeEndElement();
	}
}
