package sc.fiji.diffedit.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prepares the thread for native work before each test, and fails one that leaves native values alive when its own clean-up is done. */
public class NoNativeLeaks implements BeforeEachCallback, AfterEachCallback {

	private static final ExtensionContext.Namespace KEPT = ExtensionContext.Namespace.create(NoNativeLeaks.class);

	@Override
	public void beforeEach(final ExtensionContext test) {
		Torch.prepareThread();
		test.getStore(KEPT).put("before", Scope.liveValues());
	}

	@Override
	public void afterEach(final ExtensionContext test) {
		assertEquals(test.getStore(KEPT).get("before"), Scope.liveValues(), "native values alive after the test");
	}

	/** The same, with a scope open around each test for the tensors that it makes. */
	public static final class InScope extends NoNativeLeaks {

		@Override
		public void beforeEach(final ExtensionContext test) {
			super.beforeEach(test);
			test.getStore(KEPT).put("scope", Scope.open());
		}

		@Override
		public void afterEach(final ExtensionContext test) {
			test.getStore(KEPT).remove("scope", Scope.class).close();
			super.afterEach(test);
		}
	}
}
