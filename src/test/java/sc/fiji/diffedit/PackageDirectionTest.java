package sc.fiji.diffedit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** One road: a package looks back, never forward. */
class PackageDirectionTest {

	private static final String ROOT = "sc.fiji.diffedit.";
	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("sc.fiji.diffedit");

	/** What each package may use besides itself. */
	private static Map<String, List<String>> allowed() {
		final Map<String, List<String>> may = new LinkedHashMap<>();
		may.put("engine", List.of());
		may.put("tensor", List.of("engine"));
		may.put("config", List.of("tensor"));
		may.put("schedulers", List.of("tensor", "config"));
		may.put("weights", List.of("tensor", "config"));
		may.put("hub", List.of("config", "weights"));
		may.put("nn", List.of("tensor", "config", "weights"));
		may.put("models", List.of("tensor", "config", "weights", "nn"));
		may.put("text", List.of("engine", "tensor", "config", "weights", "nn", "models"));
		may.put("memory", List.of("tensor", "config", "weights", "nn", "models"));
		may.put("results", List.of("tensor", "config", "weights", "nn", "models", "text"));
		may.put("pipelines", List.of("tensor", "config", "weights", "nn", "models", "text", "schedulers"));
		may.put("service", List.of("tensor", "config", "hub", "weights", "nn", "models", "text", "schedulers", "memory", "results", "pipelines"));
		may.put("demo", List.of("tensor", "config", "hub", "weights", "nn", "models", "text", "schedulers", "memory", "results", "pipelines", "service"));
		may.put("fiji", List.of("engine", "tensor", "config", "hub", "weights", "nn", "models", "text", "schedulers", "memory", "results", "pipelines", "service", "demo"));
		return may;
	}

	@TestFactory
	List<DynamicTest> packagesLookBack() {
		final Map<String, List<String>> may = allowed();
		return may.keySet().stream().map(from -> DynamicTest.dynamicTest(from, () -> {
			final String[] forbidden = may.keySet().stream().filter(to -> !to.equals(from) && !may.get(from).contains(to))
				.map(to -> ROOT + to + "..").toArray(String[]::new);
			if (forbidden.length == 0) return;
			noClasses().that().resideInAPackage(ROOT + from + "..").should().dependOnClassesThat()
				.resideInAnyPackage(forbidden).allowEmptyShould(true).check(CLASSES);
		})).toList();
	}

	@Test
	void onlyFijiKnowsImageJ() {
		noClasses().that().resideOutsideOfPackage(ROOT + "fiji..").should().dependOnClassesThat()
			.resideInAnyPackage("ij..", "net.imglib2..").check(CLASSES);
	}

	@Test
	void onlyServiceAndFijiKnowSciJava() {
		noClasses().that().resideOutsideOfPackages(ROOT + "fiji..", ROOT + "service..").should().dependOnClassesThat()
			.resideInAPackage("org.scijava..").check(CLASSES);
	}

	@Test
	void onlyTensorAndTextTouchDjl() {
		noClasses().that().resideOutsideOfPackages(ROOT + "engine..", ROOT + "tensor..", ROOT + "text..").should().dependOnClassesThat()
			.resideInAPackage("ai.djl..").check(CLASSES);
	}

	/** Fiji has no picocli. */
	@Test
	void onlyTheCommandLineKnowsPicocli() {
		noClasses().that().resideOutsideOfPackage(ROOT + "fiji.cli..").should().dependOnClassesThat().resideInAPackage("picocli..").check(CLASSES);
		noClasses().that().resideOutsideOfPackage(ROOT + "fiji.cli..").should().dependOnClassesThat().resideInAPackage(ROOT + "fiji.cli..").check(CLASSES);
	}

	/** Each package is a slice of its own, those within {@code fiji} and the root too. */
	@Test
	void packagesHaveNoCycles() {
		slices().assignedFrom(new SliceAssignment() {

			@Override
			public SliceIdentifier getIdentifierOf(final JavaClass type) {
				return SliceIdentifier.of(type.getPackageName());
			}

			@Override
			public String getDescription() {
				return "packages";
			}
		}).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void algorithmsKnowNothingOfCachesPoliciesAndPlaces() {
		noClasses().that().resideInAnyPackage(ROOT + "pipelines..", ROOT + "models..", ROOT + "text..", ROOT + "schedulers..", ROOT + "nn..")
			.should().dependOnClassesThat().resideInAnyPackage(ROOT + "results..", ROOT + "memory..", ROOT + "service..", ROOT + "fiji..").check(CLASSES);
	}

	/** A rule for classes that are nowhere would hold always. */
	@Test
	void everyPackageIsInTheTable() {
		final Set<String> there = CLASSES.stream().map(JavaClass::getPackageName).filter(name -> name.startsWith(ROOT))
			.map(name -> name.substring(ROOT.length()).replaceFirst("\\..*", "")).collect(Collectors.toSet());
		assertEquals(there, allowed().keySet());
	}
}
