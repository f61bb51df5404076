package sc.fiji.diffedit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

import javax.imageio.ImageIO;

import com.google.gson.JsonObject;

import sc.fiji.diffedit.config.Config;
import sc.fiji.diffedit.tensor.Mask;
import sc.fiji.diffedit.tensor.Picture;
import sc.fiji.diffedit.tensor.Tensor;
import sc.fiji.diffedit.weights.Weights;

/** One case of src/test/resources/goldens: what diffusers was given and what it gave. */
public final class GoldenCase {

	private static final Path ROOT = Path.of("src/test/resources/goldens");

	private final Path folder;
	private final JsonObject json;
	private final Weights tensors;

	public GoldenCase(final String name) {
		folder = ROOT.resolve("cases/" + name);
		json = Config.read(folder.resolve("case.json")).json();
		tensors = new SafetensorsReader(folder.resolve("tensors.safetensors"));
	}

	public static Path model(final String name) {
		return ROOT.resolve("models/" + name);
	}

	public JsonObject json() {
		return json;
	}

	public Tensor tensor(final String name) {
		return tensors.get(name);
	}

	/** The picture of a file beside the tensors, such as {@code image.png}. */
	public Picture picture(final String file) {
		try {
			final BufferedImage image = ImageIO.read(folder.resolve(file).toFile());
			return Picture.ofRgb(image.getWidth(), image.getHeight(), image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()));
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** The levels of a grey file as a mask. */
	public Mask mask(final String file) {
		try {
			final Raster image = ImageIO.read(folder.resolve(file).toFile()).getData();
			final float[] levels = image.getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (float[]) null);
			for (int i = 0; i < levels.length; i++) levels[i] /= 255f;
			return new Mask(image.getWidth(), image.getHeight(), levels);
		}
		catch (final IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Compares with an output, with the tolerance that stands beside it. */
	public void check(final String name, final Tensor actual) {
		final float[] expected = tensor(name).toFloatArray();
		final float[] found = actual.toFloatArray();
		assertArrayEquals(tensors.shape(name), actual.shape(), name);
		final double tolerance = json.getAsJsonObject("tensors").getAsJsonObject(name).get("atol").getAsDouble();
		double worst = 0;
		for (int i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs((double) expected[i] - found[i]));
		Rounding.assertWithin(tolerance, worst, name + " is off by");
	}
}
