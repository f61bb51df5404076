/**
 * Golden cases: what diffusers and transformers gave for tiny models, and whether this program gives the same.
 * {@link sc.fiji.diffedit.goldens.GoldenTree} reads a tree of them, one small {@link sc.fiji.diffedit.goldens.GoldenRunner}
 * per kind of case runs it through the public API, {@link sc.fiji.diffedit.goldens.Comparison} holds results against the
 * stored ones. {@link sc.fiji.diffedit.goldens.CheckGoldens} is {@code scripts/check-goldens};
 * {@link sc.fiji.diffedit.goldens.GoldenCasesTest} runs the tree that comes with the tests.
 */
package sc.fiji.diffedit.goldens;
