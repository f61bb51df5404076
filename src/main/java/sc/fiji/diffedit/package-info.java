/** DiffEdit for Fiji. */
package sc.fiji.diffedit;
