package sc.fiji.diffedit.faults;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Date;

import org.junit.jupiter.api.Test;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/**
 * The clock on the wall may go backwards: time is measured by one that does not. Only leftovers of the demo model are compared with it, where the
 * worst is that one stays.
 */
class ClockTest {

	@Test
	void nothingDependsOnTheClockOnTheWall() {
		noClasses().that().doNotHaveFullyQualifiedName("sc.fiji.diffedit.service.DemoModel")
			.should().callMethod(System.class, "currentTimeMillis").orShould().callMethod(Instant.class, "now").orShould().callMethod(LocalDateTime.class, "now")
			.orShould().callConstructor(Date.class)
			.check(new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("sc.fiji.diffedit"));
	}
}
