/** What tests need of Bio-Formats, which is not among the libraries of the build. */
package loci.plugins;
