/**
 * Files to named tensors and configs, and back: safetensors, shards, single files, {@code config.json}, adapters. Files
 * from outside are hostile: every length and offset is checked before use, and no path leaves the folder the user named.
 * Uses {@code tensor}.
 */
package sc.fiji.diffedit.weights;
