/** What users see, tried with real windows: each test starts a screen and a Java process of its own on it. */
package sc.fiji.diffedit.fiji.screen;
