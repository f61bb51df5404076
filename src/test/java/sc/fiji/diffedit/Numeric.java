package sc.fiji.diffedit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;

/**
 * Tests whose numbers, or whose way to them, depend on the processor. {@code mvn verify} runs them once more as on a processor with AVX2
 * and nothing newer, which most laptops have.
 */
@Tag("numeric")
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
public @interface Numeric {}
