/**
 * Makes a result again from what its info says, and puts that into words for a publication. Knows the commands only by their names
 * in the menu and by their inputs; uses {@code fiji}, {@code fiji.inputs} and {@code fiji.form}.
 */
package sc.fiji.diffedit.fiji.repeat;
