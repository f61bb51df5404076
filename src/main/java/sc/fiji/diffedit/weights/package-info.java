/**
 * Files to named tensors, and back: safetensors, shards, single files, adapters. Files are not trusted: every
 * length and offset is checked before use, and no path leaves the folder that the user named. Uses {@code tensor} and {@code config}.
 */
package sc.fiji.diffedit.weights;
