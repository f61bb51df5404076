package sc.fiji.diffedit.pipelines;

import java.util.List;

import sc.fiji.diffedit.DiffEditException;
import sc.fiji.diffedit.tensor.Latents;
import sc.fiji.diffedit.tensor.Picture;

/** The images of a request: pictures, or latents that an autoencoder made before. */
public sealed interface ImageInput {

	static ImageInput of(final Picture... pictures) {
		return new Pictures(List.of(pictures));
	}

	static ImageInput of(final List<Picture> pictures) {
		return new Pictures(pictures);
	}

	/** @param latents scaled as the UNet takes them (times {@code scaling_factor}) */
	static ImageInput of(final Latents latents) {
		return new Encoded(latents);
	}

	/** Number of images. */
	int count();

	/** Pictures of one size. */
	record Pictures(List<Picture> pictures) implements ImageInput {

		public Pictures {
			pictures = List.copyOf(pictures);
			if (pictures.isEmpty()) throw new DiffEditException("There is no image; open one or pass at least one picture.");
			final Picture first = pictures.get(0);
			for (final Picture picture : pictures) {
				if (picture.width() != first.width() || picture.height() != first.height()) {
					throw new DiffEditException("The images of a batch differ in size (" + first.width() + " x " + first.height() + " and "
						+ picture.width() + " x " + picture.height() + "); run them one by one.");
				}
			}
		}

		@Override
		public int count() {
			return pictures.size();
		}
	}

	/** Latents, scaled as the UNet takes them. */
	record Encoded(Latents latents) implements ImageInput {

		@Override
		public int count() {
			return latents.count();
		}
	}
}
