/** Builds and checks the update site; a tool of the project, no part of the plugin. */
package sc.fiji.diffedit.updatesite;
