package sc.fiji.diffedit.fiji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import sc.fiji.diffedit.service.ModelInspection;
import sc.fiji.diffedit.weights.Inspection;

/** Says what files of weights are. */
@Command(name = "inspect", description = "Says what model folders, checkpoints, LoRAs and other files of weights are: family, parts, types, sizes, what they serve and what is missing.")
final class InspectTool extends Tool {

	@Parameters(arity = "1..*", paramLabel = "PATH", description = "Folders and files.")
	private List<Path> paths;

	InspectTool(final Terminal terminal) {
		super(terminal);
	}

	@Override
	public Integer call() {
		final List<Map<String, Object>> found = new ArrayList<>();
		final List<String> lines = new ArrayList<>();
		for (final Path path : paths) {
			final Inspection inspection = ModelInspection.of(path);
			lines.addAll(inspection.lines());
			found.add(json(inspection));
		}
		common().result(found, lines);
		return ExitCode.DONE;
	}

	private static Map<String, Object> json(final Inspection inspection) {
		final Map<String, Object> json = new LinkedHashMap<>();
		json.put("path", inspection.path().toString());
		json.put("kind", inspection.kind());
		inspection.family().ifPresent(family -> json.put("family", family.toString()));
		final List<Map<String, Object>> parts = new ArrayList<>();
		for (final Inspection.Part part : inspection.parts()) {
			final Map<String, Object> one = new LinkedHashMap<>();
			one.put("name", part.name());
			one.put("className", part.className());
			one.put("bytes", part.bytes());
			parts.add(one);
		}
		json.put("parts", parts);
		json.put("pipelines", inspection.pipelines());
		json.put("missing", inspection.missing());
		return json;
	}
}
