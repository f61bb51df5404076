/** Builds and checks what is released, the update site and the zips; a tool of the project, no part of the plugin. */
package sc.fiji.diffedit.updatesite;
