/**
 * What is configured: JSON text from outside, {@code config.json} files of models and schedulers with their defaults, and the
 * user's own settings about models. Every value is checked when it is asked for, and an error names file and key.
 */
package sc.fiji.diffedit.config;
