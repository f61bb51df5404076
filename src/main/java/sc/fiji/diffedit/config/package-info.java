/**
 * Configuration: JSON text, {@code config.json} files of models and schedulers with their defaults, and the user's settings
 * about models. Every value is checked when it is read, and an error names file and key.
 */
package sc.fiji.diffedit.config;
